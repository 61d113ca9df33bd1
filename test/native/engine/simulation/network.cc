#include "native/engine/simulation/network.h"

namespace sctp::engine::simulation {

// At most three bits flip: CRC32c detects that whatever the length. What is cut or replaced is
// detected but for one in four billion.
void Network::Damage(ByteVector& packet) {
  switch (dice_.Between(0, 5)) {
    case 0: packet.resize(dice_.Between<size_t>(0, packet.size() - 1)); return;
    case 1:
      for (std::byte& byte : packet) byte = static_cast<std::byte>(dice_.Next64());
      return;
    default:
      for (int flips = dice_.Between(1, 3); flips > 0; --flips) {
        // Not the same bit twice, which would undo it.
        const size_t third = packet.size() / 3;
        const size_t at =
            third * static_cast<size_t>(flips - 1) + dice_.Between<size_t>(0, third - 1);
        packet[at] ^= std::byte{1} << dice_.Between(0, 7);
      }
  }
}

void Network::Send(Time now, int from, ByteVector packet) {
  const Line& line = lines[from];
  if (now >= line.outage_from && now < line.outage_to) return;
  if (dice_.Chance(line.loss)) return;
  const int copies = dice_.Chance(line.duplication) ? dice_.Between(2, 3) : 1;
  for (int i = 0; i < copies; ++i) {
    Arrival arrival{1 - from, packet};
    if (dice_.Chance(line.corruption)) Damage(arrival.packet);
    // Some time always passes, so that no exchange takes place in an instant.
    const Duration delay = Duration(10) + line.delay + dice_.Between(Duration(0), line.jitter);
    flying_.emplace(now + delay, std::move(arrival));
  }
}

std::optional<Time> Network::next() const {
  if (flying_.empty()) return std::nullopt;
  return flying_.begin()->first;
}

std::optional<Network::Arrival> Network::Take(Time now) {
  if (flying_.empty() || flying_.begin()->first > now) return std::nullopt;
  Arrival arrival = std::move(flying_.begin()->second);
  flying_.erase(flying_.begin());
  return arrival;
}

}  // namespace sctp::engine::simulation
