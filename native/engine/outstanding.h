// Chunks that have a TSN and are not acknowledged cumulatively: the retransmission queue
// (RFC 9260 §6.3, 7.2.4; RFC 3758).
//
// A ring indexed by TSN. Chunks in flight are linked in the order in which they were last sent, so
// that a SACK costs what it newly acknowledges and reports missing, not what is in flight.
//
// A chunk is lost when three packets that were sent after it have been acknowledged. If the peer
// sends a SACK for each packet, as it must while there are gaps, these are the three missing
// reports of §7.2.4; but they still are three if SACKs are lost or cover several packets, and a
// retransmission that is lost is found missing in the same way.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/bytes.h"
#include "engine/send_queue.h"
#include "engine/sequence.h"
#include "engine/time.h"

namespace sctp::engine {

struct SentChunk {
  enum class State : uint8_t { kInFlight, kAcked, kLost, kAbandoned };

  MessageRef message;
  size_t offset = 0;
  size_t length = 0;
  uint32_t fsn = 0;
  State state = State::kInFlight;
  bool begin = false;
  bool end = false;
  uint8_t misses = 0;
  uint32_t transmissions = 0;
  Tsn tsn = 0;
  uint64_t packet = 0;  // in which it was last sent
  Tsn next_of_message = 0;
  Tsn previous_sent = 0;
  Tsn next_sent = 0;

  ByteView payload() const { return message->message.data.bytes().subspan(offset, length); }
};

class Outstanding {
 public:
  explicit Outstanding(uint32_t initial_tsn)
      : first_(FirstTsn(initial_tsn)), next_(first_), forward_(first_ - 1) {}

  // What is sent from here on leaves in another packet.
  void BeginPacket() { ++packet_; }
  // Gives the fragment a TSN and counts it as sent.
  SentChunk& Send(Fragment&& fragment, Time now);

  struct Acked {
    bool valid = true;  // false: acknowledges what was never sent
    bool old = false;   // overtaken by a later one; ignored
    bool advanced = false;
    size_t bytes = 0;          // newly acknowledged
    bool any_missing = false;  // chunks have just become lost by missing reports
    std::optional<Duration> rtt;
  };
  // `gaps` holds the gap ack blocks as on the wire; none (a SHUTDOWN) says nothing about gaps.
  Acked HandleSack(uint32_t cumulative, std::optional<ByteView> gaps, Time now);

  // T3-rtx: whatever is in flight is lost.
  void LoseAll();
  // Chunks that have become lost since the last call, for the caller to see whether their messages
  // are worth retransmitting.
  std::vector<Tsn> TakeNewlyLost() { return std::exchange(newly_lost_, {}); }

  // The lost chunk with the lowest TSN; null if there is none.
  SentChunk* NextLost();
  void Retransmit(SentChunk& chunk, Time now);
  SentChunk* Find(Tsn tsn);

  // Gives up a message that has chunks here. If it is not completely split yet, a chunk that is
  // never sent stands for the rest, so that the peer learns that it does not come.
  void Abandon(QueuedMessage& message, MessageRef holder);

  // How far FORWARD TSN may move the peer's cumulative TSN, and what is skipped (RFC 3758 §3.5).
  Tsn forward_point() const { return forward_; }
  bool needs_forward() const { return forward_ >= first_; }
  struct Skipped {
    uint16_t stream;
    bool unordered;
    uint64_t number;
  };
  // The new cumulative TSN and the last skipped message of each stream, for as many streams as
  // `max_streams`. Unordered ones only with `interleaving`.
  std::pair<Tsn, std::vector<Skipped>> Forward(size_t max_streams, bool interleaving) const;

  // Messages whose last chunk has left the queue; the caller clears it.
  std::vector<MessageRef>& finished() { return finished_; }
  // All messages with chunks here, once each; the queue is empty afterwards.
  std::vector<MessageRef> TakeAll();

  bool empty() const { return first_ == next_; }
  bool has_lost() const { return lost_ > 0; }
  size_t flight_size() const { return flight_size_; }
  size_t unacked_bytes() const { return unacked_bytes_; }
  Tsn cumulative() const { return first_ - 1; }
  Tsn next_tsn() const { return next_; }

 private:
  using State = SentChunk::State;
  using Range = std::pair<Tsn, Tsn>;

  SentChunk& At(Tsn tsn) { return ring_[tsn & (ring_.size() - 1)]; }
  const SentChunk& At(Tsn tsn) const { return ring_[tsn & (ring_.size() - 1)]; }
  SentChunk& Append(Fragment&& fragment);
  void Grow();
  void Link(SentChunk& chunk);
  void Unlink(SentChunk& chunk);
  void Leave(SentChunk& chunk);
  void Lose(SentChunk& chunk);
  void PopTo(Tsn cumulative, Acked& acked, Time now);
  void MarkGaps(ByteView gaps, Acked& acked, Time now);
  void Acknowledge(SentChunk& chunk, Acked& acked, Time now);
  void Renege(SentChunk& chunk);
  void CountMisses(Acked& acked);
  void AdvanceForward();

  std::vector<SentChunk> ring_;  // a power of two long
  Tsn first_;                    // lowest TSN not acknowledged cumulatively
  Tsn next_;                     // next TSN to give out
  Tsn forward_;                  // everything up to here is acknowledged or abandoned
  size_t flight_size_ = 0;
  size_t unacked_bytes_ = 0;
  size_t lost_ = 0;
  Tsn oldest_sent_ = 0;  // ends of the list of what is in flight; 0 for none
  Tsn latest_sent_ = 0;
  uint64_t packet_ = 0;
  std::vector<uint64_t> acked_packets_;  // by the SACK at hand
  std::vector<Range> gaps_;              // as the last SACK reported them
  std::vector<Range> previous_gaps_;
  std::vector<Tsn> lost_heap_;  // lowest first; may hold chunks that are no longer lost
  std::vector<Tsn> newly_lost_;
  std::vector<MessageRef> finished_;
  // One round trip at a time is measured.
  Tsn timed_ = 0;
  Time timed_at_{};
};

}  // namespace sctp::engine
