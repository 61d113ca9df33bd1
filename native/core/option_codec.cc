#include "core/option_codec.h"

#include <arpa/inet.h>
#include <net/if.h>

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
    case FieldType::kDeviceName: return IFNAMSIZ;
    case FieldType::kU8List:
    case FieldType::kU16List: return 0;
  }
  return 0;
}

// The size of a list's element; 0 for anything else.
size_t ElementSize(FieldType type) {
  switch (type) {
    case FieldType::kU8List: return 1;
    case FieldType::kU16List: return 2;
    default: return 0;
  }
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
    case FieldType::kAddress:
    case FieldType::kDeviceName:
    case FieldType::kU8List:
    case FieldType::kU16List: return false;
  }
  return false;
}

bool StoreList(const Field& field, std::span<const std::byte> elements,
               std::vector<std::byte>& bytes) {
  const size_t size = ElementSize(field.type);
  if (elements.size() % size != 0) return false;
  const auto count = static_cast<int64_t>(elements.size() / size);
  if (!StoreInteger(field.count_type, count, bytes.data() + field.count_offset)) return false;
  bytes.resize(field.offset + elements.size());
  std::ranges::copy(elements, bytes.begin() + static_cast<ptrdiff_t>(field.offset));
  return true;
}

std::optional<ElementBytes> LoadList(const Field& field, std::span<const std::byte> bytes) {
  const auto count = DecodeField({"", field.count_offset, field.count_type}, bytes);
  if (!count || field.offset > bytes.size()) return std::nullopt;
  const auto length = static_cast<uint64_t>(std::get<int64_t>(*count)) * ElementSize(field.type);
  if (length > bytes.size() - field.offset) return std::nullopt;
  return ElementBytes{bytes.subspan(field.offset, length)};
}

bool StoreDeviceName(FieldType type, const std::string& name, std::byte* target) {
  if (type != FieldType::kDeviceName || name.size() >= IFNAMSIZ || name.find('\0') != name.npos)
    return false;
  std::memset(target, 0, IFNAMSIZ);
  std::memcpy(target, name.data(), name.size());
  return true;
}

std::string LoadDeviceName(const std::byte* source) {
  const auto* text = reinterpret_cast<const char*>(source);
  return {text, strnlen(text, IFNAMSIZ - 1)};
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
    } else if (const auto* list = std::get_if<ElementBytes>(&value)) {
      if (ElementSize(field->type) == 0) return std::nullopt;
      if (!StoreList(*field, list->bytes, bytes)) return std::nullopt;
    } else if (const auto* address = std::get_if<Address>(&value)) {
      if (field->type != FieldType::kAddress) return std::nullopt;
      std::memcpy(target, address->data(), address->size());
    } else if (!StoreDeviceName(field->type, std::get<std::string>(value), target)) {
      return std::nullopt;
    }
  }
  return bytes;
}

size_t RoomForList(const OptionLayout& layout) {
  // Longer than any parameter that the peer's list could have come in.
  constexpr size_t kRoom = 65536;
  const auto is_list = [](const Field& field) { return ElementSize(field.type) != 0; };
  return std::ranges::any_of(layout.fields, is_list) ? kRoom : 0;
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
    case FieldType::kDeviceName: return LoadDeviceName(source);
    case FieldType::kU8List:
    case FieldType::kU16List: return LoadList(field, bytes);
  }
  return std::nullopt;
}

}  // namespace sctp
