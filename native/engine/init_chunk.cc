#include "engine/init_chunk.h"

#include "engine/packet.h"

namespace sctp::engine {
namespace {

constexpr size_t kFixedSize = 16;
// A report must not be much larger than what it reports on, nor than a packet.
constexpr size_t kMaxReport = 256;

void ReadExtensions(ByteView chunk_types, Capabilities& capabilities) {
  for (const std::byte type : chunk_types) {
    switch (std::to_integer<uint8_t>(type)) {
      case chunk::kForwardTsn: capabilities.forward_tsn = true; break;
      case chunk::kReconfig: capabilities.reconfig = true; break;
      case chunk::kIData: capabilities.i_data = true; break;
      case chunk::kIForwardTsn: capabilities.i_forward_tsn = true; break;
      default: break;
    }
  }
}

// False: stop reading parameters here.
bool ReadParameter(const Tlv& tlv, InitChunk& init) {
  switch (tlv.type) {
    case parameter::kStateCookie: init.cookie = tlv.value; return true;
    case parameter::kForwardTsnSupported: init.capabilities.forward_tsn = true; return true;
    case parameter::kSupportedExtensions: ReadExtensions(tlv.value, init.capabilities); return true;
    case parameter::kZeroChecksum:
      if (tlv.value.size() >= 4) init.capabilities.zero_checksum_method = Load32(tlv.value, 0);
      return true;
    case parameter::kHostName: init.host_name = true; return true;
    // One path, whose addresses are the caller's business; no ECN.
    case parameter::kIpv4Address:
    case parameter::kIpv6Address:
    case parameter::kSupportedAddressTypes:
    case parameter::kCookiePreservative:
    case parameter::kUnrecognized:
    case parameter::kEcnCapable:
    case parameter::kPadding:
    case parameter::kAdaptationLayer: return true;
    default: break;
  }
  if (ReportsUnknownParameter(tlv.type) &&
      init.unrecognized.size() + PaddedTo4(tlv.whole.size()) <= kMaxReport) {
    Appender(init.unrecognized).Bytes(tlv.whole).Pad();
  }
  return SkipsUnknownParameter(tlv.type);
}

}  // namespace

std::optional<InitChunk> ParseInit(ByteView value) {
  if (value.size() < kFixedSize) return std::nullopt;
  InitChunk init;
  init.tag = Load32(value, 0);
  init.a_rwnd = Load32(value, 4);
  init.outbound_streams = Load16(value, 8);
  init.inbound_streams = Load16(value, 10);
  init.initial_tsn = Load32(value, 12);
  TlvReader parameters(From(value, kFixedSize));
  while (const auto tlv = parameters.Next()) {
    if (!ReadParameter(*tlv, init)) return init;
  }
  if (parameters.malformed()) return std::nullopt;
  return init;
}

ByteVector BuildInit(const InitChunk& init) {
  ByteVector value;
  Appender append(value);
  append.U32(init.tag).U32(init.a_rwnd).U16(init.outbound_streams).U16(init.inbound_streams);
  append.U32(init.initial_tsn);
  const Capabilities& capabilities = init.capabilities;
  if (init.cookie) AppendTlv(value, parameter::kStateCookie, *init.cookie);
  ByteVector chunk_types;
  Appender types(chunk_types);
  if (capabilities.forward_tsn) types.U8(chunk::kForwardTsn);
  if (capabilities.reconfig) types.U8(chunk::kReconfig);
  if (capabilities.i_data) types.U8(chunk::kIData);
  if (capabilities.i_forward_tsn) types.U8(chunk::kIForwardTsn);
  if (!chunk_types.empty()) AppendTlv(value, parameter::kSupportedExtensions, chunk_types);
  if (capabilities.forward_tsn) AppendTlv(value, parameter::kForwardTsnSupported, {});
  if (capabilities.zero_checksum_method != 0) {
    append.U16(parameter::kZeroChecksum).U16(8).U32(capabilities.zero_checksum_method);
  }
  TlvReader unrecognized(init.unrecognized);
  while (const auto tlv = unrecognized.Next()) {
    AppendTlv(value, parameter::kUnrecognized, tlv->whole);
  }
  return value;
}

Capabilities OwnCapabilities(const Config& config) {
  Capabilities own;
  own.forward_tsn = config.partial_reliability;
  own.reconfig = config.reconfiguration;
  own.i_data = config.interleaving;
  own.i_forward_tsn = config.interleaving && config.partial_reliability;
  own.zero_checksum_method = config.zero_checksum ? config.error_detection_method : 0;
  return own;
}

Features Negotiate(const Config& config, const Capabilities& peer) {
  const Capabilities own = OwnCapabilities(config);
  Features both;
  both.interleaving = own.i_data && peer.i_data;
  both.partial_reliability = both.interleaving ? own.i_forward_tsn && peer.i_forward_tsn
                                               : own.forward_tsn && peer.forward_tsn;
  both.reconfiguration = own.reconfig && peer.reconfig;
  both.send_zero_checksum =
      own.zero_checksum_method != 0 && own.zero_checksum_method == peer.zero_checksum_method;
  return both;
}

}  // namespace sctp::engine
