#include "node/seqpacket_socket.h"

namespace sctp::node {

Napi::Function SeqpacketSocket::Define(Napi::Env env) {
  auto methods = CommonMethods();
  methods.push_back(InstanceMethod("associationIds", &SeqpacketSocket::AssociationIds));
  methods.push_back(InstanceMethod("peelOff", &SeqpacketSocket::PeelOff));
  return DefineClass(env, kName, methods);
}

// new SeqpacketSocket(maxMessageSize, maxUnfinished?, reportsEarly?)
Receiver::Limits SeqpacketSocket::LimitsOf(const Napi::CallbackInfo& info) {
  return {.message = ToInteger<uint32_t>(info[0]).value_or(0),
          .unfinished = ToInteger<uint32_t>(info[1]).value_or(UINT32_MAX),
          .reports_early = ToBoolean(info[2]).value_or(false)};
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

Napi::Value SeqpacketSocket::PeelOff(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  if (!assoc_id) return Number(info, -EINVAL);
  if (!is_open()) return Number(info, -EBADF);
  const auto [message, unfinished, reports_early] = receiver().limits();
  const Napi::Object object = Environment::Of(env).seqpacket_socket().New(
      {Napi::Number::New(env, static_cast<double>(message)),
       Napi::Number::New(env, static_cast<double>(unfinished)),
       Napi::Boolean::New(env, reports_early)});
  SeqpacketSocket* const other = Made(object);
  if (other == nullptr) return env.Undefined();
  KernelSocket peeled;
  // For each chunk that moves, Linux wakes who watches, once for each association of the socket:
  // that takes four times as long as all the rest.
  const int error = Unwatched([&] { return socket().PeelOff(*assoc_id, peeled); });
  if (error != 0) return Number(info, error);
  other->is_peeled_off_ = true;
  if (const int failed = other->Adopt(std::move(peeled))) return Number(info, failed);
  receiver().Move(*assoc_id, other->receiver());
  return object;
}

}  // namespace sctp::node
