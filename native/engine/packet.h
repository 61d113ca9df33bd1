// Packets: the common header and the chunks behind it.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/bytes.h"
#include "engine/wire.h"

namespace sctp::engine {

struct CommonHeader {
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  uint32_t tag = 0;
};

struct Chunk {
  uint8_t type = 0;
  uint8_t flags = 0;
  ByteView value;  // without padding
  ByteView whole;  // header included, without padding
};

// Type, length and value: parameters and error causes.
struct Tlv {
  uint16_t type = 0;
  ByteView value;
  ByteView whole;
};

// Takes the chunks of a packet, or the parameters of a chunk, one after the other. Ends at the
// first whose length is impossible; malformed() then says so.
class ChunkReader {
 public:
  explicit ChunkReader(ByteView packet) : left_(From(packet, kCommonHeaderSize)) {}
  std::optional<Chunk> Next();
  bool malformed() const { return malformed_; }
  // Nothing follows what Next() has returned.
  bool at_end() const { return left_.empty(); }

 private:
  ByteView left_;
  bool malformed_ = false;
};

class TlvReader {
 public:
  explicit TlvReader(ByteView bytes) : left_(bytes) {}
  std::optional<Tlv> Next();
  bool malformed() const { return malformed_; }

 private:
  ByteView left_;
  bool malformed_ = false;
};

CommonHeader ReadHeader(ByteView packet);

// Bundles chunks in a buffer up to `limit` bytes.
class PacketWriter {
 public:
  PacketWriter(ByteSpan buffer, size_t limit)
      : buffer_(buffer), limit_(std::min(limit, buffer.size())) {}

  bool empty() const { return used_ == kCommonHeaderSize; }
  // What a chunk added now could have, header included.
  size_t room() const { return limit_ > used_ ? (limit_ - used_) & ~size_t{3} : 0; }
  bool Fits(size_t chunk_size) const { return PaddedTo4(chunk_size) <= room(); }
  // A chunk split for a larger MTU travels alone, and beyond the limit.
  void AllowOversize() { limit_ = buffer_.size(); }

  // Adds a chunk whose value is `value_size` bytes and returns where they go. Must fit.
  ByteSpan Add(uint8_t type, uint8_t flags, size_t value_size);
  // Adds a chunk built elsewhere, header and padding included.
  void Add(ByteView chunk);

  // Writes the header; with `checksum` false the field stays zero (RFC 9653).
  ByteSpan Finish(const CommonHeader& header, bool checksum);

 private:
  ByteSpan buffer_;
  size_t limit_;
  size_t used_ = kCommonHeaderSize;
};

// Builds a chunk or parameter away from a packet: header, value, padding.
ByteVector MakeChunk(uint8_t type, uint8_t flags, ByteView value);
void AppendTlv(ByteVector& out, uint16_t type, ByteView value);

}  // namespace sctp::engine
