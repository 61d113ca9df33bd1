// usrsctp (the stack of browsers) as the other end of an in-memory transport: a foreign peer for
// the engine, in the same process and in virtual time.
#pragma once

#include <usrsctp.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "engine/bytes.h"

namespace sctp::engine::test {

struct UsrsctpMessage {
  uint16_t stream = 0;
  uint32_t ppid = 0;
  bool unordered = false;
  ByteVector data;
};

// One association of usrsctp. Version 0.9.5 has no I-DATA to be turned on. Its stack is one for the
// process: started with the first peer, without threads of its own, it acts only inside these
// calls.
class UsrsctpPeer {
 public:
  struct Options {
    uint16_t local_port = 5000;
    uint16_t remote_port = 5000;
    uint16_t streams = 64;
    uint32_t mtu = 1200;
  };

  explicit UsrsctpPeer(const Options& options);
  ~UsrsctpPeer();
  UsrsctpPeer(const UsrsctpPeer&) = delete;
  UsrsctpPeer& operator=(const UsrsctpPeer&) = delete;

  void Connect();
  void Receive(ByteView packet);
  // Packets that it has sent since the last call.
  std::deque<ByteVector> TakePackets();
  // Reads what has come, then lets the stack's time pass.
  void Advance(uint32_t milliseconds);
  void Read();

  // False: the send buffer is full.
  bool Send(uint16_t stream, uint32_t ppid, ByteView data, bool unordered = false,
            uint16_t pr_policy = SCTP_PR_SCTP_NONE, uint32_t pr_value = 0);
  bool ResetStreams(const std::vector<uint16_t>& streams);
  void Shutdown();

  bool up = false;
  bool lost = false;
  bool shut_down = false;  // by the peer, gracefully
  std::vector<UsrsctpMessage> messages;
  std::vector<uint16_t> incoming_resets;
  std::vector<uint16_t> outgoing_resets;

 private:
  static int OnOutput(void* address, void* buffer, size_t length, uint8_t tos, uint8_t set_df);
  void OnNotification(ByteView bytes);
  void SetOption(int name, const void* value, size_t size);
  sockaddr_conn Address(uint16_t port);

  Options options_;
  struct socket* socket_ = nullptr;
  std::deque<ByteVector> packets_;
  ByteVector partial_;
  ByteVector buffer_;
};

}  // namespace sctp::engine::test
