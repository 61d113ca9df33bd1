// What we can take from the peer: the receive window, honestly (RFC 9260 §6.2).
#include <algorithm>

#include "engine/impl.h"

namespace sctp::engine {
namespace {

// What keeping a message costs beside its bytes.
constexpr size_t kMessageOverhead = 128;
// Room announced while only fragments fill the window: without more of them no message could be
// completed, and nothing consumed.
constexpr size_t kProgressPackets = 16;
// Messages of full length that may be arriving at the same time.
constexpr size_t kMostBegun = 8;

}  // namespace

size_t Association::Impl::undelivered_cost() const {
  return unconsumed_ + undelivered_messages_ * kMessageOverhead;
}

size_t Association::Impl::kept_cost() const {
  return undelivered_cost() + (in_ ? in_->reassembly.cost() : 0);
}

bool Association::Impl::HasRoomFor(const DataChunk& chunk) const {
  const size_t window = config_.receive_window;
  if (chunk.tsn != in_->tracker.cumulative() + 1) return kept_cost() < window;
  // The next in sequence may be what the rest waits for.
  return undelivered_cost() < window && kept_cost() < KeepLimit();
}

// With I-DATA several messages arrive at the same time, none of which can be delivered before its
// last fragment has come.
size_t Association::Impl::KeepLimit() const {
  const size_t begun = in_ ? in_->reassembly.begun_messages() : 0;
  return config_.receive_window +
         config_.max_receive_message_size * std::clamp<size_t>(begun, 1, kMostBegun);
}

// Whether a chunk has no room and never will: the peer has begun more than we can keep.
bool Association::Impl::IsStuck(const DataChunk& chunk) const {
  return chunk.tsn == in_->tracker.cumulative() + 1 && undelivered_cost() == 0 &&
         kept_cost() >= KeepLimit();
}

uint32_t Association::Impl::Window() const {
  const size_t kept = kept_cost();
  const size_t window = config_.receive_window;
  const size_t free = window > kept ? window - kept : 0;
  if (undelivered_cost() > 0) return static_cast<uint32_t>(free);
  const size_t limit = KeepLimit();
  const size_t progress = std::min(kProgressPackets * mtu_, limit > kept ? limit - kept : 0);
  return static_cast<uint32_t>(std::max(free, progress));
}

std::optional<Event> Association::Impl::PollEvent() {
  auto event = events_.Pop();
  if (!event) return event;
  if (const auto* message = std::get_if<MessageReceived>(&*event)) {
    --undelivered_messages_;
    if (!config_.explicit_consume) unconsumed_ -= message->data.size();
    OnWindowOpened();
  }
  return event;
}

void Association::Impl::Consume(size_t bytes) {
  if (!config_.explicit_consume) return;
  unconsumed_ -= std::min(bytes, unconsumed_);
  OnWindowOpened();
}

// A peer that was advertised little room learns soon of more; not of each byte.
void Association::Impl::OnWindowOpened() {
  if (!in_ || announced_window_ >= config_.receive_window / 2 || state_ == State::kClosed) return;
  const uint32_t window = Window();
  if (window >= announced_window_ + config_.receive_window / 4) sack_due_ = true;
}

}  // namespace sctp::engine
