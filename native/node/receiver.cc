#include "node/receiver.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "core/abi.h"
#include "core/address.h"
#include "core/notification.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// A slot makes at most three rows: a new peer, a new slab, and a message or notification. Only
// reports of incomplete messages come on top, and must leave that room.
constexpr size_t kRowsForSlots = 3 * ReceiveSlots::kCount;
static_assert(kRowsForSlots < kMaxRows);

}  // namespace

// Turns what has arrived in the slots into rows of the batch.
class Receiver::Reading {
 public:
  Reading(Receiver& receiver, Environment& environment, Batch& batch, Napi::Env env)
      : receiver_(receiver),
        slots_(environment.slots()),
        slab_(environment.slab()),
        landings_(environment.landings()),
        batch_(batch),
        env_(env) {}

  Outcome Run(int fd, size_t limit);

 private:
  Outcome Pass(int fd, size_t limit);
  void OnData(size_t slot, uint32_t peer);
  bool Continues(size_t slot, uint32_t peer, const ReceiveInfo& info);
  bool Begins(size_t slot, const ReceiveInfo& info);
  void MoveToReassembler();
  void CountLong(size_t length);
  void OnNotification(size_t slot, uint32_t peer);
  void DropIncomplete(const Notification& notification, uint32_t peer);
  bool Append(const ReceiveInfo& info, const ReceiveSlots::Data& part);
  void AddWhole(const ReceiveInfo& info, uint32_t peer, const ReceiveSlots::Data& data,
                size_t slot = ReceiveSlots::kCount);
  Napi::Value OwnBuffer(const ReceiveSlots::Data& data, size_t slot);
  size_t PrepareSlots(size_t limit);
  uint32_t PeerOf(size_t slot);
  Address SenderOf(size_t slot) const;
  void RememberScope(const AssocChange& change, const Address& sender);

  Receiver& receiver_;
  ReceiveSlots& slots_;
  Slab& slab_;
  Landings& landings_;
  size_t landings_ready_ = 0;
  size_t slots_read_ = 0;
  // Whose sender was looked up last, if it says all: most senders are that of the one before.
  std::optional<size_t> known_slot_;
  uint32_t known_peer_ = 0;
  Batch& batch_;
  Napi::Env env_;
};

Receiver::Outcome Receiver::Read(int fd, size_t limit, Environment& environment, Batch& batch,
                                 Napi::Env env) {
  return Reading(*this, environment, batch, env).Run(fd, limit);
}

Receiver::Outcome Receiver::Reading::Run(int fd, size_t limit) {
  limit = std::min(limit, ReceiveSlots::kCount);
  Outcome outcome = Pass(fd, limit);
  // One call for each part of a message that comes straight into its place.
  while (receiver_.arriving_.is_under_way() && outcome.more && outcome.error == 0) {
    if (slots_read_ >= limit) break;
    outcome = Pass(fd, 1);
  }
  return outcome;
}

// One call of recvmmsg, and what has come of it.
Receiver::Outcome Receiver::Reading::Pass(int fd, size_t limit) {
  limit = PrepareSlots(limit);
  int error = 0;
  int received = slots_.Receive(fd, limit, !receiver_.is_one_to_one_);
  if (received < 0 && received != -EAGAIN && received != -EINTR) {
    // recvmmsg reports a pending error, and clears it, before data that was queued earlier.
    error = received;
    received = slots_.Receive(fd, limit, !receiver_.is_one_to_one_);
  }
  const auto count = static_cast<size_t>(std::max(received, 0));
  slots_read_ += count;
  bool has_ended = false;
  for (size_t slot = 0; slot < count; ++slot) {
    if (slots_.is_notification(slot)) {
      OnNotification(slot, PeerOf(slot));
    } else if (slots_.data(slot).size() > 0) {
      OnData(slot, PeerOf(slot));
    } else if (receiver_.is_one_to_one_ && !has_ended) {
      // At the end of an association every further slot is empty, but for notifications that
      // come in between.
      has_ended = true;
      batch_.AddEnd();
    }
  }
  return {.error = error, .more = !has_ended && count == limit};
}

void Receiver::Move(int32_t assoc_id, Receiver& to) {
  reassembler_.Move(assoc_id, to.reassembler_);
  if (const auto scope = scopes_.extract(assoc_id)) to.scopes_[assoc_id] = scope.mapped();
  // A long notification may have come in part; its association is among the first fields.
  if (partial_notification_.empty()) return;
  if (DecodeNotification(partial_notification_).assoc_id() != assoc_id) return;
  to.partial_notification_ = std::exchange(partial_notification_, {});
}

uint32_t Receiver::Reading::PeerOf(size_t slot) {
  if (receiver_.is_one_to_one_) return 0;
  if (known_slot_ && slots_.have_same_sender(*known_slot_, slot)) return known_peer_;
  const Address sender = SenderOf(slot);
  const PeerTable::Entry entry = receiver_.peers_.Find(sender);
  if (entry.is_new) {
    batch_.AddExtra(RowKind::kPeer, entry.number, ToObject(env_, sender));
  }
  known_slot_ = sender.IsLinkLocal() ? std::nullopt : std::optional(slot);
  return known_peer_ = entry.number;
}

// The kernel reads the scope of a message's link-local sender from memory that it has since reused:
// it gets the lower half of a pointer. A notification's scope is right.
Address Receiver::Reading::SenderOf(size_t slot) const {
  const Address sender = slots_.sender(slot).value_or(Address());
  if (!sender.IsLinkLocal() || slots_.is_notification(slot)) return sender;
  const auto known = receiver_.scopes_.find(slots_.info(slot).value_or(ReceiveInfo()).assoc_id);
  return sender.WithScope(known == receiver_.scopes_.end() ? 0 : known->second);
}

void Receiver::Reading::RememberScope(const AssocChange& change, const Address& sender) {
  if (change.state != SCTP_COMM_UP && change.state != SCTP_RESTART) {
    receiver_.scopes_.erase(change.assoc_id);
  } else if (sender.IsLinkLocal()) {
    receiver_.scopes_[change.assoc_id] = sender.scope();
  }
}

// Returns how many of them are to be filled: no more than have memory for messages that are too
// long for the others. Where the socket gets no long messages, the first one goes to the slab by
// itself.
size_t Receiver::Reading::PrepareSlots(size_t limit) {
  const ArrivingMessage& arriving = receiver_.arriving_;
  landings_ready_ = 0;
  if (!arriving.is_under_way()) {
    landings_ready_ = std::min(limit, landings_.Prepare(env_, receiver_.forecast_));
  }
  for (size_t slot = 0; slot < Landings::kCount; ++slot) {
    slots_.Give(slot, slot < landings_ready_ ? landings_.memory(slot) : std::span<std::byte>());
  }
  if (arriving.is_under_way()) {
    slots_.Give(0, arriving.room());
    return 1;
  }
  if (landings_ready_ == 0) slots_.Give(0, slab_.Next());
  // Elsewhere parts go to the reassembler, of which one call should bring many.
  const bool can_begin = receiver_.is_one_to_one_ && receiver_.reassembler_.idle();
  return can_begin && receiver_.last_was_long_ && landings_ready_ > 0 ? landings_ready_ : limit;
}

void Receiver::Reading::OnData(size_t slot, uint32_t peer) {
  const ReceiveSlots::Data part = slots_.data(slot);
  const ReceiveInfo info = slots_.info(slot).value_or(ReceiveInfo());

  if (receiver_.arriving_.is_under_way()) {
    if (Continues(slot, peer, info)) return;
  } else if (receiver_.reassembler_.idle()) {
    if (slots_.ends_message(slot)) {
      AddWhole(info, peer, part, slot);
      return;
    }
    if (Begins(slot, info)) return;
  }
  const bool exceeds = Append(info, part);
  // A byte stream that lacks a message is broken: report it without waiting for the message's end.
  if (exceeds && receiver_.reports_early_) {
    batch_.AddLost(RowKind::kTooLarge, info, peer, receiver_.reassembler_.LengthOf(info));
  }
  if (!slots_.ends_message(slot)) return;
  const Reassembler::Message message = receiver_.reassembler_.Finish(info);
  if (message.too_large) {
    if (receiver_.reports_early_) return;
    batch_.AddLost(RowKind::kTooLarge, message.info, peer, message.length);
  } else {
    AddWhole(message.info, peer, {.first = message.data, .rest = {}});
  }
}

// Whether the first part of a message lies in memory that the message can have: no more than twice
// what this socket's last ones had, as nobody knows how much of it will come.
bool Receiver::Reading::Begins(size_t slot, const ReceiveInfo& info) {
  if (!receiver_.is_one_to_one_ || slot >= landings_ready_) return false;
  const ReceiveSlots::Data part = slots_.data(slot);
  if (!part.rest.empty() || part.size() > receiver_.reassembler_.max_size()) return false;
  std::optional<Landings::Memory> memory = landings_.Release(slot, receiver_.forecast_);
  if (!memory) return false;
  receiver_.arriving_.Begin(*std::move(memory), info, part.size());
  return true;
}

// Whether this was all that there is to do with a part. If it is none of the message that arrives,
// or makes it too long, the reassembler goes on.
bool Receiver::Reading::Continues(size_t slot, uint32_t peer, const ReceiveInfo& info) {
  ArrivingMessage& arriving = receiver_.arriving_;
  const ReceiveSlots::Data part = slots_.data(slot);
  const bool fits = arriving.length() + part.size() <= receiver_.reassembler_.max_size();
  if (!arriving.IsContinuedBy(info) || !fits || !arriving.Append(part)) {
    MoveToReassembler();
    return false;
  }
  if (!slots_.ends_message(slot)) return true;
  const ReceiveInfo first = arriving.info();
  const size_t length = arriving.length();
  if (length > Slab::kLongestMessage && arriving.is_filled()) {
    CountLong(length);
    const Napi::Value buffer = arriving.Take(env_);
    if (!buffer.IsEmpty()) batch_.AddLargeMessage(first, peer, buffer, length);
  } else {
    MoveToReassembler();
    AddWhole(first, peer, {.first = receiver_.reassembler_.Finish(first).data, .rest = {}});
  }
  return true;
}

void Receiver::Reading::MoveToReassembler() {
  ArrivingMessage& arriving = receiver_.arriving_;
  if (!arriving.is_under_way()) return;
  receiver_.reassembler_.Append(arriving.info(), arriving.data());
  // The part that has just come may lie there, too.
  arriving.Take(env_);
}

void Receiver::Reading::CountLong(size_t length) {
  receiver_.forecast_.Count(length);
  receiver_.last_was_long_ = length > ReceiveSlots::kSize;
}

bool Receiver::Reading::Append(const ReceiveInfo& info, const ReceiveSlots::Data& part) {
  const bool exceeds = receiver_.reassembler_.Append(info, part.first);
  return (!part.rest.empty() && receiver_.reassembler_.Append(info, part.rest)) || exceeds;
}

void Receiver::Reading::AddWhole(const ReceiveInfo& info, uint32_t peer,
                                 const ReceiveSlots::Data& data, size_t slot) {
  if (data.size() > receiver_.reassembler_.max_size()) {
    batch_.AddLost(RowKind::kTooLarge, info, peer, data.size());
    return;
  }
  if (data.size() > Slab::kLongestMessage) {
    CountLong(data.size());
    const Napi::Value buffer = OwnBuffer(data, slot);
    if (!buffer.IsEmpty()) batch_.AddLargeMessage(info, peer, buffer, data.size());
    return;
  }
  receiver_.last_was_long_ = false;
  // It has no rest: memory that is given is for longer ones.
  std::optional<size_t> offset = slab_.Store(data.first);
  if (!offset) {
    slab_.Renew(env_);
    batch_.AddExtra(RowKind::kSlab, 0, slab_.Attach(env_));
    offset = slab_.Store(data.first);
  }
  batch_.AddMessage(info, peer, offset.value_or(0), data.size());
}

// The memory that the message lies in, or a copy. Nothing while the environment ends.
Napi::Value Receiver::Reading::OwnBuffer(const ReceiveSlots::Data& data, size_t slot) {
  if (slot < landings_ready_ && data.rest.empty()) {
    const Napi::Value taken = landings_.Take(env_, slot, data.size());
    if (!taken.IsEmpty()) return taken;
  }
  const Napi::Buffer<uint8_t> copy = Napi::Buffer<uint8_t>::New(env_, data.size());
  if (copy.IsEmpty()) return {};
  auto* bytes = reinterpret_cast<std::byte*>(copy.Data());
  std::ranges::copy(data.rest, std::ranges::copy(data.first, bytes).out);
  return copy;
}

void Receiver::Reading::OnNotification(size_t slot, uint32_t peer) {
  const auto [first, rest] = slots_.data(slot);
  std::span<const std::byte> bytes = first;
  std::vector<std::byte>& partial = receiver_.partial_notification_;
  if (!slots_.ends_message(slot) || !partial.empty() || !rest.empty()) {
    partial.insert(partial.end(), first.begin(), first.end());
    partial.insert(partial.end(), rest.begin(), rest.end());
    if (!slots_.ends_message(slot)) return;
    bytes = partial;
  }
  const Notification notification = DecodeNotification(bytes);

  const auto* change = std::get_if<AssocChange>(&notification.body);
  if (change != nullptr) RememberScope(*change, SenderOf(slot));
  DropIncomplete(notification, peer);
  if (!batch_.AddEvent(notification, peer)) {
    batch_.AddExtra(RowKind::kNotification, peer, ToObject(env_, notification));
  }
  partial.clear();
}

// Drops messages whose rest cannot come after this notification.
void Receiver::Reading::DropIncomplete(const Notification& notification, uint32_t peer) {
  const auto report = [&](const Reassembler::Message& lost) {
    if (batch_.room() <= kRowsForSlots) return;
    batch_.AddLost(RowKind::kIncomplete, lost.info, peer, lost.length);
  };
  const int32_t assoc_id = notification.assoc_id();
  const auto* change = std::get_if<AssocChange>(&notification.body);
  if (change != nullptr && change->state == SCTP_COMM_UP) return;
  if (const auto* partial = std::get_if<PartialDelivery>(&notification.body)) {
    MoveToReassembler();
    const auto lost = receiver_.reassembler_.DropOne(
        {.stream = static_cast<uint16_t>(partial->stream),
         .flags = static_cast<uint16_t>(partial->unordered ? SCTP_UNORDERED : 0),
         .assoc_id = assoc_id});
    if (lost) report(*lost);
  } else if (change != nullptr) {
    MoveToReassembler();
    for (const auto& lost : receiver_.reassembler_.Drop(assoc_id)) report(lost);
  }
}

}  // namespace sctp::node
