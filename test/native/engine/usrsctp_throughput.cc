// usrsctp as throughput.cc measures the engine: both ends in one process, no delay, MTU 1200.
#include <cstdio>
#include <cstdlib>

#include "native/engine/cpu_time.h"
#include "native/engine/pair.h"
#include "native/engine/usrsctp_peer.h"

namespace {

using namespace sctp::engine;
using sctp::engine::test::CpuSeconds;
using sctp::engine::test::SeededRandom;
using sctp::engine::test::UsrsctpPeer;

class Bench {
 public:
  explicit Bench(double loss) : loss_(loss), random_(3) {}

  bool Run(size_t size, uint64_t bytes) {
    ends_[0].Connect();
    ends_[1].Connect();
    const uint64_t messages = bytes / size;
    uint64_t sent = 0;
    uint64_t received = 0;
    const ByteVector data(size, std::byte{7});
    while (received < messages) {
      while (ends_[0].up && sent < messages && ends_[0].Send(1, 51, data)) ++sent;
      const bool moved = Exchange(0) | Exchange(1);
      for (UsrsctpPeer& end : ends_) {
        end.Read();
        if (end.lost) return false;
      }
      received += ends_[1].messages.size();
      ends_[1].messages.clear();
      // The finest step of its timers.
      if (!moved) PassTime();
      if (waited_ > 600'000) return false;
    }
    return true;
  }

  double waited() const { return waited_ / 1000.0; }

 private:
  bool Exchange(int from) {
    const auto packets = ends_[from].TakePackets();
    for (const ByteVector& packet : packets) {
      if (loss_ > 0 && random_.Fraction() < loss_) continue;
      ends_[1 - from].Receive(packet);
    }
    return !packets.empty();
  }

  void PassTime() {
    constexpr uint32_t kTick = 10;
    waited_ += kTick;
    ends_[0].Advance(kTick);
  }

  UsrsctpPeer ends_[2] = {UsrsctpPeer({}), UsrsctpPeer({.local_port = 5000, .remote_port = 5000})};
  double loss_;
  SeededRandom random_;
  double waited_ = 0;
};

void Measure(const char* name, size_t size, uint64_t bytes, double loss) {
  Bench bench(loss);
  const double before = CpuSeconds();
  if (!bench.Run(size, bytes)) {
    std::printf("usrsctp: %-19s failed\n", name);
    return;
  }
  const double seconds = CpuSeconds() - before;
  std::printf(
      "usrsctp: %-19s %8.1f MB/cpu-s %10.0f msg/cpu-s   waited %.2f s, %.1f MB/s with that\n", name,
      static_cast<double>(bytes) / 1e6 / seconds, static_cast<double>(bytes / size) / seconds,
      bench.waited(), static_cast<double>(bytes) / 1e6 / (seconds + bench.waited()));
}

}  // namespace

int main(int argc, char** argv) {
  const uint64_t scale = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1;
  Measure("16 KB", 16384, 100'000'000 * scale, 0);
  Measure("16 KB, 1 % loss", 16384, 100'000'000 * scale, 0.01);
  Measure("64 B", 64, 6'400'000 * scale, 0);
  return 0;
}
