#include "native/kernel_abi.h"
#include "native/kernel_options.h"

namespace sctp::test {
namespace {

constexpr uint8_t kKey[] = {0x73, 0x00, 0xff};
constexpr uint8_t kChunks[] = {0, 193};
constexpr uint16_t kHmacs[] = {3, 1};

ElementBytes Elements(std::span<const std::byte> bytes) { return {bytes}; }

KernelOption HmacIdent() {
  auto head = Zeroed<sctp_hmacalgo>();
  head.shmac_num_idents = 2;
  return {"hmacIdent",
          IPPROTO_SCTP,
          22,
          BytesOf(head) + BytesOf(kHmacs),
          {{"value", Elements(std::as_bytes(std::span(kHmacs)))}}};
}

KernelOption Key() {
  auto head = Zeroed<sctp_authkey>();
  head.sca_assoc_id = 2;
  head.sca_keynumber = 65535;
  head.sca_keylength = sizeof kKey;
  return {
      "authKey",
      IPPROTO_SCTP,
      23,
      BytesOf(head) + BytesOf(kKey),
      {{"assocId", 2}, {"keyNumber", 65535}, {"key", Elements(std::as_bytes(std::span(kKey)))}}};
}

KernelOption KeyNumber(std::string_view name, int number) {
  auto id = Zeroed<sctp_authkeyid>();
  id.scact_assoc_id = 2;
  id.scact_keynumber = 7;
  return {name, IPPROTO_SCTP, number, BytesOf(id), {{"assocId", 2}, {"value", 7}}};
}

KernelOption Chunks(std::string_view name, int number) {
  auto head = Zeroed<sctp_authchunks>();
  head.gauth_assoc_id = 3;
  head.gauth_number_of_chunks = 2;
  return {name,
          IPPROTO_SCTP,
          number,
          BytesOf(head) + BytesOf(kChunks),
          {{"assocId", 3}, {"value", Elements(std::as_bytes(std::span(kChunks)))}}};
}

}  // namespace

std::vector<KernelOption> KernelAuthOptions() {
  return {
      HmacIdent(),
      {"authChunks", IPPROTO_SCTP, 21, BytesOf(uint8_t{193}), {{"value", 193}}},
      Key(),
      KeyNumber("authActiveKey", 24),
      KeyNumber("authDeleteKey", 25),
      KeyNumber("authDeactivateKey", 35),
      Chunks("peerAuthChunks", 26),
      Chunks("localAuthChunks", 27),
  };
}

}  // namespace sctp::test
