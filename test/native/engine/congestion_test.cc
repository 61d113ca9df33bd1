// The congestion window and the retransmission timeout.
#include "engine/congestion.h"

#include <gtest/gtest.h>

#include "engine/rto.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

TEST(Congestion, StartsSmall) {
  EXPECT_EQ(Congestion(1200, 1000000).cwnd(), 4404u);
  EXPECT_EQ(Congestion(512, 1000000).cwnd(), 2048u);
  EXPECT_EQ(Congestion(9000, 1000000).cwnd(), 18000u);
}

TEST(Congestion, SlowStartGrowsByOnePacketASack) {
  Congestion congestion(1200, 1000000);
  congestion.OnAdvance(1, 2400, 4404, false);
  EXPECT_EQ(congestion.cwnd(), 5604u);
  congestion.OnAdvance(2, 500, 5604, false);
  EXPECT_EQ(congestion.cwnd(), 6104u);
  congestion.OnAdvance(3, 1200, 1200, false);
  EXPECT_EQ(congestion.cwnd(), 6104u) << "a window that is not used does not grow";
}

TEST(Congestion, AvoidanceGrowsByOnePacketAWindow) {
  Congestion congestion(1000, 1000000);
  congestion.OnTimeout();
  for (int i = 0; i < 10; ++i) congestion.OnAdvance(1, 1000, 100000, false);
  const size_t before = congestion.cwnd();
  ASSERT_GT(before, congestion.ssthresh());
  size_t acked = 0;
  while (congestion.cwnd() == before) {
    congestion.OnAdvance(1, 1000, before, false);
    acked += 1000;
  }
  EXPECT_NEAR(static_cast<double>(acked), static_cast<double>(before), 4000);
  EXPECT_EQ(congestion.cwnd(), before + 1000);
}

TEST(Congestion, HalvesOnceARecovery) {
  Congestion congestion(1200, 1000000);
  for (int i = 0; i < 30; ++i) congestion.OnAdvance(1, 1200, 1000000, false);
  const size_t before = congestion.cwnd();
  EXPECT_TRUE(congestion.OnFastRetransmit(100));
  EXPECT_EQ(congestion.cwnd(), before / 2);
  EXPECT_FALSE(congestion.OnFastRetransmit(120));
  congestion.OnAdvance(99, 1200, 1000000, false);
  EXPECT_TRUE(congestion.recovering());
  EXPECT_EQ(congestion.cwnd(), before / 2) << "no growth while recovering";
  congestion.OnAdvance(100, 1200, 1000000, false);
  EXPECT_FALSE(congestion.recovering());
}

TEST(Congestion, ATimeoutLeavesOnePacket) {
  Congestion congestion(1200, 1000000);
  congestion.OnTimeout();
  EXPECT_EQ(congestion.cwnd(), 1200u);
  EXPECT_EQ(congestion.ssthresh(), 4800u);
}

TEST(Congestion, IdlenessHalves) {
  Congestion congestion(1200, 1000000);
  for (int i = 0; i < 30; ++i) congestion.OnAdvance(1, 1200, 1000000, false);
  const size_t before = congestion.cwnd();
  congestion.OnIdle(1);
  EXPECT_EQ(congestion.cwnd(), before / 2);
  congestion.OnIdle(INT64_MAX);
  EXPECT_EQ(congestion.cwnd(), 4800u);
  Congestion fresh(1200, 1000000);
  fresh.OnIdle(5);
  EXPECT_EQ(fresh.cwnd(), 4404u);
}

TEST(RtoTest, FollowsTheMeasurements) {
  Rto rto({});
  EXPECT_EQ(rto.rto(), Duration(1s));
  rto.Measure(100ms);
  EXPECT_EQ(rto.srtt(), Duration(100ms));
  EXPECT_EQ(rto.rto(), Duration(300ms));
  rto.Measure(180ms);
  EXPECT_EQ(rto.srtt(), Duration(110ms));
  EXPECT_EQ(rto.rto(), Duration(110ms + 4 * 57500us));
}

TEST(RtoTest, StaysWithinItsBounds) {
  Rto rto({});
  for (int i = 0; i < 50; ++i) rto.Measure(1ms);
  EXPECT_EQ(rto.rto(), Duration(200ms));
  for (int i = 0; i < 20; ++i) rto.BackOff();
  EXPECT_EQ(rto.rto(), Duration(60s));
  rto.Measure(-5ms);
  EXPECT_EQ(rto.rto(), Duration(200ms));
}

}  // namespace
}  // namespace sctp::engine
