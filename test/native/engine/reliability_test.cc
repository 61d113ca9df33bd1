// Messages that need not arrive (RFC 3758, 7496, 8260).
#include <gtest/gtest.h>

#include <set>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;
using Policy = Reliability::Policy;

OutgoingMessage Partial(uint16_t stream, ByteView data, Policy policy, uint32_t value,
                        bool unordered = false) {
  OutgoingMessage message = Message(stream, data);
  message.reliability = {policy, value};
  message.unordered = unordered;
  return message;
}

bool IsData(const ByteVector& packet) {
  return HasChunk(packet, chunk::kData) || HasChunk(packet, chunk::kIData);
}

class Reliability : public testing::TestWithParam<bool> {
 protected:
  Config MakeConfig() const {
    Config config;
    config.interleaving = GetParam();
    return config;
  }
};

// Never retransmitted, with losses: what is lost is skipped, the rest arrives, nothing stalls.
TEST_P(Reliability, NoRetransmissions) {
  for (const bool unordered : {false, true}) {
    for (uint64_t seed = 1; seed <= 5; ++seed) {
      Pair pair(MakeConfig(), MakeConfig(), seed);
      ASSERT_TRUE(pair.Connect());
      pair.link.loss = 0.1;
      constexpr size_t kMessages = 300;
      for (size_t i = 0; i < kMessages; ++i) {
        const auto stream = static_cast<uint16_t>(i % 3);
        pair.Send(pair.a, Partial(stream, Pattern(1 + i * 37 % 4000, i), Policy::kRetransmits, 0,
                                  unordered));
        pair.RunFor(1ms);
      }
      ASSERT_TRUE(pair.RunUntil([&] {
        return pair.a.association.GetStats().unacknowledged_bytes == 0 &&
               pair.a.association.BufferedAmount() == 0;
      }));
      pair.RunFor(5s);
      const size_t failed = pair.a.Count<MessageFailed>();
      const size_t received = pair.b.Count<MessageReceived>();
      EXPECT_GT(failed, 0u);
      // A message may be received although its acknowledgement, and so hope for it, was lost.
      EXPECT_GE(failed + received, kMessages);
      EXPECT_GT(received, kMessages / 3);
      for (const MessageReceived& message : pair.b.All<MessageReceived>()) {
        bool known = false;
        for (size_t i = message.stream; i < kMessages && !known; i += 3) {
          known = message.data.size() == 1 + i * 37 % 4000 &&
                  message.data == Pattern(message.data.size(), i);
        }
        EXPECT_TRUE(known) << "not what was sent";
      }
      EXPECT_EQ(pair.a.association.GetStats().counters.chunks_retransmitted, 0u);
      EXPECT_EQ(pair.b.association.GetStats().reassembly_bytes, 0u);
      pair.link.loss = 0;
      const size_t before = pair.b.Count<MessageReceived>();
      for (uint16_t stream = 0; stream < 3; ++stream)
        pair.Send(pair.a, Message(stream, "reliable"));
      EXPECT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == before + 3; }))
          << "a stream is stuck";
    }
  }
}

TEST_P(Reliability, OneRetransmission) {
  Pair pair(MakeConfig(), MakeConfig());
  ASSERT_TRUE(pair.Connect());
  int sent = 0;
  pair.filter = [&](bool, ByteVector& packet) { return !IsData(packet) || ++sent > 2; };
  pair.Send(pair.a, Partial(0, Text("lost"), Policy::kRetransmits, 1));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<MessageFailed>() == 1; }));
  EXPECT_EQ(sent, 2);
  EXPECT_EQ(pair.a.Last<MessageFailed>()->reason, MessageFailed::Reason::kRetransmitted);
  EXPECT_TRUE(pair.a.Last<MessageFailed>()->sent);
  pair.Send(pair.a, Message(0, "next"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  EXPECT_EQ(pair.b.Texts().front(), "next");
}

// FORWARD TSN itself is lost, several times.
TEST_P(Reliability, ForwardTsnIsRepeated) {
  Pair pair(MakeConfig(), MakeConfig());
  ASSERT_TRUE(pair.Connect());
  int data = 0;
  int forwards = 0;
  pair.filter = [&](bool, ByteVector& packet) {
    if (HasChunk(packet, chunk::kForwardTsn) || HasChunk(packet, chunk::kIForwardTsn)) {
      return ++forwards > 3;
    }
    return !IsData(packet) || ++data > 1;
  };
  pair.Send(pair.a, Partial(0, Text("lost"), Policy::kRetransmits, 0));
  pair.RunFor(10ms);
  pair.Send(pair.a, Message(0, "next"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  EXPECT_GT(forwards, 3);
  EXPECT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() > 0; }));
}

// The lifetime counts from Send(), whatever happens in between.
TEST_P(Reliability, LifetimesDoNotStartAnew) {
  Pair pair(MakeConfig(), MakeConfig());
  ASSERT_TRUE(pair.Connect());
  pair.filter = [&](bool, ByteVector& packet) { return !IsData(packet); };
  const Time sent = pair.now();
  pair.Send(pair.a, Partial(0, Text("late"), Policy::kTimed, 1500));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<MessageFailed>() == 1; }));
  EXPECT_GE(pair.now() - sent, 1500ms);
  EXPECT_LT(pair.now() - sent, 4s);
  EXPECT_EQ(pair.a.Last<MessageFailed>()->reason, MessageFailed::Reason::kExpired);
}

// What expires before it is sent is reported when it does, without traffic.
TEST_P(Reliability, ExpiresWhileQueued) {
  Pair pair(MakeConfig(), MakeConfig());
  pair.Send(pair.a, Partial(0, Text("never"), Policy::kTimed, 100));
  pair.RunFor(150ms);
  ASSERT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_FALSE(pair.a.Last<MessageFailed>()->sent);
  EXPECT_EQ(pair.a.association.BufferedAmount(), 0u);
}

// A large message is given up in the middle, part of it acknowledged, part never sent.
TEST_P(Reliability, ExpiresHalfSent) {
  Pair pair(MakeConfig(), MakeConfig());
  pair.link.delay = 50ms;
  ASSERT_TRUE(pair.Connect());
  pair.Send(pair.a, Partial(0, Pattern(1000000, 1), Policy::kTimed, 300));
  pair.Send(pair.a, Message(0, "next"));
  pair.Send(pair.a, Message(1, "other"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 2; }, 5s));
  ASSERT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_TRUE(pair.a.Last<MessageFailed>()->sent);
  EXPECT_EQ(pair.a.Last<MessageFailed>()->message.data.size(), 1000000u);
  pair.RunFor(1s);
  EXPECT_EQ(pair.b.association.GetStats().reassembly_bytes, 0u);
  EXPECT_EQ(pair.a.association.GetStats().unacknowledged_bytes, 0u);
  EXPECT_EQ(pair.a.association.GetStats().flight_size, 0u);
  EXPECT_EQ(pair.a.Count<Drained>(), 1u);
}

// The peer cannot skip: only what has not been sent may be given up.
TEST_P(Reliability, WithoutForwardTsnWhatWasSentIsReliable) {
  Config config = MakeConfig();
  config.partial_reliability = false;
  Pair pair(MakeConfig(), config);
  ASSERT_TRUE(pair.Connect());
  pair.link.loss = 0.2;
  for (int i = 0; i < 50; ++i) {
    pair.Send(pair.a, Partial(0, Text("x"), Policy::kRetransmits, 0));
    pair.RunFor(10ms);
  }
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 50; }, 600s));
  EXPECT_EQ(pair.a.Count<MessageFailed>(), 0u);
}

TEST_P(Reliability, PriorityMakesRoom) {
  Config config = MakeConfig();
  config.send_buffer = 1000;
  Pair pair(config, config);
  for (uint32_t priority = 10; priority < 15; ++priority) {
    EXPECT_EQ(pair.Send(pair.a, Partial(0, Pattern(200, priority), Policy::kPriority, priority)),
              SendStatus::kQueued);
  }
  EXPECT_EQ(pair.Send(pair.a, Partial(0, Pattern(200, 1), Policy::kPriority, 14)),
            SendStatus::kBufferFull)
      << "equals do not make room";
  EXPECT_EQ(pair.Send(pair.a, Message(0, Pattern(200, 1))), SendStatus::kBufferFull);
  EXPECT_EQ(pair.Send(pair.a, Partial(0, Pattern(300, 1), Policy::kPriority, 0)),
            SendStatus::kQueued);
  ASSERT_TRUE(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 4; }));
  std::set<uint32_t> lost;
  for (const Event& event : pair.a.events) {
    if (const auto* failed = std::get_if<MessageFailed>(&event)) {
      EXPECT_EQ(failed->reason, MessageFailed::Reason::kPreempted);
      lost.insert(failed->message.reliability.value);
    }
  }
  EXPECT_EQ(lost, (std::set<uint32_t>{13, 14}));
}

// Everything at once, on a bad line: each message arrives once and whole, or is reported.
TEST_P(Reliability, Mixture) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    Pair pair(MakeConfig(), MakeConfig(), seed);
    pair.link = {10ms, 0.15, 0.1, 15ms};
    ASSERT_TRUE(pair.Connect());
    SeededRandom random(seed);
    std::map<uint32_t, ByteVector> sent;
    std::map<uint32_t, bool> ordered;
    for (uint32_t id = 0; id < 300; ++id) {
      const Policy policies[] = {Policy::kReliable, Policy::kTimed, Policy::kRetransmits};
      const Policy policy = policies[random.Next64() % 3];
      const uint32_t value =
          policy == Policy::kTimed ? 200 : static_cast<uint32_t>(random.Next64() % 3);
      ByteVector data = Pattern(1 + random.Next64() % 8000, id);
      OutgoingMessage message = Partial(static_cast<uint16_t>(random.Next64() % 4), data, policy,
                                        value, random.Next64() % 2 == 0);
      message.ppid = id;
      message.context = id;
      ordered[id] = !message.unordered;
      sent[id] = std::move(data);
      ASSERT_EQ(pair.Send(pair.a, std::move(message)), SendStatus::kQueued);
      if (id % 10 == 0) pair.RunFor(30ms);
    }
    ASSERT_TRUE(pair.RunUntil(
        [&] { return pair.a.Count<Drained>() > 0 && pair.a.association.BufferedAmount() == 0; },
        600s))
        << seed;
    pair.RunFor(10s);
    std::set<uint32_t> settled;
    for (const Event& event : pair.a.events) {
      if (const auto* failed = std::get_if<MessageFailed>(&event)) {
        settled.insert(static_cast<uint32_t>(failed->message.context));
        EXPECT_NE(failed->message.reliability.policy, Policy::kReliable);
      }
    }
    std::set<uint32_t> received;
    std::map<uint16_t, uint32_t> last;
    for (const MessageReceived& message : pair.b.All<MessageReceived>()) {
      EXPECT_EQ(message.data, sent[message.ppid]);
      EXPECT_TRUE(received.insert(message.ppid).second) << "twice";
      settled.insert(message.ppid);
      if (!ordered[message.ppid]) continue;
      EXPECT_LE(last[message.stream], message.ppid) << "out of order";
      last[message.stream] = message.ppid;
    }
    EXPECT_EQ(settled.size(), sent.size()) << seed;
    EXPECT_EQ(pair.b.association.GetStats().reassembly_bytes, 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(Chunks, Reliability, testing::Bool(), [](const auto& tested) {
  return std::string(tested.param ? "IData" : "Data");
});

}  // namespace
}  // namespace sctp::engine
