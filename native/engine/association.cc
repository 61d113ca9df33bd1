#include "engine/association.h"

#include <algorithm>
#include <utility>

#include "engine/impl.h"

namespace sctp::engine {
namespace {

CookieSecret NewSecret(RandomSource& random) {
  CookieSecret secret;
  random.Fill(secret);
  return secret;
}

Config Sane(Config config) {
  config.mtu = std::clamp<size_t>(config.mtu, kMinMtu, 65535);
  config.outbound_streams = std::max<uint16_t>(config.outbound_streams, 1);
  config.inbound_streams = std::max<uint16_t>(config.inbound_streams, 1);
  // Smaller ones are refused by peers (RFC 9260 §3.3.2).
  config.receive_window = std::max(config.receive_window, kMinInitialRwnd);
  config.rto_min = std::max(config.rto_min, Duration(1));
  config.rto_max = std::max(config.rto_max, config.rto_min);
  config.rto_initial = std::clamp(config.rto_initial, config.rto_min, config.rto_max);
  config.sack_delay = std::clamp(config.sack_delay, Duration(0), Duration(500'000));
  return config;
}

}  // namespace

Association::Impl::Impl(const Config& config, RandomSource& random, const CookieSecret& secret,
                        ByteView origin)
    : config_(Sane(config)),
      random_(random),
      secret_(secret),
      origin_(origin.begin(), origin.end()),
      local_initial_tsn_(random.Next()),
      send_queue_(config_.scheduler, events_),
      outstanding_(local_initial_tsn_),
      congestion_(config_.mtu, SIZE_MAX),
      rto_(config_),
      mtu_(config_.mtu),
      max_mtu_(config_.mtu),
      announced_window_(config_.receive_window) {
  counts_.max_inbound = config_.inbound_streams;
  counts_.outbound = config_.outbound_streams;
}

SendStatus Association::Impl::Send(Time now, OutgoingMessage&& message) {
  switch (state_) {
    case State::kClosed: return SendStatus::kClosed;
    case State::kShutdownPending:
    case State::kShutdownSent:
    case State::kShutdownReceived:
    case State::kShutdownAckSent: return SendStatus::kClosing;
    default: break;
  }
  if (shutdown_requested_) return SendStatus::kClosing;
  if (message.stream >= counts_.outbound) return SendStatus::kInvalidStream;
  if (message.data.size() == 0) return SendStatus::kEmpty;
  if (message.data.size() > config_.max_send_message_size) return SendStatus::kTooLarge;
  if (!MakeRoom(now, message)) return SendStatus::kBufferFull;
  MessageRef queued = MessageRef::Make();
  queued->message = std::move(message);
  const Reliability& reliability = queued->message.reliability;
  if (reliability.policy == Reliability::Policy::kTimed) {
    queued->expires = now + std::chrono::milliseconds(reliability.value);
  }
  retained_ += queued->size();
  draining_ = true;
  ++counters_.messages_sent;
  send_queue_.Push(queued);
  // An opportunity to send, as a SACK is one.
  burst_ = std::max(burst_, config_.max_burst);
  return SendStatus::kQueued;
}

ResetStatus Association::Impl::ResetStreams(std::span<const uint16_t> streams) {
  if (state_ != State::kEstablished) return ResetStatus::kNotConnected;
  if (!features_.reconfiguration) return ResetStatus::kNotSupported;
  return in_->reconfiguration.ResetStreams(streams);
}

ResetStatus Association::Impl::RequestReset(std::span<const uint16_t> streams) {
  if (state_ != State::kEstablished) return ResetStatus::kNotConnected;
  if (!features_.reconfiguration) return ResetStatus::kNotSupported;
  return in_->reconfiguration.RequestReset(streams);
}

ResetStatus Association::Impl::AddStreams(uint16_t outgoing, uint16_t incoming) {
  if (state_ != State::kEstablished) return ResetStatus::kNotConnected;
  if (!features_.reconfiguration) return ResetStatus::kNotSupported;
  return in_->reconfiguration.AddStreams(outgoing, incoming);
}

void Association::Impl::SetMtu(size_t mtu) {
  mtu_ = std::clamp<size_t>(mtu, kMinMtu, 65535);
  max_mtu_ = std::max(max_mtu_, mtu_);
  congestion_.SetMtu(mtu_);
}

void Association::Impl::Tune(Time now, const Config& given) {
  const Config config = Sane(given);
  config_.rto_initial = config.rto_initial;
  config_.rto_min = config.rto_min;
  config_.rto_max = config.rto_max;
  rto_.SetBounds(config.rto_min, config.rto_max);
  config_.sack_delay = config.sack_delay;
  config_.sack_frequency = config.sack_frequency;
  config_.max_init_retransmits = config.max_init_retransmits;
  config_.max_retransmits = config.max_retransmits;
  config_.max_burst = config.max_burst;
  config_.send_buffer = config.send_buffer;
  config_.max_send_message_size = config.max_send_message_size;
  if (config_.heartbeat_interval == config.heartbeat_interval) return;
  config_.heartbeat_interval = config.heartbeat_interval;
  if (!is_open() || is_starting()) return;
  heartbeat_timer_.Stop();
  StartHeartbeats(now);
}

Stats Association::Impl::GetStats() const {
  Stats stats;
  stats.state = state_;
  stats.mtu = mtu_;
  stats.cwnd = congestion_.cwnd();
  stats.ssthresh = congestion_.ssthresh();
  stats.flight_size = outstanding_.flight_size();
  stats.peer_rwnd = peer_rwnd();
  stats.unsent_bytes = send_queue_.buffered();
  stats.unsent_messages = send_queue_.messages();
  stats.unacknowledged_bytes = outstanding_.unacked_bytes();
  stats.receive_window = Window();
  stats.reassembly_bytes = in_ ? in_->reassembly.cost() : 0;
  stats.undelivered_bytes = unconsumed_;
  stats.srtt = rto_.srtt();
  stats.rto = rto_.rto();
  stats.error_count = error_count_;
  stats.outbound_streams = counts_.outbound;
  stats.inbound_streams = counts_.inbound;
  stats.counters = counters_;
  return stats;
}

Association::Association(const Config& config, RandomSource& random)
    : Association(config, random, NewSecret(random), {}) {}
Association::Association(const Config& config, RandomSource& random, const CookieSecret& secret,
                         ByteView origin)
    : impl_(std::make_unique<Impl>(config, random, secret, origin)) {}
Association::~Association() = default;
Association::Association(Association&&) noexcept = default;
Association& Association::operator=(Association&&) noexcept = default;

void Association::Connect(Time now) { impl_->Connect(now); }
void Association::Receive(Time now, ByteView packet) { impl_->Receive(now, packet); }
void Association::HandleTimeout(Time now) { impl_->HandleTimeout(now); }
std::optional<Time> Association::NextDeadline() const { return impl_->NextDeadline(); }
size_t Association::PollPacket(Time now, ByteSpan buffer) { return impl_->PollPacket(now, buffer); }
bool Association::HasUrgentPacket() { return impl_->HasUrgentPacket(); }
size_t Association::MaxPacketSize() const { return impl_->max_packet_size(); }
std::optional<Event> Association::PollEvent() { return impl_->PollEvent(); }
SendStatus Association::Send(Time now, OutgoingMessage&& message) {
  return impl_->Send(now, std::move(message));
}
ResetStatus Association::ResetStreams(Time, std::span<const uint16_t> streams) {
  return impl_->ResetStreams(streams);
}
ResetStatus Association::RequestReset(Time, std::span<const uint16_t> streams) {
  return impl_->RequestReset(streams);
}
ResetStatus Association::AddStreams(Time, uint16_t outgoing, uint16_t incoming) {
  return impl_->AddStreams(outgoing, incoming);
}
void Association::Shutdown(Time now) { impl_->Shutdown(now); }
void Association::Abort(Time, std::string_view reason) { impl_->Abort(reason); }
void Association::SetStreamPriority(uint16_t stream, uint16_t priority) {
  impl_->send_queue().SetPriority(stream, priority);
}
void Association::SetStreamWeight(uint16_t stream, uint16_t weight) {
  impl_->send_queue().SetWeight(stream, weight);
}
void Association::SetScheduler(Scheduler scheduler) { impl_->send_queue().SetScheduler(scheduler); }
size_t Association::BufferedAmount(uint16_t stream) const {
  return impl_->send_queue().buffered(stream);
}
size_t Association::BufferedAmount() const { return impl_->send_queue().buffered(); }
void Association::SetBufferedAmountLowThreshold(uint16_t stream, size_t bytes) {
  impl_->send_queue().SetLowThreshold(stream, bytes);
}
void Association::SetBufferedAmountLowThreshold(size_t bytes) {
  impl_->send_queue().SetLowThreshold(bytes);
}
void Association::Consume(Time, size_t bytes) { impl_->Consume(bytes); }
void Association::SetMtu(size_t mtu) { impl_->SetMtu(mtu); }
void Association::Tune(Time now, const Config& config) { impl_->Tune(now, config); }
size_t Association::RetainedBytes() const { return impl_->retained(); }
State Association::state() const { return impl_->state(); }
bool Association::ended_gracefully() const { return impl_->ended_gracefully(); }
Stats Association::GetStats() const { return impl_->GetStats(); }

}  // namespace sctp::engine
