// The JavaScript class for one-to-many sockets (SOCK_SEQPACKET).
#pragma once

#include "node/socket_wrap.h"

namespace sctp::node {

class SeqpacketSocket : public SocketWrap<SeqpacketSocket> {
 public:
  static constexpr const char* kName = "SeqpacketSocket";
  static constexpr int kStyle = SOCK_SEQPACKET;
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x736571706b740001};

  using SocketWrap::SocketWrap;
  static Napi::Function Define(Napi::Env env);
  static Receiver::Limits LimitsOf(const Napi::CallbackInfo& info);

  // The loss of a peeled-off association is reported even while nothing is read, as an error of the
  // descriptor. With several associations an error is not the end of the others.
  int idle_events() const { return is_peeled_off_ ? UV_DISCONNECT : 0; }
  bool error_is_last() const { return is_peeled_off_; }

 private:
  friend class SocketWrap<SeqpacketSocket>;

  void OnReadable(const Napi::Object& self, int error) { Deliver(self, error); }

  // abort(assocId, reason?)
  Napi::Value Abort(const Napi::CallbackInfo& info);
  Napi::Value AssociationIds(const Napi::CallbackInfo& info);
  // peelOff(assocId): another object of this class, or negative errno
  Napi::Value PeelOff(const Napi::CallbackInfo& info);

  bool is_peeled_off_ = false;
};

}  // namespace sctp::node
