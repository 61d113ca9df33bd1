// How fast two associations in one process are: scripts/bench-engine builds it with optimizations.
#include <cstdio>
#include <cstdlib>
#include <deque>

#include "native/engine/cpu_time.h"
#include "native/engine/pair.h"

namespace {

using namespace sctp::engine;
using sctp::engine::test::CpuSeconds;
using sctp::engine::test::SeededRandom;

// No delay: a packet is received when it is sent. Virtual time passes only if nothing else can.
class Bench {
 public:
  Bench(const Config& config, double loss)
      : ends_{{config, 1}, {config, 2}}, loss_(loss), random_(3), buffer_(65536) {}

  bool Run(size_t size, uint64_t bytes) {
    ends_[0].association.Connect(now_);
    const uint64_t messages = bytes / size;
    uint64_t sent = 0;
    uint64_t received = 0;
    const ByteVector data(size, std::byte{7});
    while (received < messages) {
      while (sent < messages && ends_[0].association.BufferedAmount() < 256 * 1024) {
        OutgoingMessage message;
        message.stream = 1;
        message.data = Payload(data, {nullptr, [](void*) {}});
        if (ends_[0].association.Send(now_, std::move(message)) != SendStatus::kQueued)
          return false;
        ++sent;
      }
      const bool moved = Exchange(0) | Exchange(1);
      for (End& end : ends_) {
        while (auto event = end.association.PollEvent()) {
          if (std::holds_alternative<MessageReceived>(*event)) ++received;
          if (std::holds_alternative<Closed>(*event)) return false;
        }
      }
      if (!moved && !PassTime()) return false;
    }
    return true;
  }

  Time now() const { return now_; }
  const Association& sender() const { return ends_[0].association; }

 private:
  struct End {
    End(const Config& config, uint64_t seed) : random(seed), association(config, random) {}
    SeededRandom random;
    Association association;
  };

  // As many packets as a socket would hand over in one turn.
  bool Exchange(int from) {
    bool moved = false;
    for (int i = 0; i < 32; ++i) {
      const size_t size = ends_[from].association.PollPacket(now_, buffer_);
      if (size == 0) break;
      moved = true;
      if (loss_ > 0 && random_.Fraction() < loss_) continue;
      ends_[1 - from].association.Receive(now_, ByteView(buffer_).first(size));
    }
    return moved;
  }

  bool PassTime() {
    std::optional<Time> next;
    for (End& end : ends_) {
      const auto deadline = end.association.NextDeadline();
      if (deadline && (!next || *deadline < *next)) next = deadline;
    }
    if (!next) return false;
    now_ = std::max(now_, *next);
    for (End& end : ends_) end.association.HandleTimeout(now_);
    return true;
  }

  End ends_[2];
  double loss_;
  SeededRandom random_;
  ByteVector buffer_;
  Time now_{};
};

void Measure(const char* name, Config config, size_t size, uint64_t bytes, double loss) {
  Bench bench(config, loss);
  const double before = CpuSeconds();
  if (!bench.Run(size, bytes)) {
    std::printf("%-28s failed\n", name);
    return;
  }
  const double seconds = CpuSeconds() - before;
  const double waited = std::chrono::duration<double>(bench.now().time_since_epoch()).count();
  const Counters counters = bench.sender().GetStats().counters;
  std::printf(
      "%-28s %8.1f MB/cpu-s %10.0f msg/cpu-s   waited %.2f s, %.1f MB/s with that; t3 %llu\n", name,
      static_cast<double>(bytes) / 1e6 / seconds, static_cast<double>(bytes / size) / seconds,
      waited, static_cast<double>(bytes) / 1e6 / (seconds + waited),
      static_cast<unsigned long long>(counters.t3_timeouts));
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t scale = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1;
  Config data;
  data.interleaving = false;
  const Config interleaved;
  Config unchecked = data;
  unchecked.zero_checksum = true;
  Measure("16 KB", data, 16384, 400'000'000 * scale, 0);
  Measure("16 KB, I-DATA", interleaved, 16384, 400'000'000 * scale, 0);
  Measure("16 KB, zero checksum", unchecked, 16384, 400'000'000 * scale, 0);
  Measure("16 KB, 1 % loss", data, 16384, 400'000'000 * scale, 0.01);
  Measure("256 KB", data, 262144, 400'000'000 * scale, 0);
  Measure("64 B", data, 64, 64'000'000 * scale, 0);
  Measure("64 B, I-DATA", interleaved, 64, 64'000'000 * scale, 0);
  Measure("64 B, 1 % loss", data, 64, 64'000'000 * scale, 0.01);
  return 0;
}
