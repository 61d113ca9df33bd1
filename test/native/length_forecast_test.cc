// LengthForecast: how long the next long message will be.
#include "core/length_forecast.h"

#include <gtest/gtest.h>

namespace sctp {
namespace {

LengthForecast After(std::initializer_list<size_t> lengths) {
  LengthForecast forecast;
  for (const size_t length : lengths) forecast.Count(length);
  return forecast;
}

TEST(LengthForecast, NothingBeforeTheFirst) { EXPECT_EQ(LengthForecast().length(), 0); }

TEST(LengthForecast, StaysWithMessagesOfOneLength) {
  EXPECT_EQ(After({60'000, 60'000, 60'000}).length(), 60'000);
}

TEST(LengthForecast, FollowsLongerOnesAtOnceAndShorterOnesSlowly) {
  EXPECT_EQ(After({10'000, 60'000}).length(), 60'000);
  EXPECT_EQ(After({80'000, 10'000}).length(), 70'000);
  LengthForecast forecast = After({1'000'000});
  for (int i = 0; i < 100; ++i) forecast.Count(10'000);
  EXPECT_EQ(forecast.length(), 10'000);
}

TEST(LengthForecast, IsBounded) {
  EXPECT_EQ(After({SIZE_MAX}).length(), LengthForecast::kMost);
  EXPECT_EQ(After({LengthForecast::kMost + 1}).length(), LengthForecast::kMost);
}

TEST(LengthForecast, MessageKeepsAtMostTwiceItsLength) {
  EXPECT_TRUE(LengthForecast::IsFilled(10'000, 5000));
  EXPECT_FALSE(LengthForecast::IsFilled(10'001, 5000));
  EXPECT_TRUE(LengthForecast::IsFilled(10'001, 5001));
}

}  // namespace
}  // namespace sctp
