#include "engine/packet.h"

#include "engine/crc32c.h"

namespace sctp::engine {
namespace {

// Length and bytes of the next chunk or parameter, both of which have theirs at offset 2; none if
// the length is impossible. Padding missing at the very end is forgiven.
std::optional<ByteView> TakeNext(ByteView& left) {
  const size_t length = Load16(left, 2);
  if (length < 4 || length > left.size()) return std::nullopt;
  const ByteView whole = left.first(length);
  left = From(left, PaddedTo4(length));
  return whole;
}

}  // namespace

std::optional<Chunk> ChunkReader::Next() {
  if (left_.empty()) return std::nullopt;
  const auto whole = TakeNext(left_);
  if (!whole) {
    malformed_ = true;
    return std::nullopt;
  }
  return Chunk{Load8(*whole, 0), Load8(*whole, 1), whole->subspan(4), *whole};
}

std::optional<Tlv> TlvReader::Next() {
  if (left_.empty()) return std::nullopt;
  const auto whole = TakeNext(left_);
  if (!whole) {
    malformed_ = true;
    return std::nullopt;
  }
  return Tlv{Load16(*whole, 0), whole->subspan(4), *whole};
}

CommonHeader ReadHeader(ByteView packet) {
  return {Load16(packet, 0), Load16(packet, 2), Load32(packet, 4)};
}

ByteSpan PacketWriter::Add(uint8_t type, uint8_t flags, size_t value_size) {
  const size_t size = kChunkHeaderSize + value_size;
  const ByteSpan chunk = buffer_.subspan(used_, PaddedTo4(size));
  chunk[0] = std::byte{type};
  chunk[1] = std::byte{flags};
  Store(chunk, 2, static_cast<uint16_t>(size));
  std::ranges::fill(chunk.subspan(size), std::byte{0});
  used_ += chunk.size();
  return chunk.subspan(kChunkHeaderSize, value_size);
}

void PacketWriter::Add(ByteView chunk) {
  Copy(chunk, buffer_.subspan(used_, chunk.size()));
  used_ += chunk.size();
}

ByteSpan PacketWriter::Finish(const CommonHeader& header, bool checksum) {
  const ByteSpan packet = buffer_.first(used_);
  Store(packet, 0, header.source_port);
  Store(packet, 2, header.destination_port);
  Store(packet, 4, header.tag);
  StoreChecksum(packet, 0);
  if (checksum) StoreChecksum(packet, PacketChecksum(packet));
  return packet;
}

ByteVector MakeChunk(uint8_t type, uint8_t flags, ByteView value) {
  ByteVector chunk;
  chunk.reserve(PaddedTo4(kChunkHeaderSize + value.size()));
  Appender(chunk)
      .U8(type)
      .U8(flags)
      .U16(static_cast<uint16_t>(kChunkHeaderSize + value.size()))
      .Bytes(value)
      .Pad();
  return chunk;
}

void AppendTlv(ByteVector& out, uint16_t type, ByteView value) {
  Appender(out).U16(type).U16(static_cast<uint16_t>(4 + value.size())).Bytes(value).Pad();
}

}  // namespace sctp::engine
