// A socket address: IPv4, or IPv6 with its scope.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sctp {

class Address {
 public:
  Address() = default;

  // A numeric host: "192.0.2.1", "2001:db8::1", "fe80::1%eth0", "fe80::1%2".
  static std::optional<Address> Parse(std::string_view host, uint16_t port);

  // The address at the start of `bytes`; nothing if the family is unknown or bytes are missing.
  static std::optional<Address> FromBytes(std::span<const std::byte> bytes);

  // What recvmsg or getsockname filled in.
  static std::optional<Address> FromSockaddr(const sockaddr_storage& storage, socklen_t length);

  // An IPv4 address as ::ffff:a.b.c.d; any other as it is.
  Address MappedToIPv6() const;

  const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const;
  int family() const { return storage_.ss_family; }

  // True for an IPv4 address in either form: users see an IPv4-mapped one as IPv4.
  bool IsIPv4() const;
  uint16_t port() const;
  std::string host() const;

  // A link-local IPv6 address means nothing without its scope, the number of an interface. Other
  // addresses have none: 0.
  bool IsLinkLocal() const;
  uint32_t scope() const;
  Address WithScope(uint32_t scope) const;

  bool operator==(const Address& other) const;
  size_t Hash() const;

 private:
  const sockaddr_in& in() const { return reinterpret_cast<const sockaddr_in&>(storage_); }
  const sockaddr_in6& in6() const { return reinterpret_cast<const sockaddr_in6&>(storage_); }

  sockaddr_storage storage_{};
};

}  // namespace sctp
