#include "node/batch.h"

#include <variant>

#include "core/abi.h"

namespace sctp::node {
namespace {

void Set(uint32_t* row, Column column, size_t value) {
  row[static_cast<size_t>(column)] = static_cast<uint32_t>(value);
}

}  // namespace

Napi::Value Batch::extras() const {
  if (extras_.IsEmpty()) return env_.Undefined();
  return extras_;
}

uint32_t* Batch::Add(RowKind kind, uint32_t peer, size_t offset, size_t length) {
  const uint32_t index = rows_ < kMaxRows ? rows_++ : kMaxRows - 1;
  uint32_t* row = words_ + kFirstRow + index * kRowColumns;
  Set(row, Column::kKind, static_cast<size_t>(kind));
  Set(row, Column::kOffset, offset);
  Set(row, Column::kLength, length);
  Set(row, Column::kPeer, peer);
  return row;
}

void Batch::SetInfo(uint32_t* row, const ReceiveInfo& info) {
  Set(row, Column::kAssocId, static_cast<uint32_t>(info.assoc_id));
  Set(row, Column::kStream, info.stream);
  Set(row, Column::kFlags, info.flags);
  Set(row, Column::kPpid, info.ppid);
  Set(row, Column::kContext, info.context);
  Set(row, Column::kSsn, info.ssn);
  Set(row, Column::kTsn, info.tsn);
  Set(row, Column::kCumulativeTsn, info.cumulative_tsn);
}

size_t Batch::Keep(Napi::Value extra) {
  if (extras_.IsEmpty()) extras_ = Napi::Array::New(env_);
  const uint32_t index = extras_.Length();
  extras_.Set(index, extra);
  return index;
}

void Batch::AddMessage(const ReceiveInfo& info, uint32_t peer, size_t offset, size_t length) {
  SetInfo(Add(RowKind::kMessage, peer, offset, length), info);
}

void Batch::AddLargeMessage(const ReceiveInfo& info, uint32_t peer, Napi::Value buffer,
                            size_t length) {
  SetInfo(Add(RowKind::kLargeMessage, peer, Keep(buffer), length), info);
}

void Batch::AddLost(RowKind kind, const ReceiveInfo& info, uint32_t peer, size_t length) {
  SetInfo(Add(kind, peer, 0, length), info);
}

bool Batch::AddEvent(const Notification& notification, uint32_t peer) {
  ReceiveInfo numbers{};
  numbers.ppid = notification.type;
  numbers.flags = notification.flags;
  numbers.assoc_id = notification.assoc_id();
  size_t length = 0;
  if (const auto* change = std::get_if<AssocChange>(&notification.body)) {
    length = sizeof(sctp_assoc_change);  // more has error causes
    numbers.context = change->state;
    numbers.ssn = change->error;
    numbers.stream = change->outbound_streams;
    numbers.tsn = change->inbound_streams;
  } else if (std::holds_alternative<sctp::Shutdown>(notification.body)) {
    length = sizeof(sctp_shutdown_event);
  } else if (std::holds_alternative<SenderDry>(notification.body)) {
    length = sizeof(sctp_sender_dry_event);
  }
  if (notification.raw.size() != length) return false;
  SetInfo(Add(RowKind::kEvent, peer, 0, 0), numbers);
  return true;
}

void Batch::AddExtra(RowKind kind, uint32_t peer, Napi::Value extra) {
  Add(kind, peer, Keep(extra), 0);
}

void Batch::AddError(int error) { Add(RowKind::kError, 0, 0, static_cast<size_t>(error)); }

void Batch::AddEnd() { Add(RowKind::kEnd, 0, 0, 0); }

Napi::Object RowKindsObject(Napi::Env env) {
  Napi::Object kinds = Napi::Object::New(env);
  const auto add = [&](const char* name, RowKind kind) {
    kinds.Set(name, static_cast<uint32_t>(kind));
  };
  add("message", RowKind::kMessage);
  add("largeMessage", RowKind::kLargeMessage);
  add("tooLarge", RowKind::kTooLarge);
  add("incomplete", RowKind::kIncomplete);
  add("notification", RowKind::kNotification);
  add("peer", RowKind::kPeer);
  add("slab", RowKind::kSlab);
  add("error", RowKind::kError);
  add("end", RowKind::kEnd);
  add("event", RowKind::kEvent);
  return kinds;
}

Napi::Object RowColumnsObject(Napi::Env env) {
  Napi::Object columns = Napi::Object::New(env);
  const auto add = [&](const char* name, Column column) {
    columns.Set(name, static_cast<uint32_t>(column));
  };
  add("kind", Column::kKind);
  add("offset", Column::kOffset);
  add("length", Column::kLength);
  add("peer", Column::kPeer);
  add("assocId", Column::kAssocId);
  add("sid", Column::kStream);
  add("flags", Column::kFlags);
  add("ppid", Column::kPpid);
  add("context", Column::kContext);
  add("ssn", Column::kSsn);
  add("tsn", Column::kTsn);
  add("cumulativeTsn", Column::kCumulativeTsn);
  add("count", Column::kCount);
  return columns;
}

}  // namespace sctp::node
