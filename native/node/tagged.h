// Objects of the addon's classes, known by their type tag: a method may be applied to anything.
#pragma once

#include <napi.h>

namespace sctp::node {

// Nothing, and nothing thrown, if it is no object of the class.
template <typename Class>
Class* FromTagged(const Napi::Value& value) {
  bool is_ours = false;
  if (value.IsObject()) {
    napi_check_object_type_tag(value.Env(), value, &Class::kTypeTag, &is_ours);
  }
  return is_ours ? Napi::ObjectWrap<Class>::Unwrap(value.As<Napi::Object>()) : nullptr;
}

inline void ThrowIllegalInvocation(Napi::Env env) {
  Napi::TypeError::New(env, "Illegal invocation").ThrowAsJavaScriptException();
}

// For every method's `this`. Throws if it is no object of the class.
template <typename Class>
Class* UnwrapTagged(const Napi::Object& object) {
  Class* const found = FromTagged<Class>(object);
  if (found == nullptr) ThrowIllegalInvocation(object.Env());
  return found;
}

}  // namespace sctp::node
