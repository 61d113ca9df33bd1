#include "node/outgoing.h"

namespace sctp::node {
namespace {

constexpr size_t kColumns = static_cast<size_t>(Outgoing::Column::kCount);

uint32_t Get(const uint32_t* row, Outgoing::Column column) {
  return row[static_cast<size_t>(column)];
}

SendInfo ToSendInfo(const uint32_t* row) {
  using Column = Outgoing::Column;
  SendInfo info;
  info.stream = static_cast<uint16_t>(Get(row, Column::kStream));
  info.flags = static_cast<uint16_t>(Get(row, Column::kFlags));
  info.ppid = Get(row, Column::kPpid);
  info.context = Get(row, Column::kContext);
  info.assoc_id = static_cast<int32_t>(Get(row, Column::kAssocId));
  info.pr_policy = static_cast<uint16_t>(Get(row, Column::kPrPolicy));
  info.pr_value = Get(row, Column::kPrValue);
  const uint32_t auth_key = Get(row, Column::kAuthKey);
  if (auth_key != Outgoing::kNoAuthKey) info.auth_key = static_cast<uint16_t>(auth_key);
  const uint32_t is_default = Get(row, Column::kDefault);
  const auto all = static_cast<uint32_t>(SendInfo::Default::kAll);
  if (is_default <= all) info.is_default = static_cast<SendInfo::Default>(is_default);
  return info;
}

}  // namespace

Outgoing::Outgoing(Napi::Env env) {
  Napi::Uint32Array rows = Napi::Uint32Array::New(env, kFirstRow + Burst::kMost * kColumns);
  words_ = rows.Data();
  rows_ = Napi::Persistent(rows);
  Napi::Uint8Array memory = Napi::Uint8Array::New(env, kMemory);
  bytes_ = reinterpret_cast<const std::byte*>(memory.Data());
  memory_ = Napi::Persistent(memory);
}

Burst* Outgoing::Read(size_t count) {
  if (count > Burst::kMost) return nullptr;
  burst_.Clear();
  const uint32_t* row = words_ + kFirstRow;
  for (size_t index = 0; index < count; ++index, row += kColumns) {
    const size_t offset = Get(row, Column::kOffset);
    const size_t length = Get(row, Column::kLength);
    if (offset > kMemory || length > kMemory - offset) return nullptr;
    const std::span<const std::byte> data(bytes_ + offset, length);
    if (index > 0 && Get(row, Column::kSame) != 0) {
      burst_.AddAlike(data);
    } else {
      burst_.Add(nullptr, data, ToSendInfo(row));
    }
  }
  return &burst_;
}

Napi::Object SendColumnsObject(Napi::Env env) {
  using Column = Outgoing::Column;
  Napi::Object columns = Napi::Object::New(env);
  const auto add = [&](const char* name, Column column) {
    columns.Set(name, static_cast<uint32_t>(column));
  };
  add("offset", Column::kOffset);
  add("length", Column::kLength);
  add("sid", Column::kStream);
  add("ppid", Column::kPpid);
  add("flags", Column::kFlags);
  add("context", Column::kContext);
  add("prPolicy", Column::kPrPolicy);
  add("prValue", Column::kPrValue);
  add("authKey", Column::kAuthKey);
  add("assocId", Column::kAssocId);
  add("isDefault", Column::kDefault);
  add("isSame", Column::kSame);
  add("count", Column::kCount);
  return columns;
}

}  // namespace sctp::node
