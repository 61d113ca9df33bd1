// Randomness for the engine: tags and keys that nobody can guess.
#pragma once

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>

#include "engine/random.h"

namespace sctp::node {

class SystemRandom final : public engine::RandomSource {
 public:
  static SystemRandom& Instance() {
    static SystemRandom instance;
    return instance;
  }

  void Fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      const ssize_t count = getrandom(out.data(), out.size(), 0);
      if (count > 0) {
        out = out.subspan(static_cast<size_t>(count));
      } else if (errno != EINTR) {
        std::abort();  // a kernel without it is older than any Node; a guessable tag is no tag
      }
    }
  }
};

}  // namespace sctp::node
