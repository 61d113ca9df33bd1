#include "node/engine_payload.h"

#include <memory>

#include "node/values.h"

namespace sctp::node {

std::optional<engine::Payload> ToPayload(const Napi::Value& value) {
  if (!value.IsString()) {
    const auto bytes = ToBytes(value);
    return bytes ? std::optional(engine::Payload::Copy(*bytes)) : std::nullopt;
  }
  size_t length = 0;
  if (napi_get_value_string_utf8(value.Env(), value, nullptr, 0, &length) != napi_ok) {
    return std::nullopt;
  }
  auto text = std::make_unique_for_overwrite<char[]>(length + 1);
  napi_get_value_string_utf8(value.Env(), value, text.get(), length + 1, &length);
  char* data = text.release();
  return engine::Payload(std::as_bytes(std::span(data, length)),
                         {data, [](void* held) { delete[] static_cast<char*>(held); }});
}

}  // namespace sctp::node
