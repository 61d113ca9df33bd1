// One SCTP descriptor and the system calls on it. Errors come back as negative errno.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/address.h"
#include "core/control.h"
#include "core/option_layout.h"

namespace sctp {

class KernelSocket {
 public:
  KernelSocket() = default;
  ~KernelSocket() { Close(); }
  KernelSocket(KernelSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  KernelSocket& operator=(KernelSocket&& other) noexcept;

  // Opens a non-blocking, close-on-exec socket that reports RCVINFO and every event that our own
  // state depends on. `style` is SOCK_SEQPACKET or SOCK_STREAM.
  int Open(int family, int style);
  void Close();

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  int Bind(const Address& address);
  int Listen(int backlog);
  std::optional<Address> LocalAddress() const;

  // The ids of all associations, those being set up included (their id may still be 0).
  std::vector<int32_t> AssociationIds() const;

  int SetOption(const OptionLayout& layout, std::span<const std::byte> bytes);

  // `bytes` carries the arguments in (association, address) and the answer out.
  int GetOption(const OptionLayout& layout, std::span<std::byte> bytes) const;

  // The pending error (SO_ERROR) as negative errno, which this clears; 0 if there is none.
  int TakeError();

  // Sends one message to `peer`. Returns the bytes accepted, or negative errno.
  ssize_t Send(const Address& peer, std::span<const std::byte> data, const SendInfo& info);

  // Reads and forgets what has arrived, up to a receive buffer's worth: close() with unread input
  // would abort every association and lose what their peers had not got yet.
  void DiscardInput();

 private:
  int Prepare();
  int Subscribe(uint16_t event_type);
  int SetInteger(int level, int number, int value);

  int fd_ = -1;
};

}  // namespace sctp
