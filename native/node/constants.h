// Numbers of the ABI that TypeScript gives names to.
#pragma once

#include <napi.h>

namespace sctp::node {

Napi::Object ConstantsObject(Napi::Env env);

}  // namespace sctp::node
