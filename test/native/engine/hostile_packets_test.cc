// Packets that no honest peer sends: nothing of them may harm an association, make it keep state
// for strangers or answer with more than it was sent.
#include <gtest/gtest.h>

#include "engine/packet.h"
#include "engine/wire.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

ByteVector Packet(uint32_t tag, const std::vector<ByteVector>& chunks) {
  ByteVector packet(65536);
  PacketWriter writer(packet, packet.size());
  for (const ByteVector& chunk : chunks) writer.Add(chunk);
  packet.resize(writer.Finish({5000, 5000, tag}, true).size());
  return packet;
}

template <typename... Numbers>
ByteVector Words(Numbers... numbers) {
  ByteVector bytes;
  Appender append(bytes);
  (append.U32(static_cast<uint32_t>(numbers)), ...);
  return bytes;
}

// An association, and the tags and TSNs that somebody on the path has seen.
class HostilePackets : public testing::Test {
 protected:
  HostilePackets() {
    pair.filter = [this](bool from_a, ByteVector& packet) {
      ChunkReader chunks(packet);
      const auto chunk = chunks.Next();
      if (!chunk) return true;
      if (chunk->type == chunk::kInit && from_a) init = packet;
      if (chunk->type == chunk::kCookieEcho && from_a) cookie_echo = packet;
      if (ReadHeader(packet).tag != 0) (from_a ? tag_of_b : tag_of_a) = ReadHeader(packet).tag;
      if (chunk->type == chunk::kInitAck && !from_a) tsn_of_b = Load32(chunk->value, 12);
      if (chunk->type == chunk::kInit && from_a) tsn_of_a = Load32(chunk->value, 12);
      if (!from_a) bytes_from_b += packet.size();
      return true;
    };
  }

  void Connect() { ASSERT_TRUE(pair.Connect()); }
  // To B, as if from A.
  void Inject(const std::vector<ByteVector>& chunks) { InjectTagged(tag_of_b, chunks); }
  void InjectTagged(uint32_t tag, const std::vector<ByteVector>& chunks) {
    pair.Inject(true, Packet(tag, chunks));
    pair.RunFor(10ms);
  }
  ByteVector Data(uint32_t tsn, uint16_t stream, uint32_t number, uint8_t flags, size_t size = 4) {
    ByteVector value;
    Appender(value).U32(tsn).U16(stream).U16(0).U32(number).U32(51);
    value.resize(value.size() + size);
    return MakeChunk(chunk::kIData, flags, value);
  }
  // Both are alive, and talk.
  void ExpectAlive() {
    const size_t before = pair.b.Count<MessageReceived>();
    ASSERT_TRUE(pair.both(State::kEstablished));
    ASSERT_EQ(pair.Send(pair.a, Message(9, "still here")), SendStatus::kQueued);
    EXPECT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == before + 1; }));
  }
  void ExpectViolation() {
    ASSERT_EQ(pair.b.state(), State::kClosed);
    EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kProtocolViolation);
  }

  Pair pair;
  ByteVector init;
  ByteVector cookie_echo;
  uint32_t tag_of_a = 0;  // in packets to A
  uint32_t tag_of_b = 0;
  uint32_t tsn_of_a = 0;
  uint32_t tsn_of_b = 0;
  size_t bytes_from_b = 0;
};

constexpr uint8_t kWhole = flag::kBegin | flag::kEnd;

TEST_F(HostilePackets, NothingIsBelievedWithAForgedTag) {
  Connect();
  const ByteVector shutdown_value = Words(tsn_of_b - 1);
  for (const uint32_t tag : {0u, tag_of_b + 1, tag_of_a, 0xFFFFFFFFu}) {
    InjectTagged(tag, {MakeChunk(chunk::kAbort, 0, {})});
    InjectTagged(tag, {MakeChunk(chunk::kShutdown, 0, shutdown_value)});
    InjectTagged(tag, {MakeChunk(chunk::kShutdownAck, 0, {})});
    InjectTagged(tag, {MakeChunk(chunk::kShutdownComplete, 0, {})});
    InjectTagged(tag, {Data(tsn_of_a, 1, 0, kWhole)});
    InjectTagged(tag, {MakeChunk(chunk::kIForwardTsn, 0, Words(tsn_of_a + 100))});
  }
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, TheReflectedBitIsForTheTagThatThePeerChose) {
  Connect();
  // With the T bit the sender reflects what it got: our own tag is then wrong.
  InjectTagged(tag_of_b, {MakeChunk(chunk::kAbort, flag::kTagReflected, {})});
  ExpectAlive();
  // Of other chunks the bit means nothing.
  InjectTagged(tag_of_a, {MakeChunk(chunk::kShutdown, flag::kTagReflected, Words(tsn_of_b - 1))});
  ExpectAlive();
  InjectTagged(tag_of_a, {MakeChunk(chunk::kAbort, flag::kTagReflected, {})});
  EXPECT_EQ(pair.b.state(), State::kClosed);
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kPeerAborted);
}

TEST_F(HostilePackets, AReplayedHandshakeChangesNothing) {
  Connect();
  ExpectAlive();
  for (int i = 0; i < 5; ++i) {
    pair.Inject(true, cookie_echo);
    pair.Inject(true, init);
    pair.RunFor(10ms);
  }
  EXPECT_EQ(pair.b.Count<Connected>(), 1u);
  EXPECT_EQ(pair.b.Count<Restarted>(), 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, AnInitFromAStrangerDoesNotTouchTheAssociation) {
  Connect();
  for (uint32_t i = 1; i <= 1000; ++i) {
    ByteVector value;
    Appender(value).U32(i).U32(100'000).U16(10).U16(10).U32(7);
    pair.Inject(true, Packet(0, {MakeChunk(chunk::kInit, 0, value)}));
  }
  pair.RunFor(10ms);
  EXPECT_EQ(pair.b.Count<Restarted>(), 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, AnInitFloodLeavesNoState) {
  for (uint32_t i = 1; i <= 1000; ++i) {
    ByteVector value;
    Appender(value).U32(i).U32(100'000).U16(10).U16(10).U32(7);
    pair.Inject(true, Packet(0, {MakeChunk(chunk::kInit, 0, value)}));
  }
  pair.RunFor(1s);
  EXPECT_EQ(pair.b.state(), State::kNew);
  EXPECT_FALSE(pair.b.association.NextDeadline());
  Connect();
  ExpectAlive();
}

TEST_F(HostilePackets, ACookieOfGarbageIsNoConnection) {
  for (const size_t size : {0, 1, 32, 84, 1000}) {
    InjectTagged(77, {MakeChunk(chunk::kCookieEcho, 0, Pattern(size, size))});
  }
  EXPECT_EQ(pair.b.state(), State::kNew);
  EXPECT_TRUE(pair.b.events.empty());
}

TEST_F(HostilePackets, EachByteOfACookieMatters) {
  // Its tag is known, B is not connected: only the signature stands in the way.
  pair.filter = [&, observe = pair.filter](bool from_a, ByteVector& packet) {
    observe(from_a, packet);
    ChunkReader chunks(packet);
    return chunks.Next()->type != chunk::kCookieEcho;
  };
  pair.a.association.Connect(pair.now());
  pair.RunFor(50ms);
  ASSERT_FALSE(cookie_echo.empty());
  ChunkReader chunks(cookie_echo);
  const ByteView value = chunks.Next()->value;
  for (size_t at = 0; at < value.size(); ++at) {
    ByteVector cookie(value.begin(), value.end());
    cookie[at] ^= std::byte{1};
    pair.b.association.Receive(pair.now(),
                               Packet(tag_of_b, {MakeChunk(chunk::kCookieEcho, 0, cookie)}));
    ASSERT_EQ(pair.b.state(), State::kNew) << at;
  }
  pair.b.association.Receive(pair.now(), cookie_echo);
  EXPECT_EQ(pair.b.state(), State::kEstablished);
}

TEST_F(HostilePackets, AStaleCookieIsNoConnection) {
  pair.filter = [&, observe = pair.filter](bool from_a, ByteVector& packet) {
    observe(from_a, packet);
    ChunkReader chunks(packet);
    return chunks.Next()->type != chunk::kCookieEcho;
  };
  pair.a.association.Connect(pair.now());
  pair.RunFor(50ms);
  pair.b.association.Receive(pair.now() + 61s, cookie_echo);
  EXPECT_EQ(pair.b.state(), State::kNew);
}

TEST_F(HostilePackets, ChunksOfNoLengthEndThePacket) {
  Connect();
  for (uint16_t length = 0; length < 4; ++length) {
    ByteVector chunk = MakeChunk(chunk::kHeartbeat, 0, Words(1, 2));
    Store(ByteSpan(chunk), 2, length);
    Inject({chunk, Data(tsn_of_a, 1, 0, kWhole)});
  }
  ByteVector chunk = MakeChunk(chunk::kHeartbeat, 0, Words(1, 2));
  Store(ByteSpan(chunk), 2, uint16_t{60000});
  Inject({chunk});
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, ABundleOfReportableChunksIsNoAmplifier) {
  Connect();
  bytes_from_b = 0;
  std::vector<ByteVector> chunks(300, MakeChunk(0x7F | 0xC0, 0, {}));
  Inject(chunks);
  EXPECT_LE(bytes_from_b, 300u * 4 + 1200);
  // ERROR is never answered by ERROR.
  bytes_from_b = 0;
  Inject(std::vector<ByteVector>(100, MakeChunk(chunk::kError, 0, Words(0x00060008, 0xFF000004))));
  EXPECT_EQ(bytes_from_b, 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, HeartbeatsWithoutEndAreAnsweredWithin) {
  Connect();
  for (int i = 0; i < 10'000; ++i) {
    pair.b.association.Receive(pair.now(),
                               Packet(tag_of_b, {MakeChunk(chunk::kHeartbeat, 0, Words(1, 2))}));
  }
  bytes_from_b = 0;
  pair.RunFor(10ms);
  EXPECT_LT(bytes_from_b, 100'000u);
  ExpectAlive();
}

TEST_F(HostilePackets, AnAcknowledgementOfWhatWasNeverSentIsAViolation) {
  Connect();
  Inject({MakeChunk(chunk::kSack, 0, Words(tsn_of_b + 5, 100'000, 0))});
  ExpectViolation();
}

TEST_F(HostilePackets, GapsOfNonsenseAreIgnored) {
  Connect();
  pair.link.loss = 1;
  ASSERT_EQ(pair.Send(pair.b, Message(1, Pattern(3000, 1))), SendStatus::kQueued);
  pair.RunFor(1ms);
  pair.link.loss = 0;
  // Upside down, overlapping, beyond what was sent, of TSN 0, more than there are.
  Inject({MakeChunk(
      chunk::kSack, 0,
      Words(tsn_of_b - 1, 100'000, 4 << 16, 0x00050002, 0x00000000, 0xFFF0FFFF, 0x00020002))});
  Inject({MakeChunk(chunk::kSack, 0, Words(tsn_of_b - 1, 100'000, 0xFFFFFFFF))});
  EXPECT_TRUE(pair.RunUntil([&] { return pair.a.Count<MessageReceived>() == 1; }));
  ExpectAlive();
}

TEST_F(HostilePackets, AWindowThatShrinksToNothingAndOpensAgain) {
  Connect();
  ASSERT_EQ(pair.Send(pair.b, Message(1, Pattern(100'000, 1))), SendStatus::kQueued);
  for (int i = 0; i < 20; ++i) {
    const auto tsn = tsn_of_b - 1;
    pair.b.association.Receive(
        pair.now(),
        Packet(tag_of_b, {MakeChunk(chunk::kSack, 0, Words(tsn, i % 2 == 0 ? 0 : 50, 0))}));
    pair.RunFor(1ms);
  }
  EXPECT_TRUE(pair.RunUntil([&] { return pair.a.Count<MessageReceived>() == 1; }));
  ExpectAlive();
}

TEST_F(HostilePackets, DataBeyondTheWindowIsNotKept) {
  Config config;
  config.receive_window = 20'000;
  config.max_receive_message_size = 50'000;
  pair.b.association = Association(config, pair.b.random);
  Connect();
  // With a gap, so that nothing can be delivered.
  for (uint32_t i = 1; i < 2000; ++i) {
    pair.b.association.Receive(pair.now(),
                               Packet(tag_of_b, {Data(tsn_of_a + i * 2, 1, i, kWhole, 1000)}));
  }
  const Stats stats = pair.b.association.GetStats();
  EXPECT_LE(stats.reassembly_bytes, 22'000u);
  EXPECT_GT(stats.counters.chunks_dropped, 1900u);
}

TEST_F(HostilePackets, AMessageWithoutEndIsBounded) {
  Config config;
  config.receive_window = 20'000;
  config.max_receive_message_size = 50'000;
  pair.b.association = Association(config, pair.b.random);
  Connect();
  for (uint32_t i = 0; i < 200 && pair.b.state() == State::kEstablished; ++i) {
    ByteVector value;
    Appender(value).U32(tsn_of_a + i).U16(1).U16(0).U32(0).U32(i);
    value.resize(1000);
    pair.b.association.Receive(
        pair.now(),
        Packet(tag_of_b, {MakeChunk(chunk::kIData, i == 0 ? flag::kBegin : uint8_t{0}, value)}));
    EXPECT_LE(pair.b.association.GetStats().reassembly_bytes, 72'000u);
  }
  pair.RunFor(1ms);
  ASSERT_EQ(pair.b.state(), State::kClosed);
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kResources);
}

TEST_F(HostilePackets, TheSameUnorderedMessageIsDeliveredOnce) {
  Connect();
  for (int i = 0; i < 3; ++i) Inject({Data(tsn_of_a, 1, 0, kWhole | flag::kUnordered)});
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 1u);
}

TEST_F(HostilePackets, DataOfAnotherKindThanAgreedIsAViolation) {
  Connect();
  Inject({MakeChunk(chunk::kData, kWhole, Words(tsn_of_a, 0x00010000, 51, 7))});
  ExpectViolation();
}

TEST_F(HostilePackets, DataWithoutBytesIsAViolation) {
  Connect();
  Inject({Data(tsn_of_a, 1, 0, kWhole, 0)});
  ExpectViolation();
}

TEST_F(HostilePackets, ForwardTsnOfNonsense) {
  Connect();
  Inject({MakeChunk(chunk::kForwardTsn, 0, Words(tsn_of_a + 3))});     // of the other kind
  Inject({MakeChunk(chunk::kIForwardTsn, 0, {})});                     // too short
  Inject({MakeChunk(chunk::kIForwardTsn, 0, Words(tsn_of_a - 100))});  // backwards
  Inject({MakeChunk(chunk::kIForwardTsn, 0, Words(tsn_of_a - 1, 0xFFFF0000, 5))});
  ExpectAlive();
}

TEST_F(HostilePackets, ReconfigOfNonsense) {
  Connect();
  const auto reconfig = [&](uint16_t type, const ByteVector& value) {
    ByteVector parameter;
    AppendTlv(parameter, type, value);
    Inject({MakeChunk(chunk::kReconfig, 0, parameter)});
  };
  // Old and future requests, streams that do not exist, answers that nobody waits for, too short.
  reconfig(parameter::kOutgoingReset, Words(tsn_of_a - 5, 0, tsn_of_a - 1));
  reconfig(parameter::kOutgoingReset, Words(tsn_of_a + 5, 0, tsn_of_a - 1));
  reconfig(parameter::kOutgoingReset, Words(tsn_of_a, 0, tsn_of_a - 1, 0xFFFFFFFE));
  reconfig(parameter::kReconfigResponse, Words(tsn_of_b, 1));
  reconfig(parameter::kReconfigResponse, Words(tsn_of_b, 1, 5, 6));
  reconfig(parameter::kOutgoingReset, Words(tsn_of_a + 1));
  reconfig(parameter::kSsnTsnReset, Words(tsn_of_a + 2));
  reconfig(parameter::kAddOutgoing, Words(tsn_of_a + 3, 0xFFFF0000));
  reconfig(parameter::kIncomingReset, {});
  Inject({MakeChunk(chunk::kReconfig, 0, {})});
  EXPECT_EQ(pair.b.Count<IncomingStreamsReset>(), 0u);
  ExpectAlive();
}

TEST_F(HostilePackets, TheShutdownSequenceOutOfTurn) {
  Connect();
  Inject({MakeChunk(chunk::kShutdownAck, 0, {})});
  Inject({MakeChunk(chunk::kShutdownComplete, 0, {})});
  Inject({MakeChunk(chunk::kCookieAck, 0, {})});
  Inject({MakeChunk(chunk::kShutdown, 0, {})});  // too short
  ExpectAlive();
  Inject({MakeChunk(chunk::kShutdown, 0, Words(tsn_of_b + 9))});  // acknowledges the future
  EXPECT_EQ(pair.b.state(), State::kClosed);
}

TEST_F(HostilePackets, StrangersAreToldOnceAndNotMore) {
  Connect();
  pair.b.association.Abort(pair.now(), "");
  pair.RunFor(10ms);
  bytes_from_b = 0;
  const ByteVector data = Data(1, 1, 0, kWhole, 100);
  InjectTagged(5, {data, data, data});
  EXPECT_GT(bytes_from_b, 0u);
  EXPECT_LE(bytes_from_b, 16u);
  bytes_from_b = 0;
  InjectTagged(5, {MakeChunk(chunk::kAbort, 0, {})});
  InjectTagged(5, {MakeChunk(chunk::kShutdownComplete, 0, {})});
  InjectTagged(5, {MakeChunk(chunk::kError, 0, {})});
  InjectTagged(5, {MakeChunk(chunk::kCookieAck, 0, {})});
  EXPECT_EQ(bytes_from_b, 0u);
}

// Found by the simulator: RE-CONFIG and SHUTDOWN ACK in one packet went unanswered.
TEST_F(HostilePackets, AShutdownAckIsFoundInABundle) {
  Connect();
  pair.b.association.Shutdown(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  bytes_from_b = 0;
  Inject({MakeChunk(chunk::kReconfig, 0, {}), MakeChunk(chunk::kShutdownAck, 0, {})});
  EXPECT_EQ(bytes_from_b, 16u);
}

// Found by the simulator: the echo of a cookie made before the end was ignored for ever.
TEST_F(HostilePackets, ACookieOfAnEndThatHasGoneIsAnswered) {
  bool echoed = false;
  const auto observe = pair.filter;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    ChunkReader chunks(packet);
    if (from_a && chunks.Next()->type == chunk::kCookieEcho && !echoed) {
      echoed = true;
      pair.b.association.Shutdown(pair.now());
    }
    return observe(from_a, packet);
  };
  pair.a.association.Connect(pair.now());
  EXPECT_TRUE(pair.RunUntil([&] { return pair.a.state() == State::kClosed; }, 5s));
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kPeerAborted);
}

// Found by the simulator: what had come beyond a FORWARD TSN was dropped with what it skipped.
TEST(SimulatedForwardTsn, KeepsFragmentsBeyondIt) {
  Config config;
  config.interleaving = false;
  Pair pair(config, config);
  uint32_t tag = 0;
  uint32_t tsn = 0;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    ChunkReader chunks(packet);
    const auto chunk = chunks.Next();
    if (from_a) tag = ReadHeader(packet).tag;
    if (from_a && chunk->type == chunk::kInit) tsn = Load32(chunk->value, 12);
    return true;
  };
  ASSERT_TRUE(pair.Connect());
  const auto data = [&](uint32_t number, uint8_t flags) {
    return MakeChunk(chunk::kData, flags | flag::kUnordered,
                     Words(tsn + number, 0x00010000, 51, 7));
  };
  // TSN 0 is given up; 1 and 2 are the beginning of a message, 3 is its end.
  for (const auto& chunk : {data(1, flag::kBegin), data(2, 0),
                            MakeChunk(chunk::kForwardTsn, 0, Words(tsn)), data(3, flag::kEnd)}) {
    pair.b.association.Receive(pair.now(), Packet(tag, {chunk}));
  }
  pair.RunFor(1ms);
  ASSERT_EQ(pair.b.Count<MessageReceived>(), 1u);
  EXPECT_EQ(pair.b.All<MessageReceived>().front().data.size(), 12u);
}

// Found by the simulator: each end asked for a reset, and waited for the other for ever.
TEST(SimulatedResets, WishesThatCrossEnd) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  const std::vector<uint16_t> streams{1, 2};
  for (End* end : {&pair.a, &pair.b}) {
    ASSERT_EQ(end->association.RequestReset(pair.now(), streams), ResetStatus::kStarted);
  }
  EXPECT_TRUE(pair.RunUntil([&] {
    return pair.a.Count<ResetRequestAnswered>() == 1 && pair.b.Count<ResetRequestAnswered>() == 1;
  }));
}

// Found by the simulator: the COOKIE ECHO took data along on streams that were not granted.
TEST(SimulatedSetup, NothingIsSentOnStreamsNotGranted) {
  Config few;
  few.inbound_streams = 2;
  Pair pair({}, few);
  ASSERT_EQ(pair.Send(pair.a, Message(7, "too high")), SendStatus::kQueued);
  ASSERT_EQ(pair.Send(pair.a, Message(1, "granted")), SendStatus::kQueued);
  ASSERT_TRUE(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  pair.RunFor(1s);
  EXPECT_EQ(pair.a.Count<ErrorReceived>(), 0u);
  EXPECT_EQ(pair.a.Count<MessageFailed>(), 1u);
}

}  // namespace
}  // namespace sctp::engine
