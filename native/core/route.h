// Which of this machine's addresses would be used to reach another.
#pragma once

#include <optional>

#include "core/address.h"

namespace sctp {

// The source address of the route to `destination`, of port 0; nothing if there is no route.
// (The kernel does not report which source an association uses for a path.)
std::optional<Address> RouteSource(const Address& destination);

}  // namespace sctp
