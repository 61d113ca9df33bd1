// DecodeNotification: each type, whole.
#include "core/notification.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "native/kernel_notifications.h"

namespace sctp {
namespace {

using test::BytesOf;
using test::ByteVector;
using test::operator+;
using test::NotificationBytes;
using test::TextBytes;
using test::ToVector;

constexpr int32_t kAssocId = 0x01020304;
constexpr uint16_t kUserInitiatedAbort = 12;  // RFC 9260 §3.3.10.12

// Decodes, and checks what is common to all types.
template <typename Body>
Body Decode(const ByteVector& bytes) {
  const Notification notification = DecodeNotification(bytes);
  test::NotificationHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  EXPECT_EQ(notification.type, header.sn_type);
  EXPECT_EQ(notification.flags, header.sn_flags);
  EXPECT_EQ(notification.raw.data(), bytes.data());
  EXPECT_EQ(notification.raw.size(), bytes.size());
  EXPECT_EQ(notification.assoc_id(), kAssocId);
  EXPECT_TRUE(std::holds_alternative<Body>(notification.body));
  return std::get<Body>(notification.body);
}

TEST(Notification, AssocChange) {
  sctp_assoc_change event{};
  event.sac_state = SCTP_COMM_UP;
  event.sac_outbound_streams = 10;
  event.sac_inbound_streams = 65535;
  event.sac_assoc_id = kAssocId;
  const auto body = Decode<AssocChange>(NotificationBytes(SCTP_ASSOC_CHANGE, 0, event));
  EXPECT_EQ(body.state, SCTP_COMM_UP);
  EXPECT_EQ(body.error, 0);
  EXPECT_EQ(body.outbound_streams, 10);
  EXPECT_EQ(body.inbound_streams, 65535);
  EXPECT_TRUE(body.causes.empty());
}

TEST(Notification, AssocChangeWithCauses) {
  sctp_assoc_change event{};
  event.sac_state = SCTP_COMM_LOST;
  event.sac_error = htons(kUserInitiatedAbort);
  event.sac_assoc_id = kAssocId;
  const ByteVector bytes =
      NotificationBytes(SCTP_ASSOC_CHANGE, 0, event,
                        BytesOf(htons(kUserInitiatedAbort)) + BytesOf(htons(7)) + TextBytes("bye"));
  const auto body = Decode<AssocChange>(bytes);
  EXPECT_EQ(body.state, SCTP_COMM_LOST);
  EXPECT_EQ(body.error, kUserInitiatedAbort);
  ASSERT_EQ(body.causes.size(), 1u);
  EXPECT_EQ(body.causes[0].code, kUserInitiatedAbort);
  EXPECT_EQ(ToVector(body.causes[0].info), TextBytes("bye"));
}

TEST(Notification, PeerAddrChange) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_port = htons(3868);
  in.sin_addr.s_addr = htonl(0xc0000201);
  sctp_paddr_change event{};
  std::memcpy(&event.spc_aaddr, &in, sizeof in);
  event.spc_state = SCTP_ADDR_CONFIRMED;
  event.spc_error = -5;
  event.spc_assoc_id = kAssocId;
  const auto body = Decode<PeerAddrChange>(NotificationBytes(SCTP_PEER_ADDR_CHANGE, 0, event));
  EXPECT_EQ(body.address, Address::Parse("192.0.2.1", 3868));
  EXPECT_EQ(body.state, SCTP_ADDR_CONFIRMED);
  EXPECT_EQ(body.error, -5);
}

TEST(Notification, PeerAddrChangeIPv6) {
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  in6.sin6_port = htons(1);
  in6.sin6_addr = in6addr_loopback;
  sctp_paddr_change event{};
  std::memcpy(&event.spc_aaddr, &in6, sizeof in6);
  event.spc_assoc_id = kAssocId;
  const auto body = Decode<PeerAddrChange>(NotificationBytes(SCTP_PEER_ADDR_CHANGE, 0, event));
  EXPECT_EQ(body.address, Address::Parse("::1", 1));
}

TEST(Notification, PeerAddrChangeWithoutAddress) {
  sctp_paddr_change event{};
  event.spc_assoc_id = kAssocId;
  const auto body = Decode<PeerAddrChange>(NotificationBytes(SCTP_PEER_ADDR_CHANGE, 0, event));
  EXPECT_FALSE(body.address);
}

// Flags of a DATA chunk as they stand on the wire (RFC 9260 §3.3.1).
constexpr uint16_t kLast = 1;
constexpr uint16_t kFirst = 2;
constexpr uint16_t kUnordered = 4;
constexpr uint16_t kImmediate = 8;

// The kernel widens the 16-bit cause code after it is in network order.
uint32_t KernelError(uint16_t code) { return htons(code); }

TEST(Notification, SendFailedEvent) {
  sctp_send_failed_event event{};
  event.ssf_error = KernelError(kUserInitiatedAbort);
  event.ssfe_info.snd_sid = 7;
  event.ssfe_info.snd_flags = kFirst | kImmediate;
  event.ssfe_info.snd_ppid = htonl(46);
  event.ssfe_info.snd_context = 0x05060708;
  event.ssf_assoc_id = kAssocId;
  const ByteVector bytes =
      NotificationBytes(SCTP_SEND_FAILED_EVENT, SCTP_DATA_SENT, event, TextBytes("lost"));
  const auto body = Decode<SendFailed>(bytes);
  EXPECT_TRUE(body.sent);
  EXPECT_EQ(body.error, kUserInitiatedAbort);
  EXPECT_EQ(body.stream, 7);
  EXPECT_EQ(body.ppid, 46u);
  EXPECT_EQ(body.context, 0x05060708u);
  EXPECT_FALSE(body.unordered);
  EXPECT_TRUE(body.first_fragment);
  EXPECT_FALSE(body.last_fragment);
  EXPECT_EQ(ToVector(body.data), TextBytes("lost"));
}

TEST(Notification, SendFailed) {
  sctp_send_failed event{};
  event.ssf_error = KernelError(kUserInitiatedAbort);
  event.ssf_info.sinfo_stream = 7;
  event.ssf_info.sinfo_flags = kLast | kUnordered;
  event.ssf_info.sinfo_ppid = htonl(46);
  event.ssf_info.sinfo_context = 0x05060708;
  event.ssf_info.sinfo_assoc_id = -1;  // the kernel leaves its own copy here: not valid
  event.ssf_assoc_id = kAssocId;
  const ByteVector bytes =
      NotificationBytes(SCTP_SEND_FAILED, SCTP_DATA_UNSENT, event, TextBytes("lost"));
  const auto body = Decode<SendFailed>(bytes);
  EXPECT_FALSE(body.sent);
  EXPECT_EQ(body.error, kUserInitiatedAbort);
  EXPECT_EQ(body.stream, 7);
  EXPECT_EQ(body.ppid, 46u);
  EXPECT_EQ(body.context, 0x05060708u);
  EXPECT_TRUE(body.unordered);
  EXPECT_FALSE(body.first_fragment);
  EXPECT_TRUE(body.last_fragment);
  EXPECT_EQ(ToVector(body.data), TextBytes("lost"));
}

TEST(Notification, FragmentsOfBothSendFailedForms) {
  for (uint16_t flags = 0; flags < 16; ++flags) {
    sctp_send_failed_event event{};
    event.ssfe_info.snd_flags = flags;
    event.ssf_assoc_id = kAssocId;
    sctp_send_failed old_event{};
    old_event.ssf_info.sinfo_flags = flags;
    old_event.ssf_assoc_id = kAssocId;
    for (const ByteVector& bytes : {NotificationBytes(SCTP_SEND_FAILED_EVENT, 0, event),
                                    NotificationBytes(SCTP_SEND_FAILED, 0, old_event)}) {
      const auto body = Decode<SendFailed>(bytes);
      EXPECT_EQ(body.last_fragment, (flags & kLast) != 0) << flags;
      EXPECT_EQ(body.first_fragment, (flags & kFirst) != 0) << flags;
      EXPECT_EQ(body.unordered, (flags & kUnordered) != 0) << flags;
      EXPECT_TRUE(body.data.empty());
    }
  }
}

TEST(Notification, RemoteError) {
  sctp_remote_error event{};
  event.sre_error = htons(0x0102);
  event.sre_assoc_id = kAssocId;
  const ByteVector bytes = NotificationBytes(SCTP_REMOTE_ERROR, 0, event, TextBytes("why?"));
  const auto body = Decode<RemoteError>(bytes);
  EXPECT_EQ(body.error, 0x0102);
  EXPECT_EQ(ToVector(body.data), TextBytes("why?"));
}

TEST(Notification, Shutdown) {
  sctp_shutdown_event event{};
  event.sse_assoc_id = kAssocId;
  Decode<Shutdown>(NotificationBytes(SCTP_SHUTDOWN_EVENT, 0, event));
}

TEST(Notification, PartialDelivery) {
  sctp_pdapi_event event{};
  event.pdapi_indication = SCTP_PARTIAL_DELIVERY_ABORTED;
  event.pdapi_assoc_id = kAssocId;
  event.pdapi_stream = 0x01020304;
  event.pdapi_seq = 0x05060708;
  for (const bool unordered : {false, true}) {
    const uint16_t flags = unordered ? 1 : 0;
    const auto body =
        Decode<PartialDelivery>(NotificationBytes(SCTP_PARTIAL_DELIVERY_EVENT, flags, event));
    EXPECT_EQ(body.indication, uint32_t{SCTP_PARTIAL_DELIVERY_ABORTED});
    EXPECT_EQ(body.stream, 0x01020304u);
    EXPECT_EQ(body.sequence, 0x05060708u);
    EXPECT_EQ(body.unordered, unordered);
  }
}

TEST(Notification, Adaptation) {
  sctp_adaptation_event event{};
  event.sai_adaptation_ind = 0x05060708;
  event.sai_assoc_id = kAssocId;
  const auto body = Decode<Adaptation>(NotificationBytes(SCTP_ADAPTATION_INDICATION, 0, event));
  EXPECT_EQ(body.indication, 0x05060708u);
}

TEST(Notification, Authentication) {
  sctp_authkey_event event{};
  event.auth_keynumber = 0x0102;
  event.auth_altkeynumber = 0x0304;
  event.auth_indication = SCTP_AUTH_FREE_KEY;
  event.auth_assoc_id = kAssocId;
  const auto body = Decode<Authentication>(NotificationBytes(SCTP_AUTHENTICATION_EVENT, 0, event));
  EXPECT_EQ(body.key_number, 0x0102);
  EXPECT_EQ(body.alternate_key_number, 0x0304);
  EXPECT_EQ(body.indication, uint32_t{SCTP_AUTH_FREE_KEY});
}

TEST(Notification, SenderDry) {
  sctp_sender_dry_event event{};
  event.sender_dry_assoc_id = kAssocId;
  Decode<SenderDry>(NotificationBytes(SCTP_SENDER_DRY_EVENT, 0, event));
}

TEST(Notification, StreamReset) {
  sctp_stream_reset_event event{};
  event.strreset_assoc_id = kAssocId;
  const ByteVector list = BytesOf(uint16_t{0}) + BytesOf(uint16_t{3}) + BytesOf(uint16_t{65535});
  const auto body = Decode<StreamReset>(NotificationBytes(SCTP_STREAM_RESET_EVENT, 0, event, list));
  EXPECT_EQ(body.streams, (std::vector<uint16_t>{0, 3, 65535}));
}

TEST(Notification, StreamResetOfAllStreams) {
  sctp_stream_reset_event event{};
  event.strreset_assoc_id = kAssocId;
  const auto body = Decode<StreamReset>(NotificationBytes(SCTP_STREAM_RESET_EVENT, 0, event));
  EXPECT_TRUE(body.streams.empty());
}

// Each flag alone, so that none can stand in for another.
TEST(Notification, StreamResetFlags) {
  sctp_stream_reset_event event{};
  event.strreset_assoc_id = kAssocId;
  for (const uint16_t flag : std::initializer_list<uint16_t>{0, 1, 2, 4, 8}) {
    const auto body = Decode<StreamReset>(NotificationBytes(SCTP_STREAM_RESET_EVENT, flag, event));
    EXPECT_EQ(body.incoming, flag == 1);
    EXPECT_EQ(body.outgoing, flag == 2);
    EXPECT_EQ(body.denied, flag == 4);
    EXPECT_EQ(body.failed, flag == 8);
  }
}

TEST(Notification, AssocReset) {
  sctp_assoc_reset_event event{};
  event.assocreset_assoc_id = kAssocId;
  event.assocreset_local_tsn = 0x05060708;
  event.assocreset_remote_tsn = 0x090a0b0c;
  for (const uint16_t flag : std::initializer_list<uint16_t>{0, 4, 8}) {
    const auto body = Decode<AssocReset>(NotificationBytes(SCTP_ASSOC_RESET_EVENT, flag, event));
    EXPECT_EQ(body.local_tsn, 0x05060708u);
    EXPECT_EQ(body.remote_tsn, 0x090a0b0cu);
    EXPECT_EQ(body.denied, flag == 4);
    EXPECT_EQ(body.failed, flag == 8);
  }
}

TEST(Notification, StreamChange) {
  sctp_stream_change_event event{};
  event.strchange_assoc_id = kAssocId;
  event.strchange_instrms = 3;
  event.strchange_outstrms = 65535;
  for (const uint16_t flag : std::initializer_list<uint16_t>{0, 4, 8}) {
    const auto body =
        Decode<StreamChange>(NotificationBytes(SCTP_STREAM_CHANGE_EVENT, flag, event));
    EXPECT_EQ(body.inbound_streams, 3);
    EXPECT_EQ(body.outbound_streams, 65535);
    EXPECT_EQ(body.denied, flag == 4);
    EXPECT_EQ(body.failed, flag == 8);
  }
}

}  // namespace
}  // namespace sctp
