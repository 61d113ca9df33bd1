#include "node/seqpacket_socket.h"

namespace sctp::node {

Napi::Function SeqpacketSocket::Define(Napi::Env env) {
  auto methods = CommonMethods();
  methods.push_back(InstanceMethod("associationIds", &SeqpacketSocket::AssociationIds));
  return DefineClass(env, kName, methods);
}

Napi::Value SeqpacketSocket::Abort(const Napi::CallbackInfo& info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  const auto reason = info[1].IsUndefined() ? std::span<const std::byte>() : ToBytes(info[1]);
  return Number(info, assoc_id && reason ? socket().Abort(*assoc_id, *reason) : -EINVAL);
}

Napi::Value SeqpacketSocket::AssociationIds(const Napi::CallbackInfo& info) {
  std::vector<int32_t> ids;
  if (const int error = socket().AssociationIds(ids)) return Number(info, error);
  Napi::Array array = Napi::Array::New(info.Env(), ids.size());
  for (uint32_t i = 0; i < ids.size(); ++i) array.Set(i, ids[i]);
  return array;
}

}  // namespace sctp::node
