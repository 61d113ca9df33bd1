// Options between JavaScript objects and their layouts.
#include <cstring>
#include <limits>

#include "node/values.h"

namespace sctp::node {
namespace {

napi_typedarray_type ArrayTypeOf(FieldType type) {
  return type == FieldType::kU16List ? napi_uint16_array : napi_uint8_array;
}

std::optional<FieldValue> ToFieldValue(const Field& field, const Napi::Value& value) {
  if (field.type == FieldType::kAddress) {
    if (!value.IsObject()) return std::nullopt;
    const auto object = value.As<Napi::Object>();
    const std::optional<Address> address = ToAddress(object.Get("address"), object.Get("port"));
    if (!address) return std::nullopt;
    return *address;
  }
  if (field.type == FieldType::kU8List || field.type == FieldType::kU16List) {
    if (!value.IsTypedArray()) return std::nullopt;
    const auto type = value.As<Napi::TypedArray>().TypedArrayType();
    if (type != ArrayTypeOf(field.type)) return std::nullopt;
    const auto elements = ToBytes(value);
    if (!elements) return std::nullopt;
    return ElementBytes{*elements};
  }
  if (field.type == FieldType::kDeviceName) {
    std::optional<std::string> name = ToShortString(value);
    if (!name) return std::nullopt;
    return *std::move(name);
  }
  if (!value.IsNumber()) return std::nullopt;
  const double number = value.As<Napi::Number>().DoubleValue();
  constexpr double kExact = 9007199254740992.0;  // beyond 2^53 doubles skip integers
  if (!(number >= -kExact && number <= kExact)) return std::nullopt;
  const auto integer = static_cast<int64_t>(number);
  if (static_cast<double>(integer) != number) return std::nullopt;
  return integer;
}

Napi::Value ToTypedArray(Napi::Env env, FieldType type, std::span<const std::byte> elements) {
  auto buffer = Napi::ArrayBuffer::New(env, elements.size());
  if (buffer.IsEmpty()) return env.Undefined();  // the environment is ending
  if (!elements.empty()) std::memcpy(buffer.Data(), elements.data(), elements.size());
  if (type == FieldType::kU16List) {
    return Napi::Uint16Array::New(env, elements.size() / sizeof(uint16_t), buffer, 0);
  }
  return Napi::Uint8Array::New(env, elements.size(), buffer, 0);
}

// A number, or a bigint where a number would be inexact.
Napi::Value ToNumber(Napi::Env env, int64_t integer) {
  constexpr int64_t kMaxSafeInteger = 9007199254740991;
  if (integer > kMaxSafeInteger) return Napi::BigInt::New(env, integer);
  return Napi::Number::New(env, static_cast<double>(integer));
}

}  // namespace

std::optional<std::vector<NamedValue>> ToOptionValues(const OptionLayout& layout,
                                                      const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto object = value.As<Napi::Object>();
  std::vector<NamedValue> values;
  // A list, whose bytes are not copied, is the last field: no getter can detach them after it is
  // read.
  for (const Field& field : layout.fields) {
    const Napi::Value given = object.Get(std::string(field.name));
    if (given.IsEmpty()) return std::nullopt;  // a getter threw
    if (given.IsUndefined()) continue;
    const std::optional<FieldValue> fitting = ToFieldValue(field, given);
    if (!fitting) return std::nullopt;
    values.push_back({field.name, *fitting});
  }
  return values;
}

Napi::Object ToObject(Napi::Env env, const OptionLayout& layout, std::span<const std::byte> bytes) {
  Napi::Object object = Napi::Object::New(env);
  for (const Field& field : layout.fields) {
    const std::optional<FieldValue> value = DecodeField(field, bytes);
    if (!value) continue;
    const std::string name(field.name);
    if (const auto* integer = std::get_if<int64_t>(&*value)) {
      object.Set(name, ToNumber(env, *integer));
    } else if (const auto* list = std::get_if<ElementBytes>(&*value)) {
      object.Set(name, ToTypedArray(env, field.type, list->bytes));
    } else if (const auto* address = std::get_if<Address>(&*value)) {
      object.Set(name, ToObject(env, *address));
    } else {
      object.Set(name, std::get<std::string>(*value));
    }
  }
  return object;
}

}  // namespace sctp::node
