// Resetting and adding streams (RFC 6525).
#include <gtest/gtest.h>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

ResetStatus Reset(Pair& pair, End& end, const std::vector<uint16_t>& streams) {
  return end.association.ResetStreams(pair.now(), streams);
}

bool IsData(const ByteVector& packet) {
  return HasChunk(packet, chunk::kData) || HasChunk(packet, chunk::kIData);
}

class Resets : public testing::TestWithParam<bool> {
 protected:
  Resets() {
    Config config;
    config.interleaving = GetParam();
    pair.emplace(config, config);
    EXPECT_TRUE(pair->Connect());
  }
  std::optional<Pair> pair;
};

// What was sent before leaves first and is acknowledged; what is sent after waits for the answer.
TEST_P(Resets, AfterTheDataBeforeIt) {
  pair->link = {5ms, 0.1, 0.1, 5ms};
  std::vector<std::string> expected;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 20; ++i) {
      expected.push_back(std::to_string(round) + "." + std::to_string(i) + std::string(500, '.'));
      ASSERT_EQ(pair->Send(pair->a, Message(5, expected.back())), SendStatus::kQueued);
    }
    ASSERT_EQ(Reset(*pair, pair->a, {5}), ResetStatus::kStarted);
    expected.push_back("after " + std::to_string(round));
    ASSERT_EQ(pair->Send(pair->a, Message(5, expected.back())), SendStatus::kQueued);
    EXPECT_EQ(Reset(*pair, pair->a, {5}), ResetStatus::kBusy);
    const auto round_done = static_cast<size_t>(round) + 1;
    ASSERT_TRUE(
        pair->RunUntil([&] { return pair->a.Count<OutgoingStreamsReset>() == round_done; }, 600s))
        << round;
    EXPECT_EQ(pair->a.Last<OutgoingStreamsReset>()->result, ResetResult::kPerformed);
    EXPECT_EQ(pair->a.Last<OutgoingStreamsReset>()->streams, std::vector<uint16_t>{5});
    EXPECT_EQ(pair->b.Count<IncomingStreamsReset>(), round_done);
  }
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Texts().size() == expected.size(); }, 600s));
  EXPECT_EQ(pair->b.Texts(), expected);
  // The reset is reported between what came before and what came after.
  size_t messages = 0;
  for (const Event& event : pair->b.events) {
    if (std::holds_alternative<MessageReceived>(event)) ++messages;
    if (std::holds_alternative<IncomingStreamsReset>(event)) {
      EXPECT_EQ(messages % 21, 20u);
    }
  }
}

TEST_P(Resets, NumbersStartAgain) {
  std::vector<uint32_t> numbers;
  pair->filter = [&](bool, ByteVector& packet) {
    for (const Chunk& c : ChunksOf(packet)) {
      if (c.type == chunk::kData) numbers.push_back(Load16(c.value, 6));
      if (c.type == chunk::kIData) numbers.push_back(Load32(c.value, 8));
    }
    return true;
  };
  for (int i = 0; i < 3; ++i) {
    pair->Send(pair->a, Message(1, "x"));
    pair->RunFor(100ms);
  }
  ASSERT_EQ(Reset(*pair, pair->a, {1}), ResetStatus::kStarted);
  pair->RunFor(100ms);
  pair->Send(pair->a, Message(1, "y"));
  pair->RunFor(100ms);
  EXPECT_EQ(numbers, (std::vector<uint32_t>{0, 1, 2, 0}));
  EXPECT_EQ(pair->b.Texts().back(), "y");
}

TEST_P(Resets, OtherStreamsGoOn) {
  bool hold = true;
  pair->filter = [&](bool, ByteVector& packet) {
    return !hold || !HasChunk(packet, chunk::kReconfig);
  };
  Reset(*pair, pair->a, {1});
  pair->RunFor(1ms);
  pair->Send(pair->a, Message(1, "waits"));
  pair->Send(pair->a, Message(2, "goes"));
  pair->RunFor(500ms);
  EXPECT_EQ(pair->b.Texts(), std::vector<std::string>{"goes"});
  hold = false;
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Texts().size() == 2; }));
}

TEST_P(Resets, ManyAtOnceAndAll) {
  for (uint16_t stream = 0; stream < 100; ++stream) {
    pair->Send(pair->a, Message(stream, "x"));
    ASSERT_EQ(Reset(*pair, pair->a, {stream}), ResetStatus::kStarted);
  }
  ASSERT_TRUE(pair->RunUntil([&] {
    size_t count = 0;
    for (const auto& reset : pair->a.All<OutgoingStreamsReset>()) count += reset.streams.size();
    return count == 100;
  }));
  ASSERT_EQ(Reset(*pair, pair->a, {}), ResetStatus::kStarted);
  const size_t before = pair->b.Count<IncomingStreamsReset>();
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Count<IncomingStreamsReset>() > before; }));
  pair->RunFor(100ms);  // the answer
  EXPECT_TRUE(pair->b.Last<IncomingStreamsReset>()->streams.empty());
  EXPECT_EQ(pair->a.Last<OutgoingStreamsReset>()->streams.size(), 1024u);
  pair->Send(pair->a, Message(1000, "still works"));
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Texts().back() == "still works"; }));
}

TEST_P(Resets, RequestedByThePeer) {
  pair->link = {5ms, 0.1, 0, 0ms};
  for (int i = 0; i < 50; ++i) pair->Send(pair->a, Message(4, Pattern(3000, 1)));
  const std::vector<uint16_t> streams{4};
  ASSERT_EQ(pair->b.association.RequestReset(pair->now(), streams), ResetStatus::kStarted);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Count<ResetRequestAnswered>() == 1; }, 600s));
  EXPECT_EQ(pair->b.Last<ResetRequestAnswered>()->result, ResetResult::kPerformed);
  EXPECT_EQ(pair->b.Last<ResetRequestAnswered>()->streams, streams);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Count<IncomingStreamsReset>() == 1; }, 600s));
  EXPECT_EQ(pair->b.Count<MessageReceived>(), 50u);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->a.Count<OutgoingStreamsReset>() == 1; }, 600s));
  pair->Send(pair->a, Message(4, "after"));
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Count<MessageReceived>() == 51; }, 600s));
}

TEST_P(Resets, BothEndsAtOnce) {
  pair->link.loss = 0.2;
  for (size_t round = 1; round <= 20; ++round) {
    pair->Send(pair->a, Message(1, "a"));
    pair->Send(pair->b, Message(1, "b"));
    ASSERT_EQ(Reset(*pair, pair->a, {1}), ResetStatus::kStarted);
    ASSERT_EQ(Reset(*pair, pair->b, {1}), ResetStatus::kStarted);
    ASSERT_TRUE(pair->RunUntil(
        [&] {
          return pair->a.Count<OutgoingStreamsReset>() == round &&
                 pair->b.Count<OutgoingStreamsReset>() == round;
        },
        600s));
  }
  EXPECT_EQ(pair->a.Count<IncomingStreamsReset>(), 20u);
  EXPECT_EQ(pair->b.Count<IncomingStreamsReset>(), 20u);
}

// The peer asks before its data has arrived: "in progress" until it has.
TEST_P(Resets, ThePeerAsksTooEarly) {
  std::optional<uint32_t> tsn;
  pair->filter = [&](bool from_a, ByteVector& packet) {
    if (from_a && IsData(packet) && !tsn) {
      tsn = Load32(ChunksOf(packet)[0].value, 0);
      return false;
    }
    return true;
  };
  uint32_t tag = 0;
  uint32_t request = 0;
  std::vector<uint32_t> results;
  pair->Send(pair->a, Message(1, "late"));
  pair->RunFor(1ms);
  ASSERT_TRUE(tsn);
  request = *tsn;  // a's first request number is its initial TSN, and so is its first TSN
  pair->filter = [&](bool from_a, ByteVector& packet) {
    if (from_a) tag = ReadHeader(packet).tag;
    for (const Chunk& c : ChunksOf(packet)) {
      if (!from_a && c.type == chunk::kReconfig) results.push_back(Load32(c.value, 8));
    }
    return !HasChunk(packet, chunk::kReconfig);
  };
  pair->Send(pair->a, Message(2, "shows the tag"));
  pair->RunFor(1ms);
  ByteVector value;
  Appender(value).U16(parameter::kOutgoingReset).U16(18).U32(request).U32(0).U32(*tsn).U16(1).Pad();
  const ByteVector packet = Packet(tag, {MakeChunk(chunk::kReconfig, 0, value)});
  pair->Inject(true, packet);
  pair->RunFor(5ms);
  EXPECT_EQ(results, std::vector<uint32_t>{reconfig::kInProgress});
  EXPECT_EQ(pair->b.Count<IncomingStreamsReset>(), 0u);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->b.Count<IncomingStreamsReset>() == 1; }));
  EXPECT_EQ(results.back(), reconfig::kPerformed);
  pair->Inject(true, packet);  // asked again, not performed again
  pair->RunFor(5ms);
  EXPECT_EQ(results.size(), 3u);
  EXPECT_EQ(results.back(), reconfig::kPerformed);
  EXPECT_EQ(pair->b.Count<IncomingStreamsReset>(), 1u);
}

TEST_P(Resets, RefusedOnStreamsThatDoNotExist) {
  EXPECT_EQ(Reset(*pair, pair->a, {1024}), ResetStatus::kInvalidStream);
  EXPECT_EQ(Reset(*pair, pair->a, {1, 1024}), ResetStatus::kInvalidStream);
  EXPECT_EQ(Reset(*pair, pair->a, {1, 1}), ResetStatus::kStarted);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->a.Count<OutgoingStreamsReset>() == 1; }));
  EXPECT_EQ(pair->a.Last<OutgoingStreamsReset>()->streams, std::vector<uint16_t>{1});
}

TEST_P(Resets, FailWhenTheAssociationEnds) {
  pair->filter = [](bool, ByteVector&) { return false; };
  Reset(*pair, pair->a, {1});
  pair->Send(pair->a, Message(2, "x"));
  Reset(*pair, pair->a, {2});
  pair->RunFor(1ms);
  pair->a.association.Abort(pair->now(), "");
  pair->RunFor(1ms);
  size_t failed = 0;
  for (const auto& reset : pair->a.All<OutgoingStreamsReset>()) {
    EXPECT_EQ(reset.result, ResetResult::kFailed);
    failed += reset.streams.size();
  }
  EXPECT_EQ(failed, 2u);
}

TEST_P(Resets, AddStreams) {
  Config few;
  few.interleaving = GetParam();
  few.outbound_streams = 2;
  few.inbound_streams = 10;
  pair.emplace(few, few);
  ASSERT_TRUE(pair->Connect());
  EXPECT_EQ(pair->Send(pair->a, Message(4, "x")), SendStatus::kInvalidStream);
  ASSERT_EQ(pair->a.association.AddStreams(pair->now(), 3, 4), ResetStatus::kStarted);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->a.Count<StreamsAdded>() == 3; }));
  pair->RunFor(100ms);  // the answer
  EXPECT_EQ(pair->a.association.GetStats().outbound_streams, 5);
  EXPECT_EQ(pair->a.association.GetStats().inbound_streams, 6);
  EXPECT_EQ(pair->b.association.GetStats().outbound_streams, 6);
  EXPECT_EQ(pair->b.association.GetStats().inbound_streams, 5);
  pair->Send(pair->a, Message(4, "new"));
  pair->Send(pair->b, Message(5, "new"));
  ASSERT_TRUE(pair->RunUntil([&] {
    return pair->a.Count<MessageReceived>() == 1 && pair->b.Count<MessageReceived>() == 1;
  }));
  ASSERT_EQ(pair->a.association.AddStreams(pair->now(), 6, 0), ResetStatus::kStarted);
  ASSERT_TRUE(pair->RunUntil([&] { return pair->a.Count<StreamsAdded>() == 4; }));
  EXPECT_EQ(pair->a.Last<StreamsAdded>()->result, ResetResult::kDenied);
}

INSTANTIATE_TEST_SUITE_P(Chunks, Resets, testing::Bool(), [](const auto& tested) {
  return std::string(tested.param ? "IData" : "Data");
});

}  // namespace
}  // namespace sctp::engine
