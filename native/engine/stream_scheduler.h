// Which of the streams that have something to send is served next (RFC 8260 §3).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

#include "engine/config.h"

namespace sctp::engine {

// A stream's standing; kept by the send queue with the rest of the stream's state.
struct Turn {
  bool waiting = false;
  uint64_t key = 0;
  uint64_t tie = 0;
  uint64_t served = 0;  // virtual time: what the stream has used up
  uint16_t priority = 256;
  uint16_t weight = 256;
};

class StreamScheduler {
 public:
  explicit StreamScheduler(Scheduler scheduler) : scheduler_(scheduler) {}

  // `arrival` is the position of the stream's first message, for first come, first served.
  void Add(uint16_t stream, Turn& turn, uint64_t arrival);
  void Remove(uint16_t stream, Turn& turn);
  // Puts the stream back in line after `bytes` of it have been sent.
  void Served(uint16_t stream, Turn& turn, uint64_t arrival, size_t bytes);

  std::optional<uint16_t> Next() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->stream;
  }
  bool empty() const { return waiting_.empty(); }
  Scheduler scheduler() const { return scheduler_; }

 private:
  struct Entry {
    uint64_t key;
    uint64_t tie;
    uint16_t stream;
    bool operator<(const Entry& other) const {
      return std::tie(key, tie, stream) < std::tie(other.key, other.tie, other.stream);
    }
  };
  static Entry EntryOf(uint16_t stream, const Turn& turn) { return {turn.key, turn.tie, stream}; }
  void SetKey(Turn& turn, uint64_t arrival);

  Scheduler scheduler_;
  std::set<Entry> waiting_;
  uint64_t turns_ = 0;         // handed out so far
  uint64_t virtual_time_ = 0;  // weighted fair: the standing of whoever was served last
};

}  // namespace sctp::engine
