// Methods of the JavaScript classes that need the descriptor and their arguments, nothing else.
#pragma once

#include <napi.h>

#include <span>

#include "core/kernel_socket.h"

namespace sctp::node {

struct SocketCall {
  const char* name;
  Napi::Value (*run)(KernelSocket& socket, const Napi::CallbackInfo& info);
};

// Calls on the whole descriptor.
std::span<const SocketCall> DescriptorCalls();
// Calls on one association, whose id is the first argument (that of `send` its ninth).
std::span<const SocketCall> AssociationCalls();

}  // namespace sctp::node
