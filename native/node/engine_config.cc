#include "node/engine_config.h"

#include <limits>

#include "node/values.h"

namespace sctp::node {
namespace {

class Reader {
 public:
  explicit Reader(Napi::Object object) : object_(object) {}
  bool failed() const { return failed_; }

  template <typename T>
  void Number(const char* name, T& field) {
    if (const auto number = Unsigned(name, std::numeric_limits<T>::max())) {
      field = static_cast<T>(*number);
    }
  }

  void Boolean(const char* name, bool& field) {
    const Napi::Value value = Get(name);
    if (value.IsUndefined()) return;
    const auto boolean = ToBoolean(value);
    if (boolean) field = *boolean;
    failed_ = failed_ || !boolean;
  }

  void Milliseconds(const char* name, engine::Duration& field) {
    if (const auto number = Unsigned(name, std::numeric_limits<uint32_t>::max())) {
      field = std::chrono::milliseconds(*number);
    }
  }

 private:
  // Nothing, which counts as undefined, once a getter has thrown: no JavaScript can run then.
  Napi::Value Get(const char* name) {
    if (failed_) return {};
    const Napi::Value value = object_.Get(name);
    failed_ = value.IsEmpty();
    return value;
  }

  std::optional<uint32_t> Unsigned(const char* name, uint64_t most) {
    const Napi::Value value = Get(name);
    if (value.IsUndefined()) return std::nullopt;
    const auto number = ToInteger<uint32_t>(value);
    if (number && *number <= most) return number;
    failed_ = true;
    return std::nullopt;
  }

  Napi::Object object_;
  bool failed_ = false;
};

}  // namespace

std::optional<engine::Config> ToEngineConfig(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  engine::Config config;
  Reader reader(value.As<Napi::Object>());
  reader.Number("localPort", config.local_port);
  reader.Number("remotePort", config.remote_port);
  reader.Number("outboundStreams", config.outbound_streams);
  reader.Number("inboundStreams", config.inbound_streams);
  reader.Number("mtu", config.mtu);
  reader.Number("receiveWindow", config.receive_window);
  reader.Number("maxReceiveMessageSize", config.max_receive_message_size);
  reader.Number("sendBuffer", config.send_buffer);
  reader.Number("maxSendMessageSize", config.max_send_message_size);
  reader.Boolean("partialReliability", config.partial_reliability);
  reader.Boolean("interleaving", config.interleaving);
  reader.Boolean("reconfiguration", config.reconfiguration);
  reader.Boolean("zeroChecksum", config.zero_checksum);
  reader.Milliseconds("rtoInitial", config.rto_initial);
  reader.Milliseconds("rtoMin", config.rto_min);
  reader.Milliseconds("rtoMax", config.rto_max);
  reader.Milliseconds("sackDelay", config.sack_delay);
  reader.Number("sackFrequency", config.sack_frequency);
  reader.Milliseconds("cookieLifetime", config.cookie_lifetime);
  reader.Milliseconds("heartbeatInterval", config.heartbeat_interval);
  reader.Number("maxInitRetransmits", config.max_init_retransmits);
  reader.Number("maxRetransmits", config.max_retransmits);
  reader.Number("maxBurst", config.max_burst);
  uint32_t scheduler = static_cast<uint32_t>(config.scheduler);
  reader.Number("scheduler", scheduler);
  if (reader.failed() || scheduler > static_cast<uint32_t>(engine::Scheduler::kWeightedFair)) {
    return std::nullopt;
  }
  config.scheduler = static_cast<engine::Scheduler>(scheduler);
  return config;
}

void ThrowIllegalConfiguration(Napi::Env env) {
  if (env.IsExceptionPending()) return;
  Napi::TypeError::New(env, "Illegal configuration").ThrowAsJavaScriptException();
}

}  // namespace sctp::node
