#include "node/stream_socket.h"

namespace sctp::node {
namespace {

// The whole usual backlog: with fewer, a burst of connects from this process, which runs only
// between two wakes, could outrun us until the kernel refuses peers.
constexpr size_t kMostAccepted = 512;
// But making sockets of them, and what listeners do with each, must not keep the event loop from
// everything else.
constexpr uint64_t kHandOverNanoseconds = 10'000'000;

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
  const int error = TakeFromBacklog();
  if (error != 0) Call(self, "onAcceptError", {Napi::Number::New(Env(), error)});
  HandOver(self);
}

// Returns 0, or the negative errno that keeps more from being accepted.
int StreamSocket::TakeFromBacklog() {
  while (accepted_.size() < kMostAccepted) {
    Accepted accepted;
    const int error = socket().Accept(accepted.socket, accepted.peer);
    if (error == -EAGAIN) return 0;
    if (error == -EINTR || error == -ECONNABORTED) continue;
    if (error != 0) return error;
    accepted_.push_back(std::move(accepted));
  }
  return 0;
}

// The rest waits until the event loop has gone round.
void StreamSocket::HandOver(const Napi::Object& self) {
  Napi::Env env = Env();
  const uint64_t begun = uv_hrtime();
  while (!accepted_.empty() && is_open()) {
    if (uv_hrtime() - begun > kHandOverNanoseconds) {
      Call(self, "onAcceptRest", {});
      return;
    }
    Accepted accepted = std::move(accepted_.front());
    accepted_.pop_front();
    const Napi::HandleScope scope(env);
    const size_t longest = receiver().limits().message;
    const Napi::Value limit = Napi::Number::New(env, static_cast<double>(longest));
    const Napi::Object object = Environment::Of(env).stream_socket().New({limit});
    StreamSocket* const made = Made(object);
    if (made == nullptr) return;
    if (const int failure = made->Adopt(std::move(accepted.socket))) {
      Call(self, "onAcceptError", {Napi::Number::New(env, failure)});
      return;
    }
    const Napi::Value peer = ToValue(env, accepted.peer);
    if (peer.IsEmpty()) return;
    Call(self, "onAccept", {object, peer});
  }
}

Napi::Value StreamSocket::Receive(const Napi::CallbackInfo& info) {
  if (!is_listening_ || !is_open()) return SocketWrap::Receive(info);
  HandOver(info.This().As<Napi::Object>());
  return Number(info, accepted_.empty() ? 0 : 1);
}

void StreamSocket::CloseHandle(const Napi::CallbackInfo& info) {
  // As the kernel does it for those in the backlog.
  for (Accepted& accepted : accepted_) accepted.socket.Abort(0, {});
  accepted_.clear();
  SocketWrap::CloseHandle(info);
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
  ReleaseSelf();
  return Number(info, error);
}

}  // namespace sctp::node
