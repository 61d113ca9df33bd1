#include "node/packet_socket_wrap.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include "node/memory.h"
#include "node/tagged.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// Columns of a row of receive().
enum CaptureColumn : size_t {
  kSeconds,
  kNanoseconds,
  kInterface,
  kOutgoing,
  kCapturedLength,
  kFullLength,
  kCaptureColumns
};

}  // namespace

PacketSocketWrap::PacketSocketWrap(Info info)
    : ObjectWrap(info), watched_(*this, socket_.descriptor()) {
  napi_type_tag_object(info.Env(), info.This(), &kTypeTag);
}

PacketSocketWrap* PacketSocketWrap::Unwrap(Napi::Object object) {
  return UnwrapTagged<PacketSocketWrap>(object);
}

Napi::Function PacketSocketWrap::Define(Napi::Env env) {
  return DefineClass(env, "PacketSocket",
                     {
                         InstanceMethod("open", &PacketSocketWrap::Open),
                         InstanceMethod("receive", &PacketSocketWrap::Receive),
                         InstanceMethod("dropped", &PacketSocketWrap::Dropped),
                         InstanceMethod("interfaceName", &PacketSocketWrap::InterfaceName),
                         InstanceMethod("close", &PacketSocketWrap::CloseHandle),
                     });
}

Napi::Value PacketSocketWrap::Open(Info info) {
  const auto interface = ToShortString(info[0]);
  const auto udp_port = ToInteger<uint16_t>(info[1]);
  if (!interface || !udp_port || watched_.is_open()) return Number(info, -EINVAL);
  int error = socket_.Open();
  if (error == 0) error = socket_.Bind(*interface, *udp_port);
  if (error == 0) error = watched_.Begin();
  if (error == 0) error = watched_.Watch(UV_READABLE);
  if (error != 0) watched_.Close();
  return Number(info, error);
}

Napi::Value PacketSocketWrap::Receive(Info info) {
  const auto memory = ToWritable<std::byte>(info[0]);
  const auto rows = ToWritable<uint32_t>(info[1]);
  if (memory.size() < PacketSocket::kSlotSize || rows.size() < kCaptureColumns) {
    return Number(info, -EINVAL);
  }
  if (!watched_.is_open()) return Number(info, -EBADF);
  std::array<PacketSocket::Captured, PacketSocket::kSlots> packets;
  const size_t limit = std::min(rows.size() / kCaptureColumns, packets.size());
  const int count = socket_.Receive(memory, std::span(packets).first(limit));
  for (size_t i = 0; count > 0 && i < static_cast<size_t>(count); ++i) {
    const PacketSocket::Captured& packet = packets[i];
    const auto row = rows.subspan(i * kCaptureColumns, kCaptureColumns);
    row[kSeconds] = packet.seconds;
    row[kNanoseconds] = packet.nanoseconds;
    row[kInterface] = packet.interface;
    row[kOutgoing] = packet.outgoing ? 1 : 0;
    row[kCapturedLength] = packet.length;
    row[kFullLength] = packet.full_length;
  }
  return Number(info, count);
}

Napi::Value PacketSocketWrap::Dropped(Info info) {
  return Number(info, watched_.is_open() ? socket_.Dropped() : -EBADF);
}

Napi::Value PacketSocketWrap::InterfaceName(Info info) {
  const auto index = ToInteger<uint32_t>(info[0]);
  const auto name = index ? PacketSocket::InterfaceName(*index) : std::nullopt;
  return name ? Napi::String::New(info.Env(), *name) : info.Env().Undefined();
}

void PacketSocketWrap::CloseHandle(Info) { watched_.Close(); }

}  // namespace sctp::node
