// Socket options as byte layouts: where each field of each struct lies, taken from the header.
//
// What an option means, its units, limits and defaults are TypeScript's (lib/options); here is
// only what must not be typed by hand: offsets, sizes and numbers. The layouts are in
// core/options, one file for each theme.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace sctp {

enum class FieldType {
  kU8,
  kU16,
  kU32,
  kI32,
  kU64,
  kBigEndian16,
  kBigEndian32,
  kAddress,
  kDeviceName,  // of a network device, IFNAMSIZ bytes
  // Any length, at the end of the struct: a field elsewhere in it has the count.
  kU8List,
  kU16List,
};

struct Field {
  std::string_view name;
  size_t offset;
  FieldType type;
  // For a list: type and offset of its element count.
  FieldType count_type = FieldType::kU32;
  size_t count_offset = 0;
};

struct OptionLayout {
  std::string_view name;  // as in setOption(name, …)
  int level;
  int number;
  size_t size;  // without the elements of a list
  std::span<const Field> fields;
  // A number that ignores the sysctl's limit but needs CAP_NET_ADMIN, tried first; or 0.
  int privileged_number = 0;
};

std::span<const OptionLayout> OptionLayouts();
const OptionLayout* FindOption(std::string_view name);

}  // namespace sctp
