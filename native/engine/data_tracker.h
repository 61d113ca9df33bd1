// Which TSNs have been received: what a SACK reports (RFC 9260 §6.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "engine/bytes.h"
#include "engine/sequence.h"

namespace sctp::engine {

class DataTracker {
 public:
  // Ranges kept beyond the cumulative TSN. Every second chunk lost of a window of 2 MiB makes 900;
  // only a hostile peer makes more.
  static constexpr size_t kMaxRanges = 2048;
  // A gap ack block cannot reach further.
  static constexpr Tsn kMaxDistance = 65535;
  static constexpr size_t kMaxDuplicates = 64;

  explicit DataTracker(uint32_t initial_tsn) : cumulative_(FirstTsn(initial_tsn) - 1) {}

  Tsn UnwrapTsn(uint32_t wire) const { return Unwrap(cumulative_, wire); }
  bool HasReceived(Tsn tsn) const;
  // Whether a new TSN can be remembered. The next in sequence always can.
  bool CanAccept(Tsn tsn) const;
  void Accept(Tsn tsn);
  void AddDuplicate(Tsn tsn);
  // The sender has given up everything up to `tsn`.
  void ForwardTo(Tsn tsn);

  Tsn cumulative() const { return cumulative_; }
  Tsn highest() const { return ranges_.empty() ? cumulative_ : ranges_.rbegin()->second; }
  bool has_gaps() const { return !ranges_.empty(); }
  bool has_duplicates() const { return !duplicates_.empty(); }

  // The value of a SACK chunk of at most `max_size` bytes (12 at least). Forgets the duplicates.
  size_t SackSize(size_t max_size) const;
  void WriteSack(ByteSpan value, uint32_t a_rwnd);

 private:
  void Absorb();

  Tsn cumulative_;
  std::map<Tsn, Tsn> ranges_;  // first to last, beyond the cumulative TSN and not adjacent
  std::vector<uint32_t> duplicates_;
};

}  // namespace sctp::engine
