// Packets on their way out: control chunks first, then what the windows allow of retransmissions
// and new data (RFC 9260 §6.1, 6.10, 7.2).
#include <algorithm>
#include <utility>

#include "engine/data_chunk.h"
#include "engine/impl.h"

namespace sctp::engine {
namespace {

// Answers that wait to be sent; a peer that asks for more gets no answer.
constexpr size_t kMaxControl = 32;
constexpr size_t kMaxPackets = 32;
constexpr size_t kSackFixedSize = 12;

}  // namespace

void Association::Impl::QueueControl(ByteVector chunk) {
  if (control_.size() < kMaxControl) control_.push_back(std::move(chunk));
}

void Association::Impl::QueuePacket(uint32_t tag, ByteView chunk) {
  if (packets_.size() >= kMaxPackets) return;
  ByteVector packet(kCommonHeaderSize + chunk.size());
  PacketWriter writer(packet, packet.size());
  writer.Add(chunk);
  writer.Finish({config_.local_port, config_.remote_port, tag}, true);
  packets_.push_back(std::move(packet));
}

size_t Association::Impl::peer_rwnd() const {
  const size_t flight = outstanding_.flight_size();
  return peer_a_rwnd_ > flight ? peer_a_rwnd_ - flight : 0;
}

bool Association::Impl::MayTransferData() const {
  return state_ == State::kEstablished || state_ == State::kShutdownPending ||
         state_ == State::kShutdownReceived || (state_ == State::kCookieEchoed && cookie_due_);
}

bool Association::Impl::HasDataToSend() {
  if (!MayTransferData() || (config_.max_burst > 0 && burst_ <= 0)) return false;
  if (outstanding_.has_lost()) {
    return fast_retransmit_ || outstanding_.flight_size() < congestion_.cwnd();
  }
  if (outstanding_.flight_size() >= congestion_.cwnd()) return false;
  const QueuedMessage* message = send_queue_.Next();
  if (message == nullptr) return false;
  const size_t header = DataHeaderSize(features_.interleaving);
  const size_t length = std::min(message->unsent(), mtu_ - kCommonHeaderSize - header);
  return outstanding_.flight_size() == 0 || length <= peer_rwnd();
}

bool Association::Impl::HasUrgentPacket() {
  return sack_due_ || cookie_due_ || !packets_.empty() || !control_.empty() || HasDataToSend();
}

size_t Association::Impl::PollPacket(Time now, ByteSpan buffer) {
  if (buffer.size() < max_mtu_) return 0;
  size_t size = 0;
  if (!packets_.empty()) {
    const ByteVector& packet = packets_.front();
    size = packet.size();
    Copy(packet, buffer);
    packets_.pop_front();
  } else {
    if (!is_open() || peer_tag_ == 0 || state_ == State::kCookieWait) return 0;
    ExpireQueued(now);
    PacketWriter packet(buffer, mtu_);
    bool checksum = !features_.send_zero_checksum;
    const bool may_send_data = HasDataToSend();
    if (cookie_due_) {
      if (!packet.Fits(cookie_.size())) packet.AllowOversize();
      packet.Add(cookie_);
      checksum = true;
    }
    if (state_ != State::kCookieEchoed || cookie_due_) AddControl(packet, now);
    if (sack_due_ || (may_send_data && packets_unacknowledged_ > 0)) AddSack(packet);
    if (forward_due_ && MayTransferData()) AddForwardTsn(packet, now);
    if (may_send_data && AddData(packet, now)) {
      // With a COOKIE ECHO, T1 sees to it.
      if (state_ != State::kCookieEchoed) t3_.StartIfStopped(now, rto_.rto());
      RestartTailTimer(now);
      last_data_sent_ = now;
      if (burst_ > 0) --burst_;
    }
    cookie_due_ = false;
    if (packet.empty()) {
      // What was not used is not saved up.
      burst_ = std::min(burst_, config_.max_burst);
      return 0;
    }
    size = packet.Finish({config_.local_port, config_.remote_port, peer_tag_}, checksum).size();
  }
  ++counters_.packets_sent;
  counters_.bytes_sent += size;
  return size;
}

void Association::Impl::AddControl(PacketWriter& packet, Time now) {
  if (in_->reconfiguration.has_work() && is_open() && state_ != State::kCookieEchoed) {
    const bool waited = in_->reconfiguration.waits_for_answer();
    const size_t max_streams = (mtu_ - kCommonHeaderSize - 20) / sizeof(uint16_t);
    for (ByteVector& chunk :
         in_->reconfiguration.TakeChunks(Wire32(outstanding_.next_tsn()), max_streams)) {
      QueueControl(std::move(chunk));
    }
    if (!waited && in_->reconfiguration.waits_for_answer()) {
      reconfig_timer_.Stop();
      reconfig_timer_.Start(now, rto_.rto());
    }
  }
  while (!control_.empty()) {
    const ByteVector& chunk = control_.front();
    if (!packet.Fits(chunk.size())) {
      if (!packet.empty()) break;
      packet.AllowOversize();  // built for a larger MTU
    }
    if (packet.Fits(chunk.size())) packet.Add(chunk);
    control_.pop_front();
  }
  if (shutdown_due_ && packet.Fits(8)) {
    Store(packet.Add(chunk::kShutdown, 0, 4), 0, Wire32(in_->tracker.cumulative()));
    shutdown_due_ = false;
  }
  if (shutdown_ack_due_ && packet.Fits(4)) {
    packet.Add(chunk::kShutdownAck, 0, 0);
    shutdown_ack_due_ = false;
  }
}

void Association::Impl::AddSack(PacketWriter& packet) {
  if (!packet.Fits(kChunkHeaderSize + kSackFixedSize)) return;
  DataTracker& tracker = in_->tracker;
  announced_window_ = Window();
  const size_t size = tracker.SackSize(packet.room() - kChunkHeaderSize);
  tracker.WriteSack(packet.Add(chunk::kSack, 0, size), announced_window_);
  sack_due_ = std::exchange(repeat_sack_, false);
  packets_unacknowledged_ = 0;
  sack_timer_.Stop();
  ++counters_.sacks_sent;
}

void Association::Impl::AddForwardTsn(PacketWriter& packet, Time now) {
  forward_due_ = outstanding_.needs_forward();
  constexpr size_t kFixed = kChunkHeaderSize + sizeof(uint32_t);
  if (!forward_due_ || !packet.Fits(kFixed + SkippedSize(true))) return;
  const size_t max_streams = (packet.room() - kFixed) / SkippedSize(features_.interleaving);
  const auto [tsn, skipped] = outstanding_.Forward(max_streams, features_.interleaving);
  WriteForwardTsn(packet, tsn, skipped, features_.interleaving);
  forward_due_ = false;
  forward_sent_ = tsn;
  forward_sent_at_ = now;
  ++counters_.forward_tsns_sent;
  t3_.StartIfStopped(now, rto_.rto());
}

bool Association::Impl::AddData(PacketWriter& packet, Time now) {
  if (outstanding_.empty() && now - last_data_sent_ > rto_.rto()) {
    congestion_.OnIdle((now - last_data_sent_) / rto_.rto());
  }
  outstanding_.BeginPacket();
  bool added = false;
  for (;;) {
    if (SentChunk* lost = outstanding_.NextLost()) {
      if (IsWorthless(*lost, now) && CanAbandon(*lost->message)) {
        AbandonWorthless(*lost->message);
        SettleAbandoned(now);
        continue;
      }
      if (!AddRetransmission(packet, *lost, !added, now)) break;
    } else {
      QueuedMessage* message = send_queue_.Next();
      if (message == nullptr || !AddNewChunk(packet, *message, !added, now)) break;
    }
    added = true;
  }
  if (added) fast_retransmit_ = false;
  return added;
}

bool Association::Impl::AddRetransmission(PacketWriter& packet, SentChunk& chunk, bool first,
                                          Time now) {
  if (outstanding_.flight_size() >= congestion_.cwnd() && !fast_retransmit_) return false;
  const size_t size = DataHeaderSize(features_.interleaving) + chunk.length;
  if (!packet.Fits(size)) {
    if (!first || !packet.empty()) return false;
    packet.AllowOversize();
    if (!packet.Fits(size)) return false;
  }
  outstanding_.Retransmit(chunk, now);
  WriteData(packet, chunk, features_.interleaving);
  ++counters_.chunks_sent;
  ++counters_.chunks_retransmitted;
  return true;
}

bool Association::Impl::AddNewChunk(PacketWriter& packet, QueuedMessage& message, bool first,
                                    Time now) {
  if (outstanding_.flight_size() >= congestion_.cwnd()) return false;
  const size_t header = DataHeaderSize(features_.interleaving);
  if (packet.room() <= header) return false;
  const size_t whole_packet = mtu_ - kCommonHeaderSize - header;
  const size_t room = packet.room() - header;
  const size_t length = std::min(message.unsent(), room);
  if (length < message.unsent()) {
    // A message that fits a packet is not split; of a larger one no crumbs are sent.
    if ((!first || !packet.empty()) && (message.size() <= whole_packet || room < mtu_ / 4)) {
      return false;
    }
  }
  // Whatever the window, one chunk may be in flight: it finds out whether the window has opened.
  if (length > peer_rwnd()) {
    if (outstanding_.flight_size() > 0) return false;
    probing_ = true;
  }
  const SentChunk& chunk = outstanding_.Send(send_queue_.Split(message, length), now);
  // The end waits for its acknowledgement, which the peer need not delay (RFC 7053 §4).
  if (state_ == State::kShutdownPending && send_queue_.empty()) {
    chunk.message->message.sack_immediately = true;
  }
  WriteData(packet, chunk, features_.interleaving);
  ++counters_.chunks_sent;
  return true;
}

}  // namespace sctp::engine
