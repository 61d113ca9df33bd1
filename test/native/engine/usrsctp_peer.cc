#include "native/engine/usrsctp_peer.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace sctp::engine::test {
namespace {

void Must(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "usrsctp: %s: %s\n", what, std::strerror(errno));
  std::abort();
}

}  // namespace

int UsrsctpPeer::OnOutput(void* address, void* buffer, size_t length, uint8_t, uint8_t) {
  const auto* bytes = static_cast<const std::byte*>(buffer);
  static_cast<UsrsctpPeer*>(address)->packets_.emplace_back(bytes, bytes + length);
  return 0;
}

void UsrsctpPeer::SetOption(int name, const void* value, size_t size) {
  Must(usrsctp_setsockopt(socket_, IPPROTO_SCTP, name, value, static_cast<socklen_t>(size)) == 0,
       "an option");
}

sockaddr_conn UsrsctpPeer::Address(uint16_t port) {
  sockaddr_conn address{};
  address.sconn_family = AF_CONN;
  address.sconn_port = htons(port);
  address.sconn_addr = this;
  return address;
}

UsrsctpPeer::UsrsctpPeer(const Options& options) : options_(options), buffer_(1 << 20) {
  static const bool started = [] {
    usrsctp_init_nothreads(0, OnOutput, nullptr);
    usrsctp_sysctl_set_sctp_ecn_enable(0);
    usrsctp_sysctl_set_sctp_asconf_enable(0);
    usrsctp_sysctl_set_sctp_auth_enable(0);
    usrsctp_sysctl_set_sctp_nr_outgoing_streams_default(64);
    return true;
  }();
  (void)started;
  usrsctp_register_address(this);
  socket_ = usrsctp_socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, nullptr, nullptr, 0, nullptr);
  Must(socket_ != nullptr, "socket");
  usrsctp_set_non_blocking(socket_, 1);
  const linger abort_at_close{1, 0};
  Must(usrsctp_setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abort_at_close, sizeof abort_at_close) ==
           0,
       "SO_LINGER");
  for (const int name : {SO_SNDBUF, SO_RCVBUF}) {
    const int bytes = 1 << 20;
    Must(usrsctp_setsockopt(socket_, SOL_SOCKET, name, &bytes, sizeof bytes) == 0, "a buffer");
  }
  const int on = 1;
  SetOption(SCTP_NODELAY, &on, sizeof on);
  SetOption(SCTP_RECVRCVINFO, &on, sizeof on);
  const sctp_assoc_value reconfig{SCTP_ALL_ASSOC,
                                  SCTP_ENABLE_RESET_STREAM_REQ | SCTP_ENABLE_CHANGE_ASSOC_REQ};
  SetOption(SCTP_ENABLE_STREAM_RESET, &reconfig, sizeof reconfig);
  for (const int type : {SCTP_ASSOC_CHANGE, SCTP_SHUTDOWN_EVENT, SCTP_STREAM_RESET_EVENT}) {
    sctp_event event{};
    event.se_assoc_id = SCTP_ALL_ASSOC;
    event.se_type = static_cast<uint16_t>(type);
    event.se_on = 1;
    SetOption(SCTP_EVENT, &event, sizeof event);
  }
  sctp_initmsg init{};
  init.sinit_num_ostreams = options.streams;
  init.sinit_max_instreams = options.streams;
  SetOption(SCTP_INITMSG, &init, sizeof init);
  sockaddr_conn address = Address(options.local_port);
  Must(usrsctp_bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "bind");
}

UsrsctpPeer::~UsrsctpPeer() {
  usrsctp_close(socket_);
  usrsctp_handle_timers(10);
  usrsctp_deregister_address(this);
}

void UsrsctpPeer::Connect() {
  sockaddr_conn remote = Address(options_.remote_port);
  const int result = usrsctp_connect(socket_, reinterpret_cast<sockaddr*>(&remote), sizeof remote);
  Must(result == 0 || errno == EINPROGRESS, "connect");
  sctp_paddrparams path{};
  std::memcpy(&path.spp_address, &remote, sizeof remote);
  path.spp_flags = SPP_PMTUD_DISABLE;
  path.spp_pathmtu = options_.mtu - 12;
  SetOption(SCTP_PEER_ADDR_PARAMS, &path, sizeof path);
}

void UsrsctpPeer::Receive(ByteView packet) {
  usrsctp_conninput(this, packet.data(), packet.size(), 0);
}

std::deque<ByteVector> UsrsctpPeer::TakePackets() { return std::exchange(packets_, {}); }

void UsrsctpPeer::Advance(uint32_t milliseconds) {
  usrsctp_handle_timers(milliseconds);
  Read();
}

void UsrsctpPeer::Read() {
  for (;;) {
    sctp_rcvinfo info{};
    socklen_t info_length = sizeof info;
    sockaddr_conn from{};
    socklen_t from_length = sizeof from;
    unsigned int info_type = 0;
    int flags = 0;
    const ssize_t length =
        usrsctp_recvv(socket_, buffer_.data(), buffer_.size(), reinterpret_cast<sockaddr*>(&from),
                      &from_length, &info, &info_length, &info_type, &flags);
    if (length <= 0) return;
    const ByteView bytes = ByteView(buffer_).first(static_cast<size_t>(length));
    if ((flags & MSG_NOTIFICATION) != 0) {
      OnNotification(bytes);
      continue;
    }
    partial_.insert(partial_.end(), bytes.begin(), bytes.end());
    if ((flags & MSG_EOR) == 0) continue;
    messages.push_back({info.rcv_sid, ntohl(info.rcv_ppid), (info.rcv_flags & SCTP_UNORDERED) != 0,
                        std::exchange(partial_, {})});
  }
}

void UsrsctpPeer::OnNotification(ByteView bytes) {
  sctp_notification notification{};
  std::memcpy(&notification, bytes.data(), std::min(bytes.size(), sizeof notification));
  switch (notification.sn_header.sn_type) {
    case SCTP_ASSOC_CHANGE:
      up |= notification.sn_assoc_change.sac_state == SCTP_COMM_UP;
      lost |= notification.sn_assoc_change.sac_state == SCTP_COMM_LOST ||
              notification.sn_assoc_change.sac_state == SCTP_CANT_STR_ASSOC;
      shut_down |= notification.sn_assoc_change.sac_state == SCTP_SHUTDOWN_COMP;
      break;
    case SCTP_STREAM_RESET_EVENT: {
      const uint16_t flags = notification.sn_strreset_event.strreset_flags;
      if ((flags & (SCTP_STREAM_RESET_DENIED | SCTP_STREAM_RESET_FAILED)) != 0) break;
      const size_t fixed = sizeof(sctp_stream_reset_event);
      for (size_t at = fixed; at + 2 <= bytes.size(); at += 2) {
        uint16_t stream = 0;
        std::memcpy(&stream, bytes.data() + at, sizeof stream);
        if ((flags & SCTP_STREAM_RESET_INCOMING_SSN) != 0) incoming_resets.push_back(stream);
        if ((flags & SCTP_STREAM_RESET_OUTGOING_SSN) != 0) outgoing_resets.push_back(stream);
      }
      break;
    }
    default: break;
  }
}

bool UsrsctpPeer::Send(uint16_t stream, uint32_t ppid, ByteView data, bool unordered,
                       uint16_t pr_policy, uint32_t pr_value) {
  sctp_sendv_spa spa{};
  spa.sendv_flags = SCTP_SEND_SNDINFO_VALID;
  spa.sendv_sndinfo.snd_sid = stream;
  spa.sendv_sndinfo.snd_ppid = htonl(ppid);
  spa.sendv_sndinfo.snd_flags = SCTP_EOR;
  if (unordered) spa.sendv_sndinfo.snd_flags |= SCTP_UNORDERED;
  if (pr_policy != SCTP_PR_SCTP_NONE) {
    spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    spa.sendv_prinfo.pr_policy = pr_policy;
    spa.sendv_prinfo.pr_value = pr_value;
  }
  const ssize_t sent = usrsctp_sendv(socket_, data.data(), data.size(), nullptr, 0, &spa,
                                     sizeof spa, SCTP_SENDV_SPA, 0);
  return sent == static_cast<ssize_t>(data.size());
}

bool UsrsctpPeer::ResetStreams(const std::vector<uint16_t>& streams) {
  ByteVector value(sizeof(sctp_reset_streams) + streams.size() * sizeof(uint16_t));
  sctp_reset_streams header{};
  header.srs_assoc_id = SCTP_ALL_ASSOC;
  header.srs_flags = SCTP_STREAM_RESET_OUTGOING;
  header.srs_number_streams = static_cast<uint16_t>(streams.size());
  std::memcpy(value.data(), &header, sizeof header);
  std::memcpy(value.data() + sizeof header, streams.data(), streams.size() * sizeof(uint16_t));
  return usrsctp_setsockopt(socket_, IPPROTO_SCTP, SCTP_RESET_STREAMS, value.data(),
                            static_cast<socklen_t>(value.size())) == 0;
}

void UsrsctpPeer::Shutdown() { usrsctp_shutdown(socket_, SHUT_WR); }

}  // namespace sctp::engine::test
