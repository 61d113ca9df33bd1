// Chunks to messages, in the order that the sender asked for (RFC 9260 §6.5, 6.6, 6.9; RFC 8260;
// RFC 3758 §3.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/event_queue.h"
#include "engine/fragments.h"
#include "engine/stream_table.h"

namespace sctp::engine {

class Reassembly {
 public:
  Reassembly(bool interleaving, size_t max_message_size, EventQueue& events)
      : interleaving_(interleaving), max_message_size_(max_message_size), events_(events) {}

  enum class Added : uint8_t { kDone, kViolation, kTooLong };
  Added Add(const DataChunk& chunk);

  // What a FORWARD TSN or I-FORWARD TSN says will not come.
  struct Skipped {
    uint16_t stream = 0;
    bool unordered = false;
    uint32_t number = 0;
  };
  void Forward(Tsn cumulative, std::span<const Skipped> skipped);
  // The peer starts over on these streams; on all if there are none.
  void Reset(std::span<const uint16_t> streams);

  // What keeping fragments and messages out of order costs.
  size_t cost() const { return cost_ + runs_.cost(); }
  // How many messages of several fragments have begun, in I-DATA chunks.
  size_t begun_messages() const { return partials_.size(); }
  // The messages reported since the last call, and their bytes.
  struct Delivered {
    size_t messages = 0;
    size_t bytes = 0;
  };
  Delivered TakeDelivered() { return std::exchange(delivered_, {}); }

 private:
  struct Waiting {
    MessageReceived message;
    size_t cost;
  };
  struct Stream {
    uint64_t next = kSequenceBase;       // SSN or MID of the next ordered message
    uint64_t unordered = kSequenceBase;  // near which MIDs of unordered messages are
    // Complete, but not their turn.
    std::unique_ptr<std::map<uint64_t, Waiting>> waiting;
  };
  // I-DATA: stream and U-bit, MID.
  using MessageKey = std::pair<uint32_t, uint64_t>;
  static uint32_t FlowOf(uint16_t stream, bool unordered) {
    return uint32_t{stream} << 1 | (unordered ? 1 : 0);
  }

  Added AddData(const DataChunk& chunk, Stream& stream);
  Added AddIData(const DataChunk& chunk, Stream& stream);
  uint64_t NumberOf(Stream& stream, bool unordered, uint32_t wire) const;
  void Complete(FragmentRun&& run, Stream& stream);
  void Arrange(uint64_t number, MessageReceived&& message, Stream& stream);
  void Deliver(MessageReceived&& message);
  void DeliverWaiting(Stream& stream);
  void SkipTo(Stream& stream, uint64_t number);
  void DropPartial(uint32_t flow, uint64_t last);
  void ResetStream(uint16_t id, Stream& stream);

  bool interleaving_;
  size_t max_message_size_;
  EventQueue& events_;
  StreamTable<Stream> streams_;
  FragmentRuns runs_;                            // DATA
  std::map<MessageKey, FragmentRuns> partials_;  // I-DATA
  size_t cost_ = 0;                              // of partials_ and of what waits
  Delivered delivered_;
  size_t expected_size_ = 0;  // of the next message of several fragments: as long as the last
};

}  // namespace sctp::engine
