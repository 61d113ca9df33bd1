// Memory of JavaScript's that native code writes to, or keeps a copy of.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>

#include "node/values.h"

namespace sctp::node {

// Nothing if it is no view, or not aligned.
template <typename T>
std::span<T> ToWritable(const Napi::Value& value) {
  const auto bytes = ToBytes(value);
  if (!bytes || reinterpret_cast<uintptr_t>(bytes->data()) % alignof(T) != 0) return {};
  auto* data = const_cast<std::byte*>(bytes->data());
  return {reinterpret_cast<T*>(data), bytes->size() / sizeof(T)};
}

// Another thread can change shared memory between two looks at it.
inline bool IsShared(const Napi::Value& view) {
  napi_value buffer = nullptr;
  bool is_private = false;
  const napi_status status =
      view.IsDataView()
          ? napi_get_dataview_info(view.Env(), view, nullptr, nullptr, &buffer, nullptr)
          : napi_get_typedarray_info(view.Env(), view, nullptr, nullptr, nullptr, &buffer, nullptr);
  return status != napi_ok || buffer == nullptr ||
         napi_is_arraybuffer(view.Env(), buffer, &is_private) != napi_ok || !is_private;
}

}  // namespace sctp::node
