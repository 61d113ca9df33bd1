// Two associations and a link between them, in virtual time: everything that happens follows from
// the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/association.h"
#include "engine/bytes.h"

namespace sctp::engine::test {

using namespace std::chrono_literals;

class SeededRandom : public RandomSource {
 public:
  explicit SeededRandom(uint64_t seed) : state_(seed) {}

  void Fill(std::span<std::byte> out) override {
    for (std::byte& byte : out) byte = static_cast<std::byte>(Next64() >> 56);
  }
  // splitmix64
  uint64_t Next64() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  double Fraction() { return static_cast<double>(Next64() >> 11) / 9007199254740992.0; }

 private:
  uint64_t state_;
};

// Bytes that say where they belong, so that a mix-up shows.
inline ByteVector Pattern(size_t size, uint64_t seed) {
  SeededRandom random(seed);
  ByteVector bytes(size);
  random.Fill(bytes);
  return bytes;
}

inline ByteVector Text(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline std::string ToText(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline OutgoingMessage Message(uint16_t stream, ByteView data) {
  OutgoingMessage message;
  message.stream = stream;
  message.data = Payload::Copy(data);
  return message;
}

inline OutgoingMessage Message(uint16_t stream, std::string_view text) {
  return Message(stream, std::as_bytes(std::span(text)));
}

// One end: an association and what it has reported.
struct End {
  End(const Config& config, uint64_t seed) : random(seed), association(config, random) {}

  template <typename T>
  std::vector<T> All() const {
    std::vector<T> found;
    for (const Event& event : events) {
      if constexpr (std::is_copy_constructible_v<T>) {
        if (const T* typed = std::get_if<T>(&event)) found.push_back(*typed);
      }
    }
    return found;
  }
  template <typename T>
  size_t Count() const {
    size_t count = 0;
    for (const Event& event : events) count += std::holds_alternative<T>(event) ? 1 : 0;
    return count;
  }
  template <typename T>
  const T* Last() const {
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
      if (const T* typed = std::get_if<T>(&*event)) return typed;
    }
    return nullptr;
  }
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const MessageReceived& message : All<MessageReceived>()) {
      texts.push_back(ToText(message.data));
    }
    return texts;
  }
  State state() const { return association.state(); }

  SeededRandom random;
  Association association;
  std::vector<Event> events;
  bool polls_events = true;
};

class Pair {
 public:
  struct Link {
    Duration delay = 1ms;
    double loss = 0;
    double duplication = 0;
    Duration jitter{};  // more than the distance of packets reorders them
  };

  explicit Pair(const Config& left = {}, const Config& right = {}, uint64_t seed = 1)
      : a(left, seed * 2 + 1), b(right, seed * 2 + 2), network_(seed) {}

  Time now() const { return now_; }

  // Returns whether both came up.
  bool Connect() {
    a.association.Connect(now_);
    return RunUntil([&] { return both(State::kEstablished); });
  }
  bool both(State state) const { return a.state() == state && b.state() == state; }

  SendStatus Send(End& end, OutgoingMessage message) {
    return end.association.Send(now_, std::move(message));
  }

  // Sends, reports and delivers what is due now, then goes on to whatever comes next. Returns false
  // if nothing will ever happen again, or not before `limit`.
  bool Step(Time limit) {
    Flush(a, true);
    Flush(b, false);
    std::optional<Time> next;
    const auto consider = [&](std::optional<Time> time) {
      if (time && (!next || *time < *next)) next = time;
    };
    if (!in_flight_.empty()) consider(in_flight_.begin()->first);
    consider(a.association.NextDeadline());
    consider(b.association.NextDeadline());
    if (!next || *next > limit) {
      now_ = std::max(now_, limit);
      return false;
    }
    now_ = std::max(now_, *next);
    while (!in_flight_.empty() && in_flight_.begin()->first <= now_) {
      auto [to_b, packet] = std::move(in_flight_.begin()->second);
      in_flight_.erase(in_flight_.begin());
      (to_b ? b : a).association.Receive(now_, packet);
    }
    for (End* end : {&a, &b}) {
      const auto deadline = end->association.NextDeadline();
      if (deadline && *deadline <= now_) end->association.HandleTimeout(now_);
    }
    Flush(a, true);
    Flush(b, false);
    return true;
  }

  void RunFor(Duration duration) {
    const Time limit = now_ + duration;
    while (Step(limit)) {
    }
  }

  template <typename Predicate>
  bool RunUntil(Predicate&& predicate, Duration patience = 120s) {
    const Time limit = now_ + patience;
    while (!predicate()) {
      if (!Step(limit)) return predicate();
    }
    return true;
  }

  // Sends what `end` has to say and takes its events.
  void Flush(End& end, bool is_a) {
    ByteVector buffer(end.association.MaxPacketSize());
    bool more = true;
    while (more) {
      more = false;
      while (const size_t size = end.association.PollPacket(now_, buffer)) {
        Transmit(is_a, {buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size)});
      }
      while (end.polls_events) {
        auto event = end.association.PollEvent();
        if (!event) break;
        end.events.push_back(std::move(*event));
        more = true;
      }
    }
  }

  // A packet that somebody puts on the line.
  void Inject(bool to_b, ByteVector packet) {
    in_flight_.emplace(now_, Flight{to_b, std::move(packet)});
  }

  // Sees each packet before the line does; false drops it.
  std::function<bool(bool from_a, ByteVector& packet)> filter;
  Link link;
  End a;
  End b;

 private:
  using Flight = std::pair<bool, ByteVector>;

  void Transmit(bool from_a, ByteVector packet) {
    if (filter && !filter(from_a, packet)) return;
    if (link.loss > 0 && network_.Fraction() < link.loss) return;
    const int copies = link.duplication > 0 && network_.Fraction() < link.duplication ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      Duration delay = link.delay;
      if (link.jitter > Duration(0)) {
        delay += Duration(static_cast<Duration::rep>(network_.Fraction() *
                                                     static_cast<double>(link.jitter.count())));
      }
      in_flight_.emplace(now_ + delay, Flight{from_a, packet});
    }
  }

  SeededRandom network_;
  Time now_{};
  std::multimap<Time, Flight> in_flight_;
};

}  // namespace sctp::engine::test
