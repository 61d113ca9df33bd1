// Between JavaScript values and the core's types. Nothing here throws: what does not fit is absent.
#pragma once

#include <napi.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/address.h"
#include "core/control.h"
#include "core/notification.h"
#include "core/option_codec.h"

namespace sctp::node {

// An integer within the range of T; nothing for fractions, NaN and other types.
template <typename T>
std::optional<T> ToInteger(const Napi::Value& value);

// An array of such integers, or a typed array for them; nothing if one of them does not fit.
template <typename T>
std::optional<std::vector<T>> ToIntegers(const Napi::Value& value);

std::optional<bool> ToBoolean(const Napi::Value& value);

// A string short enough to be a name or an address.
std::optional<std::string> ToShortString(const Napi::Value& value);

std::optional<Address> ToAddress(const Napi::Value& host, const Napi::Value& port);

// A list of hosts, each followed by its port. Nothing if one of them is no address.
std::optional<std::vector<Address>> ToAddresses(const Napi::Value& value);

// The bytes of a typed array or DataView.
std::optional<std::span<const std::byte>> ToBytes(const Napi::Value& value);

// How to send a message: the eight arguments of a send() that begin at `first`, of which the last
// but one, the number of a key, may be undefined.
std::optional<SendInfo> ToSendInfo(const Napi::CallbackInfo& info, size_t first);

// The fields of an option that the object names.
std::optional<std::vector<NamedValue>> ToOptionValues(const OptionLayout& layout,
                                                      const Napi::Value& value);

// What a method returns: a count, an id, 0 or negative errno.
Napi::Value Number(const Napi::CallbackInfo& info, int64_t value);

Napi::Value ToBuffer(Napi::Env env, std::span<const std::byte> bytes);  // a copy

// Empty while the environment ends, or where the stack is exhausted.
Napi::Object ToObject(Napi::Env env, const Address& address);
Napi::Value ToValue(Napi::Env env, const std::optional<Address>& address);  // or undefined
Napi::Array ToArray(Napi::Env env, const std::vector<Address>& addresses);
Napi::Object ToObject(Napi::Env env, const Notification& notification);
// With these fields; all, if none is named.
Napi::Object ToObject(Napi::Env env, const OptionLayout& layout, std::span<const std::byte> bytes,
                      std::span<const std::string> wanted = {});

}  // namespace sctp::node
