// One SCTP association as a state machine (RFC 9260, 3758, 6525, 7053, 7496, 8260, 9653): packets
// and the time go in; packets, events and the next deadline come out.
//
// After any call (Receive, HandleTimeout, Send, ...) the caller
//   1. sends what PollPacket() writes, until it returns 0,
//   2. handles what PollEvent() returns, until it returns nothing; taking messages, sending and
//      consuming may make new packets: then 1 again,
//   3. arms one timer for NextDeadline(), and calls HandleTimeout() when it is due.
// Any call may come between any other two: nothing here calls back. Several packets may be received
// before the first is polled. An association is one thread's at a time.
//
// One path: addresses are the caller's business. A server for many peers on one socket puts a
// Listener (listener.h) in front; two ends of a transport of their own need none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "engine/config.h"
#include "engine/events.h"
#include "engine/message.h"
#include "engine/random.h"
#include "engine/stats.h"
#include "engine/time.h"

namespace sctp::engine {

// Signs cookies. Associations that a Listener let in share the listener's.
using CookieSecret = std::array<std::byte, 32>;

enum class SendStatus : uint8_t {
  kQueued,
  kBufferFull,     // Config::send_buffer; BufferedAmountLow or Drained will say when to try again
  kInvalidStream,  // beyond what was asked for, or what the peer granted
  kEmpty,          // SCTP has no empty messages
  kTooLarge,       // Config::max_send_message_size
  kClosing,        // shutting down: no new messages
  kClosed,
};

enum class ResetStatus : uint8_t {
  kStarted,        // an event will bring the answer
  kNotSupported,   // by the peer, or turned off
  kInvalidStream,  // none of them was taken
  kBusy,           // one of the streams is being reset already, or too many requests wait
  kNotConnected,
};

class Association {
 public:
  // Clamps nonsense in `config` rather than failing. `random` must outlive the association.
  Association(const Config& config, RandomSource& random);
  // For a peer that a Listener has let in; `origin` as passed to Listener::Receive.
  Association(const Config& config, RandomSource& random, const CookieSecret& secret,
              std::span<const std::byte> origin);
  ~Association();
  Association(Association&&) noexcept;
  Association& operator=(Association&&) noexcept;

  // Begins the handshake. Both ends may; an end that does not answers the other's INIT, and keeps
  // no state before a COOKIE ECHO that it has signed itself. No effect unless state is kNew.
  void Connect(Time now);

  // A packet from the transport; anything may be in it. Nothing refers to it afterwards.
  void Receive(Time now, std::span<const std::byte> packet);

  // Does what is due at `now`; harmless if nothing is.
  void HandleTimeout(Time now);
  // When HandleTimeout() is to be called; no value: nothing waits for time to pass.
  std::optional<Time> NextDeadline() const;

  // Writes one packet and returns its length, or 0 if there is nothing to send now. `buffer` must
  // hold MaxPacketSize() bytes.
  size_t PollPacket(Time now, std::span<std::byte> buffer);
  // Whether PollPacket() has what the peer waits for: a SACK, data, an answer. What else there is
  // may wait until everything that has arrived is received.
  bool HasUrgentPacket();
  // The largest MTU there has been: chunks that were split for it are retransmitted as they are.
  size_t MaxPacketSize() const;

  std::optional<Event> PollEvent();

  // Takes `message` only if it returns kQueued. Messages may be queued before the association is
  // up. SCTP has no empty messages: WebRTC sends one zero byte with PPIDs 56 and 57.
  SendStatus Send(Time now, OutgoingMessage&& message);

  // Resets outgoing streams (RFC 6525 §4.1): once what was sent on them before is acknowledged,
  // they start from sequence number 0. Messages sent meanwhile wait. Answered by
  // OutgoingStreamsReset. No streams: all.
  ResetStatus ResetStreams(Time now, std::span<const uint16_t> streams);
  // Asks the peer to reset its outgoing streams. Answered by ResetRequestAnswered; the reset
  // itself is reported by IncomingStreamsReset.
  ResetStatus RequestReset(Time now, std::span<const uint16_t> streams);
  // Adds streams (RFC 6525 §4.5, 4.6). Answered by StreamsAdded.
  ResetStatus AddStreams(Time now, uint16_t outgoing, uint16_t incoming);

  // Ends gracefully: what is queued is sent and acknowledged first.
  void Shutdown(Time now);
  // Ends at once, with a User-Initiated Abort that carries `reason`, if the peer is known.
  void Abort(Time now, std::string_view reason);

  // kPriority: the lowest first (default 256). kWeightedFair: the share (default 256, at least 1).
  void SetStreamPriority(uint16_t stream, uint16_t priority);
  void SetStreamWeight(uint16_t stream, uint16_t weight);
  void SetScheduler(Scheduler scheduler);

  // Bytes that have never been sent.
  size_t BufferedAmount(uint16_t stream) const;
  size_t BufferedAmount() const;
  // BufferedAmountLow is reported when the amount falls from above `bytes` to it or below; never
  // before a threshold is set.
  void SetBufferedAmountLowThreshold(uint16_t stream, size_t bytes);
  void SetBufferedAmountLowThreshold(size_t bytes);

  // With Config::explicit_consume: `bytes` of messages returned by PollEvent() no longer occupy
  // memory, so the peer may send as many again.
  void Consume(Time now, size_t bytes);

  // Raising it affects what is split from now on; lowering it also what is not yet sent.
  void SetMtu(size_t mtu);

  // Takes over what may change at any time: the RTO's bounds, SACK delay and frequency, the
  // interval of heartbeats, retransmissions until it fails, burst, send buffer and the longest
  // message sent.
  void Tune(Time now, const Config& config);

  State state() const;
  // Both ends have handed over everything; only once it is closed.
  bool ended_gracefully() const;
  Stats GetStats() const;
  // Bytes of messages that are neither acknowledged nor given up: what counts for the send buffer.
  size_t RetainedBytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sctp::engine
