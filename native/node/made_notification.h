// Notifications that the kernel has not sent: what an association of the engine reports, in the
// kernel's form.
#pragma once

#include <napi.h>

namespace sctp::node {

// makeNotification(type, flags, values, rest?)
Napi::Value MakeNotification(const Napi::CallbackInfo& info);

}  // namespace sctp::node
