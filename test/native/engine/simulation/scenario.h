// What a seed decides before anything happens: the ends, the lines between them, how much is sent
// and how it ends.
#pragma once

#include <cstdint>

#include "engine/config.h"
#include "native/engine/simulation/network.h"

namespace sctp::engine::simulation {

enum class Ending : uint8_t {
  kAfterAll,     // a shutdown, once everything has come
  kAtAnyMoment,  // a shutdown, whatever is still to be done
  kAbort,
};

struct Scenario {
  explicit Scenario(uint64_t seed);

  Config configs[2];
  Line lines[2];

  bool begins[2] = {};  // who calls Connect()
  Duration begin_at[2] = {};

  // How long messages are sent and other things done.
  Duration busy{};
  int messages[2] = {};
  size_t bytes[2] = {};  // no more than this in all
  size_t largest = 0;
  uint16_t streams = 0;  // that messages are spread over
  double unordered = 0;
  double unreliable = 0;

  int resets = 0;
  int reset_wishes = 0;
  int added = 0;
  int mtu_changes = 0;
  int scheduling = 0;
  int pauses = 0;  // of reading
  int restarts = 0;

  Ending ending = Ending::kAfterAll;
  bool ends[2] = {};  // who begins the shutdown, or aborts
  Duration end_at{};

  // Without anything achieved for so long, an association that has work hangs.
  Duration patience() const;
};

inline constexpr size_t kLargestMessage = 256 * 1024;

}  // namespace sctp::engine::simulation
