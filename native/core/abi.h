// The kernel's SCTP ABI: <netinet/sctp.h> (libsctp-dev) plus the few constants it lacks.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
// After sys/socket.h: the kernel header needs its types.
#include <netinet/sctp.h>

// glibc keeps these out of the user-space headers, though the kernel's answers carry them.
#ifndef MSG_NOTIFICATION
#define MSG_NOTIFICATION 0x8000
#endif

#ifndef SO_SNDBUFFORCE
#define SO_SNDBUFFORCE 32
#endif
#ifndef SO_RCVBUFFORCE
#define SO_RCVBUFFORCE 33
#endif

namespace sctp {

// Schedulers that the kernel has since Linux 6.4 (SCTP_SS_FC, SCTP_SS_WFQ).
inline constexpr int kSchedulerFairCapacity = 3;
inline constexpr int kSchedulerWeightedFair = 4;

// Bits of a DATA chunk's flags, as SEND_FAILED reports them (RFC 9260 §3.3.1).
inline constexpr uint8_t kChunkLastFragment = 0x01;
inline constexpr uint8_t kChunkFirstFragment = 0x02;
inline constexpr uint8_t kChunkUnordered = 0x04;
inline constexpr uint8_t kChunkSackImmediately = 0x08;

}  // namespace sctp
