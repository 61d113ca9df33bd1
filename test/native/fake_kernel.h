// Stands in for the kernel's socket calls, so that each can be made to fail.
//
// The linker sends the calls here (--wrap, see CMakeLists.txt). Without a FakeKernel they go on to
// the real kernel.
#pragma once

#include <sys/socket.h>

#include <deque>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "native/bytes.h"

namespace sctp::test {

class FakeKernel {
 public:
  FakeKernel();
  ~FakeKernel();
  FakeKernel(const FakeKernel&) = delete;
  FakeKernel& operator=(const FakeKernel&) = delete;

  struct Option {
    int level;
    int number;
    ByteVector bytes;
    bool operator==(const Option&) const = default;
  };

  // What was asked of it.
  std::vector<std::tuple<int, int, int>> sockets;  // family, style with flags, protocol
  std::vector<Option> options_set;
  std::vector<ByteVector> bound;
  std::vector<int> backlogs;
  std::vector<int> closed;
  struct Sent {
    ByteVector name;
    ByteVector data;
    ByteVector control;
    int flags;
  };
  std::vector<Sent> sent;
  std::vector<size_t> discarded;      // the room each recv had
  std::vector<int> accept_flags;      // of each accept4
  std::vector<int> shutdowns;         // how
  std::vector<ByteVector> peers;      // of each CONNECTX3: the packed addresses
  std::vector<ByteVector> datagrams;  // where UDP sockets were connected to

  // How it answers: like a kernel to which all is well, by default.
  int socket_error = 0;
  std::vector<std::pair<std::pair<int, int>, int>> refused;  // (level, number) and errno
  int setsockopt_answer = 0;                                 // may be positive
  int bind_error = 0;
  int listen_error = 0;
  int send_error = 0;
  std::deque<int> send_errors;  // of each message, also of those of one call; then send_error
  int accept_error = 0;
  int shutdown_error = 0;
  int connect_error = 0;                              // of UDP sockets
  int name_error = 0;                                 // of getsockname and getpeername
  std::map<std::pair<int, int>, ByteVector> answers;  // of getsockopt, by (level, number)
  std::map<std::pair<int, int>, socklen_t> lengths;  // that getsockopt returns, if not the answer's
  // Room without which getsockopt refuses, and with what errno.
  std::map<std::pair<int, int>, std::pair<socklen_t, int>> needed;
  std::vector<ByteVector> questions;  // what each getsockopt found in the caller's buffer
  int32_t connected_id = 0;           // that CONNECTX3 gives to the association, also in progress
  ByteVector local_name;              // of getsockname
  ByteVector peer_name;               // of getpeername
  ByteVector first_message;           // what recvmsg peeks at; EAGAIN if empty
  int first_flags = 0;                // its msg_flags
  std::deque<ssize_t> input;  // what recv returns, call by call; negative errno. Then EAGAIN

  int RefusalOf(int level, int number) const;
};

}  // namespace sctp::test
