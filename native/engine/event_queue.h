// Events until somebody polls them.
#pragma once

#include <deque>
#include <optional>
#include <utility>

#include "engine/events.h"

namespace sctp::engine {

class EventQueue {
 public:
  void Push(Event event) { events_.push_back(std::move(event)); }

  std::optional<Event> Pop() {
    if (events_.empty()) return std::nullopt;
    std::optional<Event> event(std::move(events_.front()));
    events_.pop_front();
    return event;
  }

 private:
  std::deque<Event> events_;
};

}  // namespace sctp::engine
