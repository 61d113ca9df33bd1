// The JavaScript class for UDP descriptors that carry SCTP packets (RFC 6951) to and from
// associations of the engine.
#pragma once

#include <napi.h>

#include "core/udp_socket.h"
#include "core/udp_ways.h"
#include "node/watched_descriptor.h"

namespace sctp::node {

class UdpSocketWrap : public Napi::ObjectWrap<UdpSocketWrap> {
 public:
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x756470736f630001};

  explicit UdpSocketWrap(const Napi::CallbackInfo& info);
  static Napi::Function Define(Napi::Env env);
  // Called for every method: a method applied to anything else must throw, not read its memory.
  static UdpSocketWrap* Unwrap(Napi::Object object);

 private:
  using Info = const Napi::CallbackInfo&;

  // open(family, ipv6Only)
  Napi::Value Open(Info info);
  Napi::Value Bind(Info info);
  Napi::Value Connect(Info info);
  Napi::Value LocalAddress(Info info);
  Napi::Value LongestDatagram(Info info);
  // addWay(host, port, localHost?)
  Napi::Value AddWay(Info info);
  void RemoveWay(Info info);
  // receive(memory, rows, strangers)
  Napi::Value Receive(Info info);
  // send(way, packets, first)
  Napi::Value Send(Info info);
  // reply(host, port, localHost, packet)
  Napi::Value Reply(Info info);
  Napi::Value Watch(Info info);
  void RefHandle(Info info);
  void UnrefHandle(Info info);
  void CloseHandle(Info info);

  UdpSocket socket_;
  UdpWays ways_;
  WatchedDescriptor watched_;
};

}  // namespace sctp::node
