// The retransmission queue.
#include "engine/outstanding.h"

#include <gtest/gtest.h>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

class OutstandingTest : public testing::Test {
 protected:
  // One chunk of 100 bytes in a packet of its own.
  void Send(int count = 1) {
    for (; count > 0; --count) {
      MessageRef message = MessageRef::Make();
      message->message = Message(0, ByteVector(100));
      message->numbered = true;
      message->split = 100;
      messages.push_back(message);
      queue.BeginPacket();
      queue.Send({message, 0, 100, 0, true, true}, now);
    }
  }
  Outstanding::Acked Sack(uint32_t cumulative, std::vector<std::pair<int, int>> gaps = {}) {
    ByteVector blocks;
    for (const auto& [start, end] : gaps) {
      Appender(blocks).U16(static_cast<uint16_t>(start)).U16(static_cast<uint16_t>(end));
    }
    return queue.HandleSack(cumulative, ByteView(blocks), now);
  }
  std::vector<uint32_t> Lost() {
    std::vector<uint32_t> lost;
    for (const Tsn tsn : queue.TakeNewlyLost()) lost.push_back(Wire32(tsn));
    return lost;
  }

  Time now{};
  Outstanding queue{10};
  std::vector<MessageRef> messages;
};

TEST_F(OutstandingTest, CumulativeAcknowledgement) {
  Send(40);
  EXPECT_EQ(queue.flight_size(), 4000u);
  const auto acked = Sack(19);
  EXPECT_TRUE(acked.advanced);
  EXPECT_EQ(acked.bytes, 1000u);
  EXPECT_EQ(queue.flight_size(), 3000u);
  EXPECT_EQ(queue.finished().size(), 10u);
  EXPECT_TRUE(Sack(18).old);
  EXPECT_FALSE(Sack(50).valid);
  EXPECT_TRUE(Sack(49).valid);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.unacked_bytes(), 0u);
}

TEST_F(OutstandingTest, ThreeReportsMakeALoss) {
  Send(6);
  Sack(9, {{2, 2}});
  Sack(9, {{2, 3}});
  EXPECT_TRUE(Lost().empty());
  EXPECT_TRUE(Sack(9, {{2, 4}}).any_missing);
  EXPECT_EQ(Lost(), std::vector<uint32_t>{10});
  EXPECT_EQ(queue.flight_size(), 200u);
  EXPECT_FALSE(Sack(9, {{2, 5}}).any_missing) << "only once";
}

TEST_F(OutstandingTest, OneReportOfThreePacketsCountsAsThree) {
  Send(6);
  EXPECT_TRUE(Sack(9, {{2, 4}}).any_missing);
}

TEST_F(OutstandingTest, ALostRetransmissionIsFoundByWhatIsSentLater) {
  Send(4);
  Sack(9, {{2, 4}});
  ASSERT_EQ(Lost().size(), 1u);
  queue.BeginPacket();
  queue.Retransmit(*queue.NextLost(), now);
  EXPECT_EQ(queue.NextLost(), nullptr);
  Send(3);
  Sack(9, {{2, 6}});
  EXPECT_TRUE(Lost().empty());
  EXPECT_TRUE(Sack(9, {{2, 7}}).any_missing);
  EXPECT_EQ(Lost(), std::vector<uint32_t>{10});
}

TEST_F(OutstandingTest, LostChunksComeBackInOrder) {
  Send(20);
  Sack(9, {{2, 3}, {5, 8}, {10, 20}});
  std::vector<uint32_t> order;
  while (SentChunk* chunk = queue.NextLost()) {
    order.push_back(Wire32(chunk->tsn));
    queue.Retransmit(*chunk, now);
  }
  EXPECT_EQ(order, (std::vector<uint32_t>{10, 13, 18}));
  EXPECT_FALSE(queue.has_lost());
}

TEST_F(OutstandingTest, WhatIsWithdrawnIsInFlightAgain) {
  Send(5);
  Sack(9, {{3, 5}});
  EXPECT_EQ(queue.flight_size(), 200u - 200u);  // two missing, and lost
  Sack(9, {{4, 4}});
  EXPECT_EQ(queue.flight_size(), 200u);
  EXPECT_EQ(queue.unacked_bytes(), 400u);
  Sack(14);
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.flight_size(), 0u);
}

TEST_F(OutstandingTest, ImpossibleGapsAreIgnored) {
  Send(5);
  Sack(9, {{5, 2}, {4, 100}, {2, 2}});
  EXPECT_EQ(queue.flight_size() + 100u * Lost().size(), 300u) << "only the last two count";
}

TEST_F(OutstandingTest, MeasuresOnlyWhatWasSentOnce) {
  Send(1);
  now += 70ms;
  EXPECT_EQ(Sack(10).rtt, Duration(70ms));
  Send(1);
  queue.LoseAll();
  queue.Retransmit(*queue.NextLost(), now);
  now += 70ms;
  EXPECT_FALSE(Sack(11).rtt);
}

TEST_F(OutstandingTest, AbandonedChunksMoveTheForwardPoint) {
  Send(4);
  queue.Abandon(*messages[1], messages[1]);
  EXPECT_FALSE(queue.needs_forward());
  queue.Abandon(*messages[0], messages[0]);
  ASSERT_TRUE(queue.needs_forward());
  EXPECT_EQ(Wire32(queue.forward_point()), 11u);
  EXPECT_EQ(queue.flight_size(), 200u);
  const auto [tsn, skipped] = queue.Forward(10, false);
  EXPECT_EQ(Wire32(tsn), 11u);
  ASSERT_EQ(skipped.size(), 1u);
  EXPECT_EQ(skipped[0].stream, 0);
  Sack(11);
  EXPECT_FALSE(queue.needs_forward());
}

// Random SACKs against a model that keeps a state for each chunk.
TEST_F(OutstandingTest, AgreesWithAModel) {
  SeededRandom random(11);
  std::map<uint32_t, bool> acked;  // by TSN, of what is not acknowledged cumulatively
  uint32_t next = 10;
  uint32_t cumulative = 9;
  for (int round = 0; round < 3000; ++round) {
    for (uint64_t n = random.Next64() % 4; n > 0; --n) {
      Send();
      acked[next++] = false;
    }
    while (SentChunk* chunk = queue.NextLost()) {
      queue.BeginPacket();
      queue.Retransmit(*chunk, now);
    }
    if (random.Next64() % 50 == 0) queue.LoseAll();
    if (!acked.empty() && random.Next64() % 3 == 0) {
      cumulative += static_cast<uint32_t>(random.Next64() % (acked.size() + 1) / 4);
      acked.erase(acked.begin(), acked.upper_bound(cumulative));
    }
    for (auto& [tsn, is_acked] : acked) {
      is_acked = tsn != cumulative + 1 &&
                 (is_acked ? random.Next64() % 20 != 0 : random.Next64() % 4 == 0);
    }
    std::vector<std::pair<int, int>> gaps;
    for (const auto& [tsn, is_acked] : acked) {
      const int offset = static_cast<int>(tsn - cumulative);
      if (!is_acked) continue;
      if (!gaps.empty() && gaps.back().second + 1 == offset) {
        gaps.back().second = offset;
      } else {
        gaps.emplace_back(offset, offset);
      }
    }
    ASSERT_TRUE(Sack(cumulative, gaps).valid);
    size_t unacked = 0;
    for (const auto& [tsn, is_acked] : acked) unacked += is_acked ? 0 : 100;
    ASSERT_EQ(queue.unacked_bytes(), unacked) << round;
    ASSERT_LE(queue.flight_size(), unacked);
    size_t lost = 0;
    for (const auto& [tsn, is_acked] : acked) {
      lost += queue.Find(Unwrap(queue.next_tsn(), tsn))->state == SentChunk::State::kLost ? 100 : 0;
    }
    ASSERT_EQ(queue.flight_size() + lost, unacked) << round;
    queue.TakeNewlyLost();
    queue.finished().clear();
  }
}

}  // namespace
}  // namespace sctp::engine
