// NotificationLayout: the structs under RFC 6458's names, checked against what is decoded.
#include "core/notification_layout.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/option_codec.h"
#include "native/kernel_notifications.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::NotificationBytes;

int64_t IntegerOf(const NotificationLayout& layout, std::string_view name,
                  const ByteVector& bytes) {
  const auto field = std::ranges::find(layout.fields, name, &Field::name);
  if (field == layout.fields.end()) return -1;
  return std::get<int64_t>(DecodeField(*field, bytes).value());
}

TEST(NotificationLayout, EveryTypeWithItsHeader) {
  for (const auto& [type, fixed_size, bytes] : test::SampleNotifications()) {
    const NotificationLayout* layout = FindNotification(type);
    ASSERT_NE(layout, nullptr) << type;
    EXPECT_EQ(layout->size, fixed_size);
    EXPECT_EQ(std::get<int64_t>(DecodeField(layout->fields[0], bytes).value()), type);
    EXPECT_EQ(std::get<int64_t>(DecodeField(layout->fields[2], bytes).value()), bytes.size());
    EXPECT_TRUE(layout->member.starts_with("sn_"));
    EXPECT_EQ(layout->rest == NotificationLayout::Rest::kNothing, layout->rest_name.empty());
    for (const Field& field : layout->fields) {
      EXPECT_FALSE(DecodeField(field, std::span(bytes).first(field.offset))) << field.name;
    }
  }
}

TEST(NotificationLayout, UnknownTypes) {
  for (const int type : {0, 0x8000, 0x800e, 0xffff}) {
    EXPECT_EQ(FindNotification(static_cast<uint16_t>(type)), nullptr);
  }
  EXPECT_EQ(NotificationHeaderFields().size(), 3u);
}

TEST(NotificationLayout, CausesAndIdentifiersInHostOrder) {
  sctp_assoc_change change{};
  change.sac_error = htons(12);
  EXPECT_EQ(IntegerOf(*FindNotification(SCTP_ASSOC_CHANGE), "sac_error",
                      NotificationBytes(SCTP_ASSOC_CHANGE, 0, change)),
            12);
  sctp_remote_error error{};
  error.sre_error = htons(1);
  EXPECT_EQ(IntegerOf(*FindNotification(SCTP_REMOTE_ERROR), "sre_error",
                      NotificationBytes(SCTP_REMOTE_ERROR, 0, error)),
            1);
  sctp_send_failed_event failed{};
  failed.ssf_error = htons(1);
  failed.ssfe_info.snd_ppid = htonl(46);
  failed.ssfe_info.snd_sid = 7;
  const ByteVector bytes = NotificationBytes(SCTP_SEND_FAILED_EVENT, 1, failed);
  const NotificationLayout& layout = *FindNotification(SCTP_SEND_FAILED_EVENT);
  EXPECT_EQ(IntegerOf(layout, "ssf_error", bytes), 1);
  EXPECT_EQ(IntegerOf(layout, "ssfe_info.snd_ppid", bytes), 46);
  EXPECT_EQ(IntegerOf(layout, "ssfe_info.snd_sid", bytes), 7);
}

}  // namespace
}  // namespace sctp
