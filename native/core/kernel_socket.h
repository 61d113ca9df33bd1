// One SCTP descriptor and the system calls on it. Errors come back as negative errno.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/abi.h"
#include "core/address.h"
#include "core/control.h"
#include "core/option_layout.h"

namespace sctp {

// Without these some endings and losses of an association cannot be told from silence.
inline constexpr uint16_t kEssentialEvents[] = {
    SCTP_ASSOC_CHANGE,
    SCTP_SHUTDOWN_EVENT,
    SCTP_PARTIAL_DELIVERY_EVENT,
    SCTP_SEND_FAILED_EVENT,
};

class KernelSocket {
 public:
  KernelSocket() = default;
  explicit KernelSocket(int fd) : fd_(fd) {}
  ~KernelSocket() { Close(); }
  KernelSocket(KernelSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  KernelSocket& operator=(KernelSocket&& other) noexcept;

  // Opens a non-blocking, close-on-exec socket that reports RCVINFO and kEssentialEvents.
  // `style` is SOCK_SEQPACKET or SOCK_STREAM.
  int Open(int family, int style);
  void Close();

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  int Bind(const Address& address);
  // Adds addresses, of the same port, to a bound socket.
  int BindMore(std::span<const Address> addresses);
  // Gives up addresses, but never the last one (-EBUSY).
  int Unbind(std::span<const Address> addresses);
  int Listen(int backlog);
  // Takes a waiting association off a listening socket; -EAGAIN if there is none.
  int Accept(KernelSocket& accepted);
  // Begins an association with the peer that has these addresses, all of one port. -EINPROGRESS
  // is the usual answer: notifications tell the outcome.
  int Connect(std::span<const Address> addresses);

  std::optional<Address> LocalAddress() const;
  // The peer of a one-to-one socket: its primary address, or the last of several given to Connect.
  std::optional<Address> PeerAddress() const;
  // All addresses of a one-to-one socket's association; those of its own end, or the peer's.
  std::vector<Address> LocalAddresses() const;
  std::vector<Address> PeerAddresses() const;
  // All addresses that the socket itself is bound to; an association may use fewer, or others.
  std::vector<Address> BoundAddresses() const;

  // The ids of all associations, those being set up included (their id may still be 0).
  std::vector<int32_t> AssociationIds() const;

  int SetOption(const OptionLayout& layout, std::span<const std::byte> bytes);

  // `bytes` carries the arguments in (association, address) and the answer out.
  int GetOption(const OptionLayout& layout, std::span<std::byte> bytes) const;

  // The pending error (SO_ERROR) as negative errno, which this clears; 0 if there is none.
  int TakeError();

  // Switches types of notifications on or off, for every association, also one on its way.
  int Subscribe(std::span<const uint16_t> types, bool on);

  // Sends one message, on a one-to-one socket to the peer it has if `peer` is null. Returns the
  // bytes accepted, or negative errno.
  ssize_t Send(const Address* peer, std::span<const std::byte> data, const SendInfo& info);

  // Bytes, overhead included, that the peer has not acknowledged yet; or negative errno.
  int64_t UnacknowledgedBytes() const;

  // Ask the peer of a one-to-one socket (RFC 6525); notifications tell its answer. `flags` has
  // SCTP_STREAM_RESET_INCOMING or _OUTGOING; no streams are all. -EAGAIN: data is on its way.
  int ResetStreams(uint16_t flags, std::span<const uint16_t> streams);
  int ResetAssociation();
  int AddStreams(uint16_t incoming, uint16_t outgoing);

  // Ends the association in order, after what has been sent (one-to-one).
  int ShutdownWrite();
  // Closes at once, without order: ABORT (one-to-one).
  void Abort();

  // Reads and forgets what has arrived, up to a receive buffer's worth: close() with unread input
  // would abort every association and lose what their peers had not got yet.
  void DiscardInput();

 private:
  int Prepare();
  int SetInteger(int level, int number, int value);

  int fd_ = -1;
};

}  // namespace sctp
