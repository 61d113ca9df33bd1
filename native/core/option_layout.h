// Socket options as byte layouts: where each field of each struct lies, taken from the header.
//
// What an option means, its units, limits and defaults are TypeScript's (lib/options); here is
// only what must not be typed by hand: offsets, sizes and numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/address.h"

namespace sctp {

enum class FieldType { kU8, kU16, kU32, kI32, kU64, kBigEndian16, kBigEndian32, kAddress };

struct Field {
  std::string_view name;
  size_t offset;
  FieldType type;
};

struct OptionLayout {
  std::string_view name;  // as in setOption(name, …)
  int level;
  int number;
  size_t size;
  std::span<const Field> fields;
  // A number that ignores the sysctl's limit but needs CAP_NET_ADMIN, tried first; or 0.
  int privileged_number = 0;
};

std::span<const OptionLayout> OptionLayouts();
const OptionLayout* FindOption(std::string_view name);

using FieldValue = std::variant<int64_t, Address>;
struct NamedValue {
  std::string_view name;
  FieldValue value;
};

// The option's bytes; fields that `values` does not name are 0.
// Nothing if a name is not a field of this option or a value does not fit its field.
std::optional<std::vector<std::byte>> EncodeOption(const OptionLayout& layout,
                                                   std::span<const NamedValue> values);

// The value of a field. Addresses the kernel left empty are absent. Above 2^63 - 1, which no
// counter reaches, a kU64 reads as that.
std::optional<FieldValue> DecodeField(const Field& field, std::span<const std::byte> bytes);

}  // namespace sctp
