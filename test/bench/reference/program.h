// A program that plays one role of a workload, once. The dialogue,
// in lines on standard input and output, is described in ../runner/process.ts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "socket.h"

namespace bench {

struct Arrived {
  uint64_t count = 0;  // of messages, or connections
  uint64_t bytes = 0;
};

struct Role {
  std::string_view name;
  bool is_server;
  // Whether it exchanges messages on one association, which is up by then; else it makes its own.
  bool is_connected;
  // Sends, receives or exchanges `count` messages of `size` bytes, and says what has arrived
  // here. A receiver that hears nothing for long returns early.
  Arrived (*exchange)(Socket& socket, size_t size, uint64_t count);
};

// Arguments: ROLE SIZE BUFFERS [one-to-one]. Returns the exit status.
int Run(std::span<const Role> roles, std::span<char*> arguments);

}  // namespace bench
