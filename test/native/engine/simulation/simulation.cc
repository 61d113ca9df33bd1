#include "native/engine/simulation/simulation.h"

#include <algorithm>

#include "engine/packet.h"

namespace sctp::engine::simulation {

using namespace std::chrono_literals;

Simulation::Simulation(uint64_t seed, bool trace)
    : seed_(seed),
      trace_(trace),
      scenario_(seed),
      dice_(seed * 0x2545F4914F6CDD1D + 7),
      network_(seed * 0x9FB21C651E98DF25 + 3) {
  for (const int end : {0, 1}) {
    network_.lines[end] = scenario_.lines[end];
    ledgers_[end] = std::make_unique<Ledger>(dice_.Next64(), verdict_);
    Begin(end);
  }
  Plan();
}

void Simulation::Begin(int end) {
  ends_[end].random = std::make_unique<test::SeededRandom>(dice_.Next64());
  ends_[end].association =
      std::make_unique<Association>(scenario_.configs[end], *ends_[end].random);
  const auto stream = AnyStream();
  ends_[end].association->SetBufferedAmountLowThreshold(stream, dice_.Between<size_t>(0, 3000));
  ends_[end].association->SetBufferedAmountLowThreshold(dice_.Between<size_t>(0, 3000));
}

std::optional<std::string> Simulation::Run() {
  while (!verdict_.failure() && !over() && Step()) CheckProgress();
  if (!verdict_.failure()) CheckEnding();
  totals_.passed = now_.time_since_epoch();
  for (const auto& ledger : ledgers_) {
    totals_.accepted += ledger->accepted();
    totals_.delivered += ledger->delivered();
    totals_.abandoned += ledger->failed();
  }
  return verdict_.failure();
}

bool Simulation::over() const { return acts_.empty() && ends_[0].closed && ends_[1].closed; }

// Goes on to whatever comes next, and lets it happen. Returns false if nothing comes.
bool Simulation::Step() {
  Flush(0);
  Flush(1);
  std::optional<Time> next = network_.next();
  const auto consider = [&next](std::optional<Time> time) {
    if (time && (!next || *time < *next)) next = time;
  };
  if (!acts_.empty()) consider(acts_.begin()->first);
  const bool nobody_acts = acts_.empty();
  for (const End& end : ends_) consider(end.association->NextDeadline());

  if (nobody_acts && !ending_ && !has_work(0) && !has_work(1)) {
    for (const int end : {0, 1}) {
      if (scenario_.ends[end]) ShutDown(end);
    }
    return true;
  }
  // One end is gone, and could not tell the other, which has no reason to ask.
  if (nobody_acts && (ends_[0].closed || ends_[1].closed)) {
    const int left = ends_[0].closed ? 1 : 0;
    const bool waits = ends_[left].association->state() == State::kNew;
    if ((waits || !has_work(left)) && !network_.next() && !ends_[left].closed) {
      Abort(left);
      return true;
    }
  }
  if (!next) return false;
  now_ = std::max(now_, *next);
  Deliver();
  for (End& end : ends_) {
    const auto deadline = end.association->NextDeadline();
    if (deadline && *deadline <= now_) {
      end.association->HandleTimeout(now_);
      const auto again = end.association->NextDeadline();
      if (again && *again <= now_ && ++steps_ > 1'000'000) verdict_.Fail("a deadline that stays");
    }
  }
  if (!acts_.empty() && acts_.begin()->first <= now_) {
    Flush(0);
    Flush(1);
    while (!acts_.empty() && acts_.begin()->first <= now_) {
      const Act act = std::move(acts_.begin()->second);
      acts_.erase(acts_.begin());
      act();
    }
  }
  return true;
}

void Simulation::Deliver() {
  while (auto arrival = network_.Take(now_)) {
    TracePacket(arrival->to, "<", arrival->packet);
    ends_[arrival->to].has_heard = true;
    ends_[arrival->to].association->Receive(now_, arrival->packet);
    // Now and then several are received before anything is polled.
    if (!dice_.Chance(0.2)) Flush(arrival->to);
  }
}

void Simulation::Flush(int end) {
  FlushPackets(end);
  Read(end);
  FlushPackets(end);
  CheckBounds(end);
}

void Simulation::FlushPackets(int end) {
  Association& association = *ends_[end].association;
  buffer_.resize(association.MaxPacketSize());
  int sent = 0;
  while (const size_t size = association.PollPacket(now_, buffer_)) {
    const ByteView packet = ByteView(buffer_).first(size);
    TracePacket(end, ">", packet);
    NoteInit(end, packet);
    network_.Send(now_, end, {packet.begin(), packet.end()});
    ++totals_.packets;
    if (++sent > 100'000) return verdict_.Fail("endless packets");
  }
}

void Simulation::NoteInit(int end, ByteView packet) {
  if (packet.size() <= kCommonHeaderSize) return;
  if (std::to_integer<uint8_t>(packet[kCommonHeaderSize]) != chunk::kInit) return;
  if (ends_[end].has_begun) return;
  ends_[end].has_begun = true;
  const bool nobody_has_heard = !ends_[0].has_heard && !ends_[1].has_heard;
  if (ends_[1 - end].has_begun && nobody_has_heard) ++totals_.crossed;
}

void Simulation::Read(int end) {
  End& reader = ends_[end];
  const bool explicitly = scenario_.configs[end].explicit_consume;
  if (!reader.reading && !explicitly) return;
  while (auto event = reader.association->PollEvent()) {
    ++reader.events;
    Handle(end, *event);
  }
  if (reader.reading && reader.unread > 0) {
    // All at once, or in parts.
    const size_t part = dice_.Chance(0.8) ? reader.unread : dice_.Between<size_t>(1, reader.unread);
    reader.association->Consume(now_, part);
    reader.unread -= part;
    if (reader.unread > 0 && part > 0) {
      At(now_.time_since_epoch() + Duration(5ms), [=, this] { Read(end); });
    }
  }
}

void Simulation::Handle(int end, Event& event) {
  End& at = ends_[end];
  if (at.closed) return verdict_.Fail("an event after Closed");
  if (const auto* connected = std::get_if<Connected>(&event)) {
    Trace(end, "Connected");
    if (at.agreed) verdict_.Fail("connected twice");
    at.agreed = *connected;
  } else if (const auto* message = std::get_if<MessageReceived>(&event)) {
    Trace(end, "received " + std::to_string(message->ppid));
    if (!at.agreed) verdict_.Fail("a message before Connected");
    at.unread += scenario_.configs[end].explicit_consume ? message->data.size() : 0;
    ReceivedBy(end).OnDelivered(*message);
  } else if (const auto* failed = std::get_if<MessageFailed>(&event)) {
    Trace(end, "failed " + std::to_string(failed->message.context));
    const bool can_tell =
        scenario_.configs[0].partial_reliability && scenario_.configs[1].partial_reliability;
    SentBy(end).OnFailed(now_, *failed, can_tell,
                         at.agreed ? at.agreed->outbound_streams : uint16_t{0});
    const bool excused =
        (failed->reason != MessageFailed::Reason::kRestarted || restarts_ > 0) &&
        (failed->reason != MessageFailed::Reason::kClosed || ending_ || ends_[1 - end].closed);
    if (!excused) verdict_.Fail("a message failed without a reason");
  } else if (const auto* seen = std::get_if<IncomingStreamsReset>(&event)) {
    Trace(end, "IncomingStreamsReset");
    ++totals_.resets;
    ReceivedBy(end).OnResetSeen(seen->streams);
  } else if (const auto* answered = std::get_if<OutgoingStreamsReset>(&event)) {
    Trace(end, "OutgoingStreamsReset");
    const bool performed = answered->result == ResetResult::kPerformed;
    if (!performed && restarts_ == 0 && at.association->state() != State::kClosed) {
      verdict_.Fail("a reset was refused");
    }
    // Its packets may have crossed with an end that does not read.
    if (ends_[1 - end].reading || !performed)
      SentBy(end).OnResetAnswered(answered->streams, performed);
  } else if (const auto* restarted = std::get_if<Restarted>(&event)) {
    Trace(end, "Restarted");
    if (restarts_ == 0) verdict_.Fail("restarted, and nobody did");
    at.agreed = restarted->now;
    ++at.incarnation;
    SentBy(end).OnSenderRestarted();
    ReceivedBy(end).OnReceiverRestarted();
  } else if (const auto* error = std::get_if<ErrorReceived>(&event)) {
    if (restarts_ == 0) {
      verdict_.Fail("an error was reported: " + std::string(CauseName(error->causes[0].code)));
    }
  } else if (const auto* closed = std::get_if<Closed>(&event)) {
    HandleClosed(end, *closed);
  }
}

void Simulation::HandleClosed(int end, const Closed& closed) {
  Trace(end, "Closed, reason " + std::to_string(static_cast<int>(closed.reason)));
  End& at = ends_[end];
  const End& other = ends_[1 - end];
  at.closed = closed.reason;
  ending_ = true;
  const auto wrong = [&](const std::string& why) {
    verdict_.Fail("end " + std::to_string(end) + " closed " + why + ", reason " +
                  std::to_string(static_cast<int>(closed.reason)) +
                  (closed.causes.empty() ? "" : ": " + std::string(CauseText(closed.causes[0]))));
  };
  using Reason = Closed::Reason;
  const bool somebody_restarted = restarts_ > 0;
  switch (closed.reason) {
    case Reason::kShutdown:
      if (!at.shut_down && !other.shut_down && !somebody_restarted) return wrong("by itself");
      ++totals_.graceful;
      return;
    case Reason::kAborted:
      if (!at.aborted) return wrong("by itself");
      ++totals_.aborted;
      return;
    case Reason::kPeerAborted: {
      const State state = other.association->state();
      if (state != State::kClosed) return wrong("though the peer lives");
      // Who never came up with us does not count as having ended in good order.
      if (other.closed == Reason::kShutdown && other.agreed && !somebody_restarted) {
        return wrong("though the peer ended gracefully");
      }
      return;
    }
    case Reason::kTimedOut:
      // The guard of a shutdown that takes too long.
      if (at.shut_down && now_ - at.shut_down_at >= 5 * scenario_.configs[end].rto_max) {
        ++totals_.guarded;
        return;
      }
      return wrong("because of silence");
    case Reason::kSetupFailed:
    case Reason::kProtocolViolation:
    case Reason::kResources: return wrong("because of what the peer sent");
  }
}

}  // namespace sctp::engine::simulation
