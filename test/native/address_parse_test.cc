// Address::Parse: what users type.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <net/if.h>

#include <cstring>
#include <string>
#include <string_view>

#include "core/address.h"

namespace sctp {
namespace {

using std::string_view_literals::operator""sv;

sockaddr_in6 AsIn6(const Address& address) {
  sockaddr_in6 in6{};
  EXPECT_EQ(address.size(), sizeof in6);
  std::memcpy(&in6, address.data(), sizeof in6);
  return in6;
}

TEST(AddressParse, IPv4) {
  const auto address = Address::Parse("192.0.2.1", 3868);
  ASSERT_TRUE(address);
  sockaddr_in in{};
  ASSERT_EQ(address->size(), sizeof in);
  std::memcpy(&in, address->data(), sizeof in);
  EXPECT_EQ(in.sin_family, AF_INET);
  EXPECT_EQ(in.sin_port, htons(3868));
  EXPECT_EQ(in.sin_addr.s_addr, htonl(0xc0000201));
  EXPECT_EQ(address->family(), AF_INET);
  EXPECT_TRUE(address->IsIPv4());
  EXPECT_EQ(address->host(), "192.0.2.1");
  EXPECT_EQ(address->port(), 3868);
}

TEST(AddressParse, IPv6) {
  const auto address = Address::Parse("2001:db8:0:0::1", 2905);
  ASSERT_TRUE(address);
  const sockaddr_in6 in6 = AsIn6(*address);
  EXPECT_EQ(in6.sin6_family, AF_INET6);
  EXPECT_EQ(in6.sin6_port, htons(2905));
  EXPECT_EQ(in6.sin6_flowinfo, 0u);
  EXPECT_EQ(in6.sin6_scope_id, 0u);
  const uint8_t expected[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  EXPECT_EQ(std::memcmp(&in6.sin6_addr, expected, sizeof expected), 0);
  EXPECT_EQ(address->family(), AF_INET6);
  EXPECT_FALSE(address->IsIPv4());
  EXPECT_EQ(address->host(), "2001:db8::1");
  EXPECT_EQ(address->port(), 2905);
}

TEST(AddressParse, MappedIPv4IsSeenAsIPv4) {
  const auto address = Address::Parse("::ffff:192.0.2.1", 1);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->family(), AF_INET6);
  EXPECT_TRUE(address->IsIPv4());
  EXPECT_EQ(address->host(), "192.0.2.1");
  EXPECT_EQ(address->port(), 1);
}

TEST(AddressParse, Ports) {
  for (const int number : {0, 1, 255, 256, 65535}) {
    const auto port = static_cast<uint16_t>(number);
    EXPECT_EQ(Address::Parse("127.0.0.1", port).value().port(), port);
    EXPECT_EQ(Address::Parse("::1", port).value().port(), port);
  }
}

TEST(AddressParse, ScopeByInterfaceName) {
  const auto address = Address::Parse("fe80::1%lo", 0);
  ASSERT_TRUE(address);
  EXPECT_EQ(AsIn6(*address).sin6_scope_id, if_nametoindex("lo"));
  EXPECT_EQ(address->host(), "fe80::1%lo");
}

TEST(AddressParse, ScopeByNumber) {
  const std::string number = std::to_string(if_nametoindex("lo"));
  const auto address = Address::Parse("fe80::1%" + number, 0);
  ASSERT_TRUE(address);
  EXPECT_EQ(address, Address::Parse("fe80::1%lo", 0));
}

TEST(AddressParse, ScopeWithoutInterfaceKeepsItsNumber) {
  const auto address = Address::Parse("fe80::1%4294967295", 0);
  ASSERT_TRUE(address);
  EXPECT_EQ(AsIn6(*address).sin6_scope_id, 4294967295u);
  EXPECT_EQ(address->host(), "fe80::1%4294967295");
}

TEST(AddressParse, ScopeZeroIsNone) {
  const auto address = Address::Parse("fe80::1%0", 0);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host(), "fe80::1");
}

TEST(AddressParse, EveryAddressBackFromItsText) {
  for (const std::string_view host : {"0.0.0.0", "255.255.255.255", "127.0.0.1", "::", "::1",
                                      "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "fe80::1%lo",
                                      "2001:db8:1:2:3:4:5:6", "64:ff9b::192.0.2.33"}) {
    const auto address = Address::Parse(host, 7);
    ASSERT_TRUE(address) << host;
    EXPECT_EQ(Address::Parse(address->host(), 7), address) << host;
  }
}

TEST(AddressParse, Junk) {
  for (const std::string_view host :
       {"", " ", "localhost", "1.2.3", "1.2.3.4.5", "256.0.0.1", " 127.0.0.1", "127.0.0.1 ",
        "127.0.0.1:80", "[::1]", "::1::", ":::", "12345::", "1:2:3:4:5:6:7:8:9", "0x7f.0.0.1",
        "010.0.0.1", "127.1", "-1.0.0.1", "::ffff:256.0.0.1"}) {
    EXPECT_FALSE(Address::Parse(host, 0)) << '"' << host << '"';
  }
}

TEST(AddressParse, JunkScopes) {
  for (const std::string_view host :
       {"fe80::1%", "%lo", "%", "fe80::1%%lo", "fe80::1%lo%lo", "fe80::1%no-such-interface",
        "fe80::1%-1", "fe80::1%+1", "fe80::1% 1", "fe80::1%1 ", "fe80::1%4294967296", "fe80::1%1x",
        "127.0.0.1%lo"}) {
    EXPECT_FALSE(Address::Parse(host, 0)) << '"' << host << '"';
  }
}

// A C string would end there, and what follows would never be looked at.
TEST(AddressParse, EmbeddedNul) {
  for (const std::string_view host : {"127.0.0.1\0"sv, "127.0.0.1\0junk"sv, "\000127.0.0.1"sv,
                                      "::1\0"sv, "fe80::1%lo\0junk"sv, "fe80::1\0%lo"sv, "\0"sv}) {
    EXPECT_FALSE(Address::Parse(host, 0));
  }
}

TEST(AddressParse, LongText) {
  EXPECT_FALSE(Address::Parse(std::string(100000, '1'), 0));
  EXPECT_FALSE(Address::Parse("fe80::1%" + std::string(100000, 'a'), 0));
}

}  // namespace
}  // namespace sctp
