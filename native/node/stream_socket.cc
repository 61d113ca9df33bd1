#include "node/stream_socket.h"

#include "core/route.h"

namespace sctp::node {
namespace {

// All that wait, with the usual backlog: whoever takes fewer falls behind a rush from his own
// process, which has its say only between two wakes, until the kernel turns peers away.
constexpr int kAcceptsPerWake = 512;

Napi::Array ToArray(Napi::Env env, const std::vector<Address>& addresses) {
  Napi::Array array = Napi::Array::New(env, addresses.size());
  for (uint32_t i = 0; i < addresses.size(); ++i) array.Set(i, ToObject(env, addresses[i]));
  return array;
}

Napi::Value ToValue(Napi::Env env, const std::optional<Address>& address) {
  if (!address) return env.Undefined();
  return ToObject(env, *address);
}

}  // namespace

Napi::Function StreamSocket::Define(Napi::Env env) {
  auto methods = CommonMethods();
  const auto add = [&](const char* name, auto method) {
    methods.push_back(InstanceMethod(name, method));
  };
  add("connect", &StreamSocket::Connect);
  add("send", &StreamSocket::Send);
  add("receive", &StreamSocket::Receive);
  add("subscribe", &StreamSocket::Subscribe);
  add("unacknowledgedBytes", &StreamSocket::UnacknowledgedBytes);
  add("resetStreams", &StreamSocket::ResetStreams);
  add("resetAssociation", &StreamSocket::ResetAssociation);
  add("addStreams", &StreamSocket::AddStreams);
  add("shutdownWrite", &StreamSocket::ShutdownWrite);
  add("abort", &StreamSocket::Abort);
  add("unbind", &StreamSocket::Unbind);
  add("peerAddress", &StreamSocket::PeerAddress);
  add("localAddresses", &StreamSocket::LocalAddresses);
  add("boundAddresses", &StreamSocket::BoundAddresses);
  add("peerAddresses", &StreamSocket::PeerAddresses);
  return DefineClass(env, kName, methods);
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
    const int error = socket().Accept(accepted);
    if (error == -EAGAIN) return;
    if (error == -EINTR || error == -ECONNABORTED) continue;
    if (error != 0) {
      Call(self, "onAcceptError", {Napi::Number::New(env, error)});
      return;
    }
    const Napi::HandleScope scope(env);
    const Napi::Value limit = Napi::Number::New(env, static_cast<double>(max_message_size()));
    const Napi::Object object = Environment::Of(env).stream_socket().New({limit});
    if (object.IsEmpty()) return;  // JavaScript can no longer run
    if (const int failure = Unwrap(object)->Adopt(std::move(accepted))) {
      Call(self, "onAcceptError", {Napi::Number::New(env, failure)});
      return;
    }
    Call(self, "onAccept", {object});
  }
}

Napi::Value StreamSocket::Listen(const Napi::CallbackInfo& info) {
  is_listening_ = true;
  return SocketWrap::Listen(info);
}

Napi::Value StreamSocket::Connect(const Napi::CallbackInfo& info) {
  const auto addresses = ToAddresses(info[0]);
  return Number(info, addresses ? socket().Connect(*addresses) : -EINVAL);
}

Napi::Value StreamSocket::Send(const Napi::CallbackInfo& info) {
  constexpr size_t kFirstOfInfo = 1;
  constexpr size_t kFirstOfPeer = 8;
  const auto data = ToBytes(info[0]);
  const auto send_info = ToSendInfo(info, kFirstOfInfo);
  if (!data || !send_info) return Number(info, -EINVAL);
  if (info[kFirstOfPeer].IsUndefined()) {
    return Number(info, socket().Send(nullptr, *data, *send_info));
  }
  const auto peer = ToAddress(info[kFirstOfPeer], info[kFirstOfPeer + 1]);
  return Number(info, peer ? socket().Send(&*peer, *data, *send_info) : -EINVAL);
}

Napi::Value StreamSocket::Receive(const Napi::CallbackInfo& info) {
  if (!is_open()) return Number(info, -EBADF);
  return Number(info, Deliver(info.This().As<Napi::Object>(), 0));
}

Napi::Value StreamSocket::Subscribe(const Napi::CallbackInfo& info) {
  const auto types = ToIntegers<uint16_t>(info[0]);
  const auto on = ToBoolean(info[1]);
  return Number(info, types && on ? socket().Subscribe(*types, *on) : -EINVAL);
}

Napi::Value StreamSocket::UnacknowledgedBytes(const Napi::CallbackInfo& info) {
  return Number(info, socket().UnacknowledgedBytes());
}

Napi::Value StreamSocket::ResetStreams(const Napi::CallbackInfo& info) {
  const auto flags = ToInteger<uint16_t>(info[0]);
  const auto streams = ToIntegers<uint16_t>(info[1]);
  return Number(info, flags && streams ? socket().ResetStreams(*flags, *streams) : -EINVAL);
}

Napi::Value StreamSocket::ResetAssociation(const Napi::CallbackInfo& info) {
  return Number(info, socket().ResetAssociation());
}

Napi::Value StreamSocket::AddStreams(const Napi::CallbackInfo& info) {
  const auto incoming = ToInteger<uint16_t>(info[0]);
  const auto outgoing = ToInteger<uint16_t>(info[1]);
  if (!incoming || !outgoing) return Number(info, -EINVAL);
  return Number(info, socket().AddStreams(*incoming, *outgoing));
}

Napi::Value StreamSocket::ShutdownWrite(const Napi::CallbackInfo& info) {
  return Number(info, socket().ShutdownWrite());
}

void StreamSocket::Abort(const Napi::CallbackInfo&) {
  if (!is_open()) return;
  StopWatching();
  socket().Abort();
  LetGoOfSelf();
}

Napi::Value StreamSocket::Unbind(const Napi::CallbackInfo& info) {
  const auto addresses = ToAddresses(info[0]);
  return Number(info, addresses ? socket().Unbind(*addresses) : -EINVAL);
}

Napi::Value StreamSocket::PeerAddress(const Napi::CallbackInfo& info) {
  return ToValue(info.Env(), socket().PeerAddress());
}

Napi::Value StreamSocket::LocalAddresses(const Napi::CallbackInfo& info) {
  return ToArray(info.Env(), is_listening_ ? socket().BoundAddresses() : socket().LocalAddresses());
}

Napi::Value StreamSocket::BoundAddresses(const Napi::CallbackInfo& info) {
  return ToArray(info.Env(), socket().BoundAddresses());
}

Napi::Value StreamSocket::PeerAddresses(const Napi::CallbackInfo& info) {
  return ToArray(info.Env(), socket().PeerAddresses());
}

Napi::Value RouteSource(const Napi::CallbackInfo& info) {
  const auto peer = ToAddress(info[0], info[1]);
  return ToValue(info.Env(), peer ? sctp::RouteSource(*peer) : std::nullopt);
}

}  // namespace sctp::node
