// What happens in a scenario, at random moments of it.
#include <algorithm>

#include "native/engine/simulation/simulation.h"

namespace sctp::engine::simulation {

using namespace std::chrono_literals;

void Simulation::Plan() {
  for (const int end : {0, 1}) {
    if (scenario_.begins[end]) {
      At(scenario_.begin_at[end], [=, this] { ends_[end].association->Connect(now_); });
    }
    PlanMessages(end);
  }
  const auto plan = [this](int count, void (Simulation::*act)(int)) {
    for (; count > 0; --count) {
      const int end = dice_.Between(0, 1);
      At(Sometime(), [=, this] { (this->*act)(end); });
    }
  };
  plan(scenario_.resets, &Simulation::ResetSome);
  plan(scenario_.reset_wishes, &Simulation::WishReset);
  plan(scenario_.added, &Simulation::AddSome);
  plan(scenario_.scheduling, &Simulation::Reschedule);
  plan(scenario_.pauses, &Simulation::Pause);
  plan(scenario_.restarts, &Simulation::Restart);
  for (int i = 0; i < scenario_.mtu_changes; ++i) {
    const int end = dice_.Between(0, 1);
    const auto mtu = dice_.OneOf<size_t>({100, 512, 700, 1200, 1500, 4000});
    At(Sometime(), [=, this] { ends_[end].association->SetMtu(mtu); });
  }
  PlanEnding();
}

void Simulation::PlanMessages(int end) {
  ends_[end].bytes_left = scenario_.bytes[end];
  for (int i = 0; i < scenario_.messages[end]; ++i) {
    // In bursts, too: several in one moment.
    const Duration when = Sometime();
    At(when, [=, this] {
      SendOne(end);
      if (dice_.Chance(0.2)) {
        SendOne(end);
        SendOne(end);
      }
    });
  }
}

void Simulation::PlanEnding() {
  if (scenario_.ending == Ending::kAfterAll) return;  // Step() sees when that is
  for (const int end : {0, 1}) {
    if (!scenario_.ends[end]) continue;
    // Both at once, or one after the other.
    const Duration later = dice_.Chance(0.5) ? Duration(0) : dice_.Between(0ms, 1000ms);
    At(scenario_.end_at + later,
       [=, this] { scenario_.ending == Ending::kAbort ? Abort(end) : ShutDown(end); });
  }
}

uint16_t Simulation::AnyStream() { return dice_.Between<uint16_t>(0, scenario_.streams - 1); }

size_t Simulation::AnySize() {
  const size_t limit =
      dice_.Chance(0.3) ? scenario_.largest : std::min<size_t>(scenario_.largest, 2000);
  if (dice_.Chance(0.05)) return scenario_.largest;
  return dice_.Chance(0.1) ? 1 : dice_.Between<size_t>(1, limit);
}

Reliability Simulation::AnyReliability() {
  using Policy = Reliability::Policy;
  if (!dice_.Chance(scenario_.unreliable)) return {};
  switch (dice_.Between(0, 2)) {
    case 0: return {Policy::kTimed, dice_.OneOf<uint32_t>({0, 1, 50, 500, 5000})};
    case 1: return {Policy::kRetransmits, dice_.OneOf<uint32_t>({0, 0, 1, 3})};
    default: return {Policy::kPriority, dice_.Between<uint32_t>(0, 3)};
  }
}

void Simulation::SendOne(int end) {
  End& sender = ends_[end];
  const size_t size = AnySize();
  if (size > sender.bytes_left) return;
  const uint16_t stream = AnyStream();
  const bool unordered = dice_.Chance(scenario_.unordered);
  const Reliability reliability = AnyReliability();
  const SendStatus status =
      sender.association->Send(now_, SentBy(end).Make(stream, size, unordered, reliability));
  Trace(end, "Send(" + std::to_string(SentBy(end).accepted()) + ": " + std::to_string(size) +
                 " B, stream " + std::to_string(stream) +
                 ") = " + std::to_string(static_cast<int>(status)));
  if (status == SendStatus::kQueued) {
    SentBy(end).Accept(now_, stream, size, unordered, reliability);
    sender.bytes_left -= size;
  } else if (status == SendStatus::kBufferFull && sender.association->state() != State::kClosed) {
    // Later, as long as there is somebody who waits for it.
    if (now_ < Time(60s))
      At(now_.time_since_epoch() + Duration(300ms), [=, this] { SendOne(end); });
  } else if (status == SendStatus::kEmpty || status == SendStatus::kTooLarge) {
    verdict_.Fail("Send() refused a message of " + std::to_string(size) + " B");
  }
}

void Simulation::ResetSome(int end) {
  std::vector<uint16_t> streams;
  for (int count = dice_.Between(1, 4); count > 0; --count) streams.push_back(AnyStream());
  std::ranges::sort(streams);
  streams.erase(std::ranges::unique(streams).begin(), streams.end());
  const ResetStatus status = ends_[end].association->ResetStreams(now_, streams);
  Trace(end, "ResetStreams = " + std::to_string(static_cast<int>(status)));
  if (status == ResetStatus::kStarted) SentBy(end).OnResetBegun(streams);
}

void Simulation::WishReset(int end) {
  std::vector<uint16_t> streams;
  for (int count = dice_.Between(0, 3); count > 0; --count) streams.push_back(AnyStream());
  const ResetStatus status = ends_[end].association->RequestReset(now_, streams);
  Trace(end, "RequestReset = " + std::to_string(static_cast<int>(status)));
  if (status == ResetStatus::kStarted) ReceivedBy(end).OnResetWished();
}

void Simulation::AddSome(int end) {
  ends_[end].association->AddStreams(now_, dice_.Between<uint16_t>(0, 5),
                                     dice_.Between<uint16_t>(0, 5));
}

void Simulation::Reschedule(int end) {
  Association& association = *ends_[end].association;
  switch (dice_.Between(0, 2)) {
    case 0:
      association.SetScheduler(
          dice_.OneOf({Scheduler::kFirstComeFirstServed, Scheduler::kRoundRobin,
                       Scheduler::kPriority, Scheduler::kWeightedFair}));
      break;
    case 1: association.SetStreamPriority(AnyStream(), dice_.Between<uint16_t>(0, 512)); break;
    default: association.SetStreamWeight(AnyStream(), dice_.Between<uint16_t>(0, 512));
  }
}

void Simulation::Pause(int end) {
  // Who takes no events does not know what has been given up or reset, nor which messages belong to
  // which incarnation: then nothing could be checked.
  const bool all_events_matter = scenario_.restarts > 0 || scenario_.unreliable > 0 ||
                                 scenario_.resets > 0 || scenario_.reset_wishes > 0;
  if (!scenario_.configs[end].explicit_consume && all_events_matter) return;
  ends_[end].reading = false;
  At(now_.time_since_epoch() + dice_.Between(Duration(10ms), Duration(20s)), [=, this] {
    ends_[end].reading = true;
    Read(end);
  });
}

void Simulation::Restart(int end) {
  // Of an association that has not come up at both ends there is nothing to be restarted.
  if (ending_ || !ends_[end].agreed || !ends_[1 - end].agreed) return;
  if (ends_[end].closed || ends_[1 - end].closed) return;
  if (ends_[end].incarnation != ends_[1 - end].incarnation) return;
  Trace(end, "restarts");
  ++restarts_;
  ++totals_.restarts;
  const int incarnation = ends_[end].incarnation + 1;
  const size_t bytes_left = ends_[end].bytes_left;
  ends_[end] = End();
  ends_[end].incarnation = incarnation;
  ends_[end].bytes_left = bytes_left;
  Begin(end);
  SentBy(end).OnSenderRestarted();
  ReceivedBy(end).OnReceiverRestarted();
  ends_[end].association->Connect(now_);
}

void Simulation::ShutDown(int end) {
  if (!ends_[end].shut_down) ends_[end].shut_down_at = now_;
  ends_[end].shut_down = true;
  ending_ = true;
  Trace(end, "Shutdown");
  ends_[end].association->Shutdown(now_);
}

void Simulation::Abort(int end) {
  ends_[end].aborted = true;
  ending_ = true;
  Trace(end, "Abort");
  ends_[end].association->Abort(now_, "enough");
}

}  // namespace sctp::engine::simulation
