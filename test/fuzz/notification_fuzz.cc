// Notifications, and lists of error causes, from any bytes.
#include "core/notification.h"
#include "fuzz/require.h"
#include "native/bytes.h"

namespace sctp {
namespace {

using test::Require;

// That `part` lies in `whole`; and reads it, for AddressSanitizer to see.
void CheckInside(Bytes whole, Bytes part) {
  if (part.empty()) return;
  Require(part.data() >= whole.data(), "a view begins inside");
  Require(part.data() + part.size() <= whole.data() + whole.size(), "a view ends inside");
  test::ToVector(part);
}

void CheckCauses(Bytes list, const std::vector<ErrorCause>& causes) {
  size_t size = 0;
  for (const ErrorCause& cause : causes) {
    CheckInside(list, cause.info);
    size += 4 + cause.info.size();
  }
  Require(size <= list.size(), "causes do not overlap");
}

void CheckNotification(Bytes bytes) {
  const Notification notification = DecodeNotification(bytes);
  CheckInside(bytes, notification.raw);
  Require(notification.raw.size() == bytes.size() || notification.raw.size() >= 8,
          "a header that is there is kept");
  const auto assoc_id = notification.assoc_id();
  const auto& body = notification.body;
  if (std::holds_alternative<UnknownNotification>(body)) {
    Require(assoc_id == 0, "nothing known of an unknown one");
  }
  if (const auto* change = std::get_if<AssocChange>(&body)) {
    CheckCauses(notification.raw, change->causes);
  }
  if (const auto* failed = std::get_if<SendFailed>(&body)) {
    CheckInside(notification.raw, failed->data);
  }
  if (const auto* error = std::get_if<RemoteError>(&body)) {
    CheckInside(notification.raw, error->data);
  }
  if (const auto* reset = std::get_if<StreamReset>(&body)) {
    Require(reset->streams.size() * 2 <= notification.raw.size(), "no streams made up");
  }
  if (const auto* change = std::get_if<PeerAddrChange>(&body); change && change->address) {
    Require(!change->address->host().empty(), "an address has a text");
  }
}

}  // namespace
}  // namespace sctp

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const sctp::test::HeapBytes bytes(std::as_bytes(std::span(data, size)));
  sctp::CheckNotification(bytes.view());
  sctp::CheckCauses(bytes.view(), sctp::DecodeErrorCauses(bytes.view()));
  return 0;
}
