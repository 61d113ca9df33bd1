#include "engine/data_chunk.h"

namespace sctp::engine {

std::optional<DataChunk> ParseData(const Chunk& chunk) {
  const bool interleaving = chunk.type == chunk::kIData;
  const size_t header = DataHeaderSize(interleaving) - kChunkHeaderSize;
  if (chunk.value.size() < header) return std::nullopt;
  DataChunk data;
  data.unordered = (chunk.flags & flag::kUnordered) != 0;
  data.begin = (chunk.flags & flag::kBegin) != 0;
  data.end = (chunk.flags & flag::kEnd) != 0;
  data.immediate = (chunk.flags & flag::kImmediate) != 0;
  data.tsn = Load32(chunk.value, 0);
  data.stream = Load16(chunk.value, 4);
  if (interleaving) {
    data.number = Load32(chunk.value, 8);
    // One field: the PPID in the first fragment, the FSN in the others.
    (data.begin ? data.ppid : data.fsn) = Load32(chunk.value, 12);
  } else {
    data.number = Load16(chunk.value, 6);
    data.ppid = Load32(chunk.value, 8);
  }
  data.payload = chunk.value.subspan(header);
  return data;
}

void WriteData(PacketWriter& packet, const SentChunk& chunk, bool interleaving) {
  const OutgoingMessage& message = chunk.message->message;
  const int flags = (chunk.begin ? flag::kBegin : 0) | (chunk.end ? flag::kEnd : 0) |
                    (message.unordered ? flag::kUnordered : 0) |
                    (chunk.end && message.sack_immediately ? flag::kImmediate : 0);
  const size_t header = DataHeaderSize(interleaving) - kChunkHeaderSize;
  const ByteSpan value = packet.Add(interleaving ? chunk::kIData : chunk::kData,
                                    static_cast<uint8_t>(flags), header + chunk.length);
  Store(value, 0, Wire32(chunk.tsn));
  Store(value, 4, message.stream);
  if (interleaving) {
    Store(value, 6, uint16_t{0});
    Store(value, 8, Wire32(chunk.message->number));
    Store(value, 12, chunk.begin ? message.ppid : chunk.fsn);
  } else {
    Store(value, 6, Wire16(chunk.message->number));
    Store(value, 8, message.ppid);
  }
  Copy(chunk.payload(), value.subspan(header));
}

std::optional<ForwardTsn> ParseForwardTsn(const Chunk& chunk) {
  const bool interleaving = chunk.type == chunk::kIForwardTsn;
  if (chunk.value.size() < 4) return std::nullopt;
  ForwardTsn forward;
  forward.cumulative = Load32(chunk.value, 0);
  const size_t size = SkippedSize(interleaving);
  for (ByteView left = chunk.value.subspan(4); left.size() >= size; left = left.subspan(size)) {
    Reassembly::Skipped skipped;
    skipped.stream = Load16(left, 0);
    if (interleaving) {
      skipped.unordered = (Load16(left, 2) & 1) != 0;
      skipped.number = Load32(left, 4);
    } else {
      skipped.number = Load16(left, 2);
    }
    forward.skipped.push_back(skipped);
  }
  return forward;
}

void WriteForwardTsn(PacketWriter& packet, Tsn cumulative,
                     const std::vector<Outstanding::Skipped>& skipped, bool interleaving) {
  const size_t size = SkippedSize(interleaving);
  const ByteSpan value = packet.Add(interleaving ? chunk::kIForwardTsn : chunk::kForwardTsn, 0,
                                    4 + skipped.size() * size);
  Store(value, 0, Wire32(cumulative));
  size_t at = 4;
  for (const Outstanding::Skipped& skip : skipped) {
    Store(value, at, skip.stream);
    if (interleaving) {
      Store(value, at + 2, static_cast<uint16_t>(skip.unordered ? 1 : 0));
      Store(value, at + 4, Wire32(skip.number));
    } else {
      Store(value, at + 2, Wire16(skip.number));
    }
    at += size;
  }
}

}  // namespace sctp::engine
