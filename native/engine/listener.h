// The door of a server with many peers on one socket (UDP encapsulation, RFC 6951): answers
// strangers without remembering them, and says who has proved to be reachable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/association.h"

namespace sctp::engine {

class Listener {
 public:
  // `config` is that of the associations to come. `random` must outlive the listener.
  Listener(const Config& config, RandomSource& random);

  enum class Verdict : uint8_t {
    kDone,  // ignored, or answered: send `reply` back where the packet came from if not empty
    // A COOKIE ECHO that this listener signed for this origin. Create
    // Association(config, random, secret(), origin) and let it Receive() this very packet.
    // Config::remote_port must be the packet's source port.
    kAccept,
  };
  struct Result {
    Verdict verdict = Verdict::kDone;
    uint16_t remote_port = 0;
    std::vector<std::byte> reply;
  };

  // A packet that belongs to no association. `origin` identifies the sender (address and UDP port,
  // in any fixed form); cookies are valid only from where they were sent to.
  Result Receive(Time now, std::span<const std::byte> packet, std::span<const std::byte> origin);

  const CookieSecret& secret() const { return secret_; }

  // The answer to a packet for a port on which nobody listens (RFC 9260 §8.4); empty for none.
  static std::vector<std::byte> Refuse(Time now, std::span<const std::byte> packet,
                                       RandomSource& random);

 private:
  Config config_;
  RandomSource& random_;
  CookieSecret secret_{};
};

}  // namespace sctp::engine
