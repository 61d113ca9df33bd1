// DATA and I-DATA chunks, FORWARD TSN and I-FORWARD TSN (RFC 9260 §3.3.1, RFC 8260, RFC 3758).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/fragments.h"
#include "engine/outstanding.h"
#include "engine/packet.h"
#include "engine/reassembly.h"

namespace sctp::engine {

// A DATA or I-DATA chunk, by its type; the TSN is as on the wire. None if it is too short.
std::optional<DataChunk> ParseData(const Chunk& chunk);

constexpr size_t DataHeaderSize(bool interleaving) {
  return interleaving ? kIDataHeaderSize : kDataHeaderSize;
}
void WriteData(PacketWriter& packet, const SentChunk& chunk, bool interleaving);

struct ForwardTsn {
  uint32_t cumulative = 0;
  std::vector<Reassembly::Skipped> skipped;
};
std::optional<ForwardTsn> ParseForwardTsn(const Chunk& chunk);
constexpr size_t SkippedSize(bool interleaving) { return interleaving ? 8 : 4; }
void WriteForwardTsn(PacketWriter& packet, Tsn cumulative,
                     const std::vector<Outstanding::Skipped>& skipped, bool interleaving);

}  // namespace sctp::engine
