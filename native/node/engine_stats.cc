#include "node/engine_stats.h"

namespace sctp::node {
namespace {

double Milliseconds(engine::Duration duration) {
  return static_cast<double>(duration.count()) / 1000;
}

Napi::Object CountersObject(Napi::Env env, const engine::Counters& counters) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, uint64_t value) {
    object.Set(name, static_cast<double>(value));
  };
  set("packetsSent", counters.packets_sent);
  set("packetsReceived", counters.packets_received);
  set("packetsDiscarded", counters.packets_discarded);
  set("bytesSent", counters.bytes_sent);
  set("bytesReceived", counters.bytes_received);
  set("messagesSent", counters.messages_sent);
  set("messagesReceived", counters.messages_received);
  set("messagesAbandoned", counters.messages_abandoned);
  set("chunksSent", counters.chunks_sent);
  set("chunksReceived", counters.chunks_received);
  set("chunksRetransmitted", counters.chunks_retransmitted);
  set("chunksDuplicate", counters.chunks_duplicate);
  set("chunksDropped", counters.chunks_dropped);
  set("sacksSent", counters.sacks_sent);
  set("sacksReceived", counters.sacks_received);
  set("fastRecoveries", counters.fast_recoveries);
  set("t3Timeouts", counters.t3_timeouts);
  set("heartbeatsSent", counters.heartbeats_sent);
  set("forwardTsnsSent", counters.forward_tsns_sent);
  return object;
}

}  // namespace

Napi::Object ToObject(Napi::Env env, const engine::Stats& stats) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, size_t value) {
    object.Set(name, static_cast<double>(value));
  };
  set("mtu", stats.mtu);
  set("cwnd", stats.cwnd);
  set("ssthresh", stats.ssthresh);
  set("flightSize", stats.flight_size);
  set("peerRwnd", stats.peer_rwnd);
  set("unsentBytes", stats.unsent_bytes);
  set("unsentMessages", stats.unsent_messages);
  set("unacknowledgedBytes", stats.unacknowledged_bytes);
  set("receiveWindow", stats.receive_window);
  set("reassemblyBytes", stats.reassembly_bytes);
  if (stats.srtt) object.Set("srtt", Milliseconds(*stats.srtt));
  object.Set("rto", Milliseconds(stats.rto));
  set("errorCount", static_cast<size_t>(stats.error_count));
  set("outboundStreams", stats.outbound_streams);
  set("inboundStreams", stats.inbound_streams);
  object.Set("counters", CountersObject(env, stats.counters));
  return object;
}

}  // namespace sctp::node
