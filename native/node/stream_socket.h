// The JavaScript class for one-to-one sockets (SOCK_STREAM): one association, or a listener.
#pragma once

#include <deque>
#include <optional>

#include "node/socket_wrap.h"

namespace sctp::node {

class StreamSocket : public SocketWrap<StreamSocket> {
 public:
  static constexpr const char* kName = "StreamSocket";
  static constexpr int kStyle = SOCK_STREAM;
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x73747265616d0001};

  using SocketWrap::SocketWrap;
  static Napi::Function Define(Napi::Env env);
  static Receiver::Limits LimitsOf(const Napi::CallbackInfo& info);

  // The loss of the association is reported even while nothing is read.
  static int idle_events() { return UV_DISCONNECT; }
  static bool error_is_last() { return true; }

 private:
  struct Accepted {
    KernelSocket socket;
    std::optional<Address> peer;
  };

  friend class SocketWrap<StreamSocket>;

  void OnReadable(const Napi::Object& self, int error);
  void AcceptWaiting(const Napi::Object& self);
  int TakeFromBacklog();
  void HandOver(const Napi::Object& self);

  Napi::Value Listen(const Napi::CallbackInfo& info);
  // For a listener: hands over associations that were accepted before.
  Napi::Value Receive(const Napi::CallbackInfo& info);
  void CloseHandle(const Napi::CallbackInfo& info);
  Napi::Value StartedStreams(const Napi::CallbackInfo& info);
  // Closes, with an ABORT.
  Napi::Value Abort(const Napi::CallbackInfo& info);

  bool is_listening_ = false;
  std::deque<Accepted> accepted_;  // not handed over yet
};

}  // namespace sctp::node
