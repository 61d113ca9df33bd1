// Which of this machine's addresses would be used to reach another.
#pragma once

#include "core/address.h"

namespace sctp {

// The source address of the route to `destination`, of port 0. Returns 0, or the negative errno for
// which there is none: of no route, of a family that this machine lacks, of a broadcast address.
// (The kernel does not report which source an association uses for a path.)
int RouteSource(const Address& destination, Address& source);

}  // namespace sctp
