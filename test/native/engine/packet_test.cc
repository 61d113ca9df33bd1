// Packets, chunks and parameters, of which anything may be wrong.
#include "engine/packet.h"

#include <gtest/gtest.h>

#include "engine/error_causes.h"
#include "engine/init_chunk.h"
#include "native/bytes.h"
#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;
using sctp::test::HeapBytes;

TEST(Bytes, ReadsBeyondTheEndAreZero) {
  const HeapBytes bytes(Text("abc"));
  EXPECT_EQ(Load16(bytes.view(), 1), 0x6263);
  EXPECT_EQ(Load16(bytes.view(), 2), 0);
  EXPECT_EQ(Load32(bytes.view(), 0), 0u);
  EXPECT_EQ(Load8(bytes.view(), 3), 0);
  EXPECT_EQ(Load32(bytes.view(), SIZE_MAX), 0u);
  EXPECT_TRUE(From(bytes.view(), 4).empty());
}

TEST(ChunkReader, TakesChunksAndTheirPadding) {
  const HeapBytes packet(Packet(
      1, {MakeChunk(chunk::kHeartbeat, 5, Text("abcde")), MakeChunk(chunk::kCookieAck, 0, {})}));
  ChunkReader reader(packet.view());
  const auto first = reader.Next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->type, chunk::kHeartbeat);
  EXPECT_EQ(first->flags, 5);
  EXPECT_EQ(ToText(first->value), "abcde");
  const auto second = reader.Next();
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->value.empty());
  EXPECT_TRUE(reader.at_end());
  EXPECT_FALSE(reader.Next());
  EXPECT_FALSE(reader.malformed());
}

TEST(ChunkReader, StopsAtImpossibleLengths) {
  for (const int length : {0, 1, 3, 9, 65535}) {
    ByteVector packet = Packet(1, {MakeChunk(chunk::kHeartbeat, 0, Text("abcd"))});
    Store(ByteSpan(packet), kCommonHeaderSize + 2, static_cast<uint16_t>(length));
    const HeapBytes exact(packet);
    ChunkReader reader(exact.view());
    EXPECT_FALSE(reader.Next()) << length;
    EXPECT_TRUE(reader.malformed()) << length;
  }
}

TEST(ChunkReader, ForgivesMissingPaddingAtTheEnd) {
  ByteVector packet = Packet(1, {MakeChunk(chunk::kHeartbeat, 0, Text("abcde"))});
  packet.resize(packet.size() - 3);
  const HeapBytes exact(packet);
  ChunkReader reader(exact.view());
  const auto only = reader.Next();
  ASSERT_TRUE(only);
  EXPECT_EQ(ToText(only->value), "abcde");
}

TEST(PacketWriter, KnowsItsRoom) {
  ByteVector buffer(2000);
  PacketWriter packet(buffer, 512);
  EXPECT_TRUE(packet.empty());
  EXPECT_EQ(packet.room(), 500u);
  EXPECT_TRUE(packet.Fits(500));
  EXPECT_FALSE(packet.Fits(501));
  packet.Add(chunk::kHeartbeat, 0, 5);
  EXPECT_EQ(packet.room(), 488u);
  packet.AllowOversize();
  EXPECT_TRUE(packet.Fits(1976));
}

InitChunk SomeInit() {
  InitChunk init;
  init.tag = 0x01020304;
  init.a_rwnd = 100000;
  init.outbound_streams = 10;
  init.inbound_streams = 20;
  init.initial_tsn = 7;
  return init;
}

TEST(Init, SaysWhatItOffers) {
  Config config;
  config.zero_checksum = true;
  InitChunk init = SomeInit();
  init.capabilities = OwnCapabilities(config);
  const ByteVector cookie = Text("cookie");
  init.cookie = cookie;
  const ByteVector bytes = BuildInit(init);
  const auto parsed = ParseInit(bytes);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->tag, init.tag);
  EXPECT_EQ(parsed->a_rwnd, init.a_rwnd);
  EXPECT_EQ(parsed->outbound_streams, 10);
  EXPECT_EQ(parsed->inbound_streams, 20);
  EXPECT_EQ(parsed->initial_tsn, 7u);
  EXPECT_EQ(ToText(*parsed->cookie), "cookie");
  EXPECT_TRUE(parsed->capabilities.forward_tsn);
  EXPECT_TRUE(parsed->capabilities.i_data);
  EXPECT_TRUE(parsed->capabilities.i_forward_tsn);
  EXPECT_TRUE(parsed->capabilities.reconfig);
  EXPECT_EQ(parsed->capabilities.zero_checksum_method, 1u);
  EXPECT_TRUE(parsed->unrecognized.empty());
}

// RFC 9260 §3.2.1: the two high bits say whether to go on, and whether to report.
TEST(Init, UnknownParameters) {
  for (const uint16_t type : std::vector<uint16_t>{0x3FFF, 0x7FFF, 0xBFFF, 0xFFFF}) {
    ByteVector bytes = BuildInit(SomeInit());
    AppendTlv(bytes, type, Text("?!"));
    AppendTlv(bytes, parameter::kForwardTsnSupported, {});
    const auto parsed = ParseInit(bytes);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->capabilities.forward_tsn, (type & 0x8000) != 0) << type;
    EXPECT_EQ(parsed->unrecognized.size(), (type & 0x4000) != 0 ? 8u : 0u) << type;
  }
}

TEST(Init, ReportsAreBounded) {
  ByteVector bytes = BuildInit(SomeInit());
  for (int i = 0; i < 100; ++i) AppendTlv(bytes, 0xFFFF, Pattern(40, 1));
  EXPECT_LE(ParseInit(bytes)->unrecognized.size(), 256u);
}

TEST(Init, TooShortOrImpossible) {
  ByteVector bytes = BuildInit(SomeInit());
  EXPECT_FALSE(ParseInit(ByteView(bytes).first(15)));
  Appender(bytes).U16(0xC000).U16(3);
  EXPECT_FALSE(ParseInit(bytes));
}

TEST(ErrorCauses, BackAndForth) {
  const auto parsed = ParseCauses(BuildCauses(
      {InvalidStreamCause(9), MakeCause(cause::kUserInitiatedAbort, std::string_view("enough"))}));
  ASSERT_EQ(parsed.size(), 2u);
  EXPECT_EQ(parsed[0].code, cause::kInvalidStream);
  EXPECT_EQ(Load16(parsed[0].info, 0), 9);
  EXPECT_EQ(CauseText(parsed[1]), "enough");
  EXPECT_EQ(CauseName(parsed[1].code), "User-Initiated Abort");
  EXPECT_EQ(CauseName(999), "Unknown");
  EXPECT_EQ(CauseText(parsed[0]), "");
}

TEST(ErrorCauses, AreBounded) {
  EXPECT_EQ(ParseCauses(BuildCauses(std::vector<ErrorCause>(100))).size(), 16u);
}

}  // namespace
}  // namespace sctp::engine
