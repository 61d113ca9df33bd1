// Addresses as bytes of the kernel, compared, hashed and mapped.
#include "core/address.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>

#include "native/bytes.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::HeapBytes;

sockaddr_in SomeIn() {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(36412);
  in.sin_addr.s_addr = htonl(0xc6336407);  // 198.51.100.7
  return in;
}

sockaddr_in6 SomeIn6() {
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(38412);
  in6.sin6_addr.s6_addr[0] = 0xfd;
  in6.sin6_addr.s6_addr[15] = 0x09;
  return in6;
}

TEST(Address, EmptyByDefault) {
  const Address address;
  EXPECT_EQ(address.family(), AF_UNSPEC);
  EXPECT_EQ(address.size(), 0u);
  EXPECT_EQ(address.host(), "");
  EXPECT_EQ(address.port(), 0);
  EXPECT_FALSE(address.IsIPv4());
  EXPECT_EQ(address, Address());
  EXPECT_EQ(address.Hash(), Address().Hash());
  EXPECT_EQ(address.MappedToIPv6(), address);
}

TEST(Address, FromBytesOfIPv4) {
  const HeapBytes bytes(BytesOf(SomeIn()));
  const auto address = Address::FromBytes(bytes.view());
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host(), "198.51.100.7");
  EXPECT_EQ(address->port(), 36412);
  ASSERT_EQ(address->size(), bytes.size());
  EXPECT_EQ(std::memcmp(address->data(), bytes.data(), bytes.size()), 0);
}

TEST(Address, FromBytesOfIPv6) {
  const HeapBytes bytes(BytesOf(SomeIn6()));
  const auto address = Address::FromBytes(bytes.view());
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host(), "fd00::9");
  EXPECT_EQ(address->port(), 38412);
  ASSERT_EQ(address->size(), bytes.size());
  EXPECT_EQ(std::memcmp(address->data(), bytes.data(), bytes.size()), 0);
}

TEST(Address, FromBytesCutAtEveryLength) {
  for (const ByteVector& whole : {BytesOf(SomeIn()), BytesOf(SomeIn6())}) {
    for (size_t length = 0; length < whole.size(); ++length) {
      const HeapBytes cut{std::span(whole).first(length)};
      EXPECT_FALSE(Address::FromBytes(cut.view())) << length << " of " << whole.size();
    }
  }
}

TEST(Address, FromBytesIgnoresWhatFollows) {
  const ByteVector more = BytesOf(SomeIn()) + ByteVector(112, std::byte{0xff});
  EXPECT_EQ(Address::FromBytes(more), Address::FromBytes(BytesOf(SomeIn())));
  EXPECT_EQ(Address::FromBytes(more)->size(), sizeof(sockaddr_in));
}

TEST(Address, FromBytesOfAnotherFamily) {
  sockaddr_storage storage{};
  for (const int family : {AF_UNSPEC, AF_UNIX, AF_PACKET, 0xffff}) {
    storage.ss_family = static_cast<sa_family_t>(family);
    EXPECT_FALSE(Address::FromBytes(BytesOf(storage))) << family;
  }
}

TEST(Address, FromSockaddrBelievesTheLength) {
  sockaddr_storage storage{};
  const sockaddr_in6 in6 = SomeIn6();
  std::memcpy(&storage, &in6, sizeof in6);
  EXPECT_EQ(Address::FromSockaddr(storage, sizeof in6), Address::FromBytes(BytesOf(in6)));
  EXPECT_TRUE(Address::FromSockaddr(storage, sizeof storage));
  EXPECT_FALSE(Address::FromSockaddr(storage, sizeof in6 - 1));
  EXPECT_FALSE(Address::FromSockaddr(storage, 0));
  // The kernel reports the true length of a name it had to cut.
  EXPECT_TRUE(Address::FromSockaddr(storage, sizeof storage + 1));
}

TEST(Address, MappedToIPv6) {
  const Address mapped = Address::FromBytes(BytesOf(SomeIn()))->MappedToIPv6();
  sockaddr_in6 expected{};
  expected.sin6_family = AF_INET6;
  expected.sin6_port = htons(36412);
  ASSERT_EQ(inet_pton(AF_INET6, "::ffff:198.51.100.7", &expected.sin6_addr), 1);
  ASSERT_EQ(mapped.size(), sizeof expected);
  EXPECT_EQ(std::memcmp(mapped.data(), &expected, sizeof expected), 0);
  EXPECT_TRUE(mapped.IsIPv4());
  EXPECT_EQ(mapped.host(), "198.51.100.7");
  EXPECT_EQ(mapped.port(), 36412);
}

TEST(Address, MappedToIPv6LeavesIPv6) {
  const auto address = Address::FromBytes(BytesOf(SomeIn6()));
  EXPECT_EQ(address->MappedToIPv6(), *address);
}

TEST(Address, LinkLocal) {
  for (const char* host : {"fe80::1", "fe80::1%lo", "febf:ffff::"}) {
    EXPECT_TRUE(Address::Parse(host, 0)->IsLinkLocal()) << host;
  }
  for (const char* host : {"::", "::1", "fe7f::1", "fec0::1", "fd00::1", "ff02::1", "169.254.0.1",
                           "::ffff:169.254.0.1", "254.128.0.0"}) {
    EXPECT_FALSE(Address::Parse(host, 0)->IsLinkLocal()) << host;
  }
  EXPECT_FALSE(Address().IsLinkLocal());
}

TEST(Address, Scope) {
  EXPECT_EQ(Address::Parse("fe80::1%7", 0)->scope(), 7u);
  EXPECT_EQ(Address::Parse("fe80::1", 0)->scope(), 0u);
  EXPECT_EQ(Address::Parse("192.0.2.1", 0)->scope(), 0u);
  EXPECT_EQ(Address().scope(), 0u);
}

TEST(Address, WithScope) {
  const Address address = Address::Parse("fe80::1%7", 9).value();
  EXPECT_EQ(address.WithScope(8), Address::Parse("fe80::1%8", 9));
  EXPECT_EQ(address.WithScope(0), Address::Parse("fe80::1", 9));
  EXPECT_EQ(address.scope(), 7u);
  // Those without a scope stay as they are.
  const Address ipv4 = Address::Parse("192.0.2.1", 9).value();
  EXPECT_EQ(ipv4.WithScope(8), ipv4);
  EXPECT_EQ(ipv4.WithScope(8).scope(), 0u);
}

TEST(Address, EqualOnlyIfAllIsEqual) {
  const auto parse = [](const char* host, uint16_t port) {
    return Address::Parse(host, port).value();
  };
  EXPECT_EQ(parse("192.0.2.1", 1), parse("192.0.2.1", 1));
  EXPECT_FALSE(parse("192.0.2.1", 1) == parse("192.0.2.1", 2));
  EXPECT_FALSE(parse("192.0.2.1", 1) == parse("192.0.2.2", 1));
  EXPECT_EQ(parse("2001:db8::1", 1), parse("2001:db8:0::1", 1));
  EXPECT_FALSE(parse("2001:db8::1", 1) == parse("2001:db8::1", 2));
  EXPECT_FALSE(parse("2001:db8::1", 1) == parse("2001:db8::2", 1));
  EXPECT_FALSE(parse("fe80::1%lo", 1) == parse("fe80::1", 1));
  EXPECT_FALSE(parse("192.0.2.1", 1) == parse("::ffff:192.0.2.1", 1));
  EXPECT_FALSE(parse("0.0.0.0", 0) == Address());
  EXPECT_FALSE(parse("::", 0) == Address());
}

// The kernel does not promise what lies in sin_zero or sin6_flowinfo.
TEST(Address, EqualAndHashedAlikeWhateverThePadding) {
  sockaddr_in in = SomeIn();
  std::memset(in.sin_zero, 0xff, sizeof in.sin_zero);
  sockaddr_in6 in6 = SomeIn6();
  in6.sin6_flowinfo = htonl(0xfffff);
  for (const auto& [plain, padded] :
       {std::pair(BytesOf(SomeIn()), BytesOf(in)), std::pair(BytesOf(SomeIn6()), BytesOf(in6))}) {
    const auto one = Address::FromBytes(plain);
    const auto other = Address::FromBytes(padded);
    EXPECT_EQ(one, other);
    EXPECT_EQ(one->Hash(), other->Hash());
  }
}

// Not promised for every pair, but a hash that ignores these would be useless.
TEST(Address, HashTellsHostsAndPortsApart) {
  const auto hash = [](const char* host, uint16_t port) {
    return Address::Parse(host, port).value().Hash();
  };
  EXPECT_NE(hash("192.0.2.1", 1), hash("192.0.2.2", 1));
  EXPECT_NE(hash("192.0.2.1", 1), hash("192.0.2.1", 2));
  EXPECT_NE(hash("2001:db8::1", 1), hash("2001:db8::2", 1));
  EXPECT_NE(hash("2001:db8::1", 1), hash("2001:db8::1", 2));
}

// The kernel notes where packets came in, whatever the address; it only means something on links.
TEST(Address, ScopeOnlyOfLinkLocalAddresses) {
  const auto reported = [](const char* host) {
    sockaddr_in6 in6{};
    in6.sin6_family = AF_INET6;
    inet_pton(AF_INET6, host, &in6.sin6_addr);
    in6.sin6_scope_id = 1;
    return Address::FromBytes(test::BytesOf(in6))->host();
  };
  EXPECT_EQ(reported("::1"), "::1");
  EXPECT_EQ(reported("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(reported("fe80::1"), "fe80::1%lo");
  EXPECT_EQ(reported("ff02::1"), "ff02::1%lo");
}

}  // namespace
}  // namespace sctp
