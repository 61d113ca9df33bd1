// The JavaScript class for packet descriptors, which see what passes this machine's interfaces.
#pragma once

#include <napi.h>

#include "core/packet_socket.h"
#include "node/watched_descriptor.h"

namespace sctp::node {

class PacketSocketWrap : public Napi::ObjectWrap<PacketSocketWrap> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x7061636b65740001};

  explicit PacketSocketWrap(const Napi::CallbackInfo& info);
  static Napi::Function Define(Napi::Env env);
  // Called for every method: a method applied to anything else must throw, not read its memory.
  static PacketSocketWrap* Unwrap(Napi::Object object);

 private:
  using Info = const Napi::CallbackInfo&;

  // open(interface, udpPort)
  Napi::Value Open(Info info);
  // receive(memory, rows)
  Napi::Value Receive(Info info);
  Napi::Value Dropped(Info info);
  Napi::Value InterfaceName(Info info);
  void CloseHandle(Info info);

  PacketSocket socket_;
  WatchedDescriptor watched_;
};

}  // namespace sctp::node
