// Packets on their way in: who may have sent them, and which part of the association they concern
// (RFC 9260 §6.8, 8.4, 8.5).
#include "engine/crc32c.h"
#include "engine/error_causes.h"
#include "engine/impl.h"

namespace sctp::engine {
namespace {

// The most bytes of a chunk that is reported back as unrecognized.
constexpr size_t kMaxReport = 256;
// In a row; then the peer's clock is at fault, not the network.
constexpr int kMaxStaleCookies = 3;

bool IsReflected(const Chunk& chunk) { return (chunk.flags & flag::kTagReflected) != 0; }

}  // namespace

// Length, ports and checksum.
bool Association::Impl::Admit(ByteView packet) const {
  if (packet.size() < kCommonHeaderSize + kChunkHeaderSize) return false;
  const CommonHeader header = ReadHeader(packet);
  if (header.source_port != config_.remote_port || header.destination_port != config_.local_port) {
    return false;
  }
  const uint32_t checksum = LoadChecksum(packet);
  if (checksum == 0 && config_.zero_checksum) {
    // RFC 9653 §5.3: never with what sets an association up.
    const uint8_t first = Load8(packet, kCommonHeaderSize);
    if (first != chunk::kInit && first != chunk::kCookieEcho) return true;
  }
  return checksum == PacketChecksum(packet);
}

bool Association::Impl::TagIsValid(const CommonHeader& header, const Chunk& first) const {
  const bool may_be_reflected =
      first.type == chunk::kAbort || first.type == chunk::kShutdownComplete;
  if (may_be_reflected && IsReflected(first)) return header.tag == peer_tag_ && peer_tag_ != 0;
  return header.tag == local_tag_;
}

void Association::Impl::Receive(Time now, ByteView packet) {
  ++counters_.packets_received;
  counters_.bytes_received += packet.size();
  ChunkReader chunks(packet);
  auto next = Admit(packet) ? chunks.Next() : std::nullopt;
  if (!next) {
    ++counters_.packets_discarded;
    return;
  }
  const CommonHeader header = ReadHeader(packet);
  if (next->type == chunk::kInit) {
    // Alone and without a tag, or nothing of ours.
    if (header.tag == 0 && chunks.at_end()) {
      HandleInit(now, header, *next);
    } else {
      ++counters_.packets_discarded;
    }
    return;
  }
  packet_has_data_ = false;
  if (next->type == chunk::kCookieEcho) {
    if (!HandleCookieEcho(now, header, *next)) return;
    next = chunks.Next();
  } else if (!is_open() || (next->type == chunk::kShutdownAck && is_starting())) {
    return OutOfTheBlue(header, packet);
  } else if (!TagIsValid(header, *next)) {
    ++counters_.packets_discarded;
    return;
  }
  while (next && is_open() && HandleChunk(now, header, *next)) next = chunks.Next();
  if (packet_has_data_ && is_open()) AfterPacketWithData(now);
}

// RFC 9260 §8.4.
void Association::Impl::OutOfTheBlue(const CommonHeader& header, ByteView packet) {
  ++counters_.packets_discarded;
  bool acknowledges_shutdown = false;
  ChunkReader chunks(packet);
  while (const auto chunk = chunks.Next()) {
    switch (chunk->type) {
      case chunk::kAbort:
      case chunk::kShutdownComplete:
      case chunk::kCookieAck:
      case chunk::kError:
      case chunk::kInitAck: return;
      case chunk::kShutdownAck: acknowledges_shutdown = true; break;
      default: break;
    }
  }
  if (acknowledges_shutdown) {
    QueuePacket(header.tag, MakeChunk(chunk::kShutdownComplete, flag::kTagReflected, {}));
    return;
  }
  // Late packets of an association that has ended in good order must not abort its other end.
  if (ended_gracefully_ && header.tag == local_tag_) return;
  QueuePacket(header.tag, MakeChunk(chunk::kAbort, flag::kTagReflected, {}));
}

// Returns whether the rest of the packet is to be read.
bool Association::Impl::HandleChunk(Time now, const CommonHeader& header, const Chunk& chunk) {
  switch (chunk.type) {
    case chunk::kData: HandleData(chunk); return true;
    case chunk::kSack: HandleSack(now, chunk); return true;
    case chunk::kInitAck: HandleInitAck(now, chunk); return false;
    case chunk::kHeartbeat: HandleHeartbeat(chunk); return true;
    case chunk::kHeartbeatAck: HandleHeartbeatAck(now, chunk); return true;
    case chunk::kAbort: HandleAbort(header, chunk); return false;
    case chunk::kShutdown: HandleShutdown(now, chunk); return true;
    case chunk::kShutdownAck: HandleShutdownAck(); return true;
    case chunk::kShutdownComplete:
      if (state_ == State::kShutdownAckSent) Close(Closed::Reason::kShutdown);
      return false;
    case chunk::kError: HandleError(now, chunk); return true;
    case chunk::kCookieAck: HandleCookieAck(now); return true;
    case chunk::kInit:        // must be alone
    case chunk::kCookieEcho:  // must be the first
    case chunk::kEcne:
    case chunk::kCwr: return true;
    case chunk::kIData:
      if (!features_.interleaving) break;
      HandleData(chunk);
      return true;
    case chunk::kForwardTsn:
    case chunk::kIForwardTsn:
      if (!features_.partial_reliability ||
          features_.interleaving != (chunk.type == chunk::kIForwardTsn)) {
        break;
      }
      HandleForwardTsn(chunk);
      return true;
    case chunk::kReconfig:
      if (!features_.reconfiguration) break;
      if (in_ && !is_starting()) {
        in_->reconfiguration.Receive(chunk.value, in_->tracker.cumulative());
        if (!in_->reconfiguration.waits_for_answer()) reconfig_timer_.Stop();
      }
      return true;
    default: break;
  }
  return HandleUnknown(chunk);
}

bool Association::Impl::HandleUnknown(const Chunk& chunk) {
  if (ReportsUnknownChunk(chunk.type) && peer_tag_ != 0) {
    const ByteView part = chunk.whole.first(std::min(chunk.whole.size(), kMaxReport));
    QueueControl(
        MakeChunk(chunk::kError, 0, BuildCauses({MakeCause(cause::kUnrecognizedChunk, part)})));
  }
  return SkipsUnknownChunk(chunk.type);
}

void Association::Impl::HandleHeartbeat(const Chunk& chunk) {
  if (peer_tag_ == 0 || chunk.whole.size() > mtu_ - kCommonHeaderSize) return;
  QueueControl(MakeChunk(chunk::kHeartbeatAck, 0, chunk.value));
}

void Association::Impl::HandleHeartbeatAck(Time now, const Chunk& chunk) {
  const auto info = TlvReader(chunk.value).Next();
  if (!info || info->type != parameter::kHeartbeatInfo || heartbeat_nonce_ == 0 ||
      info->value.size() != sizeof(uint64_t) || Load64(info->value, 0) != heartbeat_nonce_) {
    return;
  }
  heartbeat_nonce_ = 0;
  heartbeat_timeout_.Stop();
  error_count_ = 0;
  rto_.Measure(now - heartbeat_sent_at_);
}

void Association::Impl::HandleError(Time now, const Chunk& chunk) {
  std::vector<ErrorCause> causes = ParseCauses(chunk.value);
  const bool stale = !causes.empty() && causes.front().code == cause::kStaleCookie;
  if (stale && state_ != State::kCookieEchoed) return;  // late
  if (stale) {
    if (++stale_cookies_ > kMaxStaleCookies) return Close(Closed::Reason::kSetupFailed, causes);
    // Begin again, with a cookie that is fresh.
    state_ = State::kCookieWait;
    cookie_due_ = false;
    outstanding_.LoseAll();
    outstanding_.TakeNewlyLost();
    SendInit(now);
    return;
  }
  if (!causes.empty()) events_.Push(ErrorReceived{std::move(causes)});
}

}  // namespace sctp::engine
