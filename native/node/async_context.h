// The asynchronous context that callbacks run in: that of the code that opened the socket. It is
// what AsyncLocalStorage and async_hooks follow.
#pragma once

#include <napi.h>

namespace sctp::node {

class AsyncContext {
 public:
  AsyncContext() = default;
  AsyncContext(const AsyncContext&) = delete;
  AsyncContext& operator=(const AsyncContext&) = delete;
  ~AsyncContext() { End(); }

  // Node makes a resource of its own for it. The socket's object must not be the resource: from
  // Node 26 on it would be kept alive by its own context, for ever.
  void Begin(napi_env env, const char* name) {
    if (context_ != nullptr) return;
    napi_value text = nullptr;
    if (napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text) != napi_ok) return;
    if (napi_async_init(env, nullptr, text, &context_) == napi_ok) env_ = env;
  }

  // It keeps alive what is stored in the context, which may know the socket: the sooner the better,
  // but not while a callback runs in it.
  void End() {
    if (context_ != nullptr) napi_async_destroy(env_, context_);
    context_ = nullptr;
  }

  // Null is an empty context.
  napi_async_context get() const { return context_; }

 private:
  napi_env env_ = nullptr;
  napi_async_context context_ = nullptr;
};

}  // namespace sctp::node
