// The JavaScript class for one-to-many sockets (SOCK_SEQPACKET).
#pragma once

#include "node/socket_wrap.h"

namespace sctp::node {

class SeqpacketSocket : public SocketWrap<SeqpacketSocket> {
 public:
  static constexpr const char* kName = "SeqpacketSocket";
  static constexpr int kStyle = SOCK_SEQPACKET;
  static constexpr int kIdleEvents = 0;
  static constexpr bool kErrorIsLast = false;  // other associations go on
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x736571706b740001};

  using SocketWrap::SocketWrap;
  static Napi::Function Define(Napi::Env env);

 private:
  friend class SocketWrap<SeqpacketSocket>;

  void OnReadable(const Napi::Object& self, int error) { Deliver(self, error); }

  // abort(assocId, reason?)
  Napi::Value Abort(const Napi::CallbackInfo& info);
  Napi::Value AssociationIds(const Napi::CallbackInfo& info);
};

}  // namespace sctp::node
