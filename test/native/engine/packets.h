// Packets that tests make up or look into.
#pragma once

#include <initializer_list>
#include <vector>

#include "engine/packet.h"

namespace sctp::engine::test {

inline ByteVector Packet(uint32_t tag, const std::vector<ByteVector>& chunks,
                         uint16_t source = 5000, uint16_t destination = 5000) {
  size_t size = kCommonHeaderSize;
  for (const ByteVector& chunk : chunks) size += chunk.size();
  ByteVector packet(size);
  PacketWriter writer(packet, size);
  for (const ByteVector& chunk : chunks) writer.Add(chunk);
  writer.Finish({source, destination, tag}, true);
  return packet;
}

inline std::vector<Chunk> ChunksOf(ByteView packet) {
  std::vector<Chunk> chunks;
  ChunkReader reader(packet);
  while (const auto chunk = reader.Next()) chunks.push_back(*chunk);
  return chunks;
}

inline bool HasChunk(ByteView packet, uint8_t type) {
  for (const Chunk& chunk : ChunksOf(packet)) {
    if (chunk.type == type) return true;
  }
  return false;
}

inline ByteVector DataChunkBytes(uint32_t tsn, uint16_t stream, uint16_t ssn, uint8_t flags,
                                 ByteView payload) {
  ByteVector value;
  Appender(value).U32(tsn).U16(stream).U16(ssn).U32(0).Bytes(payload);
  return MakeChunk(chunk::kData, flags, value);
}

}  // namespace sctp::engine::test
