#include "node/seqpacket_socket.h"

namespace sctp::node {
namespace {

// The arguments of send() after the address.
std::optional<SendInfo> ToSendInfo(const Napi::CallbackInfo& info, size_t first) {
  const auto sid = ToInteger<uint16_t>(info[first]);
  const auto ppid = ToInteger<uint32_t>(info[first + 1]);
  const auto flags = ToInteger<uint16_t>(info[first + 2]);
  const auto context = ToInteger<uint32_t>(info[first + 3]);
  const auto policy = ToInteger<uint16_t>(info[first + 4]);
  const auto value = ToInteger<uint32_t>(info[first + 5]);
  if (!sid || !ppid || !flags || !context || !policy || !value) return std::nullopt;
  return SendInfo{.stream = *sid,
                  .flags = *flags,
                  .ppid = *ppid,
                  .context = *context,
                  .pr_policy = *policy,
                  .pr_value = *value,
                  .auth_key = std::nullopt,
                  .may_start_association = true};
}

}  // namespace

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
  const auto send_info = ToSendInfo(info, kFirstOfInfo);
  if (!data || !peer || !send_info) return Number(info, -EINVAL);
  return Number(info, socket().Send(*peer, *data, *send_info));
}

Napi::Value SeqpacketSocket::AssociationIds(const Napi::CallbackInfo& info) {
  Napi::Array ids = Napi::Array::New(info.Env());
  for (const int32_t id : socket().AssociationIds()) ids.Set(ids.Length(), id);
  return ids;
}

}  // namespace sctp::node
