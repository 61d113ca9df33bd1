// Shutdown, abort and restart (RFC 9260 §9, 5.2).
#include <gtest/gtest.h>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

TEST(Shutdown, SendsEverythingFirst) {
  Pair pair;
  pair.link.loss = 0.05;
  ASSERT_TRUE(pair.Connect());
  for (int i = 0; i < 200; ++i) pair.Send(pair.a, Message(0, Pattern(2000, 1)));
  pair.a.association.Shutdown(pair.now());
  EXPECT_EQ(pair.Send(pair.a, Message(0, "late")), SendStatus::kClosing);
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 600s));
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 200u);
  EXPECT_EQ(pair.b.Count<PeerShutdown>(), 1u);
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kShutdown);
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kShutdown);
  EXPECT_EQ(pair.a.Count<MessageFailed>(), 0u);
}

// The last message asks for its SACK, so that the end does not wait for a delayed one (RFC 7053).
TEST(Shutdown, DoesNotWaitForADelayedSack) {
  Config config;
  config.sack_delay = 200ms;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  pair.RunFor(1s);
  pair.Send(pair.a, Message(0, "first"));
  pair.Send(pair.a, Message(0, "last"));
  pair.a.association.Shutdown(pair.now());
  const Time before = pair.now();
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  EXPECT_LT(pair.now() - before, 100ms);
  EXPECT_TRUE(pair.a.association.ended_gracefully());
}

// The other end still sends what it has queued.
TEST(Shutdown, ThePeerSendsItsRestToo) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  for (int i = 0; i < 100; ++i) pair.Send(pair.b, Message(0, Pattern(5000, 1)));
  pair.a.association.Shutdown(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  EXPECT_EQ(pair.a.Count<MessageReceived>(), 100u);
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kShutdown);
}

TEST(Shutdown, BothAtOnce) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Pair pair({}, {}, seed);
    ASSERT_TRUE(pair.Connect());
    pair.link.loss = seed > 1 ? 0.2 : 0;
    pair.a.association.Shutdown(pair.now());
    pair.b.association.Shutdown(pair.now());
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 600s));
  }
}

TEST(Shutdown, EachPacketMayBeLost) {
  for (const uint8_t lost : {chunk::kShutdown, chunk::kShutdownAck, chunk::kShutdownComplete}) {
    Pair pair;
    ASSERT_TRUE(pair.Connect());
    int losses = 0;
    pair.filter = [&](bool, ByteVector& packet) { return !HasChunk(packet, lost) || ++losses > 2; };
    pair.a.association.Shutdown(pair.now());
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); })) << int{lost};
    EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kShutdown);
    EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kShutdown);
  }
}

TEST(Shutdown, BeforeItIsUp) {
  Pair fresh;
  fresh.a.association.Shutdown(fresh.now());
  EXPECT_EQ(fresh.a.state(), State::kClosed);

  Pair pair;
  pair.Send(pair.a, Message(0, "first"));
  pair.a.association.Connect(pair.now());
  pair.a.association.Shutdown(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  EXPECT_EQ(pair.b.Texts(), std::vector<std::string>{"first"});
}

// The peer stays silent: the guard ends it.
TEST(Shutdown, IsGuarded) {
  Config config;
  config.max_retransmits = 1000;
  config.rto_max = 2s;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  pair.filter = [](bool, ByteVector&) { return false; };
  const Time begun = pair.now();
  pair.a.association.Shutdown(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.state() == State::kClosed; }));
  EXPECT_EQ(pair.now() - begun, 10s);
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kTimedOut);
}

TEST(Abort, CarriesItsReason) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  pair.filter = [](bool from_a, ByteVector& packet) {
    return !from_a || HasChunk(packet, chunk::kAbort);
  };
  pair.Send(pair.a, Message(0, "unsent"));
  pair.a.association.Abort(pair.now(), "no more");
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  const Closed closed = *pair.b.Last<Closed>();
  EXPECT_EQ(closed.reason, Closed::Reason::kPeerAborted);
  ASSERT_EQ(closed.causes.size(), 1u);
  EXPECT_EQ(CauseText(closed.causes[0]), "no more");
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kAborted);
  EXPECT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_TRUE(std::holds_alternative<Closed>(pair.a.events.back())) << "the last event";
  EXPECT_EQ(pair.Send(pair.a, Message(0, "x")), SendStatus::kClosed);
  EXPECT_EQ(pair.a.association.ResetStreams(pair.now(), {}), ResetStatus::kNotConnected);
  pair.a.association.Abort(pair.now(), "again");
  pair.a.association.Shutdown(pair.now());
  pair.a.association.Connect(pair.now());
  EXPECT_FALSE(pair.a.association.PollEvent());
  EXPECT_FALSE(pair.a.association.NextDeadline());
}

TEST(Abort, ALongReasonIsCut) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  pair.a.association.Abort(pair.now(), std::string(100000, 'x'));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  EXPECT_GT(CauseText(pair.b.Last<Closed>()->causes.at(0)).size(), 1000u);
}

TEST(Abort, AClosedAssociationAnswersStrayPackets) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  bool deaf = true;
  pair.filter = [&](bool from_a, ByteVector&) { return !from_a || !deaf; };
  pair.a.association.Abort(pair.now(), "");
  pair.RunFor(10ms);
  deaf = false;
  EXPECT_EQ(pair.b.state(), State::kEstablished);
  pair.Send(pair.b, Message(0, "anybody there?"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.state() == State::kClosed; }));
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kPeerAborted);
}

// One end forgets everything and connects anew.
TEST(Restart, ThePeerBeginsAnew) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  pair.Send(pair.b, Message(3, "before"));
  pair.Send(pair.a, Message(3, "before"));
  pair.RunFor(100ms);
  pair.filter = [](bool, ByteVector&) { return false; };
  pair.Send(pair.b, Message(3, "lost"));
  pair.RunFor(10ms);
  pair.filter = nullptr;
  pair.a.random = SeededRandom(77);
  pair.a.association = Association({}, pair.a.random);
  pair.a.events.clear();
  pair.a.association.Connect(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<Restarted>() == 1; }));
  ASSERT_EQ(pair.b.Count<MessageFailed>(), 1u);
  EXPECT_EQ(pair.b.Last<MessageFailed>()->reason, MessageFailed::Reason::kRestarted);
  pair.Send(pair.a, Message(3, "after"));
  pair.Send(pair.b, Message(3, "after"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Texts().size() == 2; }));
  EXPECT_EQ(pair.b.Texts(), (std::vector<std::string>{"before", "after"}));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Texts().size() == 1; }));
  EXPECT_EQ(pair.a.Texts(), std::vector<std::string>{"after"});
  pair.a.association.Shutdown(pair.now());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
}

// A COOKIE ECHO replayed after the association has moved on changes nothing.
TEST(Restart, AReplayedCookieDoesNot) {
  Pair pair;
  std::optional<ByteVector> echo;
  pair.filter = [&](bool, ByteVector& packet) {
    if (HasChunk(packet, chunk::kCookieEcho)) echo = packet;
    return true;
  };
  ASSERT_TRUE(pair.Connect());
  pair.Send(pair.a, Message(0, "one"));
  pair.RunFor(100ms);
  pair.Inject(true, *echo);
  pair.Send(pair.a, Message(0, "two"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Texts().size() == 2; }));
  EXPECT_EQ(pair.b.Count<Restarted>(), 0u);
  EXPECT_TRUE(pair.both(State::kEstablished));
}

}  // namespace
}  // namespace sctp::engine
