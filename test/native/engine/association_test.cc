// Two associations that talk to each other.
#include "engine/association.h"

#include <gtest/gtest.h>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

TEST(Association, ComesUp) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  ASSERT_EQ(pair.a.Count<Connected>(), 1u);
  ASSERT_EQ(pair.b.Count<Connected>(), 1u);
  const Connected connected = pair.a.All<Connected>().front();
  EXPECT_EQ(connected.outbound_streams, 1024);
  EXPECT_EQ(connected.inbound_streams, 1024);
  EXPECT_TRUE(connected.partial_reliability);
  EXPECT_TRUE(connected.interleaving);
  EXPECT_TRUE(connected.reconfiguration);
  EXPECT_FALSE(connected.zero_checksum);
}

TEST(Association, CarriesAMessage) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  OutgoingMessage message = Message(7, "hello");
  message.ppid = 51;
  EXPECT_EQ(pair.Send(pair.a, std::move(message)), SendStatus::kQueued);
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  const auto received = pair.b.All<MessageReceived>().front();
  EXPECT_EQ(ToText(received.data), "hello");
  EXPECT_EQ(received.stream, 7);
  EXPECT_EQ(received.ppid, 51u);
  EXPECT_FALSE(received.unordered);
  EXPECT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 1; }, 1s));
}

struct Case {
  const char* name;
  bool interleaving;
  double loss;
  double duplication;
  Duration jitter;
};

class Transfer : public testing::TestWithParam<Case> {};

// Messages of all sizes on several streams, both ways.
TEST_P(Transfer, EveryMessageOnceAndInOrder) {
  const Case& c = GetParam();
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    Config config;
    config.interleaving = c.interleaving;
    Pair pair(config, config, seed);
    pair.link = {5ms, c.loss, c.duplication, c.jitter};
    ASSERT_TRUE(pair.Connect()) << seed;
    constexpr int kMessages = 200;
    SeededRandom random(seed);
    std::map<uint16_t, std::vector<ByteVector>> sent[2];
    for (int i = 0; i < kMessages; ++i) {
      for (const int from : {0, 1}) {
        const auto stream = static_cast<uint16_t>(random.Next64() % 5);
        const size_t size = 1 + random.Next64() % (i % 10 == 0 ? 60000 : 3000);
        ByteVector data = Pattern(size, random.Next64());
        ASSERT_EQ(pair.Send(from == 0 ? pair.a : pair.b, Message(stream, data)),
                  SendStatus::kQueued);
        sent[from][stream].push_back(std::move(data));
      }
    }
    ASSERT_TRUE(pair.RunUntil(
        [&] {
          return pair.a.Count<MessageReceived>() == kMessages &&
                 pair.b.Count<MessageReceived>() == kMessages;
        },
        3600s))
        << "seed " << seed << ": " << pair.a.Count<MessageReceived>() << " and "
        << pair.b.Count<MessageReceived>();
    for (const int from : {0, 1}) {
      std::map<uint16_t, std::vector<ByteVector>> received;
      for (MessageReceived& message : (from == 0 ? pair.b : pair.a).All<MessageReceived>()) {
        received[message.stream].push_back(std::move(message.data));
      }
      EXPECT_TRUE(received == sent[from]) << "seed " << seed;
    }
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() > 0; }, 600s));
    pair.a.association.Shutdown(pair.now());
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 600s)) << seed;
    EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kShutdown);
    EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kShutdown);
  }
}

INSTANTIATE_TEST_SUITE_P(Links, Transfer,
                         testing::Values(Case{"clean", false, 0, 0, 0ms},
                                         Case{"cleanInterleaved", true, 0, 0, 0ms},
                                         Case{"lossy", false, 0.02, 0, 0ms},
                                         Case{"lossyInterleaved", true, 0.02, 0, 0ms},
                                         Case{"bad", false, 0.2, 0.1, 20ms},
                                         Case{"badInterleaved", true, 0.2, 0.1, 20ms},
                                         Case{"reordering", false, 0, 0.3, 30ms}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace sctp::engine
