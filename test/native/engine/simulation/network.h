// What lies between two ends: packets are lost, damaged, duplicated, delayed and overtaken.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "engine/bytes.h"
#include "engine/time.h"
#include "native/engine/simulation/dice.h"

namespace sctp::engine::simulation {

// One direction.
struct Line {
  double loss = 0;
  double duplication = 0;
  double corruption = 0;
  Duration delay{};
  Duration jitter{};
  // Nothing gets through in between.
  Time outage_from{};
  Time outage_to{};
};

class Network {
 public:
  explicit Network(uint64_t seed) : dice_(seed) {}

  void Send(Time now, int from, ByteVector packet);

  struct Arrival {
    int to = 0;
    ByteVector packet;
  };
  std::optional<Time> next() const;
  // The next packet that has arrived by now.
  std::optional<Arrival> Take(Time now);

  Line lines[2];  // by sender

 private:
  void Damage(ByteVector& packet);

  Dice dice_;
  std::multimap<Time, Arrival> flying_;
};

}  // namespace sctp::engine::simulation
