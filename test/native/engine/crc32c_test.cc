// The checksum of packets.
#include "engine/crc32c.h"

#include <gtest/gtest.h>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

// RFC 3720 B.4 and the usual check value.
TEST(Crc32c, KnownValues) {
  EXPECT_EQ(Crc32c(Text("123456789")), 0xE3069283u);
  EXPECT_EQ(Crc32c(ByteVector(32, std::byte{0})), 0x8A9136AAu);
  EXPECT_EQ(Crc32c(ByteVector(32, std::byte{0xFF})), 0x62A8AB43u);
  EXPECT_EQ(Crc32c({}), 0u);
}

TEST(Crc32c, TablesAndInstructionAgree) {
  for (size_t size = 0; size < 200; ++size) {
    const ByteVector bytes = Pattern(size, size + 1);
    EXPECT_EQ(Crc32c(bytes), Crc32cByTables(bytes)) << size;
  }
}

TEST(Crc32c, PacketCountsItsOwnFieldAsZero) {
  ByteVector packet = Packet(0x12345678, {MakeChunk(chunk::kCookieAck, 0, {})});
  const uint32_t checksum = LoadChecksum(packet);
  EXPECT_EQ(PacketChecksum(packet), checksum);
  StoreChecksum(packet, 0);
  EXPECT_EQ(Crc32c(packet), checksum);
  packet[13] ^= std::byte{1};
  EXPECT_NE(PacketChecksum(packet), checksum);
}

}  // namespace
}  // namespace sctp::engine
