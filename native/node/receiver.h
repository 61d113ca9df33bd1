// Turns what a socket has received into rows of a batch: whole messages, notifications, losses.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/length_forecast.h"
#include "core/peer_table.h"
#include "core/reassembler.h"
#include "node/arriving_message.h"
#include "node/batch.h"
#include "node/environment.h"

namespace sctp::node {

class Receiver {
 public:
  struct Limits {
    size_t message;     // the longest message
    size_t unfinished;  // of all unfinished messages together
    // Whether a message that is too long is reported as soon as it is, for the association to be
    // aborted; else once it has ended, with its length.
    bool reports_early;
  };

  Receiver(const Limits& limits, bool is_one_to_one)
      : is_one_to_one_(is_one_to_one),
        reports_early_(limits.reports_early),
        reassembler_(limits.message, limits.unfinished) {}

  struct Outcome {
    int error;  // the socket's pending error as negative errno, or 0: it belongs after the rows
    bool more;  // the limit was reached, there may be more to read
  };

  // Reads up to `limit` messages, at most as many as there are slots.
  Outcome Read(int fd, size_t limit, Environment& environment, Batch& batch, Napi::Env env);

  Limits limits() const {
    return {reassembler_.max_size(), reassembler_.max_held(), reports_early_};
  }

  // An association goes on at another descriptor: so does what has come of its messages.
  void Move(int32_t assoc_id, Receiver& to);

 private:
  class Reading;  // one call of Read

  bool is_one_to_one_;
  bool reports_early_;
  Reassembler reassembler_;
  ArrivingMessage arriving_;  // then no other is unfinished
  LengthForecast forecast_;
  bool last_was_long_ = false;  // too long for a slot
  PeerTable peers_;
  std::vector<std::byte> partial_notification_;
  std::unordered_map<int32_t, uint32_t> scopes_;  // of associations with link-local peers
};

}  // namespace sctp::node
