// Options between values by name and the bytes of their structs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

#include "core/address.h"
#include "core/option_layout.h"

namespace sctp {

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
