#include "node/stream_socket.h"

namespace sctp::node {
namespace {

// The whole usual backlog: with fewer, a burst of connects from this process, which runs only
// between two wakes, could outrun us until the kernel refuses peers.
constexpr int kAcceptsPerWake = 512;

}  // namespace

Napi::Function StreamSocket::Define(Napi::Env env) {
  auto methods = CommonMethods();
  methods.push_back(InstanceMethod("startedStreams", &StreamSocket::StartedStreams));
  return DefineClass(env, kName, methods);
}

// new StreamSocket(maxMessageSize)
Receiver::Limits StreamSocket::LimitsOf(const Napi::CallbackInfo& info) {
  const size_t longest = ToInteger<uint32_t>(info[0]).value_or(0);
  return {.message = longest, .unfinished = SIZE_MAX, .reports_early = true};
}

void StreamSocket::OnReadable(const Napi::Object& self, int error) {
  // A listener's pending error is that of an association that ended before it was accepted.
  if (is_listening_) {
    AcceptWaiting(self);
  } else {
    Deliver(self, error);
  }
}

void StreamSocket::AcceptWaiting(const Napi::Object& self) {
  Napi::Env env = Env();
  for (int i = 0; i < kAcceptsPerWake && is_open(); ++i) {
    KernelSocket accepted;
    std::optional<Address> peer;
    const int error = socket().Accept(accepted, peer);
    if (error == -EAGAIN) return;
    if (error == -EINTR || error == -ECONNABORTED) continue;
    if (error != 0) {
      Call(self, "onAcceptError", {Napi::Number::New(env, error)});
      return;
    }
    const Napi::HandleScope scope(env);
    const size_t longest = receiver().limits().message;
    const Napi::Value limit = Napi::Number::New(env, static_cast<double>(longest));
    const Napi::Object object = Environment::Of(env).stream_socket().New({limit});
    if (object.IsEmpty()) return;  // JavaScript can no longer run
    if (const int failure = Unwrap(object)->Adopt(std::move(accepted))) {
      Call(self, "onAcceptError", {Napi::Number::New(env, failure)});
      return;
    }
    Call(self, "onAccept", {object, ToValue(env, peer)});
  }
}

Napi::Value StreamSocket::Listen(const Napi::CallbackInfo& info) {
  is_listening_ = true;
  return SocketWrap::Listen(info);
}

Napi::Value StreamSocket::StartedStreams(const Napi::CallbackInfo& info) {
  const auto streams = socket().PeekStartedStreams();
  if (!streams) return info.Env().Undefined();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("outStreams", static_cast<uint32_t>(streams->outbound));
  object.Set("inStreams", static_cast<uint32_t>(streams->inbound));
  return object;
}

Napi::Value StreamSocket::Abort(const Napi::CallbackInfo& info) {
  if (!is_open()) return Number(info, -EBADF);
  StopWatching();
  constexpr int32_t kOnlyAssociation = 0;
  const int error = socket().Abort(kOnlyAssociation, {});
  LetGoOfSelf();
  return Number(info, error);
}

}  // namespace sctp::node
