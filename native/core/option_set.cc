#include "core/option_set.h"

#include <cstdint>
#include <cstring>

namespace sctp {
namespace {

// Before the bytes of each option.
struct Header {
  uint32_t layout;  // its place among OptionLayouts()
  uint32_t length;
};

}  // namespace

void PackOption(const PackedOption& option, std::vector<std::byte>& set) {
  const Header header{.layout = static_cast<uint32_t>(option.layout - OptionLayouts().data()),
                      .length = static_cast<uint32_t>(option.bytes.size())};
  const auto bytes = std::as_bytes(std::span(&header, 1));
  set.insert(set.end(), bytes.begin(), bytes.end());
  set.insert(set.end(), option.bytes.begin(), option.bytes.end());
}

std::optional<PackedOption> TakeOption(std::span<const std::byte>& set) {
  Header header{};
  if (set.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, set.data(), sizeof header);
  const auto rest = set.subspan(sizeof header);
  const auto layouts = OptionLayouts();
  if (header.layout >= layouts.size() || header.length > rest.size()) return std::nullopt;
  set = rest.subspan(header.length);
  return PackedOption{.layout = &layouts[header.layout], .bytes = rest.first(header.length)};
}

}  // namespace sctp
