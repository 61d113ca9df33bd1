// A blocking SCTP socket on loopback, with the options that open() or Socket set and that matter to
// speed.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
// Needs the two above.
#include <netinet/sctp.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

enum class Style { kOneToMany, kOneToOne };

class Socket {
 public:
  // Buffer bytes as setsockopt takes them; the kernel doubles them.
  Socket(int buffers, Style style);
  // One that was accepted.
  explicit Socket(int fd);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  uint16_t Listen();
  // Waits for the peer, if one-to-one: from then on the socket is the connection.
  void Accept();
  void SetPeer(uint16_t port);
  // To the peer, if one-to-one.
  void Connect();
  // Ends the connection in order, and waits for the peer's end.
  void Shutdown();
  // Waits for the peer's end, which closing answers.
  void AwaitEnd();

  int fd() const { return fd_; }
  bool is_one_to_one() const { return style_ == Style::kOneToOne; }
  sockaddr_in& peer() { return peer_; }
  // As the kernel reports it.
  int send_buffer() const { return Get(SO_SNDBUF); }
  // As it was asked for.
  int buffers() const { return buffers_; }

 private:
  int Get(int option) const;

  Style style_;
  int buffers_;
  int fd_;
  sockaddr_in peer_{};
};

// A message to send: unordered as open() sends them, or ordered as Socket does.
class Outgoing {
 public:
  Outgoing(Socket& socket, size_t size);
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;

  void Send();
  msghdr& header() { return header_; }

 private:
  Socket& socket_;
  std::vector<std::byte> data_;
  iovec part_;
  alignas(cmsghdr) std::byte control_[CMSG_SPACE(sizeof(sctp_sndinfo))]{};
  msghdr header_{};
};

// Room for a received message, its sender and what the kernel reports about it.
class Incoming {
 public:
  // Room for a message of `size` bytes, or a good part of it.
  explicit Incoming(size_t size);
  Incoming(const Incoming&) = delete;
  Incoming& operator=(const Incoming&) = delete;

  // The header as the kernel wants it before each receive.
  msghdr& Renew();
  const sockaddr_in& sender() const { return sender_; }

 private:
  std::vector<std::byte> data_;
  iovec part_;
  sockaddr_in sender_{};
  alignas(cmsghdr) std::byte control_[192];
  msghdr header_{};
};

// For the result of a receive: true if it failed because nothing has come for long. Throws for
// other failures.
bool IsIdle(ssize_t result);

// Throws what errno says.
[[noreturn]] void Fail(const char* call);

}  // namespace bench
