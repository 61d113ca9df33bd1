#include "node/values.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "node/environment.h"

namespace sctp::node {
namespace {

// Longer than any address with a scope, any option's name.
constexpr size_t kShortString = 128;

}  // namespace

template <typename T>
std::optional<T> ToInteger(const Napi::Value& value) {
  if (!value.IsNumber()) return std::nullopt;
  const double number = value.As<Napi::Number>().DoubleValue();
  if (std::trunc(number) != number) return std::nullopt;  // a fraction, or NaN
  if (number < static_cast<double>(std::numeric_limits<T>::min()) ||
      number > static_cast<double>(std::numeric_limits<T>::max())) {
    return std::nullopt;
  }
  return static_cast<T>(number);
}

template std::optional<uint16_t> ToInteger(const Napi::Value& value);
template std::optional<int32_t> ToInteger(const Napi::Value& value);
template std::optional<uint32_t> ToInteger(const Napi::Value& value);

template <typename T>
std::optional<std::vector<T>> ToIntegers(const Napi::Value& value) {
  if (value.IsTypedArray()) {
    static_assert(std::is_same_v<T, uint16_t>);
    const bool fits = value.As<Napi::TypedArray>().TypedArrayType() == napi_uint16_array;
    const auto bytes = fits ? ToBytes(value) : std::nullopt;
    if (!bytes) return std::nullopt;
    std::vector<T> integers(bytes->size() / sizeof(T));
    if (!integers.empty()) std::memcpy(integers.data(), bytes->data(), bytes->size());
    return integers;
  }
  if (!value.IsArray()) return std::nullopt;
  const auto array = value.As<Napi::Array>();
  std::vector<T> integers;
  for (uint32_t i = 0; i < array.Length(); ++i) {
    const std::optional<T> integer = ToInteger<T>(array.Get(i));
    if (!integer) return std::nullopt;
    integers.push_back(*integer);
  }
  return integers;
}

template std::optional<std::vector<uint16_t>> ToIntegers(const Napi::Value& value);

std::optional<bool> ToBoolean(const Napi::Value& value) {
  if (!value.IsBoolean()) return std::nullopt;
  return value.As<Napi::Boolean>().Value();
}

std::optional<std::string> ToShortString(const Napi::Value& value) {
  if (!value.IsString()) return std::nullopt;
  char text[kShortString];
  size_t length = 0;
  if (napi_get_value_string_utf8(value.Env(), value, text, sizeof text, &length) != napi_ok) {
    return std::nullopt;
  }
  if (length + 1 == sizeof text) return std::nullopt;  // truncated
  return std::string(text, length);
}

std::optional<Address> ToAddress(const Napi::Value& host, const Napi::Value& port) {
  const std::optional<std::string> name = ToShortString(host);
  const std::optional<uint16_t> number = ToInteger<uint16_t>(port);
  if (!name || !number) return std::nullopt;
  return Address::Parse(*name, *number);
}

std::optional<std::vector<Address>> ToAddresses(const Napi::Value& value) {
  if (!value.IsArray()) return std::nullopt;
  const auto array = value.As<Napi::Array>();
  std::vector<Address> addresses;
  for (uint32_t i = 0; i + 1 < array.Length(); i += 2) {
    const std::optional<Address> address = ToAddress(array.Get(i), array.Get(i + 1));
    if (!address) return std::nullopt;
    addresses.push_back(*address);
  }
  return addresses;
}

std::optional<std::span<const std::byte>> ToBytes(const Napi::Value& value) {
  void* data = nullptr;
  size_t length = 0;
  if (value.IsTypedArray()) {
    const auto array = value.As<Napi::TypedArray>();
    napi_status status =
        napi_get_typedarray_info(value.Env(), array, nullptr, nullptr, &data, nullptr, nullptr);
    if (status != napi_ok) return std::nullopt;
    length = array.ByteLength();
  } else if (value.IsDataView()) {
    napi_status status =
        napi_get_dataview_info(value.Env(), value, &length, &data, nullptr, nullptr);
    if (status != napi_ok) return std::nullopt;
  } else {
    return std::nullopt;
  }
  if (data == nullptr) length = 0;  // detached
  return std::span(static_cast<const std::byte*>(data), length);
}

std::optional<SendInfo> ToSendInfo(const Napi::CallbackInfo& info, size_t first) {
  const auto sid = ToInteger<uint16_t>(info[first]);
  const auto ppid = ToInteger<uint32_t>(info[first + 1]);
  const auto flags = ToInteger<uint16_t>(info[first + 2]);
  const auto context = ToInteger<uint32_t>(info[first + 3]);
  const auto policy = ToInteger<uint16_t>(info[first + 4]);
  const auto value = ToInteger<uint32_t>(info[first + 5]);
  const auto auth_key = ToInteger<uint16_t>(info[first + 6]);
  const auto assoc_id = ToInteger<int32_t>(info[first + 7]);
  if (!sid || !ppid || !flags || !context || !policy || !value || !assoc_id) return std::nullopt;
  if (!auth_key && !info[first + 6].IsUndefined()) return std::nullopt;
  return SendInfo{.stream = *sid,
                  .flags = *flags,
                  .ppid = *ppid,
                  .context = *context,
                  .assoc_id = *assoc_id,
                  .pr_policy = *policy,
                  .pr_value = *value,
                  .auth_key = auth_key};
}

Napi::Value Number(const Napi::CallbackInfo& info, int64_t value) {
  return Napi::Number::New(info.Env(), static_cast<double>(value));
}

Napi::Value ToBuffer(Napi::Env env, std::span<const std::byte> bytes) {
  return Napi::Buffer<uint8_t>::Copy(env, reinterpret_cast<const uint8_t*>(bytes.data()),
                                     bytes.size());
}

Napi::Object ToObject(Napi::Env env, const Address& address) {
  const napi_value object = Environment::Of(env).NewAddress(
      {Napi::String::New(env, address.host()), Napi::Boolean::New(env, address.IsIPv4()),
       Napi::Number::New(env, address.port())});
  return {env, object};
}

Napi::Value ToValue(Napi::Env env, const std::optional<Address>& address) {
  if (!address) return env.Undefined();
  return ToObject(env, *address);
}

Napi::Array ToArray(Napi::Env env, const std::vector<Address>& addresses) {
  Napi::Array array = Napi::Array::New(env, addresses.size());
  for (uint32_t i = 0; i < addresses.size(); ++i) {
    const Napi::HandleScope scope(env);
    array.Set(i, ToObject(env, addresses[i]));
  }
  return array;
}

}  // namespace sctp::node
