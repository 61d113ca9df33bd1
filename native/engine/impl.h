// The association behind association.h: what its mechanisms share. Each file that implements a
// part of it is named after the part.
#pragma once

#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/association.h"
#include "engine/congestion.h"
#include "engine/cookie.h"
#include "engine/data_tracker.h"
#include "engine/event_queue.h"
#include "engine/init_chunk.h"
#include "engine/outstanding.h"
#include "engine/packet.h"
#include "engine/reassembly.h"
#include "engine/reconfiguration.h"
#include "engine/rto.h"
#include "engine/send_queue.h"
#include "engine/timer.h"

namespace sctp::engine {

class Association::Impl {
 public:
  Impl(const Config& config, RandomSource& random, const CookieSecret& secret, ByteView origin);

  // association.cc
  SendStatus Send(Time now, OutgoingMessage&& message);
  ResetStatus ResetStreams(std::span<const uint16_t> streams);
  ResetStatus RequestReset(std::span<const uint16_t> streams);
  ResetStatus AddStreams(uint16_t outgoing, uint16_t incoming);
  void SetMtu(size_t mtu);
  void Tune(Time now, const Config& config);
  size_t retained() const { return retained_; }
  size_t max_packet_size() const { return max_mtu_; }
  State state() const { return state_; }
  bool ended_gracefully() const { return ended_gracefully_; }
  SendQueue& send_queue() { return send_queue_; }
  Stats GetStats() const;

  void Connect(Time now);                        // handshake.cc
  void Receive(Time now, ByteView packet);       // receive.cc
  void HandleTimeout(Time now);                  // timeouts.cc
  std::optional<Time> NextDeadline() const;      // timeouts.cc
  bool HasUrgentPacket();                        // transmit.cc
  size_t PollPacket(Time now, ByteSpan buffer);  // transmit.cc
  std::optional<Event> PollEvent();              // window.cc
  void Consume(size_t bytes);                    // window.cc
  void Shutdown(Time now);                       // ending.cc
  void Abort(std::string_view reason);           // ending.cc

 private:
  // What exists once the peer's INIT or INIT ACK is known, and starts over when it restarts.
  struct Inbound {
    Inbound(Impl& association, uint32_t peer_tsn);
    DataTracker tracker;
    Reassembly reassembly;
    Reconfiguration reconfiguration;
  };

  // handshake.cc
  void SendInit(Time now);
  void HandleInit(Time now, const CommonHeader& header, const Chunk& chunk);
  void HandleInitAck(Time now, const Chunk& chunk);
  void HandleCookieAck(Time now);
  void SetUp(uint32_t peer_tag, uint32_t peer_tsn, uint32_t peer_rwnd, uint16_t peer_outbound,
             uint16_t peer_inbound, const Capabilities& peer);
  void Establish(Time now);
  Connected Agreed() const;
  uint32_t NewTag();

  // cookie_echo.cc
  bool HandleCookieEcho(Time now, const CommonHeader& header, const Chunk& chunk);
  bool HandleCookieOfOther(Time now, const Cookie& cookie);
  void SetUpFrom(const Cookie& cookie);
  void Restart(Time now, const Cookie& cookie);

  // receive.cc
  bool Admit(ByteView packet) const;
  bool TagIsValid(const CommonHeader& header, const Chunk& first) const;
  void OutOfTheBlue(const CommonHeader& header, ByteView packet);
  bool HandleChunk(Time now, const CommonHeader& header, const Chunk& chunk);
  bool HandleUnknown(const Chunk& chunk);
  void HandleHeartbeat(const Chunk& chunk);
  void HandleHeartbeatAck(Time now, const Chunk& chunk);
  void HandleError(Time now, const Chunk& chunk);

  // data_in.cc
  void HandleData(const Chunk& chunk);
  void HandleForwardTsn(const Chunk& chunk);
  void CountDelivered();
  void AfterPacketWithData(Time now);

  // window.cc: what we can take
  size_t undelivered_cost() const;
  size_t kept_cost() const;
  bool HasRoomFor(const DataChunk& chunk) const;
  size_t KeepLimit() const;
  bool IsStuck(const DataChunk& chunk) const;
  uint32_t Window() const;
  void OnWindowOpened();

  // sack_in.cc
  void HandleSack(Time now, const Chunk& chunk);
  bool Acknowledge(Time now, uint32_t cumulative, std::optional<ByteView> gaps);
  void SettleLost(Time now);
  void SettleFinished();
  bool IsWorthless(const SentChunk& chunk, Time now) const;
  bool CanAbandon(const QueuedMessage& message) const;
  void Abandon(QueuedMessage& message, MessageFailed::Reason reason);
  void AbandonWorthless(QueuedMessage& message);
  void ExpireQueued(Time now);
  bool MakeRoom(Time now, const OutgoingMessage& message);
  void SettleAbandoned(Time now);
  void UpdateForward(Time now, bool repeat);

  // transmit.cc
  bool MayTransferData() const;
  bool HasDataToSend();
  size_t peer_rwnd() const;
  void AddControl(PacketWriter& packet, Time now);
  void AddSack(PacketWriter& packet);
  void AddForwardTsn(PacketWriter& packet, Time now);
  bool AddData(PacketWriter& packet, Time now);
  bool AddRetransmission(PacketWriter& packet, SentChunk& chunk, bool first, Time now);
  bool AddNewChunk(PacketWriter& packet, QueuedMessage& message, bool first, Time now);
  void QueueControl(ByteVector chunk);
  void QueuePacket(uint32_t tag, ByteView chunk);

  // ending.cc
  void HandleShutdown(Time now, const Chunk& chunk);
  void HandleShutdownAck();
  void HandleAbort(const CommonHeader& header, const Chunk& chunk);
  void AdvanceShutdown(Time now);
  void AbortWith(Closed::Reason reason, ErrorCause cause);
  void Violation(std::string_view what);
  void Close(Closed::Reason reason, std::vector<ErrorCause> causes = {});
  void FailMessages(MessageFailed::Reason reason);
  void FailMessage(QueuedMessage& message, MessageFailed::Reason reason);

  // tail_probe.cc
  void RestartTailTimer(Time now);
  void ProbeTail(Time now);

  // timeouts.cc
  bool CountError();
  void HandleT1(Time now);
  void HandleT2(Time now);
  void HandleT3(Time now);
  void HandleHeartbeatTimers(Time now);
  void HandleReconfigTimer(Time now);
  void StartHeartbeats(Time now);

  bool is_starting() const {
    return state_ == State::kCookieWait || state_ == State::kCookieEchoed;
  }
  bool is_open() const { return state_ != State::kNew && state_ != State::kClosed; }

  Config config_;
  RandomSource& random_;
  CookieSecret secret_;
  ByteVector origin_;
  State state_ = State::kNew;
  bool shutdown_requested_ = false;  // before the association was up
  bool ended_gracefully_ = false;

  uint32_t local_tag_ = 0;
  uint32_t local_initial_tsn_ = 0;
  uint32_t peer_tag_ = 0;
  Features features_;
  StreamCounts counts_;

  EventQueue events_;
  SendQueue send_queue_;
  Outstanding outstanding_;
  Congestion congestion_;
  Rto rto_;
  std::optional<Inbound> in_;

  // Sending.
  size_t mtu_;
  size_t max_mtu_;
  std::deque<ByteVector> packets_;  // complete, with tags of their own
  std::deque<ByteVector> control_;  // chunks
  ByteVector cookie_;               // the peer's, to be echoed
  bool cookie_due_ = false;
  int stale_cookies_ = 0;
  bool shutdown_due_ = false;
  bool shutdown_ack_due_ = false;
  size_t retained_ = 0;    // bytes of messages neither acknowledged nor given up
  bool draining_ = false;  // Drained has yet to be reported
  uint32_t peer_a_rwnd_ = 0;
  bool sack_since_t3_ = false;
  bool probing_ = false;          // what is in flight exceeds the peer's window
  bool tail_probed_ = false;      // since the last acknowledgement
  bool fast_retransmit_ = false;  // one packet may leave whatever the window
  int burst_ = 0;
  Time last_data_sent_{};
  bool forward_due_ = false;
  Tsn forward_sent_ = 0;
  Time forward_sent_at_{};

  // Receiving.
  bool packet_has_data_ = false;
  bool sack_due_ = false;
  bool repeat_sack_ = false;
  int packets_unacknowledged_ = 0;
  size_t unconsumed_ = 0;            // bytes of messages not polled or not consumed
  size_t undelivered_messages_ = 0;  // not polled
  uint32_t announced_window_;

  int error_count_ = 0;
  uint64_t heartbeat_nonce_ = 0;  // 0: none is unanswered
  Time heartbeat_sent_at_{};

  Timer t1_;
  Timer t2_;
  Timer t3_;
  Timer t5_;
  Timer tail_timer_;
  Timer sack_timer_;
  Timer heartbeat_timer_;
  Timer heartbeat_timeout_;
  Timer reconfig_timer_;

  Counters counters_;
};

}  // namespace sctp::engine
