// The structs of notifications field by field, under the names that RFC 6458 gives them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/option_layout.h"

namespace sctp {

struct NotificationLayout {
  enum class Rest { kNothing, kBytes, kStreams };

  std::string_view member;  // of union sctp_notification
  size_t size;
  std::span<const Field> fields;  // "ssfe_info.snd_sid" lies in a struct of its own
  std::string_view rest_name;     // of what follows the struct
  Rest rest;
  uint16_t type;
};

// Every type has the header; nothing else is known of a type that is not here.
std::span<const Field> NotificationHeaderFields();
const NotificationLayout* FindNotification(uint16_t type);

}  // namespace sctp
