// What must hold at any time, and in the end.
#include <cstdio>

#include "engine/packet.h"
#include "native/engine/simulation/simulation.h"

namespace sctp::engine::simulation {

using namespace std::chrono_literals;

// Messages of full length that may be arriving at the same time.
constexpr size_t kMostBegun = 8;

// Memory stays within what was configured, however little is read.
void Simulation::CheckBounds(int end) {
  const Config& config = scenario_.configs[end];
  const Stats stats = ends_[end].association->GetStats();
  const size_t kept = stats.reassembly_bytes + stats.undelivered_bytes;
  if (kept > config.receive_window + kMostBegun * config.max_receive_message_size + 65536) {
    verdict_.Fail("keeps " + std::to_string(kept) + " B with a window of " +
                  std::to_string(config.receive_window));
  }
  const size_t unsent = stats.unsent_bytes + stats.unacknowledged_bytes;
  if (unsent > config.send_buffer + kLargestMessage) {
    verdict_.Fail("keeps " + std::to_string(unsent) + " B to be sent");
  }
  if (config.explicit_consume && stats.undelivered_bytes < ends_[end].unread) {
    verdict_.Fail("has forgotten what is not consumed");
  }
}

bool Simulation::has_work(int end) const {
  const Stats stats = ends_[end].association->GetStats();
  if (stats.unsent_bytes + stats.unacknowledged_bytes > 0 || ends_[end].unread > 0) return true;
  switch (stats.state) {
    case State::kClosed: return false;
    // An end that waits to be called has no work of its own.
    case State::kNew: return stats.unsent_bytes > 0;
    case State::kEstablished: break;
    default: return true;
  }
  return ends_[end].closed.has_value() != (stats.state == State::kClosed);
}

uint64_t Simulation::achieved() const {
  uint64_t sum = 0;
  for (const End& end : ends_) {
    const Stats stats = end.association->GetStats();
    const uint64_t parts[] = {stats.unsent_bytes,
                              stats.unacknowledged_bytes,
                              stats.counters.messages_received,
                              stats.reassembly_bytes,
                              static_cast<uint64_t>(stats.state),
                              end.unread,
                              end.events};
    for (const uint64_t part : parts) sum = sum * 0x100000001B3 + part;
  }
  return sum;
}

void Simulation::CheckProgress() {
  const uint64_t achieved_now = achieved();
  const bool waits_for_us = !acts_.empty();
  if (achieved_now != achieved_ || waits_for_us || (!has_work(0) && !has_work(1))) {
    achieved_ = achieved_now;
    achieved_at_ = now_;
    return;
  }
  if (now_ - achieved_at_ > scenario_.patience()) {
    verdict_.Fail("hangs: nothing achieved since " +
                  std::to_string(achieved_at_.time_since_epoch() / 1ms) + " ms");
  }
}

void Simulation::CheckEnding() {
  for (const int end : {0, 1}) {
    if (!ends_[end].closed) {
      return verdict_.Fail("end " + std::to_string(end) + " waits for nothing, in state " +
                           std::to_string(static_cast<int>(ends_[end].association->state())));
    }
    const Association& association = *ends_[end].association;
    if (association.NextDeadline()) verdict_.Fail("a timer runs after the end");
    const Stats stats = association.GetStats();
    if (stats.unsent_bytes > 0 || stats.unacknowledged_bytes > 0) {
      verdict_.Fail("messages are kept after the end");
    }
  }
  const bool graceful =
      ends_[0].closed == Closed::Reason::kShutdown && ends_[1].closed == Closed::Reason::kShutdown;
  if (!graceful || ends_[0].incarnation != ends_[1].incarnation) return;
  if (!ends_[0].agreed || !ends_[1].agreed) return;
  for (const auto& ledger : ledgers_) ledger->CheckComplete();
}

void Simulation::Trace(int end, const std::string& what) const {
  if (!trace_) return;
  std::printf("%11.3f %c %s\n", static_cast<double>(now_.time_since_epoch().count()) / 1000,
              "AB"[end], what.c_str());
}

void Simulation::TracePacket(int end, const char* what, ByteView packet) const {
  if (!trace_) return;
  std::string text = std::string(what) + " " + std::to_string(packet.size()) + " B:";
  ChunkReader chunks(packet);
  while (const auto chunk = chunks.Next()) {
    text += " " + std::to_string(chunk->type);
    if (chunk->type == chunk::kData || chunk->type == chunk::kIData) {
      text += "(tsn " + std::to_string(Load32(chunk->value, 0)) + ", stream " +
              std::to_string(Load16(chunk->value, 4)) + ")";
    }
    if (chunk->type == chunk::kSack || chunk->type == chunk::kForwardTsn ||
        chunk->type == chunk::kIForwardTsn || chunk->type == chunk::kShutdown) {
      text += "(" + std::to_string(Load32(chunk->value, 0));
      if (chunk->type == chunk::kSack) {
        text += ", window " + std::to_string(Load32(chunk->value, 4)) + ", gaps";
        for (size_t i = 0; i < Load16(chunk->value, 8); ++i) {
          text += " " + std::to_string(Load16(chunk->value, 12 + 4 * i)) + "-" +
                  std::to_string(Load16(chunk->value, 14 + 4 * i));
        }
      }
      text += ")";
    }
  }
  Trace(end, text);
}

}  // namespace sctp::engine::simulation
