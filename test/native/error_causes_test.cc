// DecodeErrorCauses: the list of causes of an ABORT (RFC 9260 §3.3.10).
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <string>

#include "core/notification.h"
#include "native/bytes.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::HeapBytes;
using test::TextBytes;

// A cause that claims to be `length` bytes long, not padded.
ByteVector CauseOfLength(uint16_t code, size_t length, std::string_view info = "") {
  return BytesOf(htons(code)) + BytesOf(htons(static_cast<uint16_t>(length))) + TextBytes(info);
}

ByteVector Cause(uint16_t code, std::string_view info = "") {
  return CauseOfLength(code, 4 + info.size(), info);
}

ByteVector Padded(ByteVector cause) {
  while (cause.size() % 4 != 0) cause.push_back(std::byte{0});
  return cause;
}

// The causes as "code:info", comma-separated.
std::string Decode(const ByteVector& bytes) {
  const HeapBytes heap(bytes);
  std::string text;
  for (const auto& [code, info] : DecodeErrorCauses(heap.view())) {
    if (!text.empty()) text += ',';
    text += std::to_string(code) + ':';
    text.append(reinterpret_cast<const char*>(info.data()), info.size());
  }
  return text;
}

TEST(ErrorCauses, None) { EXPECT_EQ(Decode({}), ""); }

TEST(ErrorCauses, One) {
  EXPECT_EQ(Decode(Cause(4)), "4:");
  EXPECT_EQ(Decode(Cause(0x0102, "info")), "258:info");
}

TEST(ErrorCauses, PaddedAndLastOneNot) {
  for (const std::string_view info : {"", "a", "ab", "abc", "abcd", "abcde"}) {
    const std::string first = "1:" + std::string(info);
    EXPECT_EQ(Decode(Padded(Cause(1, info))), first);
    EXPECT_EQ(Decode(Padded(Cause(1, info)) + Cause(2, "z")), first + ",2:z");
    EXPECT_EQ(Decode(Padded(Cause(1, info)) + Padded(Cause(2, "z"))), first + ",2:z");
  }
}

// What follows an unpadded cause is taken for padding: nothing distinguishes it.
TEST(ErrorCauses, PaddingIsSkippedWhateverItHolds) {
  EXPECT_EQ(Decode(Cause(1, "a") + TextBytes("\xff\xff\xff") + Cause(2)), "1:a,2:");
}

TEST(ErrorCauses, LengthOfLessThanItsHeader) {
  for (uint16_t length = 0; length < 4; ++length) {
    EXPECT_EQ(Decode(CauseOfLength(1, length)), "");
    EXPECT_EQ(Decode(Cause(1) + CauseOfLength(2, length) + Cause(3)), "1:");
  }
}

TEST(ErrorCauses, LengthBeyondTheEnd) {
  EXPECT_EQ(Decode(CauseOfLength(1, 5)), "");
  EXPECT_EQ(Decode(CauseOfLength(1, 9, "info")), "");
  EXPECT_EQ(Decode(CauseOfLength(1, 65535, "info")), "");
  EXPECT_EQ(Decode(Cause(1, "info") + CauseOfLength(2, 9, "info")), "1:info");
}

TEST(ErrorCauses, CutHeader) {
  for (size_t length = 0; length < 4; ++length) {
    ByteVector cut = Cause(2);
    cut.resize(length);
    EXPECT_EQ(Decode(cut), "");
    EXPECT_EQ(Decode(Cause(1) + cut), "1:");
  }
}

TEST(ErrorCauses, LongestCause) {
  const std::string info(65535 - 4, 'x');
  EXPECT_EQ(Decode(Cause(1, info)), "1:" + info);
  EXPECT_EQ(Decode(Padded(Cause(1, info)) + Cause(2)), "1:" + info + ",2:");
}

TEST(ErrorCauses, NoMoreThanTheMost) {
  ByteVector bytes;
  for (uint16_t code = 1; code <= 1000; ++code) bytes = std::move(bytes) + Cause(code);
  const auto causes = DecodeErrorCauses(bytes);
  ASSERT_EQ(causes.size(), kMostErrorCauses);
  EXPECT_EQ(causes.front().code, 1);
  EXPECT_EQ(causes.back().code, kMostErrorCauses);
}

TEST(ErrorCauses, ViewsNotCopies) {
  const ByteVector bytes = Cause(1, "info");
  const auto causes = DecodeErrorCauses(bytes);
  ASSERT_EQ(causes.size(), 1u);
  EXPECT_EQ(causes[0].info.data(), bytes.data() + 4);
}

}  // namespace
}  // namespace sctp
