#include "native/engine/simulation/scenario.h"

namespace sctp::engine::simulation {
namespace {

using namespace std::chrono_literals;

Config AnyConfig(Dice& dice) {
  Config config;
  config.outbound_streams = dice.OneOf<uint16_t>({1, 3, 16, 64, 1024});
  config.inbound_streams = dice.OneOf<uint16_t>({2, 16, 100, 65535, 65535});
  config.mtu = dice.OneOf<size_t>({512, 576, 1200, 1200, 1280, 1500, 9000, 65535});
  config.receive_window = dice.OneOf<uint32_t>({1500, 10'000, 64 * 1024, 256 * 1024, 2 << 20});
  config.explicit_consume = dice.Chance(0.5);
  config.max_receive_message_size = 300'000;
  config.send_buffer = dice.OneOf<size_t>({1000, 20'000, 300'000, 16 << 20});
  config.partial_reliability = dice.Chance(0.9);
  config.interleaving = dice.Chance(0.7);
  config.reconfiguration = dice.Chance(0.9);
  config.zero_checksum = dice.Chance(0.25);
  config.scheduler = dice.OneOf({Scheduler::kFirstComeFirstServed, Scheduler::kRoundRobin,
                                 Scheduler::kPriority, Scheduler::kWeightedFair});
  config.rto_initial = dice.Between(100ms, 3000ms);
  config.rto_min = dice.Between(10ms, 500ms);
  config.rto_max = dice.OneOf<Duration>({2s, 10s, 60s});
  config.sack_delay = dice.OneOf<Duration>({0ms, 20ms, 200ms});
  config.sack_frequency = dice.Between(1, 3);
  config.heartbeat_interval = dice.OneOf<Duration>({0s, 1s, 30s});
  // What is lost time and again must not end an association here: that would hide what hangs.
  config.max_init_retransmits = 1000;
  config.max_retransmits = 1000;
  config.max_burst = dice.OneOf({0, 1, 4, 4, 16});
  config.cookie_lifetime = dice.OneOf<Duration>({60s, 60s, 10s});
  return config;
}

Line AnyLine(Dice& dice, bool may_corrupt) {
  Line line;
  line.loss = dice.Chance(0.3) ? 0 : dice.OneOf({0.01, 0.05, 0.15, 0.3}) * dice.Fraction();
  line.duplication = dice.Chance(0.6) ? 0 : 0.2 * dice.Fraction();
  line.corruption = !may_corrupt || dice.Chance(0.5) ? 0 : 0.05 * dice.Fraction();
  line.delay = dice.OneOf<Duration>({0ms, 1ms, 20ms, 200ms});
  line.jitter = dice.Chance(0.4) ? Duration(0) : dice.OneOf<Duration>({1ms, 10ms, 100ms});
  if (dice.Chance(0.15)) {
    line.outage_from = Time(dice.Between(Duration(0), Duration(10s)));
    line.outage_to = line.outage_from + dice.Between(Duration(100ms), Duration(15s));
  }
  return line;
}

}  // namespace

Scenario::Scenario(uint64_t seed) {
  Dice dice(seed * 0x5851F42D4C957F2D + 1);
  for (Config& config : configs) config = AnyConfig(dice);
  // Alike more often than chance would have it.
  if (dice.Chance(0.3)) configs[1] = configs[0];
  const bool checked = !configs[0].zero_checksum && !configs[1].zero_checksum;
  for (Line& line : lines) line = AnyLine(dice, checked);

  begins[0] = true;
  begins[1] = dice.Chance(0.4);
  if (dice.Chance(0.3)) std::swap(begins[0], begins[1]);
  // At the same time, or nearly so.
  for (Duration& at : begin_at) at = dice.Chance(0.6) ? Duration(0) : dice.Between(0ms, 500ms);

  busy = dice.OneOf<Duration>({0s, 1s, 1s, 5s, 30s});
  largest = dice.OneOf<size_t>({100, 1200, 5000, 60'000, kLargestMessage});
  for (const int end : {0, 1}) {
    messages[end] = dice.Chance(0.2) ? 0 : dice.Between(1, 60);
    bytes[end] = dice.OneOf<size_t>({30'000, 150'000, 400'000});
  }
  streams = dice.OneOf<uint16_t>({1, 2, 5, 40});
  unordered = dice.OneOf({0.0, 0.3, 1.0});
  unreliable = dice.OneOf({0.0, 0.4, 1.0});

  resets = dice.Chance(0.5) ? 0 : dice.Between(1, 8);
  reset_wishes = dice.Chance(0.8) ? 0 : dice.Between(1, 4);
  added = dice.Chance(0.8) ? 0 : dice.Between(1, 4);
  mtu_changes = dice.Chance(0.7) ? 0 : dice.Between(1, 6);
  scheduling = dice.Chance(0.7) ? 0 : dice.Between(1, 6);
  pauses = dice.Chance(0.6) ? 0 : dice.Between(1, 4);
  restarts = dice.Chance(0.88) ? 0 : dice.Between(1, 2);

  const double how = dice.Fraction();
  ending = how < 0.5 ? Ending::kAfterAll : how < 0.88 ? Ending::kAtAnyMoment : Ending::kAbort;
  ends[0] = dice.Chance(0.5);
  ends[1] = !ends[0] || dice.Chance(0.3);
  end_at = dice.Chance(0.2) ? dice.Between(Duration(0), Duration(300ms))
                            : dice.Between(Duration(0), busy + Duration(2s));
}

Duration Scenario::patience() const {
  const Duration slowest = std::max(configs[0].rto_max, configs[1].rto_max);
  // 30 % are lost each way, so that every other attempt fails: 40 in a row never do.
  return 60s + 40 * slowest;
}

}  // namespace sctp::engine::simulation
