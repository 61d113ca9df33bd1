// simulate SEED: runs one seed and prints all that happens.
// simulate FIRST COUNT: runs that many, prints those that fail, and a summary.
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "native/engine/simulation/simulation.h"

namespace {

using sctp::engine::simulation::Simulation;
using sctp::engine::simulation::Totals;

void Add(Totals& sum, const Totals& more) {
  sum.packets += more.packets;
  sum.accepted += more.accepted;
  sum.delivered += more.delivered;
  sum.abandoned += more.abandoned;
  sum.resets += more.resets;
  sum.restarts += more.restarts;
  sum.graceful += more.graceful;
  sum.aborted += more.aborted;
  sum.crossed += more.crossed;
  sum.guarded += more.guarded;
  sum.passed += more.passed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2 || argc > 3) {
    std::fprintf(stderr, "Usage: %s SEED | FIRST COUNT\n", argv[0]);
    return 64;
  }
  const uint64_t first = std::strtoull(argv[1], nullptr, 10);
  const uint64_t count = argc == 3 ? std::strtoull(argv[2], nullptr, 10) : 1;
  Totals totals;
  uint64_t failed = 0;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    Simulation simulation(seed, argc == 2);
    const auto failure = simulation.Run();
    Add(totals, simulation.totals());
    if (!failure) continue;
    ++failed;
    std::printf("seed %" PRIu64 ": %s\n  again, with all that happens: %s %" PRIu64 "\n", seed,
                failure->c_str(), argv[0], seed);
    std::fflush(stdout);
  }
  std::printf("%" PRIu64 " of %" PRIu64 " seeds failed. %" PRIu64 " messages: %" PRIu64
              " came, %" PRIu64 " given up; %" PRIu64 " packets, %" PRIu64 " resets, %" PRIu64
              " restarts, %" PRIu64 " INITs crossed; ends: %" PRIu64 " graceful, %" PRIu64
              " aborted, %" PRIu64 " by the guard; %.1f virtual hours\n",
              failed, count, totals.accepted, totals.delivered, totals.abandoned, totals.packets,
              totals.resets, totals.restarts, totals.crossed, totals.graceful, totals.aborted,
              totals.guarded, static_cast<double>(totals.passed.count()) / 3.6e9);
  if (count >= 100 && totals.crossed == 0) {
    std::printf("no INITs crossed: the scenarios no longer try it\n");
    return 1;
  }
  return failed == 0 ? 0 : 1;
}
