// The checksum of SCTP packets (RFC 9260 Appendix A).
#pragma once

#include <cstdint>

#include "engine/bytes.h"

namespace sctp::engine {

// CRC32c of `bytes`, by the CPU's instruction where it has one.
uint32_t Crc32c(ByteView bytes);
// The same by tables alone.
uint32_t Crc32cByTables(ByteView bytes);

// The checksum of a whole packet: its own field counts as zero.
uint32_t PacketChecksum(ByteView packet);

// The field holds the least significant byte first, unlike every other.
uint32_t LoadChecksum(ByteView packet);
void StoreChecksum(ByteSpan packet, uint32_t checksum);

}  // namespace sctp::engine
