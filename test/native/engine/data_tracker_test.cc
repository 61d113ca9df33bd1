// Which TSNs have come.
#include "engine/data_tracker.h"

#include <gtest/gtest.h>

#include <set>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

struct Sack {
  uint32_t cumulative;
  std::vector<std::pair<int, int>> gaps;
  std::vector<uint32_t> duplicates;
};

Sack SackOf(DataTracker& tracker, size_t max_size = 1000) {
  ByteVector value(tracker.SackSize(max_size));
  tracker.WriteSack(value, 1234);
  EXPECT_EQ(Load32(value, 4), 1234u);
  Sack sack{Load32(value, 0), {}, {}};
  size_t at = 12;
  for (int i = 0; i < Load16(value, 8); ++i, at += 4) {
    sack.gaps.emplace_back(Load16(value, at), Load16(value, at + 2));
  }
  for (int i = 0; i < Load16(value, 10); ++i, at += 4) {
    sack.duplicates.push_back(Load32(value, at));
  }
  EXPECT_EQ(at, value.size());
  return sack;
}

TEST(DataTracker, InOrderAcrossTheWrap) {
  DataTracker tracker(0xFFFFFFFE);
  for (const uint32_t tsn : {0xFFFFFFFEu, 0xFFFFFFFFu, 0u, 1u}) {
    const Tsn unwrapped = tracker.UnwrapTsn(tsn);
    EXPECT_FALSE(tracker.HasReceived(unwrapped));
    tracker.Accept(unwrapped);
    EXPECT_TRUE(tracker.HasReceived(unwrapped));
  }
  EXPECT_EQ(SackOf(tracker).cumulative, 1u);
  EXPECT_FALSE(tracker.has_gaps());
}

TEST(DataTracker, GapsMeetAndClose) {
  DataTracker tracker(1);
  for (const uint32_t tsn : {3, 5, 9, 4}) tracker.Accept(tracker.UnwrapTsn(tsn));
  Sack sack = SackOf(tracker);
  EXPECT_EQ(sack.cumulative, 0u);
  EXPECT_EQ(sack.gaps, (std::vector<std::pair<int, int>>{{3, 5}, {9, 9}}));
  tracker.Accept(tracker.UnwrapTsn(1));
  tracker.Accept(tracker.UnwrapTsn(2));
  sack = SackOf(tracker);
  EXPECT_EQ(sack.cumulative, 5u);
  EXPECT_EQ(sack.gaps, (std::vector<std::pair<int, int>>{{4, 4}}));
}

TEST(DataTracker, DuplicatesAreReportedOnce) {
  DataTracker tracker(1);
  tracker.Accept(tracker.UnwrapTsn(1));
  tracker.AddDuplicate(tracker.UnwrapTsn(1));
  EXPECT_EQ(SackOf(tracker).duplicates, std::vector<uint32_t>{1});
  EXPECT_TRUE(SackOf(tracker).duplicates.empty());
}

TEST(DataTracker, ASackFitsItsRoom) {
  DataTracker tracker(1);
  for (uint32_t tsn = 3; tsn < 200; tsn += 2) tracker.Accept(tracker.UnwrapTsn(tsn));
  EXPECT_EQ(SackOf(tracker, 12).gaps.size(), 0u);
  EXPECT_EQ(SackOf(tracker, 23).gaps.size(), 2u);
  EXPECT_EQ(SackOf(tracker).gaps.size(), 99u);
}

TEST(DataTracker, GapsAndDistanceAreBounded) {
  DataTracker tracker(1);
  EXPECT_FALSE(tracker.CanAccept(tracker.cumulative() + 65536));
  EXPECT_TRUE(tracker.CanAccept(tracker.cumulative() + 65535));
  uint32_t tsn = 3;
  for (size_t i = 0; i < DataTracker::kMaxRanges; ++i, tsn += 2) {
    ASSERT_TRUE(tracker.CanAccept(tracker.UnwrapTsn(tsn)));
    tracker.Accept(tracker.UnwrapTsn(tsn));
  }
  EXPECT_FALSE(tracker.CanAccept(tracker.UnwrapTsn(tsn))) << "one more range";
  EXPECT_TRUE(tracker.CanAccept(tracker.UnwrapTsn(4))) << "joins two";
  EXPECT_TRUE(tracker.CanAccept(tracker.UnwrapTsn(1))) << "the next in sequence";
}

TEST(DataTracker, ForwardPassesGaps) {
  DataTracker tracker(1);
  for (const uint32_t tsn : {3, 6, 7}) tracker.Accept(tracker.UnwrapTsn(tsn));
  tracker.ForwardTo(tracker.UnwrapTsn(5));
  EXPECT_EQ(SackOf(tracker).cumulative, 7u);
  tracker.ForwardTo(tracker.UnwrapTsn(2));
  EXPECT_EQ(SackOf(tracker).cumulative, 7u);
}

// Against a set of numbers.
TEST(DataTracker, AgreesWithASet) {
  SeededRandom random(3);
  DataTracker tracker(1000);
  std::set<uint32_t> received;
  for (int i = 0; i < 3000; ++i) {
    const auto tsn = static_cast<uint32_t>(1000 + random.Next64() % 1000);
    const Tsn unwrapped = tracker.UnwrapTsn(tsn);
    ASSERT_EQ(tracker.HasReceived(unwrapped), received.contains(tsn));
    if (received.insert(tsn).second) tracker.Accept(unwrapped);
    uint32_t cumulative = 999;
    while (received.contains(cumulative + 1)) ++cumulative;
    ASSERT_EQ(Wire32(tracker.cumulative()), cumulative);
    ASSERT_EQ(Wire32(tracker.highest()), std::max(cumulative, *received.rbegin()));
  }
}

}  // namespace
}  // namespace sctp::engine
