// DecodeNotification: truncated notifications, wrong lengths, unknown types.
#include <gtest/gtest.h>

#include "core/notification.h"
#include "native/kernel_notifications.h"

namespace sctp {
namespace {

using test::ByteVector;
using test::operator+;
using test::HeapBytes;
using test::SampleNotification;
using test::SampleNotifications;
using test::TextBytes;

bool IsUnknown(const Notification& notification) {
  return std::holds_alternative<UnknownNotification>(notification.body);
}

// Touches all that a decoded body points at, for AddressSanitizer to see.
size_t SizeOfViews(const Notification& notification) {
  size_t size = 0;
  const auto touch = [&size](Bytes bytes) { size += test::ToVector(bytes).size(); };
  if (const auto* failed = std::get_if<SendFailed>(&notification.body)) touch(failed->data);
  if (const auto* error = std::get_if<RemoteError>(&notification.body)) touch(error->data);
  if (const auto* change = std::get_if<AssocChange>(&notification.body)) {
    for (const ErrorCause& cause : change->causes) touch(cause.info);
  }
  if (const auto* reset = std::get_if<StreamReset>(&notification.body)) {
    size += reset->streams.size() * sizeof(uint16_t);
  }
  return size;
}

TEST(NotificationCut, EveryTypeAtEveryLength) {
  for (const auto& [type, fixed_size, bytes] : SampleNotifications()) {
    for (size_t length = 0; length <= bytes.size(); ++length) {
      SCOPED_TRACE(testing::Message() << std::hex << type << std::dec << " cut to " << length);
      const HeapBytes cut{std::span(bytes).first(length)};
      const Notification notification = DecodeNotification(cut.view());
      EXPECT_EQ(notification.type, length >= sizeof(test::NotificationHeader) ? type : 0);
      EXPECT_EQ(notification.raw.data(), cut.data());
      EXPECT_EQ(notification.raw.size(), length);
      EXPECT_EQ(IsUnknown(notification), length < fixed_size);
      if (length < fixed_size) {
        EXPECT_EQ(notification.assoc_id(), 0);
        EXPECT_EQ(SizeOfViews(notification), 0u);
      } else {
        EXPECT_LE(SizeOfViews(notification), length - fixed_size);
      }
    }
  }
}

TEST(NotificationCut, HeaderClaimsLessThanReceived) {
  for (const auto& [type, fixed_size, bytes] : SampleNotifications()) {
    for (uint32_t length = 8; length <= bytes.size(); ++length) {
      SCOPED_TRACE(testing::Message() << std::hex << type << std::dec << " claims " << length);
      const HeapBytes whole(test::WithLength(bytes, length));
      const Notification notification = DecodeNotification(whole.view());
      EXPECT_EQ(notification.raw.size(), length);
      EXPECT_EQ(IsUnknown(notification), length < fixed_size);
      EXPECT_LE(SizeOfViews(notification), length < fixed_size ? 0 : length - fixed_size);
    }
  }
}

TEST(NotificationCut, HeaderClaimsMoreThanReceived) {
  for (const auto& [type, fixed_size, bytes] : SampleNotifications()) {
    for (const uint32_t length : {static_cast<uint32_t>(bytes.size()) + 1, 0x7fffffffu, ~0u}) {
      const HeapBytes whole(test::WithLength(bytes, length));
      const Notification notification = DecodeNotification(whole.view());
      EXPECT_EQ(notification.raw.size(), bytes.size());
      EXPECT_FALSE(IsUnknown(notification)) << std::hex << type;
      EXPECT_LE(SizeOfViews(notification), bytes.size() - fixed_size);
    }
  }
}

// No length at all: believe what was received.
TEST(NotificationCut, HeaderClaimsLessThanItself) {
  for (const auto& [type, fixed_size, bytes] : SampleNotifications()) {
    for (uint32_t length = 0; length < 8; ++length) {
      const HeapBytes whole(test::WithLength(bytes, length));
      const Notification notification = DecodeNotification(whole.view());
      EXPECT_EQ(notification.raw.size(), bytes.size());
      EXPECT_FALSE(IsUnknown(notification)) << std::hex << type;
    }
  }
}

// All bytes beyond the fixed part, so that the cuts above do not pass for want of content.
TEST(NotificationCut, WholeSamplesHaveTheirContent) {
  for (const auto& [type, fixed_size, bytes] : SampleNotifications()) {
    const size_t causes = type == SCTP_ASSOC_CHANGE ? 5 : 0;  // a cause's header, and its padding
    EXPECT_EQ(SizeOfViews(DecodeNotification(bytes)), bytes.size() - fixed_size - causes)
        << std::hex << type;
  }
}

TEST(NotificationCut, OddByteAfterStreamList) {
  const ByteVector bytes =
      test::NotificationBytes(SCTP_STREAM_RESET_EVENT, 0, sctp_stream_reset_event{},
                              test::BytesOf(uint16_t{5}) + TextBytes("x"));
  const Notification notification = DecodeNotification(HeapBytes(bytes).view());
  EXPECT_EQ(std::get<StreamReset>(notification.body).streams, std::vector<uint16_t>{5});
}

TEST(NotificationCut, UnknownTypes) {
  // 0x8000 is SCTP_DATA_IO_EVENT, which can be subscribed to but never arrives as a notification.
  for (const uint16_t type :
       std::initializer_list<uint16_t>{0x0000, 0x0001, 0x7fff, 0x8000, 0x800e, 0xffff}) {
    const ByteVector bytes =
        test::NotificationBytes(type, 0x1234, sctp_send_failed{}, TextBytes("more"));
    const Notification notification = DecodeNotification(bytes);
    EXPECT_EQ(notification.type, type);
    EXPECT_EQ(notification.flags, 0x1234);
    EXPECT_TRUE(IsUnknown(notification)) << std::hex << type;
    EXPECT_EQ(notification.assoc_id(), 0);
    EXPECT_EQ(test::ToVector(notification.raw), bytes);
  }
}

}  // namespace
}  // namespace sctp
