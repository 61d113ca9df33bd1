#include "node/receiver.h"

#include <algorithm>
#include <cerrno>

#include "core/abi.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// A slot makes at most three rows: a new peer, a new slab, and a message or notification. Only
// the reports of cut-off messages come on top, and must leave that room.
constexpr size_t kRowsForSlots = 3 * ReceiveSlots::kCount;
static_assert(kRowsForSlots < kMaxRows);

}  // namespace

Receiver::Outcome Receiver::Read(int fd, size_t limit, Environment& environment, Batch& batch,
                                 Napi::Env env) {
  limit = std::min(limit, ReceiveSlots::kCount);
  int error = 0;
  int received = environment.slots().Receive(fd, limit);
  if (received < 0 && received != -EAGAIN && received != -EINTR) {
    // recvmmsg tells a pending error, and clears it, before data that is queued since earlier.
    error = received;
    received = environment.slots().Receive(fd, limit);
  }
  const auto count = static_cast<size_t>(std::max(received, 0));
  now_ = {&environment, &batch, env};
  bool has_ended = false;
  for (size_t slot = 0; slot < count; ++slot) {
    if (environment.slots().is_notification(slot)) {
      OnNotification(slot, PeerOf(slot));
    } else if (!environment.slots().data(slot).empty()) {
      OnData(slot, PeerOf(slot));
    } else if (is_one_to_one_ && !has_ended) {
      // At the end of an association every further slot is empty, but for notifications that
      // come in between.
      has_ended = true;
      batch.AddEnd();
    }
  }
  now_ = {};
  return {.error = error, .more = !has_ended && count == limit};
}

uint32_t Receiver::PeerOf(size_t slot) {
  if (is_one_to_one_) return 0;
  const Address sender = SenderOf(slot);
  const PeerTable::Entry entry = peers_.Find(sender);
  if (entry.is_new) {
    now_.batch->AddExtra(RowKind::kPeer, entry.number, ToObject(now_.env, sender));
  }
  return entry.number;
}

// The kernel takes the scope of a message's link-local sender from memory that it has put to
// another use meanwhile: it is the lower half of a pointer. That of a notification is right.
Address Receiver::SenderOf(size_t slot) const {
  const ReceiveSlots& slots = now_.environment->slots();
  const Address sender = slots.sender(slot).value_or(Address());
  if (!sender.IsLinkLocal() || slots.is_notification(slot)) return sender;
  const auto known = scopes_.find(slots.info(slot).value_or(ReceiveInfo()).assoc_id);
  return sender.WithScope(known == scopes_.end() ? 0 : known->second);
}

void Receiver::RememberScope(const AssocChange& change, const Address& sender) {
  if (change.state != SCTP_COMM_UP && change.state != SCTP_RESTART) {
    scopes_.erase(change.assoc_id);
  } else if (sender.IsLinkLocal()) {
    scopes_[change.assoc_id] = sender.scope();
  }
}

void Receiver::OnData(size_t slot, uint32_t peer) {
  const ReceiveSlots& slots = now_.environment->slots();
  const std::span<const std::byte> piece = slots.data(slot);
  const ReceiveInfo info = slots.info(slot).value_or(ReceiveInfo());

  if (slots.ends_message(slot) && reassembler_.idle()) {
    AddWhole(info, peer, piece);
    return;
  }
  const bool exceeds = reassembler_.Append(info, piece);
  // A stream that lacks a message is broken: do not wait for the message's end to say so.
  if (exceeds && is_one_to_one_) {
    const size_t unknown_length = 0;
    now_.batch->AddLost(RowKind::kTooLong, info, peer, unknown_length);
  }
  if (!slots.ends_message(slot)) return;
  const Reassembler::Message message = reassembler_.Finish(info);
  if (message.too_long) {
    if (is_one_to_one_) return;
    now_.batch->AddLost(RowKind::kTooLong, message.info, peer, message.length);
  } else {
    AddWhole(message.info, peer, message.data);
  }
}

void Receiver::AddWhole(const ReceiveInfo& info, uint32_t peer, std::span<const std::byte> data) {
  if (data.size() > reassembler_.max_size()) {
    now_.batch->AddLost(RowKind::kTooLong, info, peer, data.size());
    return;
  }
  if (data.size() > Slab::kLongestMessage) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(data.data());
    Napi::Value buffer = Napi::Buffer<uint8_t>::Copy(now_.env, bytes, data.size());
    now_.batch->AddLargeMessage(info, peer, buffer);
    return;
  }
  Slab& slab = now_.environment->slab();
  std::optional<size_t> offset = slab.Store(data);
  if (!offset) {
    slab.Renew(now_.env);
    now_.batch->AddExtra(RowKind::kSlab, 0, slab.Attach(now_.env));
    offset = slab.Store(data);
  }
  now_.batch->AddMessage(info, peer, offset.value_or(0), data.size());
}

void Receiver::OnNotification(size_t slot, uint32_t peer) {
  const ReceiveSlots& slots = now_.environment->slots();
  std::span<const std::byte> bytes = slots.data(slot);
  if (!slots.ends_message(slot) || !partial_notification_.empty()) {
    partial_notification_.insert(partial_notification_.end(), bytes.begin(), bytes.end());
    if (!slots.ends_message(slot)) return;
    bytes = partial_notification_;
  }
  const Notification notification = DecodeNotification(bytes);

  const auto* change = std::get_if<AssocChange>(&notification.body);
  if (change != nullptr) RememberScope(*change, SenderOf(slot));
  DropCutOff(notification, peer);
  now_.batch->AddExtra(RowKind::kNotification, peer, ToObject(now_.env, notification));
  partial_notification_.clear();
}

// Forgets messages whose rest the notification makes impossible.
void Receiver::DropCutOff(const Notification& notification, uint32_t peer) {
  const auto tell = [&](const Reassembler::Message& lost) {
    if (now_.batch->room() <= kRowsForSlots) return;
    now_.batch->AddLost(RowKind::kCutOff, lost.info, peer, lost.length);
  };
  const int32_t assoc_id = notification.assoc_id();
  if (const auto* partial = std::get_if<PartialDelivery>(&notification.body)) {
    const auto lost = reassembler_.DropOne(
        {.stream = static_cast<uint16_t>(partial->stream),
         .flags = static_cast<uint16_t>(partial->unordered ? SCTP_UNORDERED : 0),
         .assoc_id = assoc_id});
    if (lost) tell(*lost);
  } else if (const auto* change = std::get_if<AssocChange>(&notification.body)) {
    if (change->state == SCTP_COMM_UP) return;
    for (const auto& lost : reassembler_.Drop(assoc_id)) tell(lost);
  }
}

}  // namespace sctp::node
