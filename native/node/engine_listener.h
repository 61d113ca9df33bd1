// The JavaScript class for the door of a server on the engine: answers strangers without
// remembering them.
#pragma once

#include <napi.h>

#include <optional>

#include "engine/listener.h"

namespace sctp::node {

class EngineListener : public Napi::ObjectWrap<EngineListener> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x6c697374656e0001};

  explicit EngineListener(const Napi::CallbackInfo& info);
  static Napi::Function Define(Napi::Env env);
  static EngineListener* Unwrap(Napi::Object object);
  // Nothing, and nothing thrown, if it is none.
  static EngineListener* From(const Napi::Value& value);

  const engine::CookieSecret& secret() const { return listener_->secret(); }

 private:
  // receive(packet, origin)
  Napi::Value Receive(const Napi::CallbackInfo& info);

  std::optional<engine::Listener> listener_;
};

// refuseStranger(packet): the answer of a port on which nobody listens, or undefined.
Napi::Value RefuseStranger(const Napi::CallbackInfo& info);

}  // namespace sctp::node
