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
#include "core/burst.h"
#include "core/control.h"
#include "core/option_layout.h"

namespace sctp {

// Without these, some ways in which an association ends would go unreported.
inline constexpr uint16_t kEssentialEvents[] = {
    SCTP_ASSOC_CHANGE,
    SCTP_SHUTDOWN_EVENT,
    SCTP_PARTIAL_DELIVERY_EVENT,
    SCTP_SEND_FAILED_EVENT,
};

struct StartedStreams {
  uint16_t outbound = 0;
  uint16_t inbound = 0;
};

// Calls that concern one association name it by its id, which a one-to-one socket ignores.
class KernelSocket {
 public:
  KernelSocket() = default;
  ~KernelSocket() { Close(); }
  KernelSocket(KernelSocket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        style_(other.style_),
        held_(std::exchange(other.held_, {})) {}
  KernelSocket& operator=(KernelSocket&& other) noexcept;

  // Opens a non-blocking, close-on-exec socket that reports RCVINFO and kEssentialEvents.
  // `style` is SOCK_SEQPACKET or SOCK_STREAM.
  int Open(int family, int style);
  void Close();

  bool is_open() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  bool is_one_to_one() const { return style_ == SOCK_STREAM; }

  int Bind(const Address& address);
  // Adds addresses, of the same port, to a bound socket.
  int BindMore(std::span<const Address> addresses);
  // Gives up addresses, but never the last one (-EBUSY).
  int Unbind(std::span<const Address> addresses);
  int Listen(int backlog);
  // Takes a waiting association off a listening socket; -EAGAIN if there is none. `peer` is known
  // though the association may be over.
  int Accept(KernelSocket& accepted, std::optional<Address>& peer);

  std::optional<Address> LocalAddress() const;
  // All addresses that the socket itself is bound to; an association may use fewer, or others.
  int BoundAddresses(std::vector<Address>& addresses) const;

  // The ids of all associations, those being set up included (their id may still be 0).
  int AssociationIds(std::vector<int32_t>& ids) const;

  int SetOption(const OptionLayout& layout, std::span<const std::byte> bytes);

  // `bytes` carries the arguments in (association, address) and the answer out.
  int GetOption(const OptionLayout& layout, std::span<std::byte> bytes) const;

  // The pending error (SO_ERROR) as negative errno, which this clears; 0 if there is none.
  int TakeError();

  // Switches types of notifications on or off, for every association, also one on its way.
  int Subscribe(std::span<const uint16_t> types, bool on);
  // The same for one association, one type after the other: at an error those before it stay
  // switched. -EINVAL if there is no such type or association.
  int Subscribe(int32_t assoc_id, std::span<const uint16_t> types, bool on);

  // Bytes of all associations, overhead included, that no peer has acknowledged yet; or negative
  // errno.
  int64_t UnacknowledgedBytes() const;

  // Starts an association with the peer that has these addresses, all of one port. -EINPROGRESS is
  // the usual result: notifications report the outcome. `assoc_id` is set if that or 0 is returned.
  int Connect(std::span<const Address> addresses, int32_t& assoc_id);

  // Sends one message to the peer; without one, over the association that `info` names. Returns
  // the bytes accepted, or negative errno.
  ssize_t Send(const Address* peer, std::span<const std::byte> data, const SendInfo& info);

  struct BurstOutcome {
    size_t accepted = 0;  // how many messages
    int error = 0;        // negative errno that stopped the next one, or 0 if there is none
  };
  // Sends messages in their order, each as Send does, but in as few packets as they fit into: all
  // but the last for an association leave with MSG_MORE.
  //
  // The kernel keeps such a message, and all that has not left before it, until one without
  // MSG_MORE follows. What is sent with it is therefore less than the send buffer has room for:
  // else it could fill the buffer, and nothing could ever follow.
  BurstOutcome SendBurst(Burst& burst);

  // The primary address; of a one-to-one socket that is connecting, the last that Connect was
  // given. Nothing once the association is over.
  std::optional<Address> PeerAddress(int32_t assoc_id) const;
  // All addresses of an association; those of its own end, or the peer's.
  int LocalAddresses(int32_t assoc_id, std::vector<Address>& addresses) const;
  int PeerAddresses(int32_t assoc_id, std::vector<Address>& addresses) const;

  // Ask the peer (RFC 6525); notifications report its answer. `flags` has
  // SCTP_STREAM_RESET_INCOMING or _OUTGOING; no streams are all. -EAGAIN: data is on its way.
  int ResetStreams(int32_t assoc_id, uint16_t flags, std::span<const uint16_t> streams);
  int ResetAssociation(int32_t assoc_id);
  int AddStreams(int32_t assoc_id, uint16_t incoming, uint16_t outgoing);

  // What an association began with, as long as nothing of it has been read: also of one that is
  // over. Takes nothing out of the queue.
  std::optional<StartedStreams> PeekStartedStreams() const;

  // Moves an association to a descriptor of its own, with what it has received and not been read.
  // That one is one-to-many too on Linux, whatever RFC 6458 says: the kernel is asked. If there is
  // no descriptor for it (-EMFILE, -ENFILE), it stays where it is, unless another thread takes the
  // last one at that moment: then it is lost.
  int PeelOff(int32_t assoc_id, KernelSocket& peeled);

  // Ends an association in order, after what has been sent.
  int Shutdown(int32_t assoc_id);
  // Ends an association at once, with an ABORT. A one-to-one socket, which can give the peer no
  // reason, closes.
  int Abort(int32_t assoc_id, std::span<const std::byte> reason);

  // Reads and discards what has arrived, up to a receive buffer's worth: close() with unread input
  // would abort every association and lose what the peers had not yet received.
  void DiscardInput();

 private:
  // Whom a message is for: an association, or whichever there is with a peer.
  struct Destination {
    int32_t assoc_id;
    std::optional<Address> peer;
    bool operator==(const Destination&) const = default;
  };

  KernelSocket(int fd, int style) : fd_(fd), style_(style) {}
  int Prepare();
  int SetInteger(int level, int number, int value);

  // In bytes, with the kernel's overhead.
  struct SendMemory {
    int64_t buffer;
    int64_t used;  // by what has not been acknowledged
  };
  int ReadSendMemory(SendMemory& memory) const;

  size_t RoomForBundles() const;
  int SendBundle(Burst& burst, size_t last, size_t& accepted);
  bool IsHeld(const Destination& destination) const;
  void OnSentAlone(const Address* peer, int32_t assoc_id);
  void Release(const Destination& destination);

  int fd_ = -1;
  int style_ = 0;
  // Where the last message that was accepted had MSG_MORE, because the kernel has refused the one
  // that was to follow.
  std::vector<Destination> held_;
};

}  // namespace sctp
