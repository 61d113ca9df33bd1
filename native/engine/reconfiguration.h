// Stream reconfiguration (RFC 6525): resetting and adding streams, asked for by either end.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/association.h"
#include "engine/event_queue.h"
#include "engine/packet.h"
#include "engine/reassembly.h"
#include "engine/send_queue.h"

namespace sctp::engine {

struct StreamCounts {
  uint16_t outbound = 0;
  uint16_t inbound = 0;
  uint16_t max_inbound = 0;
};

class Reconfiguration {
 public:
  // Request numbers start at the initial TSNs.
  Reconfiguration(uint32_t own_initial_tsn, uint32_t peer_initial_tsn, SendQueue& send_queue,
                  Reassembly& reassembly, EventQueue& events, StreamCounts& counts)
      : own_next_(own_initial_tsn),
        peer_next_(peer_initial_tsn),
        send_queue_(send_queue),
        reassembly_(reassembly),
        events_(events),
        counts_(counts) {}

  ResetStatus ResetStreams(std::span<const uint16_t> streams);
  ResetStatus RequestReset(std::span<const uint16_t> streams);
  ResetStatus AddStreams(uint16_t outgoing, uint16_t incoming);

  // The value of a RE-CONFIG chunk.
  void Receive(ByteView value, Tsn cumulative);
  // The cumulative TSN has moved: a reset that the peer asked for too early may be due.
  void OnCumulative(Tsn cumulative) {
    if (deferred_ && cumulative >= deferred_->last_tsn) PerformDeferred();
  }
  // A message on a stream that is being reset has been acknowledged or given up.
  void OnFinished(uint16_t stream);

  // Whole chunks to send: answers, and a new request if none is unanswered. `next_tsn`: ours.
  std::vector<ByteVector> TakeChunks(uint32_t next_tsn, size_t max_streams);
  bool has_work() const { return !answers_.empty() || (!request_ && HasRequest()); }
  // The unanswered request once more; none if there is none.
  std::optional<ByteVector> Repeat() const;
  bool waits_for_answer() const { return request_.has_value(); }
  // The peer is still at it, so that silence is no failure.
  bool TakeInProgress() { return std::exchange(in_progress_, false); }

  // The association has ended or restarted: nothing will be answered.
  void Fail();

 private:
  enum class Kind : uint8_t { kResetOutgoing, kResetIncoming, kAddOutgoing, kAddIncoming };
  struct Request {
    Kind kind = Kind::kResetOutgoing;
    uint32_t number = 0;
    std::vector<uint16_t> streams;
    uint16_t added = 0;
    ByteVector chunk;
  };
  struct Waiting {
    Kind kind = Kind::kResetIncoming;
    std::vector<uint16_t> streams;
    uint16_t added = 0;
  };
  // A request of the peer's that has been taken, and what we said.
  struct Answered {
    uint32_t number = 0;
    uint32_t result = 0;
    bool valid = false;
  };
  struct Deferred {
    uint32_t number = 0;
    Tsn last_tsn = 0;
    std::vector<uint16_t> streams;
  };
  // The peer asked us to reset streams; our own request will be the answer.
  struct PeerWish {
    uint32_t number = 0;
    std::vector<uint16_t> streams;
    size_t busy = 0;  // streams that have not drained
  };

  bool HasRequest() const {
    return !ready_.empty() || !waiting_.empty() || (peer_wish_ && peer_wish_->busy == 0);
  }
  void Begin(uint16_t stream, std::vector<uint16_t>& ready);
  void BuildReset(std::vector<uint16_t> streams, uint32_t answers_to, uint32_t next_tsn);
  void GrantWish(uint32_t next_tsn, size_t max_streams);
  void BuildRequest(uint32_t next_tsn, size_t max_streams);
  void HandleRequest(const Tlv& request, Tsn cumulative);
  uint32_t Perform(const Tlv& request, Tsn cumulative);
  uint32_t PeerResets(ByteView value, Tsn cumulative);
  uint32_t PeerWantsReset(ByteView value);
  uint32_t PeerAdds(uint16_t count);
  uint32_t PeerWantsMore(uint16_t count);
  void PerformDeferred();
  void ResetIncoming(std::vector<uint16_t> streams);
  void HandleAnswer(uint32_t number, uint32_t result);
  void Settle(const Request& request, ResetResult result);
  void Answer(uint32_t number, uint32_t result);

  uint32_t own_next_;
  uint32_t peer_next_;
  SendQueue& send_queue_;
  Reassembly& reassembly_;
  EventQueue& events_;
  StreamCounts& counts_;

  std::vector<uint16_t> ready_;  // drained, to be reset by the next request
  std::set<uint16_t> draining_;  // not yet
  std::deque<Waiting> waiting_;
  std::optional<Request> request_;
  std::optional<Deferred> deferred_;
  std::optional<PeerWish> peer_wish_;
  std::array<Answered, 2> answered_;  // a RE-CONFIG chunk holds two requests at most
  std::vector<ByteVector> answers_;
  bool in_progress_ = false;
};

}  // namespace sctp::engine
