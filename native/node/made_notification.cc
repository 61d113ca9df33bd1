#include "node/made_notification.h"

#include <cstring>
#include <vector>

#include "core/notification_layout.h"
#include "core/option_codec.h"
#include "node/values.h"

namespace sctp::node {

Napi::Value MakeNotification(const Napi::CallbackInfo& info) {
  const auto type = ToInteger<uint16_t>(info[0]);
  const auto flags = ToInteger<uint16_t>(info[1]);
  const NotificationLayout* layout = type ? FindNotification(*type) : nullptr;
  if (layout == nullptr || !flags) return info.Env().Undefined();

  // Written as options are: their layouts are of the same kind.
  const OptionLayout fields{layout->member, 0, 0, layout->size, layout->fields};
  const auto values = ToOptionValues(fields, info[2]);
  auto bytes = values ? EncodeOption(fields, *values) : std::nullopt;
  // After the values, whose getters could detach it.
  const auto rest = info[3].IsUndefined() ? Bytes() : ToBytes(info[3]);
  if (!bytes || !rest) return info.Env().Undefined();
  bytes->insert(bytes->end(), rest->begin(), rest->end());
  struct Header {
    uint16_t type;
    uint16_t flags;
    uint32_t length;
  };
  const Header header{*type, *flags, static_cast<uint32_t>(bytes->size())};
  std::memcpy(bytes->data(), &header, sizeof header);
  return ToObject(info.Env(), DecodeNotification(*bytes));
}

}  // namespace sctp::node
