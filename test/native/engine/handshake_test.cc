// Coming up: losses, INITs that cross, cookies of all kinds, strangers.
#include <gtest/gtest.h>

#include "engine/cookie.h"
#include "engine/listener.h"
#include "engine/packet.h"
#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

// Each packet of the handshake lost once, and all of them.
TEST(Handshake, LostPacketsAreSentAgain) {
  for (const uint8_t lost :
       {chunk::kInit, chunk::kInitAck, chunk::kCookieEcho, chunk::kCookieAck}) {
    Pair pair;
    int losses = 0;
    pair.filter = [&](bool, ByteVector& packet) { return !HasChunk(packet, lost) || ++losses > 2; };
    EXPECT_TRUE(pair.Connect()) << int{lost};
    EXPECT_GT(losses, 2);
    EXPECT_EQ(pair.a.Count<Connected>(), 1u);
    EXPECT_EQ(pair.b.Count<Connected>(), 1u);
    pair.Send(pair.b, Message(0, "b"));
    EXPECT_TRUE(pair.RunUntil([&] { return pair.a.Count<MessageReceived>() == 1; }));
  }
}

TEST(Handshake, GivesUpInTheEnd) {
  Config config;
  config.max_init_retransmits = 3;
  Pair pair(config);
  int inits = 0;
  pair.filter = [&](bool, ByteVector&) { return ++inits, false; };
  pair.Send(pair.a, Message(0, "waits"));
  EXPECT_FALSE(pair.Connect());
  EXPECT_EQ(inits, 4);
  EXPECT_EQ(pair.a.state(), State::kClosed);
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kSetupFailed);
  ASSERT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_FALSE(pair.a.Last<MessageFailed>()->sent);
  EXPECT_EQ(ToText(pair.a.Last<MessageFailed>()->message.data.bytes()), "waits");
  EXPECT_FALSE(pair.a.association.NextDeadline());
}

TEST(Handshake, BothBeginAtOnce) {
  for (const double loss : {0.0, 0.3}) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
      Pair pair({}, {}, seed);
      pair.link.loss = loss;
      pair.a.association.Connect(pair.now());
      if (seed % 3 == 0) pair.RunFor(1ms);
      pair.b.association.Connect(pair.now());
      ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kEstablished); })) << seed;
      pair.Send(pair.a, Message(0, "a"));
      pair.Send(pair.b, Message(0, "b"));
      ASSERT_TRUE(pair.RunUntil([&] {
        return pair.a.Count<MessageReceived>() == 1 && pair.b.Count<MessageReceived>() == 1;
      })) << seed;
      EXPECT_EQ(pair.a.Count<Connected>(), 1u);
      EXPECT_EQ(pair.b.Count<Connected>(), 1u);
      EXPECT_EQ(pair.a.Count<Restarted>() + pair.b.Count<Restarted>(), 0u);
    }
  }
}

// One begins after it has already answered the other's INIT: the tags of its two answers differ.
TEST(Handshake, BeginsAfterAnswering) {
  for (int step = 0; step < 6; ++step) {
    Pair pair;
    pair.a.association.Connect(pair.now());
    for (int i = 0; i < step; ++i) pair.Step(pair.now() + 1s);
    pair.b.association.Connect(pair.now());
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kEstablished); })) << step;
    pair.Send(pair.a, Message(0, "a"));
    pair.Send(pair.b, Message(0, "b"));
    ASSERT_TRUE(pair.RunUntil([&] {
      return pair.a.Count<MessageReceived>() == 1 && pair.b.Count<MessageReceived>() == 1;
    })) << step;
  }
}

TEST(Handshake, MessagesQueuedBeforeLeaveWithTheCookie) {
  Pair pair;
  pair.Send(pair.a, Message(1, "early"));
  bool together = false;
  pair.filter = [&](bool, ByteVector& packet) {
    together = together || (HasChunk(packet, chunk::kCookieEcho) && ChunksOf(packet).size() > 1);
    return true;
  };
  ASSERT_TRUE(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  EXPECT_TRUE(together);
}

TEST(Handshake, FewerStreamsThanAskedFor) {
  Config few;
  few.inbound_streams = 2;
  Pair pair({}, few);
  pair.Send(pair.a, Message(1, "fits"));
  pair.Send(pair.a, Message(2, "does not"));
  ASSERT_TRUE(pair.Connect());
  EXPECT_EQ(pair.a.Last<Connected>()->outbound_streams, 2);
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  ASSERT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_EQ(pair.a.Last<MessageFailed>()->reason, MessageFailed::Reason::kInvalidStream);
  EXPECT_EQ(pair.Send(pair.a, Message(2, "x")), SendStatus::kInvalidStream);
}

TEST(Handshake, ExtensionsOnlyIfBothOfferThem) {
  Config none;
  none.partial_reliability = none.interleaving = none.reconfiguration = false;
  Config zero;
  zero.zero_checksum = true;
  Pair pair(zero, none);
  ASSERT_TRUE(pair.Connect());
  const Connected connected = *pair.a.Last<Connected>();
  EXPECT_FALSE(connected.partial_reliability);
  EXPECT_FALSE(connected.interleaving);
  EXPECT_FALSE(connected.reconfiguration);
  EXPECT_FALSE(connected.zero_checksum);
  EXPECT_EQ(pair.a.association.ResetStreams(pair.now(), {}), ResetStatus::kNotSupported);
}

TEST(Handshake, ZeroChecksumWhereBothAgree) {
  Config zero;
  zero.zero_checksum = true;
  Pair pair(zero, zero);
  int unchecked = 0;
  pair.filter = [&](bool, ByteVector& packet) {
    const bool is_zero = Load32(packet, 8) == 0;
    EXPECT_FALSE(is_zero &&
                 (HasChunk(packet, chunk::kInit) || HasChunk(packet, chunk::kCookieEcho)));
    unchecked += is_zero ? 1 : 0;
    return true;
  };
  ASSERT_TRUE(pair.Connect());
  EXPECT_TRUE(pair.a.Last<Connected>()->zero_checksum);
  pair.Send(pair.a, Message(0, "x"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  EXPECT_GT(unchecked, 0);
}

TEST(Handshake, NoZeroChecksumForOtherMethods) {
  Config zero;
  zero.zero_checksum = true;
  Config other = zero;
  other.error_detection_method = 2;
  Pair pair(zero, other);
  ASSERT_TRUE(pair.Connect());
  EXPECT_FALSE(pair.a.Last<Connected>()->zero_checksum);
}

// What a listener answers to an INIT is all that it keeps of it.
TEST(Cookie, AListenerKeepsNothing) {
  Pair pair;
  pair.filter = [&](bool from_a, ByteVector&) { return from_a; };
  pair.a.association.Connect(pair.now());
  pair.RunFor(100ms);
  EXPECT_EQ(pair.b.state(), State::kNew);
  EXPECT_TRUE(pair.b.events.empty());
  EXPECT_FALSE(pair.b.association.NextDeadline());
}

TEST(Cookie, GarbageIsIgnored) {
  Pair pair;
  pair.Inject(true, Packet(1234, {MakeChunk(chunk::kCookieEcho, 0, Pattern(81, 1))}));
  pair.Inject(true, Packet(0, {MakeChunk(chunk::kCookieEcho, 0, {})}));
  pair.RunFor(100ms);
  EXPECT_EQ(pair.b.state(), State::kNew);
  EXPECT_TRUE(pair.b.events.empty());
}

TEST(Cookie, ChangedByOneBitIsIgnored) {
  Pair pair;
  pair.filter = [](bool, ByteVector& packet) {
    if (!HasChunk(packet, chunk::kCookieEcho)) return true;
    ByteVector changed(ChunksOf(packet)[0].value.begin(), ChunksOf(packet)[0].value.end());
    changed[20] ^= std::byte{1};
    packet = Packet(ReadHeader(packet).tag, {MakeChunk(chunk::kCookieEcho, 0, changed)});
    return true;
  };
  pair.a.association.Connect(pair.now());
  pair.RunFor(3s);
  EXPECT_EQ(pair.b.state(), State::kNew);
}

TEST(Cookie, StaleIsRefusedAndFetchedAnew) {
  Config config;
  config.cookie_lifetime = 100ms;
  Pair pair(config, config);
  int echoes = 0;
  pair.filter = [&](bool, ByteVector& packet) {
    // The first cookie arrives too late.
    return !HasChunk(packet, chunk::kCookieEcho) || ++echoes > 1;
  };
  ASSERT_TRUE(pair.Connect());
  EXPECT_EQ(echoes, 3);  // lost, stale, fresh
}

TEST(Cookie, SealedOnlyByItsSecretAndForItsOrigin) {
  Cookie cookie;
  cookie.local_tag = 1;
  cookie.peer_tag = 2;
  cookie.peer.i_data = true;
  cookie.peer.zero_checksum_method = 3;
  cookie.created = Time(5s);
  CookieSecret secret{};
  CookieSecret other{};
  other[0] = std::byte{1};
  const ByteVector sealed = SealCookie(cookie, secret, Text("here"));
  const auto opened = OpenCookie(sealed, secret, Text("here"));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->local_tag, 1u);
  EXPECT_EQ(opened->peer_tag, 2u);
  EXPECT_TRUE(opened->peer.i_data);
  EXPECT_FALSE(opened->peer.reconfig);
  EXPECT_EQ(opened->peer.zero_checksum_method, 3u);
  EXPECT_EQ(opened->created, Time(5s));
  EXPECT_FALSE(OpenCookie(sealed, other, Text("here")));
  EXPECT_FALSE(OpenCookie(sealed, secret, Text("there")));
  EXPECT_FALSE(OpenCookie(ByteView(sealed).first(sealed.size() - 1), secret, Text("here")));
  EXPECT_FALSE(Staleness(*opened, Time(6s), 1s));
  EXPECT_EQ(Staleness(*opened, Time(7s), 1s), Duration(1s));
}

TEST(Listener, LetsInWhoComesBackWithItsCookie) {
  SeededRandom random(1);
  Listener listener({}, random);
  Config config;
  config.local_port = 6000;
  Association client(config, random);
  const ByteVector origin = Text("192.0.2.1:9899");
  ByteVector buffer(1200);
  const auto from_client = [&] {
    const size_t size = client.PollPacket(Time(), buffer);
    return ByteVector(buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size));
  };
  client.Connect(Time());
  const ByteVector init = from_client();
  auto result = listener.Receive(Time(), init, origin);
  EXPECT_EQ(result.verdict, Listener::Verdict::kDone);
  EXPECT_EQ(result.remote_port, 6000);
  ASSERT_FALSE(result.reply.empty());
  client.Receive(Time(), result.reply);
  const ByteVector echo = from_client();
  EXPECT_TRUE(HasChunk(echo, chunk::kCookieEcho));
  EXPECT_EQ(listener.Receive(Time(), echo, Text("198.51.100.1:9899")).verdict,
            Listener::Verdict::kDone)
      << "from elsewhere";
  result = listener.Receive(Time(), echo, origin);
  ASSERT_EQ(result.verdict, Listener::Verdict::kAccept);
  Config accepted;
  accepted.remote_port = result.remote_port;
  Association server(accepted, random, listener.secret(), origin);
  server.Receive(Time(), echo);
  EXPECT_EQ(server.state(), State::kEstablished);
  const size_t size = server.PollPacket(Time(), buffer);
  client.Receive(Time(), ByteView(buffer).first(size));
  EXPECT_EQ(client.state(), State::kEstablished);
}

TEST(Listener, AnswersStrayPackets) {
  SeededRandom random(1);
  Listener listener({}, random);
  const auto answer = [&](const ByteVector& chunk) {
    return listener.Receive(Time(), Packet(77, {chunk}), {}).reply;
  };
  const ByteVector abort = answer(MakeChunk(chunk::kSack, 0, ByteVector(12)));
  ASSERT_TRUE(HasChunk(abort, chunk::kAbort));
  EXPECT_EQ(ReadHeader(abort).tag, 77u);
  EXPECT_EQ(ChunksOf(abort)[0].flags, flag::kTagReflected);
  EXPECT_TRUE(HasChunk(answer(MakeChunk(chunk::kShutdownAck, 0, {})), chunk::kShutdownComplete));
  for (const uint8_t type : {chunk::kAbort, chunk::kShutdownComplete, chunk::kCookieAck,
                             chunk::kError, chunk::kInitAck, chunk::kCookieEcho}) {
    EXPECT_TRUE(answer(MakeChunk(type, 0, {})).empty()) << int{type};
  }
  EXPECT_TRUE(listener.Receive(Time(), Text("?"), {}).reply.empty());
}

}  // namespace
}  // namespace sctp::engine
