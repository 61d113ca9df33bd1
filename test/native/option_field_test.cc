// Kinds of option fields: their ranges, byte orders, and what is refused.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>

#include <cstdint>
#include <limits>

#include "core/option_codec.h"
#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::HeapBytes;
using test::TextBytes;
using test::operator+;

// The kernel's most crooked struct: packed, so that some fields are not aligned.
constexpr Field kPaddrFields[] = {
    {"assocId", offsetof(sctp_paddrparams, spp_assoc_id), FieldType::kI32},
    {"address", offsetof(sctp_paddrparams, spp_address), FieldType::kAddress},
    {"pathMaxRxt", offsetof(sctp_paddrparams, spp_pathmaxrxt), FieldType::kU16},
    {"pathMtu", offsetof(sctp_paddrparams, spp_pathmtu), FieldType::kU32},
    {"dscp", offsetof(sctp_paddrparams, spp_dscp), FieldType::kU8},
};
constexpr OptionLayout kPaddr = {"paddr", IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS,
                                 sizeof(sctp_paddrparams), kPaddrFields};

constexpr Field kEncapsFields[] = {
    {"address", offsetof(sctp_udpencaps, sue_address), FieldType::kAddress},
    {"port", offsetof(sctp_udpencaps, sue_port), FieldType::kBigEndian16},
};
constexpr OptionLayout kEncaps = {"encaps", IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
                                  sizeof(sctp_udpencaps), kEncapsFields};

std::optional<ByteVector> Encode(const OptionLayout& layout, std::vector<NamedValue> values) {
  return EncodeOption(layout, values);
}

std::optional<FieldValue> Decode(const OptionLayout& layout, size_t field,
                                 const ByteVector& bytes) {
  return DecodeField(layout.fields[field], HeapBytes(bytes).view());
}

TEST(OptionField, UnalignedAndAddress) {
  auto expected = test::Zeroed<sctp_paddrparams>();
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(3868);
  in6.sin6_addr = in6addr_loopback;
  std::memcpy(&expected.spp_address, &in6, sizeof in6);
  expected.spp_assoc_id = 5;
  expected.spp_pathmaxrxt = 0x0102;
  expected.spp_pathmtu = 0x03040506;
  expected.spp_dscp = 0x28;

  const Address address = Address::Parse("::1", 3868).value();
  const std::vector<NamedValue> values = {{"assocId", 5},
                                          {"address", address},
                                          {"pathMaxRxt", 0x0102},
                                          {"pathMtu", 0x03040506},
                                          {"dscp", 0x28}};
  EXPECT_EQ(EncodeOption(kPaddr, values), BytesOf(expected));
  for (size_t field = 0; field < values.size(); ++field) {
    EXPECT_EQ(Decode(kPaddr, field, BytesOf(expected)), values[field].value) << values[field].name;
  }
}

TEST(OptionField, BigEndian16AndIPv4) {
  auto expected = test::Zeroed<sctp_udpencaps>();
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(0x7f000001);
  std::memcpy(&expected.sue_address, &in, sizeof in);
  expected.sue_port = htons(9899);

  const Address address = Address::Parse("127.0.0.1", 0).value();
  EXPECT_EQ(Encode(kEncaps, {{"port", 9899}, {"address", address}}), BytesOf(expected));
  EXPECT_EQ(Decode(kEncaps, 0, BytesOf(expected)), FieldValue(address));
  EXPECT_EQ(Decode(kEncaps, 1, BytesOf(expected)), FieldValue(9899));
}

struct Range {
  FieldType type;
  size_t size;
  int64_t min;
  int64_t max;
};

constexpr Range kRanges[] = {
    {FieldType::kU8, 1, 0, 0xff},
    {FieldType::kU16, 2, 0, 0xffff},
    {FieldType::kU32, 4, 0, 0xffffffff},
    {FieldType::kI32, 4, -0x80000000ll, 0x7fffffff},
    {FieldType::kBigEndian16, 2, 0, 0xffff},
    {FieldType::kBigEndian32, 4, 0, 0xffffffff},
};

TEST(OptionField, RangeOfEachType) {
  for (const auto& [type, size, min, max] : kRanges) {
    const Field field = {"value", 0, type};
    const OptionLayout layout = {"one", 0, 0, size, {&field, 1}};
    for (const int64_t value : {min, max, int64_t{0}, int64_t{1}}) {
      const auto bytes = Encode(layout, {{"value", value}});
      ASSERT_TRUE(bytes) << value;
      EXPECT_EQ(bytes->size(), size);
      EXPECT_EQ(Decode(layout, 0, *bytes), FieldValue(value));
    }
    for (const int64_t value : {min - 1, max + 1, std::numeric_limits<int64_t>::min(),
                                std::numeric_limits<int64_t>::max()}) {
      EXPECT_FALSE(Encode(layout, {{"value", value}})) << value << " in " << size << " bytes";
    }
  }
}

// Values are int64_t: of a field's 64 bits, all that a counter will ever use.
TEST(OptionField, RangeOfU64) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const Field field = {"value", 0, FieldType::kU64};
  const OptionLayout layout = {"one", 0, 0, 8, {&field, 1}};
  for (const int64_t value : {int64_t{0}, int64_t{1}, int64_t{1} << 53, kMax}) {
    EXPECT_EQ(Encode(layout, {{"value", value}}), BytesOf(static_cast<uint64_t>(value)));
    EXPECT_EQ(Decode(layout, 0, BytesOf(value)), FieldValue(value));
  }
  EXPECT_FALSE(Encode(layout, {{"value", -1}}));
  EXPECT_EQ(Decode(layout, 0, BytesOf(uint64_t{1} << 63)), FieldValue(kMax));
  EXPECT_EQ(Decode(layout, 0, BytesOf(std::numeric_limits<uint64_t>::max())), FieldValue(kMax));
  EXPECT_FALSE(Decode(layout, 0, ByteVector(7)));
}

TEST(OptionField, ByteOrders) {
  const auto bytes_of = [](FieldType type, int64_t value) {
    const Field field = {"value", 0, type};
    return Encode({"one", 0, 0, 4, {&field, 1}}, {{"value", value}});
  };
  EXPECT_EQ(bytes_of(FieldType::kBigEndian16, 0x0102), TextBytes(std::string_view("\1\2\0\0", 4)));
  EXPECT_EQ(bytes_of(FieldType::kBigEndian32, 0x01020304), TextBytes("\1\2\3\4"));
  EXPECT_EQ(bytes_of(FieldType::kU32, 0x01020304), BytesOf(uint32_t{0x01020304}));
  EXPECT_EQ(bytes_of(FieldType::kI32, -2), BytesOf(int32_t{-2}));
}

TEST(OptionField, LeftOutFieldsAreZero) {
  EXPECT_EQ(Encode(kPaddr, {}), ByteVector(sizeof(sctp_paddrparams)));
}

TEST(OptionField, LastOfTwoValuesWins) {
  EXPECT_EQ(Encode(kPaddr, {{"dscp", 1}, {"dscp", 2}}), Encode(kPaddr, {{"dscp", 2}}));
}

TEST(OptionField, UnknownNames) {
  for (const std::string_view name : {"", "assocID", "dscp ", "dsc"}) {
    EXPECT_FALSE(Encode(kPaddr, {{name, 0}})) << name;
    EXPECT_FALSE(Encode(kPaddr, {{"dscp", 0}, {name, 0}})) << name;
  }
}

TEST(OptionField, ValueOfTheWrongKind) {
  EXPECT_FALSE(Encode(kPaddr, {{"address", 0}}));
  EXPECT_FALSE(Encode(kPaddr, {{"dscp", Address()}}));
  EXPECT_FALSE(Encode(kPaddr, {{"pathMtu", Address::Parse("::1", 0).value()}}));
}

TEST(OptionField, DeviceName) {
  const Field field = {"value", 0, FieldType::kDeviceName};
  const OptionLayout layout = {"one", 0, 0, IFNAMSIZ, {&field, 1}};
  const std::string longest(IFNAMSIZ - 1, 'x');
  for (const std::string& name : {std::string(), std::string("lo"), longest}) {
    const auto bytes = Encode(layout, {{"value", name}});
    ASSERT_TRUE(bytes) << name;
    EXPECT_EQ(Decode(layout, 0, *bytes), FieldValue(name));
  }
  EXPECT_EQ(Encode(layout, {{"value", std::string("lo")}}),
            TextBytes(std::string("lo") + std::string(IFNAMSIZ - 2, '\0')));
  for (const std::string& name : {longest + 'x', std::string("l\0o", 3)}) {
    EXPECT_FALSE(Encode(layout, {{"value", name}})) << name;
  }
  EXPECT_FALSE(Encode(layout, {{"value", 7}}));
  EXPECT_FALSE(Encode(kPaddr, {{"address", std::string("lo")}}));
  EXPECT_FALSE(Encode(kPaddr, {{"dscp", std::string("lo")}}));
  // A name always leaves room for its end.
  EXPECT_EQ(Decode(layout, 0, ByteVector(IFNAMSIZ, std::byte{'x'})), FieldValue(longest));
  EXPECT_FALSE(Decode(layout, 0, ByteVector(IFNAMSIZ - 1)));
}

TEST(OptionField, AnswerCutAtEveryLength) {
  for (size_t field = 0; field < kPaddr.fields.size(); ++field) {
    constexpr size_t kSizes[] = {4, sizeof(sockaddr_storage), 2, 4, 1};
    const size_t needed = kPaddr.fields[field].offset + kSizes[field];
    ByteVector bytes(sizeof(sctp_paddrparams));
    bytes[offsetof(sctp_paddrparams, spp_address)] = std::byte{AF_INET};
    for (size_t length = 0; length <= bytes.size(); ++length) {
      const HeapBytes cut{std::span(bytes).first(length)};
      EXPECT_EQ(DecodeField(kPaddr.fields[field], cut.view()).has_value(), length >= needed)
          << kPaddr.fields[field].name << " in " << length;
    }
  }
}

TEST(OptionField, EmptyAddressIsAbsent) {
  EXPECT_FALSE(Decode(kPaddr, 1, ByteVector(sizeof(sctp_paddrparams))));
}

constexpr Field kListFields[] = {
    {"before", 0, FieldType::kU8},
    {"list", 3, FieldType::kU16List, FieldType::kU16, 1},
};
constexpr OptionLayout kList = {"list", 0, 0, 3, kListFields};

TEST(OptionField, ListsAreCountedAndFollowTheStruct) {
  constexpr uint16_t kNumbers[] = {0x0102, 0xfffe};
  const ElementBytes list{std::as_bytes(std::span(kNumbers))};
  const auto bytes = Encode(kList, {{"list", list}, {"before", 7}});
  ASSERT_TRUE(bytes);
  EXPECT_EQ(*bytes, BytesOf(uint8_t{7}) + BytesOf(uint16_t{2}) + BytesOf(kNumbers));
  const HeapBytes heap(*bytes);
  EXPECT_EQ(DecodeField(kListFields[1], heap.view()), FieldValue(list));
  EXPECT_EQ(Encode(kList, {{"before", 7}}), BytesOf(uint8_t{7}) + BytesOf(uint16_t{0}));
  EXPECT_EQ(Encode(kList, {{"list", ElementBytes{}}}), ByteVector(3));
}

TEST(OptionField, ListsThatDoNotFit) {
  const ByteVector odd(3);
  EXPECT_FALSE(Encode(kList, {{"list", ElementBytes{odd}}})) << "half an element";
  const ByteVector many(2 * 0x10000);
  EXPECT_FALSE(Encode(kList, {{"list", ElementBytes{many}}})) << "more than the count can say";
  EXPECT_TRUE(
      Encode(kList, {{"list", ElementBytes{std::span<const std::byte>(many).first(2 * 0xffff)}}}));
  EXPECT_FALSE(Encode(kList, {{"list", 5}}));
  EXPECT_FALSE(Encode(kList, {{"before", ElementBytes{}}}));
  EXPECT_FALSE(Encode(kList, {{"list", Address()}}));
}

TEST(OptionField, ListsThatTheKernelCutsOff) {
  const ByteVector full = BytesOf(uint8_t{7}) + BytesOf(uint16_t{2}) + ByteVector(4);
  for (size_t length = 0; length < full.size(); ++length) {
    const HeapBytes heap(std::span<const std::byte>(full).first(length));
    EXPECT_FALSE(DecodeField(kListFields[1], heap.view())) << length;
  }
  const HeapBytes longer(full + ByteVector(9));  // a buffer with room to spare
  const auto value = DecodeField(kListFields[1], longer.view());
  EXPECT_EQ(std::get<ElementBytes>(value.value()).bytes.size(), 4u);
}

TEST(OptionField, RoomOnlyForLists) {
  EXPECT_GT(RoomForList(kList), 1000u);
  EXPECT_EQ(RoomForList(kPaddr), 0u);
}

}  // namespace
}  // namespace sctp
