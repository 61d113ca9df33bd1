#include "node/seqpacket_socket.h"

namespace sctp::node {

Napi::Function SeqpacketSocket::Define(Napi::Env env) {
  auto methods = CommonMethods();
  methods.push_back(InstanceMethod("send", &SeqpacketSocket::Send));
  methods.push_back(InstanceMethod("associationIds", &SeqpacketSocket::AssociationIds));
  return DefineClass(env, kName, methods);
}

Napi::Value SeqpacketSocket::Send(const Napi::CallbackInfo& info) {
  constexpr size_t kFirstOfInfo = 3;
  const auto data = ToBytes(info[0]);
  const auto peer = ToAddress(info[1], info[2]);
  auto send_info = ToSendInfo(info, kFirstOfInfo);
  if (!data || !peer || !send_info) return Number(info, -EINVAL);
  send_info->may_start_association = true;
  return Number(info, socket().Send(&*peer, *data, *send_info));
}

Napi::Value SeqpacketSocket::AssociationIds(const Napi::CallbackInfo& info) {
  Napi::Array ids = Napi::Array::New(info.Env());
  for (const int32_t id : socket().AssociationIds()) ids.Set(ids.Length(), id);
  return ids;
}

}  // namespace sctp::node
