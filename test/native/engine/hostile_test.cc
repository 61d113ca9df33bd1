// Packets that no honest peer sends (RFC 9260 §8.4, 8.5), and what is answered to them.
#include <gtest/gtest.h>

#include "engine/error_causes.h"
#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

// A pair that is up, and what a forger may know of it.
class Hostile : public testing::Test {
 protected:
  void SetUp() override {
    Config config;
    config.interleaving = false;
    pair.emplace(config, config);
    pair->filter = [this](bool from_a, ByteVector& packet) {
      if (ReadHeader(packet).tag != 0) (from_a ? tag_of_b : tag_of_a) = ReadHeader(packet).tag;
      for (const Chunk& c : ChunksOf(packet)) {
        if (!from_a && c.type == chunk::kInitAck) next_tsn_of_b = Load32(c.value, 12);
        if (from_a && c.type == chunk::kInit) next_tsn_of_a = Load32(c.value, 12);
      }
      if (!from_a) answers.push_back(packet);
      return true;
    };
    ASSERT_TRUE(pair->Connect());
    answers.clear();
  }

  // From a's place to b.
  void Forge(uint32_t tag, const std::vector<ByteVector>& chunks) {
    pair->Inject(true, Packet(tag, chunks));
    pair->RunFor(5ms);
  }
  bool Answered(uint8_t type) const {
    for (const ByteVector& answer : answers) {
      if (HasChunk(answer, type)) return true;
    }
    return false;
  }
  void ExpectAlive() {
    EXPECT_TRUE(pair->both(State::kEstablished));
    pair->Send(pair->a, Message(0, "alive"));
    EXPECT_TRUE(pair->RunUntil([&] { return !pair->b.Texts().empty(); }));
    EXPECT_EQ(pair->b.Texts().back(), "alive");
  }

  std::optional<Pair> pair;
  std::vector<ByteVector> answers;
  uint32_t tag_of_a = 0;
  uint32_t tag_of_b = 0;
  uint32_t next_tsn_of_a = 0;
  uint32_t next_tsn_of_b = 0;
};

TEST_F(Hostile, WrongTagsAreIgnored) {
  for (const uint8_t type : {chunk::kAbort, chunk::kShutdown, chunk::kShutdownComplete,
                             chunk::kShutdownAck, chunk::kData, chunk::kError}) {
    Forge(tag_of_b + 1, {MakeChunk(type, 0, ByteVector(4))});
    Forge(tag_of_b, {});
    Forge(tag_of_b + 1, {MakeChunk(type, flag::kTagReflected, ByteVector(4))});
  }
  // The T-bit with our own tag, and without it with the peer's: each the wrong way round.
  Forge(tag_of_b, {MakeChunk(chunk::kAbort, flag::kTagReflected, {})});
  Forge(tag_of_a, {MakeChunk(chunk::kAbort, 0, {})});
  EXPECT_TRUE(answers.empty());
  ExpectAlive();
}

TEST_F(Hostile, ReflectedTagIsValidWithItsBit) {
  Forge(tag_of_a, {MakeChunk(chunk::kAbort, flag::kTagReflected, {})});
  EXPECT_EQ(pair->b.state(), State::kClosed);
}

TEST_F(Hostile, WrongChecksumPortsOrLength) {
  ByteVector packet = Packet(tag_of_b, {MakeChunk(chunk::kAbort, 0, {})});
  packet[8] ^= std::byte{1};
  pair->Inject(true, packet);
  pair->Inject(true, Packet(tag_of_b, {MakeChunk(chunk::kAbort, 0, {})}, 5001));
  pair->Inject(true, Packet(tag_of_b, {MakeChunk(chunk::kAbort, 0, {})}, 5000, 5001));
  ByteVector unchecked = Packet(tag_of_b, {MakeChunk(chunk::kAbort, 0, {})});
  Store(ByteSpan(unchecked), 8, 0u);
  pair->Inject(true, unchecked);
  for (size_t size = 0; size < 16; ++size) pair->Inject(true, ByteVector(size));
  pair->RunFor(5ms);
  EXPECT_EQ(pair->b.association.GetStats().counters.packets_discarded, 20u);
  ExpectAlive();
}

// An INIT on a live association is answered, and changes nothing.
TEST_F(Hostile, InitOnALiveAssociation) {
  ByteVector init;
  Appender(init).U32(0x1234).U32(100000).U16(1).U16(1).U32(1);
  Forge(0, {MakeChunk(chunk::kInit, 0, init)});
  EXPECT_TRUE(Answered(chunk::kInitAck));
  Forge(tag_of_b, {MakeChunk(chunk::kInit, 0, init)});                                // a tag
  Forge(0, {MakeChunk(chunk::kInit, 0, init), MakeChunk(chunk::kCookieAck, 0, {})});  // not alone
  EXPECT_EQ(answers.size(), 1u);
  ExpectAlive();
}

TEST_F(Hostile, AFloodOfInitsCostsNothing) {
  ByteVector init;
  Appender(init).U32(0x1234).U32(100000).U16(1).U16(1).U32(1);
  const ByteVector packet = Packet(0, {MakeChunk(chunk::kInit, 0, init)});
  // Nobody polls meanwhile.
  for (int i = 0; i < 10000; ++i) pair->b.association.Receive(pair->now(), packet);
  ByteVector buffer(1200);
  int queued = 0;
  while (pair->b.association.PollPacket(pair->now(), buffer) > 0) ++queued;
  EXPECT_LE(queued, 32);
  ExpectAlive();
}

TEST_F(Hostile, AFloodOfHeartbeatsIsBounded) {
  const ByteVector packet = Packet(tag_of_b, {MakeChunk(chunk::kHeartbeat, 0, Pattern(1000, 1))});
  for (int i = 0; i < 10000; ++i) pair->b.association.Receive(pair->now(), packet);
  ByteVector buffer(1200);
  int queued = 0;
  while (pair->b.association.PollPacket(pair->now(), buffer) > 0) ++queued;
  EXPECT_LE(queued, 32);
  ExpectAlive();
}

TEST_F(Hostile, UnknownChunks) {
  // Bits 00: stop. 01: stop and report. 10: skip. 11: skip and report.
  for (const uint8_t type : std::vector<uint8_t>{0x3F, 0x7F, 0xBF, 0xFF}) {
    answers.clear();
    Forge(tag_of_b, {MakeChunk(type, 0, Text("?")), MakeChunk(chunk::kHeartbeat, 0, Text("beat"))});
    EXPECT_EQ(Answered(chunk::kError), (type & 0x40) != 0) << int{type};
    EXPECT_EQ(Answered(chunk::kHeartbeatAck), (type & 0x80) != 0) << int{type};
  }
  ASSERT_GT(pair->a.Count<ErrorReceived>(), 0u);
  EXPECT_EQ(pair->a.Last<ErrorReceived>()->causes.at(0).code, cause::kUnrecognizedChunk);
  ExpectAlive();
}

TEST_F(Hostile, DataWithoutData) {
  Forge(tag_of_b, {DataChunkBytes(next_tsn_of_a, 0, 0, flag::kBegin | flag::kEnd, {})});
  EXPECT_EQ(pair->b.state(), State::kClosed);
  EXPECT_EQ(pair->b.Last<Closed>()->causes.at(0).code, cause::kNoUserData);
}

TEST_F(Hostile, DataOnAStreamThatDoesNotExist) {
  Forge(tag_of_b, {DataChunkBytes(next_tsn_of_a, 2000, 0, flag::kBegin | flag::kEnd, Text("x"))});
  EXPECT_TRUE(Answered(chunk::kError));
  EXPECT_EQ(pair->b.state(), State::kEstablished);
  EXPECT_TRUE(pair->b.Texts().empty());
  ASSERT_EQ(pair->a.Count<ErrorReceived>(), 1u);
  EXPECT_EQ(pair->a.Last<ErrorReceived>()->causes.at(0).code, cause::kInvalidStream);
}

TEST_F(Hostile, FragmentsThatContradictEachOther) {
  Forge(tag_of_b, {DataChunkBytes(next_tsn_of_a, 0, 0, flag::kBegin, Text("x"))});
  Forge(tag_of_b, {DataChunkBytes(next_tsn_of_a + 1, 0, 0, flag::kBegin, Text("x"))});
  EXPECT_EQ(pair->b.state(), State::kClosed);
  EXPECT_EQ(pair->b.Last<Closed>()->reason, Closed::Reason::kProtocolViolation);
}

// Out of order, none of it complete: kept up to the window, overhead included.
TEST_F(Hostile, FragmentsThatNeverEnd) {
  const ByteVector payload = Text("x");
  for (uint32_t i = 0; i < 60000; i += 2) {
    pair->b.association.Receive(
        pair->now(),
        Packet(tag_of_b, {DataChunkBytes(next_tsn_of_a + 1 + i, 0, 0, flag::kBegin, payload)}));
  }
  const Stats stats = pair->b.association.GetStats();
  EXPECT_LE(stats.reassembly_bytes, Config().receive_window + 1000);
  EXPECT_GT(stats.counters.chunks_dropped, 20000u);
  EXPECT_TRUE(pair->both(State::kEstablished));
}

TEST_F(Hostile, ForwardTsnAndReconfigNonsense) {
  SeededRandom random(5);
  for (int i = 0; i < 2000 && pair->b.state() == State::kEstablished; ++i) {
    ByteVector value;
    const bool forward = random.Next64() % 2 == 0;
    if (forward) {
      Appender(value).U32(next_tsn_of_a + static_cast<uint32_t>(random.Next64() % 100));
    } else {
      ByteVector parameter = Pattern(random.Next64() % 40, random.Next64());
      Store(ByteSpan(parameter), 0, next_tsn_of_a + static_cast<uint32_t>(random.Next64() % 3));
      AppendTlv(value, static_cast<uint16_t>(13 + random.Next64() % 6), parameter);
    }
    for (int n = 0; n < 5 && forward; ++n) Appender(value).U32(random.Next());
    pair->b.association.Receive(
        pair->now(),
        Packet(tag_of_b, {MakeChunk(forward ? chunk::kForwardTsn : chunk::kReconfig, 0, value)}));
  }
  EXPECT_EQ(pair->b.state(), State::kEstablished);
  pair->RunFor(1s);  // a sees TSNs acknowledged that it never sent
}

TEST_F(Hostile, NewChunksAtOddTimes) {
  for (const uint8_t type :
       {chunk::kInitAck, chunk::kCookieAck, chunk::kShutdownComplete, chunk::kShutdownAck,
        chunk::kSack, chunk::kHeartbeatAck, chunk::kForwardTsn, chunk::kIForwardTsn,
        chunk::kReconfig, chunk::kEcne, chunk::kCwr}) {
    for (const size_t size : {0, 1, 3, 4, 8, 11, 12}) {
      Forge(tag_of_b, {MakeChunk(type, 0, ByteVector(size))});
    }
  }
  if (pair->b.state() == State::kEstablished) return ExpectAlive();
  EXPECT_EQ(pair->b.Last<Closed>()->reason, Closed::Reason::kProtocolViolation);
}

// Random packets with a valid header, checksum and tag: any answer will do, but no crash.
TEST_F(Hostile, RandomChunks) {
  SeededRandom random(9);
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SetUp();
    for (int i = 0; i < 50; ++i) {
      std::vector<ByteVector> chunks;
      for (uint64_t n = random.Next64() % 4 + 1; n > 0; --n) {
        constexpr uint8_t kTypes[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 64, 130, 192, 194};
        const uint8_t type = kTypes[random.Next64() % std::size(kTypes)];
        ByteVector value = Pattern(random.Next64() % 60, random.Next64());
        if (random.Next64() % 2 == 0) {
          Store(ByteSpan(value), 0, next_tsn_of_a + static_cast<uint32_t>(random.Next64() % 8));
        }
        chunks.push_back(MakeChunk(type, static_cast<uint8_t>(random.Next64() % 16), value));
      }
      pair->Inject(true, Packet(random.Next64() % 8 == 0 ? 0 : tag_of_b, chunks));
      if (i % 5 == 0) pair->Send(pair->b, Message(0, Pattern(3000, 1)));
      pair->RunFor(1ms);
    }
    pair->RunFor(5s);
  }
}

}  // namespace
}  // namespace sctp::engine
