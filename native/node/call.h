// Calls of methods that JavaScript has put on an object of ours.
#pragma once

#include <napi.h>

#include <initializer_list>

namespace sctp::node {

// What the method throws is an uncaught exception, as it is from any event handler. Needs a handle
// scope. `context`: null is an empty one.
inline void CallMethod(const Napi::Object& self, const char* method,
                       const std::initializer_list<napi_value>& arguments = {},
                       napi_async_context context = nullptr) {
  napi_env env = self.Env();
  napi_value function = nullptr;
  if (napi_get_named_property(env, self, method, &function) == napi_ok) {
    napi_make_callback(env, context, self, function, arguments.size(), arguments.begin(), nullptr);
  }
  bool threw = false;
  napi_value exception = nullptr;
  if (napi_is_exception_pending(env, &threw) == napi_ok && threw &&
      napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
}

}  // namespace sctp::node
