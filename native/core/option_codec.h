// Options between values by name and the bytes of their structs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/address.h"
#include "core/option_layout.h"

namespace sctp {

// The elements of a list in this machine's byte order. They are not owned: a key must not be copied
// more often than necessary.
struct ElementBytes {
  std::span<const std::byte> bytes;
  bool operator==(const ElementBytes& other) const {
    return std::ranges::equal(bytes, other.bytes);
  }
};

using FieldValue = std::variant<int64_t, Address, std::string, ElementBytes>;
struct NamedValue {
  std::string_view name;
  FieldValue value;
};

// The option's bytes; fields that `values` does not name are 0, and lists empty.
// Nothing if a name is not a field of this option or a value does not fit its field.
std::optional<std::vector<std::byte>> EncodeOption(const OptionLayout& layout,
                                                   std::span<const NamedValue> values);

// Bytes to leave for the list that the kernel may answer with, after the struct.
size_t RoomForList(const OptionLayout& layout);

// The value of a field; a list's is part of `bytes`. Addresses the kernel left empty are absent.
// Above 2^63 - 1, which no counter reaches, a kU64 reads as that.
std::optional<FieldValue> DecodeField(const Field& field, std::span<const std::byte> bytes);

}  // namespace sctp
