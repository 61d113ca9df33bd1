#include "core/option_codec.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace sctp {
namespace {

size_t FieldSize(FieldType type) {
  switch (type) {
    case FieldType::kU8: return 1;
    case FieldType::kU16:
    case FieldType::kBigEndian16: return 2;
    case FieldType::kU32:
    case FieldType::kI32:
    case FieldType::kBigEndian32: return 4;
    case FieldType::kU64: return 8;
    case FieldType::kAddress: return sizeof(sockaddr_storage);
  }
  return 0;
}

template <typename T>
bool Store(int64_t value, std::byte* target, T (*order)(T) = nullptr) {
  if (!std::in_range<T>(value)) return false;
  T narrow = static_cast<T>(value);
  if (order != nullptr) narrow = order(narrow);
  std::memcpy(target, &narrow, sizeof narrow);
  return true;
}

template <typename T>
int64_t Load(const std::byte* source, T (*order)(T) = nullptr) {
  T value;
  std::memcpy(&value, source, sizeof value);
  if (order != nullptr) value = order(value);
  return std::in_range<int64_t>(value) ? static_cast<int64_t>(value)
                                       : std::numeric_limits<int64_t>::max();
}

bool StoreInteger(FieldType type, int64_t value, std::byte* target) {
  switch (type) {
    case FieldType::kU8: return Store<uint8_t>(value, target);
    case FieldType::kU16: return Store<uint16_t>(value, target);
    case FieldType::kU32: return Store<uint32_t>(value, target);
    case FieldType::kI32: return Store<int32_t>(value, target);
    case FieldType::kU64: return Store<uint64_t>(value, target);
    case FieldType::kBigEndian16: return Store<uint16_t>(value, target, htons);
    case FieldType::kBigEndian32: return Store<uint32_t>(value, target, htonl);
    case FieldType::kAddress: return false;
  }
  return false;
}

}  // namespace

std::optional<std::vector<std::byte>> EncodeOption(const OptionLayout& layout,
                                                   std::span<const NamedValue> values) {
  std::vector<std::byte> bytes(layout.size);
  for (const auto& [name, value] : values) {
    const auto field = std::ranges::find(layout.fields, name, &Field::name);
    if (field == layout.fields.end()) return std::nullopt;
    std::byte* target = bytes.data() + field->offset;
    if (const auto* integer = std::get_if<int64_t>(&value)) {
      if (!StoreInteger(field->type, *integer, target)) return std::nullopt;
    } else if (field->type == FieldType::kAddress) {
      const auto& address = std::get<Address>(value);
      std::memcpy(target, address.data(), address.size());
    } else {
      return std::nullopt;
    }
  }
  return bytes;
}

std::optional<FieldValue> DecodeField(const Field& field, std::span<const std::byte> bytes) {
  if (field.offset + FieldSize(field.type) > bytes.size()) return std::nullopt;
  const std::byte* source = bytes.data() + field.offset;
  switch (field.type) {
    case FieldType::kU8: return Load<uint8_t>(source);
    case FieldType::kU16: return Load<uint16_t>(source);
    case FieldType::kU32: return Load<uint32_t>(source);
    case FieldType::kI32: return Load<int32_t>(source);
    case FieldType::kU64: return Load<uint64_t>(source);
    case FieldType::kBigEndian16: return Load<uint16_t>(source, ntohs);
    case FieldType::kBigEndian32: return Load<uint32_t>(source, ntohl);
    case FieldType::kAddress: return Address::FromBytes(bytes.subspan(field.offset));
  }
  return std::nullopt;
}

}  // namespace sctp
