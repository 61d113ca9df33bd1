// Notifications as RFC 6458 describes them: the kernel's structs, with their own names.
#pragma once

#include <napi.h>

namespace sctp::node {

// parseNotification(bytes): declared in types/native.d.ts.
Napi::Value ParseNotification(const Napi::CallbackInfo& info);

}  // namespace sctp::node
