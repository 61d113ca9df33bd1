// Reassembler: messages that come in parts.
#include "core/reassembler.h"

#include <gtest/gtest.h>

#include <string>

#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;

ReceiveInfo On(int32_t assoc_id, uint16_t stream = 0, uint16_t flags = 0) {
  ReceiveInfo info;
  info.assoc_id = assoc_id;
  info.stream = stream;
  info.flags = flags;
  return info;
}

void Append(Reassembler& reassembler, const ReceiveInfo& info, std::string_view part) {
  reassembler.Append(info, std::as_bytes(std::span(part)));
}

std::string Text(const Reassembler::Message& message) {
  EXPECT_EQ(message.length, message.data.size());
  EXPECT_FALSE(message.too_large);
  return {reinterpret_cast<const char*>(message.data.data()), message.data.size()};
}

TEST(Reassembler, AppendTellsOnceThatAMessageIsTooLarge) {
  Reassembler reassembler(10);
  const auto append = [&](const ReceiveInfo& info, std::string_view part) {
    return reassembler.Append(info, std::as_bytes(std::span(part)));
  };
  EXPECT_FALSE(append(On(3), "12345"));
  EXPECT_FALSE(append(On(3), "67890"));  // exactly the limit
  EXPECT_FALSE(append(On(4), "12345"));  // of another association
  EXPECT_TRUE(append(On(3), "1"));
  EXPECT_FALSE(append(On(3), "2"));
  EXPECT_EQ(reassembler.LengthOf(On(3)), 12u);
  EXPECT_EQ(reassembler.LengthOf(On(5)), 0u);
  const auto message = reassembler.Finish(On(3));
  EXPECT_TRUE(message.too_large);
  EXPECT_EQ(message.length, 12u);
  EXPECT_TRUE(message.data.empty());
  // The next one on the same stream restarts.
  EXPECT_FALSE(append(On(3), "1234567890"));
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "1234567890");
  EXPECT_TRUE(append(On(5), "12345678901"));  // in one part
}

TEST(Reassembler, PiecesInOrder) {
  Reassembler reassembler(100);
  EXPECT_TRUE(reassembler.idle());
  Append(reassembler, On(3), "one ");
  EXPECT_FALSE(reassembler.idle());
  Append(reassembler, On(3), "two ");
  Append(reassembler, On(3), "three");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "one two three");
  EXPECT_TRUE(reassembler.idle());
}

TEST(Reassembler, NextMessageBeginsAnew) {
  Reassembler reassembler(100);
  Append(reassembler, On(3), "first");
  reassembler.Finish(On(3));
  Append(reassembler, On(3), "second");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "second");
}

// With interleaving only the first part carries a valid ppid.
TEST(Reassembler, InfoOfTheFirstPiece) {
  Reassembler reassembler(100);
  ReceiveInfo info = On(3, 5);
  info.ppid = 46;
  info.tsn = 1;
  Append(reassembler, info, "a");
  info.ppid = 0xbad;
  info.tsn = 2;
  Append(reassembler, info, "b");
  const auto message = reassembler.Finish(info);
  EXPECT_EQ(message.info.ppid, 46u);
  EXPECT_EQ(message.info.tsn, 1u);
  EXPECT_EQ(message.info.stream, 5);
  EXPECT_EQ(message.info.assoc_id, 3);
}

TEST(Reassembler, InterleavedByAssociationStreamAndOrder) {
  const std::vector<ReceiveInfo> flows = {On(3, 0),     On(3, 1),     On(3, 1, SCTP_UNORDERED),
                                          On(4, 0),     On(4, 1),     On(3, 32768),
                                          On(3, 32769), On(3, 65535), On(3, 65535, SCTP_UNORDERED)};
  Reassembler reassembler(100);
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < flows.size(); ++i) Append(reassembler, flows[i], std::to_string(i));
  }
  for (size_t i = 0; i < flows.size(); ++i) {
    EXPECT_FALSE(reassembler.idle());
    const std::string digit = std::to_string(i);
    EXPECT_EQ(Text(reassembler.Finish(flows[i])), digit + digit + digit);
  }
  EXPECT_TRUE(reassembler.idle());
}

// Of the flags only SCTP_UNORDERED distinguishes messages.
TEST(Reassembler, OtherFlagsDoNotSplitMessages) {
  Reassembler reassembler(100);
  Append(reassembler, On(3, 0, 0), "a");
  Append(reassembler, On(3, 0, SCTP_SACK_IMMEDIATELY), "b");
  EXPECT_EQ(Text(reassembler.Finish(On(3, 0, 0x8000))), "ab");
}

TEST(Reassembler, ExactlyTheLongest) {
  Reassembler reassembler(5);
  Append(reassembler, On(3), "123");
  Append(reassembler, On(3), "45");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "12345");
}

TEST(Reassembler, OneByteTooLarge) {
  Reassembler reassembler(5);
  Append(reassembler, On(3), "123");
  Append(reassembler, On(3), "456");
  const auto message = reassembler.Finish(On(3));
  EXPECT_TRUE(message.too_large);
  EXPECT_EQ(message.length, 6u);
  EXPECT_TRUE(message.data.empty());
  EXPECT_EQ(message.data.capacity(), 0u) << "the memory is still held";
}

TEST(Reassembler, TooLargeStaysTooLarge) {
  Reassembler reassembler(5);
  Append(reassembler, On(3), "123456");
  Append(reassembler, On(3), "7");
  Append(reassembler, On(3), "");
  const auto message = reassembler.Finish(On(3));
  EXPECT_TRUE(message.too_large);
  EXPECT_EQ(message.length, 7u);
  EXPECT_EQ(message.data.capacity(), 0u);
}

TEST(Reassembler, TooLargeConcernsOneMessageOnly) {
  Reassembler reassembler(5);
  Append(reassembler, On(3), "123456");
  Append(reassembler, On(4), "12345");
  EXPECT_EQ(Text(reassembler.Finish(On(4))), "12345");
  EXPECT_TRUE(reassembler.Finish(On(3)).too_large);
  Append(reassembler, On(3), "short");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "short");
}

TEST(Reassembler, NothingKeptIfNothingMayBe) {
  Reassembler reassembler(0);
  EXPECT_EQ(reassembler.max_size(), 0u);
  Append(reassembler, On(3), "");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "");
  Append(reassembler, On(3), "1");
  EXPECT_TRUE(reassembler.Finish(On(3)).too_large);
}

TEST(Reassembler, FinishWithoutAppend) {
  Reassembler reassembler(100);
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "");
  Append(reassembler, On(3), "other");
  EXPECT_EQ(Text(reassembler.Finish(On(3, 1))), "");
  EXPECT_EQ(Text(reassembler.Finish(On(2))), "");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "other");
  EXPECT_EQ(Text(reassembler.Finish(On(3))), "");
}

TEST(Reassembler, DropOneAssociation) {
  Reassembler reassembler(100);
  Append(reassembler, On(2, 65535, SCTP_UNORDERED), "before");
  Append(reassembler, On(3, 0), "a");
  Append(reassembler, On(3, 0, SCTP_UNORDERED), "b");
  Append(reassembler, On(3, 65535, SCTP_UNORDERED), "c");
  Append(reassembler, On(4, 0), "after");
  std::vector<std::string> lost;
  for (const auto& message : reassembler.Drop(3)) lost.push_back(Text(message));
  EXPECT_EQ(lost, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_TRUE(reassembler.Drop(3).empty());
  EXPECT_EQ(Text(reassembler.Finish(On(3, 0))), "");
  EXPECT_EQ(Text(reassembler.Finish(On(2, 65535, SCTP_UNORDERED))), "before");
  EXPECT_EQ(Text(reassembler.Finish(On(4, 0))), "after");
  EXPECT_TRUE(reassembler.idle());
}

TEST(Reassembler, DropTellsOfTooLargeMessages) {
  Reassembler reassembler(2);
  Append(reassembler, On(3, 9), "123");
  const auto lost = reassembler.Drop(3);
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_TRUE(lost[0].too_large);
  EXPECT_EQ(lost[0].length, 3u);
  EXPECT_EQ(lost[0].info.stream, 9);
}

TEST(Reassembler, DropNothing) {
  Reassembler reassembler(100);
  EXPECT_TRUE(reassembler.Drop(3).empty());
  EXPECT_TRUE(reassembler.Drop(0).empty());
}

// Interleaving: partial delivery is given up for one stream and order.
TEST(Reassembler, DropOneOfSeveral) {
  Reassembler reassembler(100);
  Append(reassembler, On(3, 0), "a");
  Append(reassembler, On(3, 0, SCTP_UNORDERED), "b");
  Append(reassembler, On(3, 7), "c");
  Append(reassembler, On(4, 7), "other");
  const auto lost = reassembler.DropOne(On(3, 0, SCTP_UNORDERED));
  ASSERT_TRUE(lost);
  EXPECT_EQ(Text(*lost), "b");
  EXPECT_FALSE(reassembler.DropOne(On(3, 9))) << "which of the two is meant?";
  EXPECT_EQ(Text(reassembler.Finish(On(3, 0))), "a");
  EXPECT_EQ(Text(reassembler.Finish(On(3, 7))), "c");
  EXPECT_EQ(Text(reassembler.Finish(On(4, 7))), "other");
  EXPECT_FALSE(reassembler.DropOne(On(3, 0)));
}

// Without interleaving the kernel reports stream 0, whichever the message was on.
TEST(Reassembler, DropOneFindsTheOnlyOne) {
  Reassembler reassembler(100);
  Append(reassembler, On(2, 0), "before");
  Append(reassembler, On(3, 7, SCTP_UNORDERED), "it");
  Append(reassembler, On(4, 0), "after");
  const auto lost = reassembler.DropOne(On(3, 0));
  ASSERT_TRUE(lost);
  EXPECT_EQ(Text(*lost), "it");
  EXPECT_EQ(lost->info.stream, 7);
  EXPECT_FALSE(reassembler.DropOne(On(3, 0)));
  EXPECT_EQ(Text(reassembler.Finish(On(2, 0))), "before");
  EXPECT_EQ(Text(reassembler.Finish(On(4, 0))), "after");
}

// A peer that interleaves must not make us keep a longest message for each of its streams.
TEST(Reassembler, AnAssociationHoldsFourLongestMessagesAtMost) {
  Reassembler reassembler(10);
  const auto append = [&](const ReceiveInfo& info, std::string_view part) {
    return reassembler.Append(info, std::as_bytes(std::span(part)));
  };
  for (uint16_t stream = 0; stream < 4; ++stream) {
    EXPECT_FALSE(append(On(3, stream), "1234567890")) << stream;
  }
  EXPECT_FALSE(append(On(4), "1234567890"));  // another association has room of its own
  EXPECT_FALSE(append(On(3, 4), "123"));      // by less than a longest message
  EXPECT_TRUE(append(On(3, 4), "4567890"));
  const auto refused = reassembler.Finish(On(3, 4));
  EXPECT_TRUE(refused.too_large);
  EXPECT_EQ(refused.length, 10u);
  EXPECT_EQ(Text(reassembler.Finish(On(3, 0))), "1234567890");
  EXPECT_FALSE(append(On(3, 5), "1234567890"));  // there is room again
  EXPECT_EQ(reassembler.Drop(3).size(), 4u);
  for (uint16_t stream = 0; stream < 4; ++stream) {
    EXPECT_FALSE(append(On(3, stream), "1234567890")) << stream;
  }
}

// One that leaves messages unfinished must not silence the others.
TEST(Reassembler, AllTogetherAreBoundedAndNoneTakesAll) {
  constexpr size_t kMost = 100'000;
  Reassembler reassembler(1'000'000, kMost);
  const std::string part(1000, 'x');
  const auto fill = [&](int32_t assoc_id) {
    size_t kept = 0;
    while (!reassembler.Append(On(assoc_id), std::as_bytes(std::span(part)))) kept += part.size();
    return kept;
  };
  // Each keeps as much as it leaves, but the last of its parts, and drops it then: so the next one
  // finds as much again.
  EXPECT_NEAR(static_cast<double>(fill(3)), kMost / 2, 1500);
  EXPECT_NEAR(static_cast<double>(fill(4)), kMost / 2, 1500);
  // Those that keep theirs leave room for one more, however many they are.
  for (int32_t id = 10; id < 200; ++id) Append(reassembler, On(id), part);
  size_t held = 0;
  for (int32_t id = 10; id < 200; ++id) {
    for (const auto& message : reassembler.Drop(id)) held += message.data.size();
  }
  EXPECT_LE(held, kMost);
  EXPECT_GE(held, kMost / 2);
  reassembler.Drop(3);
  reassembler.Drop(4);
  EXPECT_NEAR(static_cast<double>(fill(5)), kMost / 2, 1500);
}

TEST(Reassembler, TinyMessagesCountTheirOverhead) {
  Reassembler reassembler(1000, 100 * Reassembler::kOverhead);
  size_t kept = 0;
  for (uint16_t stream = 0; stream < 1000; ++stream) {
    if (!reassembler.Append(On(3, stream), std::as_bytes(std::span("x", 1)))) ++kept;
  }
  EXPECT_LE(kept, 100u);
  EXPECT_GE(kept, 90u);
  EXPECT_EQ(reassembler.Drop(3).size(), 1000u);
  EXPECT_TRUE(reassembler.idle());
  EXPECT_FALSE(reassembler.Append(On(3), std::as_bytes(std::span("x", 1))));
}

// Growing in quadratic time, these would take hours.
TEST(Reassembler, ManyPartsAndMessagesInLinearTime) {
  Reassembler reassembler(SIZE_MAX);
  constexpr size_t kParts = 300'000;
  for (size_t i = 0; i < kParts; ++i) Append(reassembler, On(3), "1");
  EXPECT_EQ(reassembler.Finish(On(3)).length, kParts);
  for (int32_t id = 0; id < 20'000; ++id) Append(reassembler, On(id), "1");
  for (int32_t id = 0; id < 20'000; ++id) EXPECT_EQ(reassembler.Drop(id).size(), 1u);
  EXPECT_TRUE(reassembler.idle());
}

// Ids are the kernel's: nothing is assumed about them.
TEST(Reassembler, AnyAssociationId) {
  Reassembler reassembler(100);
  for (const int32_t id : {INT32_MIN, -1, 0, INT32_MAX}) Append(reassembler, On(id), "x");
  for (const int32_t id : {INT32_MAX, 0, -1, INT32_MIN}) {
    EXPECT_EQ(reassembler.Drop(id).size(), 1u) << id;
  }
  EXPECT_TRUE(reassembler.idle());
}

TEST(Reassembler, AnAssociationMovesWithWhatHasComeOfItsMessages) {
  Reassembler from(100);
  Reassembler to(100);
  Append(from, On(3), "one ");
  Append(from, On(3, 7, SCTP_UNORDERED), "other ");
  Append(from, On(4), "stays ");
  from.Move(3, to);
  Append(to, On(3), "two");
  Append(to, On(3, 7, SCTP_UNORDERED), "end");
  Append(from, On(4), "here");
  EXPECT_EQ(Text(to.Finish(On(3))), "one two");
  EXPECT_EQ(Text(to.Finish(On(3, 7, SCTP_UNORDERED))), "other end");
  EXPECT_EQ(Text(from.Finish(On(4))), "stays here");
  EXPECT_TRUE(from.idle());
  EXPECT_TRUE(to.idle());
}

TEST(Reassembler, AllAssociationsTogetherHaveALimit) {
  const std::string half(500, 'x');
  Reassembler reassembler(1000, 2000);
  const auto append = [&](const ReceiveInfo& info, std::string_view part) {
    return reassembler.Append(info, std::as_bytes(std::span(part)));
  };
  EXPECT_FALSE(append(On(3), half));
  EXPECT_FALSE(append(On(4), half));
  EXPECT_TRUE(append(On(5), half));  // with what keeping each of them costs
  EXPECT_EQ(Text(reassembler.Finish(On(3))), half);
  EXPECT_FALSE(append(On(6), half));  // there is room again
}

}  // namespace
}  // namespace sctp
