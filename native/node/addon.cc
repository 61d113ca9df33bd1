// The addon's entry: what `require` of the binary returns. Declared in types/native.d.ts.
#include <napi.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "core/abi.h"
#include "core/option_layout.h"
#include "core/option_set.h"
#include "core/route.h"
#include "node/batch.h"
#include "node/constants.h"
#include "node/engine_association.h"
#include "node/engine_listener.h"
#include "node/engine_rows.h"
#include "node/environment.h"
#include "node/made_notification.h"
#include "node/outgoing.h"
#include "node/packet_socket_wrap.h"
#include "node/parsed_notification.h"
#include "node/seqpacket_socket.h"
#include "node/stream_socket.h"
#include "node/udp_socket_wrap.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// Whether this kernel has SCTP now: 0, or the negative errno of the system call.
Napi::Value Probe(const Napi::CallbackInfo& info) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  const int error = fd < 0 ? -errno : 0;
  if (fd >= 0) close(fd);
  return Napi::Number::New(info.Env(), error);
}

// routeSource(host, port): the address of this machine that is used to reach that one.
Napi::Value RouteSource(const Napi::CallbackInfo& info) {
  const auto peer = ToAddress(info[0], info[1]);
  Address source;
  const int error = peer ? sctp::RouteSource(*peer, source) : -EINVAL;
  return error == 0 ? ToValue(info.Env(), source) : Napi::Number::New(info.Env(), error);
}

// { rtoInfo: ['assocId', 'initial', 'max', 'min'], … }
Napi::Object OptionFields(Napi::Env env) {
  Napi::Object options = Napi::Object::New(env);
  for (const OptionLayout& layout : OptionLayouts()) {
    Napi::Array fields = Napi::Array::New(env);
    for (const Field& field : layout.fields) {
      fields.Set(fields.Length(), Napi::String::New(env, std::string(field.name)));
    }
    options.Set(std::string(layout.name), fields);
  }
  return options;
}

// packOptions([name, values, name, values, …]): for setOptions
Napi::Value PackOptions(const Napi::CallbackInfo& info) {
  const Napi::Value refused = Napi::Number::New(info.Env(), -EINVAL);
  if (!info[0].IsArray()) return refused;
  const auto list = info[0].As<Napi::Array>();
  std::vector<std::byte> set;
  for (uint32_t index = 0; index + 1 < list.Length(); index += 2) {
    const std::optional<std::string> name = ToShortString(list.Get(index));
    const OptionLayout* layout = name ? FindOption(*name) : nullptr;
    if (layout == nullptr) return refused;
    const auto values = ToOptionValues(*layout, list.Get(index + 1));
    const auto bytes = values ? EncodeOption(*layout, *values) : std::nullopt;
    if (!bytes) return refused;
    PackOption({.layout = layout, .bytes = *bytes}, set);
  }
  return ToBuffer(info.Env(), set);
}

Napi::Array EssentialNotifications(Napi::Env env) {
  Napi::Array types = Napi::Array::New(env);
  for (const uint16_t type : kEssentialEvents) types.Set(types.Length(), type);
  return types;
}

// How long the kernel's jiffy is, in which it counts some times: the resolution of the coarse
// clock, which the tick advances.
double NanosecondsPerJiffy() {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  return static_cast<double>(tick.tv_sec) * 1e9 + static_cast<double>(tick.tv_nsec);
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto environment = std::make_unique<Environment>(env);
  const Napi::Function stream_socket = StreamSocket::Define(env);
  environment->stream_socket() = Napi::Persistent(stream_socket);
  exports.Set("StreamSocket", stream_socket);
  const Napi::Function seqpacket_socket = SeqpacketSocket::Define(env);
  environment->seqpacket_socket() = Napi::Persistent(seqpacket_socket);
  exports.Set("SeqpacketSocket", seqpacket_socket);
  exports.Set("rows", environment->rows());
  exports.Set("sendRows", environment->outgoing().rows());
  exports.Set("sendMemory", environment->outgoing().memory());
  env.SetInstanceData(environment.release());
  exports.Set("firstRow", static_cast<uint32_t>(kFirstRow));
  exports.Set("rowKinds", RowKindsObject(env));
  exports.Set("rowColumns", RowColumnsObject(env));
  exports.Set("firstSendRow", static_cast<uint32_t>(Outgoing::kFirstRow));
  exports.Set("longestBurst", static_cast<uint32_t>(Burst::kMost));
  exports.Set("sendColumns", SendColumnsObject(env));
  exports.Set("EngineAssociation", EngineAssociation::Define(env));
  exports.Set("EngineListener", EngineListener::Define(env));
  exports.Set("refuseStranger", Napi::Function::New(env, RefuseStranger, "refuseStranger"));
  exports.Set("UdpSocket", UdpSocketWrap::Define(env));
  exports.Set("PacketSocket", PacketSocketWrap::Define(env));
  exports.Set("makeNotification", Napi::Function::New(env, MakeNotification, "makeNotification"));
  exports.Set("engineRowKinds", EngineRowKindsObject(env));
  exports.Set("engineRowColumns", EngineRowColumnsObject(env));
  exports.Set("routeSource", Napi::Function::New(env, RouteSource, "routeSource"));
  exports.Set("parseNotification",
              Napi::Function::New(env, ParseNotification, "parseNotification"));
  exports.Set("probe", Napi::Function::New(env, Probe, "probe"));
  exports.Set("optionFields", OptionFields(env));
  exports.Set("packOptions", Napi::Function::New(env, PackOptions, "packOptions"));
  exports.Set("essentialNotifications", EssentialNotifications(env));
  exports.Set("constants", ConstantsObject(env));
  exports.Set("nanosecondsPerJiffy", NanosecondsPerJiffy());
  return exports;
}

}  // namespace

NODE_API_MODULE(kernel_sctp, Init)

}  // namespace sctp::node
