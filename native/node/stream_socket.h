// The JavaScript class for one-to-one sockets (SOCK_STREAM): one association, or a listener.
#pragma once

#include "node/socket_wrap.h"

namespace sctp::node {

class StreamSocket : public SocketWrap<StreamSocket> {
 public:
  static constexpr const char* kName = "StreamSocket";
  static constexpr int kStyle = SOCK_STREAM;
  // Though nobody reads now, the loss of the association is news.
  static constexpr int kIdleEvents = UV_DISCONNECT;
  static constexpr bool kErrorIsLast = true;
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x73747265616d0001};

  using SocketWrap::SocketWrap;
  static Napi::Function Define(Napi::Env env);

 private:
  friend class SocketWrap<StreamSocket>;

  void OnReadable(const Napi::Object& self, int error);
  void AcceptWaiting(const Napi::Object& self);

  Napi::Value Listen(const Napi::CallbackInfo& info);
  // connect([host, port, host, port, …])
  Napi::Value Connect(const Napi::CallbackInfo& info);
  // send(data, sid, ppid, flags, context, prPolicy, prValue, authKeyNumber?, host?, port?)
  Napi::Value Send(const Napi::CallbackInfo& info);
  Napi::Value Receive(const Napi::CallbackInfo& info);
  // subscribe([type, type, …], on)
  Napi::Value Subscribe(const Napi::CallbackInfo& info);
  Napi::Value UnacknowledgedBytes(const Napi::CallbackInfo& info);
  // resetStreams(flags, [stream, …])
  Napi::Value ResetStreams(const Napi::CallbackInfo& info);
  Napi::Value ResetAssociation(const Napi::CallbackInfo& info);
  // addStreams(incoming, outgoing)
  Napi::Value AddStreams(const Napi::CallbackInfo& info);
  Napi::Value ShutdownWrite(const Napi::CallbackInfo& info);
  void Abort(const Napi::CallbackInfo& info);
  // unbind([host, port, host, port, …])
  Napi::Value Unbind(const Napi::CallbackInfo& info);
  Napi::Value PeerAddress(const Napi::CallbackInfo& info);
  Napi::Value LocalAddresses(const Napi::CallbackInfo& info);
  Napi::Value BoundAddresses(const Napi::CallbackInfo& info);
  Napi::Value PeerAddresses(const Napi::CallbackInfo& info);

  bool is_listening_ = false;
};

// routeSource(host, port): the address of this machine that is used to reach that one.
Napi::Value RouteSource(const Napi::CallbackInfo& info);

}  // namespace sctp::node
