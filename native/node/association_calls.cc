// What concerns one association: beginning it, its messages, addresses, streams and orderly end.
#include <cerrno>

#include "node/environment.h"
#include "node/socket_calls.h"
#include "node/values.h"

namespace sctp::node {
namespace {

using Info = const Napi::CallbackInfo&;

// connect([host, port, host, port, …])
Napi::Value Connect(KernelSocket& socket, Info info) {
  const auto addresses = ToAddresses(info[0]);
  if (!addresses) return Number(info, -EINVAL);
  int32_t assoc_id = 0;
  const int error = socket.Connect(*addresses, assoc_id);
  // Among several associations the new one must be known by its id.
  return Number(info, !socket.is_one_to_one() && assoc_id > 0 ? assoc_id : error);
}

// send(data, sid, ppid, flags, context, prPolicy, prValue, authKeyNumber?, assocId, host?, port?)
Napi::Value Send(KernelSocket& socket, Info info) {
  constexpr size_t kFirstOfInfo = 1;
  constexpr size_t kFirstOfPeer = 9;
  const auto data = ToBytes(info[0]);
  auto send_info = ToSendInfo(info, kFirstOfInfo);
  if (!data || !send_info) return Number(info, -EINVAL);
  if (info[kFirstOfPeer].IsUndefined()) {
    return Number(info, socket.Send(nullptr, *data, *send_info));
  }
  const auto peer = ToAddress(info[kFirstOfPeer], info[kFirstOfPeer + 1]);
  if (!peer) return Number(info, -EINVAL);
  send_info->may_start_association = !socket.is_one_to_one();
  return Number(info, socket.Send(&*peer, *data, *send_info));
}

// sendBurst(count)
Napi::Value SendBurst(KernelSocket& socket, Info info) {
  const auto count = ToInteger<uint32_t>(info[0]);
  Outgoing& outgoing = Environment::Of(info.Env()).outgoing();
  Burst* burst = count ? outgoing.Read(*count) : nullptr;
  if (burst == nullptr) return Number(info, -EINVAL);
  const KernelSocket::BurstOutcome outcome = socket.SendBurst(*burst);
  outgoing.SetError(outcome.error);
  return Number(info, static_cast<int64_t>(outcome.accepted));
}

Napi::Value PeerAddress(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  return ToValue(info.Env(), assoc_id ? socket.PeerAddress(*assoc_id) : std::nullopt);
}

using AddressesMethod = int (KernelSocket::*)(int32_t, std::vector<Address>&) const;

template <AddressesMethod kGet>
Napi::Value Addresses(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  if (!assoc_id) return Number(info, -EINVAL);
  std::vector<Address> addresses;
  if (const int error = (socket.*kGet)(*assoc_id, addresses)) return Number(info, error);
  return ToArray(info.Env(), addresses);
}

// peerPaths(assocId)
Napi::Value PeerPaths(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  if (!assoc_id) return Number(info, -EINVAL);
  std::vector<Address> addresses;
  if (const int error = socket.PeerAddresses(*assoc_id, addresses)) return Number(info, error);
  const OptionLayout* layout = FindOption("peerAddrInfo");
  auto paths = Napi::Array::New(info.Env(), addresses.size());
  uint32_t index = 0;
  for (const Address& address : addresses) {
    const NamedValue question[] = {{"assocId", int64_t{*assoc_id}}, {"address", address}};
    auto bytes = EncodeOption(*layout, question);
    const int error = bytes ? socket.GetOption(*layout, *bytes) : -EINVAL;
    auto path = error == 0 ? ToObject(info.Env(), *layout, *bytes) : Napi::Object::New(info.Env());
    if (error != 0) {
      path.Set("address", ToObject(info.Env(), address));
      path.Set("errno", error);
    }
    paths.Set(index++, path);
  }
  return paths;
}

// resetStreams(assocId, flags, [stream, …])
Napi::Value ResetStreams(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  const auto flags = ToInteger<uint16_t>(info[1]);
  const auto streams = ToIntegers<uint16_t>(info[2]);
  if (!assoc_id || !flags || !streams) return Number(info, -EINVAL);
  return Number(info, socket.ResetStreams(*assoc_id, *flags, *streams));
}

Napi::Value ResetAssociation(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  return Number(info, assoc_id ? socket.ResetAssociation(*assoc_id) : -EINVAL);
}

// addStreams(assocId, incoming, outgoing)
Napi::Value AddStreams(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  const auto incoming = ToInteger<uint16_t>(info[1]);
  const auto outgoing = ToInteger<uint16_t>(info[2]);
  if (!assoc_id || !incoming || !outgoing) return Number(info, -EINVAL);
  return Number(info, socket.AddStreams(*assoc_id, *incoming, *outgoing));
}

Napi::Value Shutdown(KernelSocket& socket, Info info) {
  const auto assoc_id = ToInteger<int32_t>(info[0]);
  return Number(info, assoc_id ? socket.Shutdown(*assoc_id) : -EINVAL);
}

}  // namespace

std::span<const SocketCall> AssociationCalls() {
  static constexpr SocketCall kCalls[] = {
      {"connect", Connect},
      {"send", Send},
      {"sendBurst", SendBurst},
      {"peerAddress", PeerAddress},
      {"localAddresses", Addresses<&KernelSocket::LocalAddresses>},
      {"peerAddresses", Addresses<&KernelSocket::PeerAddresses>},
      {"peerPaths", PeerPaths},
      {"resetStreams", ResetStreams},
      {"resetAssociation", ResetAssociation},
      {"addStreams", AddStreams},
      {"shutdown", Shutdown},
  };
  return kCalls;
}

}  // namespace sctp::node
