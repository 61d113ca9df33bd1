// The addon's entry: what `require` of the binary returns. Declared in types/native.d.ts.
#include <napi.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "core/abi.h"
#include "core/option_layout.h"
#include "node/batch.h"
#include "node/environment.h"
#include "node/seqpacket_socket.h"

namespace sctp::node {
namespace {

// Whether this kernel has SCTP now: 0, or the negative errno of the system call.
Napi::Value Probe(const Napi::CallbackInfo& info) {
  const int fd = socket(AF_INET, SOCK_SEQPACKET | SOCK_CLOEXEC, IPPROTO_SCTP);
  const int error = fd < 0 ? -errno : 0;
  if (fd >= 0) close(fd);
  return Napi::Number::New(info.Env(), error);
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

// Numbers of the ABI that TypeScript gives names to.
Napi::Object Constants(Napi::Env env) {
  Napi::Object constants = Napi::Object::New(env);
  const auto add = [&](const char* name, uint32_t value) { constants.Set(name, value); };
  add("SCTP_UNORDERED", SCTP_UNORDERED);
  add("SCTP_SACK_IMMEDIATELY", SCTP_SACK_IMMEDIATELY);
  add("SCTP_PR_SCTP_NONE", SCTP_PR_SCTP_NONE);
  add("SCTP_PR_SCTP_TTL", SCTP_PR_SCTP_TTL);
  add("SCTP_PR_SCTP_RTX", SCTP_PR_SCTP_RTX);
  add("SCTP_PR_SCTP_PRIO", SCTP_PR_SCTP_PRIO);
  add("SCTP_FUTURE_ASSOC", SCTP_FUTURE_ASSOC);
  add("SCTP_ALL_ASSOC", SCTP_ALL_ASSOC);
  add("SCTP_COMM_UP", SCTP_COMM_UP);
  add("SCTP_COMM_LOST", SCTP_COMM_LOST);
  add("SCTP_RESTART", SCTP_RESTART);
  add("SCTP_SHUTDOWN_COMP", SCTP_SHUTDOWN_COMP);
  add("SCTP_CANT_STR_ASSOC", SCTP_CANT_STR_ASSOC);
  add("SCTP_CLOSED", SCTP_CLOSED);
  add("SCTP_COOKIE_WAIT", SCTP_COOKIE_WAIT);
  add("SCTP_COOKIE_ECHOED", SCTP_COOKIE_ECHOED);
  add("SCTP_ESTABLISHED", SCTP_ESTABLISHED);
  add("SCTP_SHUTDOWN_PENDING", SCTP_SHUTDOWN_PENDING);
  add("SCTP_SHUTDOWN_SENT", SCTP_SHUTDOWN_SENT);
  add("SCTP_SHUTDOWN_RECEIVED", SCTP_SHUTDOWN_RECEIVED);
  add("SCTP_SHUTDOWN_ACK_SENT", SCTP_SHUTDOWN_ACK_SENT);
  add("SCTP_INACTIVE", SCTP_INACTIVE);
  add("SCTP_PF", SCTP_PF);
  add("SCTP_ACTIVE", SCTP_ACTIVE);
  add("SCTP_UNCONFIRMED", SCTP_UNCONFIRMED);
  add("SPP_HB_ENABLE", SPP_HB_ENABLE);
  add("SPP_HB_DISABLE", SPP_HB_DISABLE);
  add("SPP_HB_TIME_IS_ZERO", SPP_HB_TIME_IS_ZERO);
  add("SPP_PMTUD_ENABLE", SPP_PMTUD_ENABLE);
  add("SPP_PMTUD_DISABLE", SPP_PMTUD_DISABLE);
  add("SPP_SACKDELAY_ENABLE", SPP_SACKDELAY_ENABLE);
  add("SPP_SACKDELAY_DISABLE", SPP_SACKDELAY_DISABLE);
  add("SPP_IPV6_FLOWLABEL", SPP_IPV6_FLOWLABEL);
  add("SPP_DSCP", SPP_DSCP);
  return constants;
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
  exports.Set("rows", environment->rows());
  env.SetInstanceData(environment.release());
  exports.Set("firstRow", static_cast<uint32_t>(kFirstRow));
  exports.Set("rowKinds", RowKindsObject(env));
  exports.Set("rowColumns", RowColumnsObject(env));
  exports.Set("SeqpacketSocket", SeqpacketSocket::Define(env));
  exports.Set("probe", Napi::Function::New(env, Probe, "probe"));
  exports.Set("optionFields", OptionFields(env));
  exports.Set("constants", Constants(env));
  exports.Set("nanosecondsPerJiffy", NanosecondsPerJiffy());
  return exports;
}

}  // namespace

NODE_API_MODULE(kernel_sctp, Init)

}  // namespace sctp::node
