#include "node/engine_listener.h"

#include <cerrno>
#include <vector>

#include "node/engine_clock.h"
#include "node/engine_config.h"
#include "node/system_random.h"
#include "node/tagged.h"
#include "node/values.h"

namespace sctp::node {

EngineListener::EngineListener(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  napi_type_tag_object(info.Env(), info.This(), &kTypeTag);
  const auto config = ToEngineConfig(info[0]);
  if (!config) {
    ThrowIllegalConfiguration(info.Env());
    return;
  }
  listener_.emplace(*config, SystemRandom::Instance());
}

EngineListener* EngineListener::From(const Napi::Value& value) {
  EngineListener* listener = FromTagged<EngineListener>(value);
  return listener != nullptr && listener->listener_ ? listener : nullptr;
}

EngineListener* EngineListener::Unwrap(Napi::Object object) {
  EngineListener* listener = From(object);
  if (listener == nullptr) ThrowIllegalInvocation(object.Env());
  return listener;
}

Napi::Function EngineListener::Define(Napi::Env env) {
  return DefineClass(env, "EngineListener", {InstanceMethod("receive", &EngineListener::Receive)});
}

Napi::Value EngineListener::Receive(const Napi::CallbackInfo& info) {
  const auto packet = ToBytes(info[0]);
  const auto origin = ToBytes(info[1]);
  if (!packet || !origin) return Number(info, -EINVAL);
  const auto result = listener_->Receive(EngineNow(), *packet, *origin);
  if (result.verdict == engine::Listener::Verdict::kAccept) {
    return Napi::Boolean::New(info.Env(), true);
  }
  return result.reply.empty() ? info.Env().Undefined() : ToBuffer(info.Env(), result.reply);
}

Napi::Value RefuseStranger(const Napi::CallbackInfo& info) {
  const auto packet = ToBytes(info[0]);
  if (!packet) return info.Env().Undefined();
  const auto reply = engine::Listener::Refuse(EngineNow(), *packet, SystemRandom::Instance());
  return reply.empty() ? info.Env().Undefined() : ToBuffer(info.Env(), reply);
}

}  // namespace sctp::node
