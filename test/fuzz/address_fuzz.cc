// Addresses from the kernel's bytes and from users' text.
#include <cstring>
#include <string_view>

#include "core/address.h"
#include "fuzz/require.h"
#include "native/bytes.h"

namespace sctp {
namespace {

using test::Require;

void CheckAccessors(const Address& address) {
  Require(address.size() == sizeof(sockaddr_in) || address.size() == sizeof(sockaddr_in6), "size");
  Require(address == address, "equal to itself");
  const Address mapped = address.MappedToIPv6();
  Require(mapped.family() == AF_INET6, "mapped is IPv6");
  Require(mapped.port() == address.port(), "mapping keeps the port");
  Require(mapped.IsIPv4() == address.IsIPv4(), "mapping keeps the kind");

  // As text and back: the same to users, if not the same bytes (IPv4-mapped becomes IPv4).
  const auto again = Address::Parse(address.host(), address.port());
  Require(again.has_value(), "host() can be parsed");
  Require(again->host() == address.host(), "host() stays the same");
  Require(again->port() == address.port(), "port() stays the same");
  if (*again == address) Require(again->Hash() == address.Hash(), "equal addresses hash alike");
  if (again->family() == address.family()) Require(*again == address, "text is complete");
}

void CheckBytes(std::span<const std::byte> bytes) {
  const test::HeapBytes heap(bytes);
  const auto address = Address::FromBytes(heap.view());
  if (!address) return;
  Require(address->size() <= bytes.size(), "no bytes that were not given");
  sockaddr_storage expected{};
  std::memcpy(&expected, bytes.data(), address->size());
  // Most IPv6 addresses have no scope, and the kernel leaves there what it likes.
  auto& in6 = reinterpret_cast<sockaddr_in6&>(expected);
  if (address->family() == AF_INET6 && address->scope() == 0) in6.sin6_scope_id = 0;
  Require(std::memcmp(address->data(), &expected, address->size()) == 0, "the same bytes");
  CheckAccessors(*address);
}

void CheckText(std::string_view text, uint16_t port) {
  const auto address = Address::Parse(text, port);
  if (!address) return;
  Require(address->port() == port, "the port given");
  CheckAccessors(*address);
}

}  // namespace
}  // namespace sctp

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  sctp::CheckBytes(bytes);
  sctp::CheckText({reinterpret_cast<const char*>(data), size}, static_cast<uint16_t>(size * 257));
  return 0;
}
