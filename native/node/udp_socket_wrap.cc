#include "node/udp_socket_wrap.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "node/memory.h"
#include "node/tagged.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// Columns of a row of receive().
enum RowColumn : size_t { kWay, kLength, kColumns };

std::optional<UdpWay> ToWay(const Napi::Value& host, const Napi::Value& port,
                            const Napi::Value& local_host) {
  const auto peer = ToAddress(host, port);
  if (!peer) return std::nullopt;
  UdpWay way{.peer = *peer, .local = {}};
  if (local_host.IsUndefined()) return way;
  const auto name = ToShortString(local_host);
  const auto local = name ? Address::Parse(*name, 0) : std::nullopt;
  if (!local) return std::nullopt;
  way.local = *local;
  return way;
}

// Both ends in one form each, however the kernel gives them.
UdpWay Canonical(const UdpWay& way) {
  return {.peer = way.peer.MappedToIPv6(), .local = way.local.MappedToIPv6()};
}

}  // namespace

UdpSocketWrap::UdpSocketWrap(Info info) : ObjectWrap(info), watched_(*this, socket_.descriptor()) {
  napi_type_tag_object(info.Env(), info.This(), &kTypeTag);
}

UdpSocketWrap* UdpSocketWrap::Unwrap(Napi::Object object) {
  return UnwrapTagged<UdpSocketWrap>(object);
}

Napi::Function UdpSocketWrap::Define(Napi::Env env) {
  return DefineClass(env, "UdpSocket",
                     {
                         InstanceMethod("open", &UdpSocketWrap::Open),
                         InstanceMethod("bind", &UdpSocketWrap::Bind),
                         InstanceMethod("connect", &UdpSocketWrap::Connect),
                         InstanceMethod("localAddress", &UdpSocketWrap::LocalAddress),
                         InstanceMethod("longestDatagram", &UdpSocketWrap::LongestDatagram),
                         InstanceMethod("addWay", &UdpSocketWrap::AddWay),
                         InstanceMethod("removeWay", &UdpSocketWrap::RemoveWay),
                         InstanceMethod("receive", &UdpSocketWrap::Receive),
                         InstanceMethod("send", &UdpSocketWrap::Send),
                         InstanceMethod("reply", &UdpSocketWrap::Reply),
                         InstanceMethod("watch", &UdpSocketWrap::Watch),
                         InstanceMethod("ref", &UdpSocketWrap::RefHandle),
                         InstanceMethod("unref", &UdpSocketWrap::UnrefHandle),
                         InstanceMethod("close", &UdpSocketWrap::CloseHandle),
                     });
}

Napi::Value UdpSocketWrap::Open(Info info) {
  const auto family = ToInteger<int32_t>(info[0]);
  const auto ipv6_only = ToBoolean(info[1]);
  if (!family || (*family != 4 && *family != 6) || !ipv6_only || watched_.is_open()) {
    return Number(info, -EINVAL);
  }
  int error = socket_.Open(*family == 6 ? AF_INET6 : AF_INET);
  if (error == 0 && *family == 6) error = socket_.SetIPv6Only(*ipv6_only);
  if (error == 0) error = watched_.Begin();
  if (error != 0) watched_.Close();
  return Number(info, error);
}

Napi::Value UdpSocketWrap::Bind(Info info) {
  const auto address = ToAddress(info[0], info[1]);
  return Number(info, address ? socket_.Bind(*address) : -EINVAL);
}

Napi::Value UdpSocketWrap::Connect(Info info) {
  const auto address = ToAddress(info[0], info[1]);
  return Number(info, address ? socket_.Connect(*address) : -EINVAL);
}

Napi::Value UdpSocketWrap::LocalAddress(Info info) {
  return ToValue(info.Env(), socket_.LocalAddress());
}

Napi::Value UdpSocketWrap::LongestDatagram(Info info) {
  return Number(info, socket_.LongestDatagram());
}

Napi::Value UdpSocketWrap::AddWay(Info info) {
  const auto way = ToWay(info[0], info[1], info[2]);
  return Number(info, way ? ways_.Add(Canonical(*way)) : -EINVAL);
}

void UdpSocketWrap::RemoveWay(Info info) {
  if (const auto number = ToInteger<uint32_t>(info[0])) ways_.Remove(*number);
}

Napi::Value UdpSocketWrap::Receive(Info info) {
  const auto memory = ToWritable<std::byte>(info[0]);
  const auto rows = ToWritable<uint32_t>(info[1]);
  if (memory.size() < UdpSocket::kSlotSize || rows.size() < kColumns || !info[2].IsArray()) {
    return Number(info, -EINVAL);
  }
  if (!watched_.is_open()) return Number(info, -EBADF);
  std::array<UdpSocket::Received, UdpSocket::kSlots> packets;
  const size_t limit = std::min(rows.size() / kColumns, packets.size());
  const int count = socket_.Receive(memory, std::span(packets).first(limit));
  // Handed over last, for the caller's array may have setters, which may do anything.
  std::vector<std::pair<uint32_t, Napi::Object>> strangers;
  for (int i = 0; i < count; ++i) {
    const UdpSocket::Received& packet = packets[static_cast<size_t>(i)];
    const auto row = rows.subspan(static_cast<size_t>(i) * kColumns, kColumns);
    row[kWay] = ways_.Find(Canonical(packet.way));
    row[kLength] = static_cast<uint32_t>(packet.length);
    if (row[kWay] != 0) continue;
    Napi::Object stranger = ToObject(info.Env(), packet.way.peer);
    stranger.Set("localAddress", packet.way.local.host());
    strangers.emplace_back(static_cast<uint32_t>(i), stranger);
  }
  Napi::Array list = info[2].As<Napi::Array>();
  for (const auto& [index, stranger] : strangers) list.Set(index, stranger);
  return Number(info, count);
}

Napi::Value UdpSocketWrap::Send(Info info) {
  const auto number = ToInteger<uint32_t>(info[0]);
  const auto first = ToInteger<uint32_t>(info[2]);
  const UdpWay* known = number ? ways_.Get(*number) : nullptr;
  if (known == nullptr || !info[1].IsArray() || !first) return Number(info, -EINVAL);
  if (!watched_.is_open()) return Number(info, -EBADF);
  const UdpWay way = *known;  // a getter may remove it
  const auto packets = info[1].As<Napi::Array>();
  const uint32_t length = packets.Length();
  for (uint32_t i = *first; i < length; ++i) {
    const Napi::HandleScope scope(info.Env());
    const auto packet = ToBytes(packets.Get(i));
    if (!packet) return Number(info, -EINVAL);
    // An ICMP error that an earlier packet brought about is reported instead of sending; what
    // cannot be sent is lost, as packets may be.
    if (socket_.Send(way, *packet) == -EAGAIN) return Number(info, i);
  }
  return Number(info, length);
}

Napi::Value UdpSocketWrap::Reply(Info info) {
  const auto way = ToWay(info[0], info[1], info[2]);
  const auto packet = ToBytes(info[3]);
  if (!way || !packet) return Number(info, -EINVAL);
  return Number(info, watched_.is_open() ? socket_.Send(Canonical(*way), *packet) : -EBADF);
}

Napi::Value UdpSocketWrap::Watch(Info info) {
  const auto readable = ToBoolean(info[0]);
  const auto writable = ToBoolean(info[1]);
  if (!readable || !writable) return Number(info, -EINVAL);
  if (!watched_.is_open()) return Number(info, -EBADF);
  return Number(info,
                watched_.Watch((*readable ? UV_READABLE : 0) | (*writable ? UV_WRITABLE : 0)));
}

void UdpSocketWrap::RefHandle(Info) {
  if (watched_.is_open()) watched_.Ref();
}

void UdpSocketWrap::UnrefHandle(Info) {
  if (watched_.is_open()) watched_.Unref();
}

void UdpSocketWrap::CloseHandle(Info) { watched_.Close(); }

}  // namespace sctp::node
