// Fragments of messages that are not complete, in any order of arrival.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <optional>

#include "engine/bytes.h"
#include "engine/sequence.h"

namespace sctp::engine {

// One DATA or I-DATA chunk, decoded.
struct DataChunk {
  Tsn tsn = 0;
  uint16_t stream = 0;
  bool unordered = false;
  bool begin = false;
  bool end = false;
  bool immediate = false;
  uint32_t number = 0;  // SSN or MID, as on the wire
  uint32_t ppid = 0;    // of an I-DATA chunk: only of the first fragment
  uint32_t fsn = 0;     // of an I-DATA chunk: 0 for the first fragment
  ByteView payload;
};

// Neighbouring fragments of one message. What arrives in order is appended to one block; blocks
// that meet later are joined when the message is complete, so that no order of arrival makes us
// copy more than once again.
class FragmentRun {
 public:
  FragmentRun(const DataChunk& chunk, uint64_t position, size_t expected_size);

  void Append(const DataChunk& chunk);
  // Takes over the run that follows.
  void Join(FragmentRun&& following);
  ByteVector TakeBytes();

  bool SameMessage(const DataChunk& chunk) const {
    return stream == chunk.stream && unordered == chunk.unordered &&
           (unordered || number == chunk.number);
  }
  bool complete() const { return begin && end; }
  // What keeping it costs.
  size_t cost() const { return size_ + (1 + more_.size()) * kOverhead; }
  size_t size() const { return size_; }

  static constexpr size_t kOverhead = 128;

  uint16_t stream;
  bool unordered;
  bool begin;
  bool end;
  uint32_t number;
  uint32_t ppid;
  uint64_t last;  // position of the last fragment; that of the first is the key in the map

 private:
  size_t size_;
  ByteVector block_;
  std::list<ByteVector> more_;
};

// Runs by position: by TSN for DATA, by FSN within one message for I-DATA.
class FragmentRuns {
 public:
  enum class Added : uint8_t {
    kKept,
    kComplete,   // Take() gives the message
    kViolation,  // contradicts what has come before
  };
  // `expected_size`: bytes to make room for if this begins a message.
  Added Add(const DataChunk& chunk, uint64_t position, size_t expected_size);
  // The run that Add() has completed.
  FragmentRun Take();
  // Removes the runs that `predicate` picks among those that begin at `last` or before.
  template <typename Predicate>
  void RemoveUpTo(uint64_t last, Predicate&& predicate) {
    for (auto run = runs_.begin(); run != runs_.end() && run->first <= last;) {
      if (predicate(run->second)) {
        cost_ -= run->second.cost();
        run = runs_.erase(run);
      } else {
        ++run;
      }
    }
  }

  // The last fragment of an I-DATA message bounds the others.
  bool ends_before(uint64_t position) const;
  bool reaches_beyond(uint64_t position) const;

  bool empty() const { return runs_.empty(); }
  size_t cost() const { return cost_; }
  // The size of the run that Add() has changed last.
  size_t longest() const { return changed_size_; }

 private:
  using Runs = std::map<uint64_t, FragmentRun>;
  Runs runs_;
  Runs::iterator completed_;
  size_t cost_ = 0;
  size_t changed_size_ = 0;
};

}  // namespace sctp::engine
