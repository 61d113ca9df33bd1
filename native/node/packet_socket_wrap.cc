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

PacketSocketWrap::PacketSocketWrap(Info info) : ObjectWrap(info) {
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
  if (!interface || !udp_port || watcher_) return Number(info, -EINVAL);
  int error = socket_.Open();
  if (error == 0) error = socket_.Bind(*interface, *udp_port);
  if (error == 0) watcher_ = Watcher::Create(info.Env(), socket_.fd(), *this, error);
  if (error == 0) error = watcher_->Watch(UV_READABLE);
  if (error != 0) {
    Release();
    return Number(info, error);
  }
  Hold(true);
  return Number(info, 0);
}

Napi::Value PacketSocketWrap::Receive(Info info) {
  const auto memory = ToWritable<std::byte>(info[0]);
  const auto rows = ToWritable<uint32_t>(info[1]);
  if (memory.size() < PacketSocket::kSlotSize || rows.size() < kCaptureColumns) {
    return Number(info, -EINVAL);
  }
  if (!watcher_) return Number(info, -EBADF);
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
  return Number(info, watcher_ ? socket_.Dropped() : -EBADF);
}

Napi::Value PacketSocketWrap::InterfaceName(Info info) {
  const auto index = ToInteger<uint32_t>(info[0]);
  const auto name = index ? PacketSocket::InterfaceName(*index) : std::nullopt;
  return name ? Napi::String::New(info.Env(), *name) : info.Env().Undefined();
}

void PacketSocketWrap::CloseHandle(Info) { Release(); }

void PacketSocketWrap::OnEvents(int, int) {
  napi_env env = Env();
  const Napi::HandleScope scope(env);
  const Napi::Object self = Value();
  if (self.IsEmpty()) return;  // collected; the finalizer is about to run
  napi_value function = nullptr;
  if (napi_get_named_property(env, self, "onReadable", &function) == napi_ok) {
    napi_make_callback(env, nullptr, self, function, 0, nullptr, nullptr);
  }
  // What it throws is an uncaught exception, as it is from any event handler.
  bool threw = false;
  napi_value exception = nullptr;
  if (napi_is_exception_pending(env, &threw) == napi_ok && threw &&
      napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
  // libuv turns POLLERR, as of an interface that goes down, into a status and stops the watcher.
  if (watcher_) watcher_->Watch(UV_READABLE);
}

// While it is open it must outlive every reference to it in JavaScript.
void PacketSocketWrap::Hold(bool hold) {
  if (hold == held_) return;
  held_ = hold;
  if (hold) {
    Ref();
  } else {
    Unref();
  }
}

// The watcher first: libuv must not poll a closed descriptor.
void PacketSocketWrap::Release() {
  watcher_.reset();
  socket_.Close();
  Hold(false);
}

}  // namespace sctp::node
