#include "core/address.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <charconv>
#include <cstring>
#include <functional>

namespace sctp {
namespace {

// A scope after '%': an interface's name, or its number.
std::optional<uint32_t> ParseScope(const std::string& scope) {
  if (scope.empty()) return std::nullopt;
  if (const unsigned index = if_nametoindex(scope.c_str()); index != 0) return index;
  uint32_t index = 0;
  const auto [end, error] = std::from_chars(scope.data(), scope.data() + scope.size(), index);
  if (error != std::errc() || end != scope.data() + scope.size()) return std::nullopt;
  return index;
}

std::optional<sockaddr_in6> ParseIPv6(const std::string& host, uint16_t port) {
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(port);
  std::string literal = host;
  if (const size_t percent = host.find('%'); percent != std::string::npos) {
    const std::optional<uint32_t> scope = ParseScope(host.substr(percent + 1));
    if (!scope) return std::nullopt;
    in6.sin6_scope_id = *scope;
    literal.resize(percent);
  }
  if (inet_pton(AF_INET6, literal.c_str(), &in6.sin6_addr) != 1) return std::nullopt;
  return in6;
}

// Whether the same address may exist on several links.
bool HasScope(const in6_addr& address) {
  return IN6_IS_ADDR_LINKLOCAL(&address) || IN6_IS_ADDR_MULTICAST(&address);
}

}  // namespace

std::optional<Address> Address::Parse(std::string_view host, uint16_t port) {
  // An embedded NUL would end the C string early and let "127.0.0.1\0junk" through.
  if (host.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string text(host);
  Address address;

  sockaddr_in in{};
  if (inet_pton(AF_INET, text.c_str(), &in.sin_addr) == 1) {
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&address.storage_, &in, sizeof in);
    return address;
  }
  if (const std::optional<sockaddr_in6> in6 = ParseIPv6(text, port)) {
    std::memcpy(&address.storage_, &*in6, sizeof *in6);
    return address;
  }
  return std::nullopt;
}

std::optional<Address> Address::FromBytes(std::span<const std::byte> bytes) {
  sa_family_t family = AF_UNSPEC;
  if (bytes.size() < sizeof family) return std::nullopt;
  std::memcpy(&family, bytes.data(), sizeof family);

  size_t size = 0;
  if (family == AF_INET) size = sizeof(sockaddr_in);
  if (family == AF_INET6) size = sizeof(sockaddr_in6);
  if (size == 0 || bytes.size() < size) return std::nullopt;

  Address address;
  std::memcpy(&address.storage_, bytes.data(), size);
  // The kernel also notes where packets from other addresses came in: "::1%lo".
  auto& in6 = reinterpret_cast<sockaddr_in6&>(address.storage_);
  if (family == AF_INET6 && !HasScope(in6.sin6_addr)) in6.sin6_scope_id = 0;
  return address;
}

std::optional<Address> Address::FromSockaddr(const sockaddr_storage& storage, socklen_t length) {
  const size_t usable = length < sizeof storage ? length : sizeof storage;
  return FromBytes(std::as_bytes(std::span(&storage, 1)).first(usable));
}

Address Address::MappedToIPv6() const {
  if (family() != AF_INET) return *this;
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = in().sin_port;
  in6.sin6_addr.s6_addr[10] = 0xff;
  in6.sin6_addr.s6_addr[11] = 0xff;
  std::memcpy(&in6.sin6_addr.s6_addr[12], &in().sin_addr, sizeof in().sin_addr);
  Address mapped;
  std::memcpy(&mapped.storage_, &in6, sizeof in6);
  return mapped;
}

socklen_t Address::size() const {
  if (family() == AF_INET) return sizeof(sockaddr_in);
  if (family() == AF_INET6) return sizeof(sockaddr_in6);
  return 0;
}

bool Address::IsIPv4() const {
  return family() == AF_INET || (family() == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&in6().sin6_addr));
}

uint16_t Address::port() const {
  // The port sits at the same place in both forms.
  return ntohs(in().sin_port);
}

std::string Address::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET) {
    inet_ntop(AF_INET, &in().sin_addr, text, sizeof text);
    return text;
  }
  if (family() != AF_INET6) return "";
  if (IsIPv4()) {
    inet_ntop(AF_INET, &in6().sin6_addr.s6_addr[12], text, sizeof text);
    return text;
  }
  inet_ntop(AF_INET6, &in6().sin6_addr, text, sizeof text);
  if (in6().sin6_scope_id == 0) return text;
  char name[IF_NAMESIZE] = "";
  if (if_indextoname(in6().sin6_scope_id, name) != nullptr) return std::string(text) + '%' + name;
  return std::string(text) + '%' + std::to_string(in6().sin6_scope_id);
}

bool Address::IsLinkLocal() const {
  return family() == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&in6().sin6_addr);
}

uint32_t Address::scope() const { return family() == AF_INET6 ? in6().sin6_scope_id : 0; }

Address Address::WithScope(uint32_t scope) const {
  sockaddr_in6 scoped = in6();
  scoped.sin6_scope_id = scope;
  Address address;
  std::memcpy(&address.storage_, &scoped, sizeof scoped);
  return address;
}

bool Address::operator==(const Address& other) const {
  if (family() != other.family()) return false;
  if (family() == AF_INET) {
    return in().sin_port == other.in().sin_port &&
           in().sin_addr.s_addr == other.in().sin_addr.s_addr;
  }
  if (family() != AF_INET6) return true;
  return in6().sin6_port == other.in6().sin6_port &&
         in6().sin6_scope_id == other.in6().sin6_scope_id &&
         std::memcmp(&in6().sin6_addr, &other.in6().sin6_addr, sizeof(in6_addr)) == 0;
}

size_t Address::Hash() const {
  size_t hash = static_cast<size_t>(family()) << 16 | port();
  const auto mix = [&hash](const void* bytes, size_t size) {
    const std::string_view view(static_cast<const char*>(bytes), size);
    hash = hash * 31 + std::hash<std::string_view>()(view);
  };
  if (family() == AF_INET) mix(&in().sin_addr, sizeof(in_addr));
  if (family() == AF_INET6) mix(&in6().sin6_addr, sizeof(in6_addr));
  return hash;
}

}  // namespace sctp
