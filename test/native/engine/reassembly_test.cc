// Chunks in any order, messages in the right one.
#include "engine/reassembly.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

DataChunk Part(Tsn tsn, uint16_t stream, uint32_t number, uint32_t fsn, bool begin, bool end,
               ByteView payload, bool unordered = false) {
  DataChunk chunk;
  chunk.tsn = kSequenceBase + tsn;
  chunk.stream = stream;
  chunk.number = number;
  chunk.fsn = fsn;
  chunk.begin = begin;
  chunk.end = end;
  chunk.unordered = unordered;
  chunk.payload = payload;
  return chunk;
}

class ReassemblyTest : public testing::TestWithParam<bool> {
 protected:
  void Start(size_t max = 1000) { reassembly.emplace(GetParam(), max, events); }
  std::vector<std::string> Delivered() {
    std::vector<std::string> texts;
    while (auto event = events.Pop()) {
      texts.push_back(ToText(std::get<MessageReceived>(*event).data));
    }
    return texts;
  }
  Reassembly::Added Add(Tsn tsn, uint16_t stream, uint32_t number, uint32_t fsn,
                        std::string_view shape, std::string_view text, bool unordered = false) {
    return reassembly->Add(Part(tsn, stream, number, fsn, shape.find('B') != shape.npos,
                                shape.find('E') != shape.npos, std::as_bytes(std::span(text)),
                                unordered));
  }

  EventQueue events;
  std::optional<Reassembly> reassembly;
};

using Texts = std::vector<std::string>;

TEST_P(ReassemblyTest, EveryOrderOfFragments) {
  std::vector<int> order{0, 1, 2, 3, 4};
  do {
    for (const bool unordered : {false, true}) {
      Start();
      for (const int i : order) {
        const std::string text(1, static_cast<char>('a' + i));
        const char* shape = i == 0 ? "B" : i == 4 ? "E" : "";
        ASSERT_EQ(Add(static_cast<Tsn>(i), 0, 0, static_cast<uint32_t>(i), shape, text, unordered),
                  Reassembly::Added::kDone);
      }
      ASSERT_EQ(Delivered(), Texts{"abcde"});
      ASSERT_EQ(reassembly->cost(), 0u);
    }
  } while (std::ranges::next_permutation(order).found);
}

TEST_P(ReassemblyTest, OrderedMessagesWaitForTheirTurn) {
  Start();
  Add(2, 0, 2, 0, "BE", "third");
  Add(1, 0, 1, 0, "BE", "second");
  EXPECT_TRUE(Delivered().empty());
  EXPECT_GT(reassembly->cost(), 0u);
  Add(3, 1, 0, 0, "BE", "other stream");
  Add(4, 0, 7, 0, "BE", "unordered", true);
  EXPECT_EQ(Delivered(), (Texts{"other stream", "unordered"}));
  Add(0, 0, 0, 0, "BE", "first");
  EXPECT_EQ(Delivered(), (Texts{"first", "second", "third"}));
  EXPECT_EQ(reassembly->cost(), 0u);
}

TEST_P(ReassemblyTest, NumbersWrap) {
  Start();
  for (uint32_t i = 0; i < 70000; ++i) {
    const uint32_t number = GetParam() ? i : i % 65536;
    ASSERT_EQ(Add(i, 0, number, 0, "BE", "x"), Reassembly::Added::kDone);
    ASSERT_EQ(Delivered().size(), 1u) << i;
  }
}

TEST_P(ReassemblyTest, TooLong) {
  Start(10);
  EXPECT_EQ(Add(0, 0, 0, 0, "BE", "0123456789"), Reassembly::Added::kDone);
  EXPECT_EQ(Add(1, 0, 1, 0, "BE", "0123456789a"), Reassembly::Added::kTooLong);
  EXPECT_EQ(Add(2, 0, 1, 0, "B", "0123456789"), Reassembly::Added::kDone);
  EXPECT_EQ(Add(3, 0, 1, 1, "E", "a"), Reassembly::Added::kTooLong);
}

TEST_P(ReassemblyTest, Contradictions) {
  Start();
  Add(0, 0, 0, 0, "B", "x");
  // A fragment twice, under another TSN if that tells them apart.
  EXPECT_EQ(Add(0, 0, 0, 0, "B", "x"), Reassembly::Added::kViolation);
  if (GetParam()) {
    EXPECT_EQ(Add(1, 0, 0, 5, "E", "x"), Reassembly::Added::kDone);
    EXPECT_EQ(Add(2, 0, 0, 6, "", "x"), Reassembly::Added::kViolation) << "beyond the end";
    EXPECT_EQ(Add(2, 0, 0, 3, "E", "x"), Reassembly::Added::kViolation) << "two ends";
  } else {
    EXPECT_EQ(Add(1, 0, 0, 0, "B", "x"), Reassembly::Added::kViolation) << "not ended";
    EXPECT_EQ(Add(1, 1, 0, 0, "E", "x"), Reassembly::Added::kViolation) << "another stream";
    EXPECT_EQ(Add(1, 0, 1, 0, "E", "x"), Reassembly::Added::kViolation) << "another number";
    EXPECT_EQ(Add(1, 0, 0, 0, "E", "x", true), Reassembly::Added::kViolation) << "unordered";
  }
}

TEST_P(ReassemblyTest, ForwardDropsWhatWillNotCome) {
  Start();
  Add(0, 0, 0, 0, "B", "gone");
  Add(2, 0, 1, 0, "BE", "second");
  Add(5, 3, 0, 0, "B", "gone", true);
  EXPECT_TRUE(Delivered().empty());
  const std::vector<Reassembly::Skipped> skipped{{0, false, 0}, {3, true, 0}};
  reassembly->Forward(kSequenceBase + 5, skipped);
  EXPECT_EQ(Delivered(), Texts{"second"});
  EXPECT_EQ(reassembly->cost(), 0u);
  Add(7, 0, 2, 0, "BE", "third");
  EXPECT_EQ(Delivered(), Texts{"third"});
  // A late fragment of what was skipped.
  EXPECT_EQ(Add(8, 0, 0, 1, "E", "late"), Reassembly::Added::kDone);
  EXPECT_EQ(reassembly->cost(), 0u);
}

TEST_P(ReassemblyTest, ForwardDeliversWhatHasCome) {
  Start();
  Add(1, 0, 1, 0, "BE", "b");
  Add(3, 0, 3, 0, "BE", "d");
  Add(5, 0, 5, 0, "BE", "f");
  const std::vector<Reassembly::Skipped> skipped{{0, false, 2}};
  reassembly->Forward(kSequenceBase + 2, skipped);
  EXPECT_EQ(Delivered(), (Texts{"b", "d"}));
}

TEST_P(ReassemblyTest, ResetStartsOver) {
  Start();
  Add(0, 0, 0, 0, "BE", "a");
  Add(1, 1, 0, 0, "BE", "b");
  Add(2, 1, 5, 0, "BE", "never");
  Delivered();
  const std::vector<uint16_t> streams{1};
  reassembly->Reset(streams);
  EXPECT_EQ(reassembly->cost(), 0u);
  Add(3, 1, 0, 0, "BE", "c");
  Add(4, 0, 1, 0, "BE", "d");
  EXPECT_EQ(Delivered(), (Texts{"c", "d"}));
  reassembly->Reset({});
  Add(5, 0, 0, 0, "BE", "e");
  EXPECT_EQ(Delivered(), Texts{"e"});
}

INSTANTIATE_TEST_SUITE_P(Chunks, ReassemblyTest, testing::Bool(), [](const auto& tested) {
  return std::string(tested.param ? "IData" : "Data");
});

}  // namespace
}  // namespace sctp::engine
