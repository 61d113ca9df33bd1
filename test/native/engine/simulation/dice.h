// Decisions that follow from a seed.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>

#include "native/engine/pair.h"

namespace sctp::engine::simulation {

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}

  uint64_t Next64() { return random_.Next64(); }
  double Fraction() { return random_.Fraction(); }
  bool Chance(double probability) { return random_.Fraction() < probability; }
  // Both ends included.
  template <std::integral T>
  T Between(T low, T high) {
    const uint64_t choices = static_cast<uint64_t>(high - low) + 1;
    return static_cast<T>(low + static_cast<T>(random_.Next64() % choices));
  }
  Duration Between(Duration low, Duration high) {
    return Duration(Between(low.count(), high.count()));
  }
  template <typename T>
  T OneOf(std::initializer_list<T> choices) {
    return choices.begin()[random_.Next64() % choices.size()];
  }

 private:
  test::SeededRandom random_;
};

}  // namespace sctp::engine::simulation
