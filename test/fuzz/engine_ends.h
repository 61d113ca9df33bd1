// Two associations for the fuzzers of the engine, and what must hold whatever they are sent.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <deque>
#include <memory>
#include <optional>

#include "engine/association.h"
#include "engine/crc32c.h"
#include "engine/packet.h"
#include "fuzz/require.h"
#include "native/engine/pair.h"

namespace sctp::engine::test {

using sctp::test::Require;

// Messages of full length that may be arriving at the same time.
inline constexpr size_t kMostBegun = 8;

class Ends {
 public:
  explicit Ends(FuzzedDataProvider& input) {
    config_.interleaving = input.ConsumeBool();
    config_.partial_reliability = input.ConsumeIntegralInRange(0, 7) != 0;
    config_.reconfiguration = input.ConsumeIntegralInRange(0, 7) != 0;
    config_.explicit_consume = input.ConsumeBool();
    config_.mtu = input.PickValueInArray<size_t>({512, 1200, 9000});
    config_.receive_window = input.PickValueInArray<uint32_t>({1500, 10'000, 100'000});
    config_.max_receive_message_size = 50'000;
    config_.send_buffer = 100'000;
    config_.outbound_streams = 8;
    config_.inbound_streams = input.PickValueInArray<uint16_t>({4, 8, 65535});
    for (const int end : {0, 1}) Restart(end);
  }

  Time now() const { return now_; }
  Association& association(int end) { return *ends_[end].association; }

  void Restart(int end) {
    End& fresh = ends_[end];
    fresh = End();
    fresh.random = std::make_unique<SeededRandom>(++seed_);
    fresh.association = std::make_unique<Association>(config_, *fresh.random);
  }

  // Goes some way towards, or beyond, an association that is up.
  void Begin(int stage) {
    if (stage == 0) return;
    association(0).Connect(now_);
    if (stage == 1) return Poll(0);
    Exchange(stage == 2 ? 1 : 4);
    for (const int end : {0, 1}) {
      OutgoingMessage message;
      message.data = Payload(ByteVector(5000));
      association(end).Send(now_, std::move(message));
    }
    if (stage >= 4) association(0).Shutdown(now_);
    if (stage == 5) Exchange(1);
  }

  // Packets go to and fro, and time passes.
  void Exchange(int rounds) {
    for (; rounds > 0; --rounds) {
      for (const int end : {0, 1}) Poll(end);
      for (const int end : {0, 1}) {
        for (const ByteVector& packet : std::exchange(ends_[end].sent, {})) {
          association(1 - end).Receive(now_, packet);
        }
      }
      std::optional<Time> next;
      for (const int end : {0, 1}) {
        const auto deadline = association(end).NextDeadline();
        if (deadline && (!next || *deadline < *next)) next = deadline;
      }
      now_ = std::max(now_ + Duration(100), next.value_or(now_));
      for (const int end : {0, 1}) association(end).HandleTimeout(now_);
    }
  }

  // Chunks made up, in a packet that is valid otherwise.
  void InjectInto(int end, FuzzedDataProvider& input) {
    ByteVector packet(kCommonHeaderSize);
    const uint32_t tag = ends_[end].tag;
    Store(ByteSpan(packet), 0, config_.remote_port);
    Store(ByteSpan(packet), 2, config_.local_port);
    Store(ByteSpan(packet), 4, input.ConsumeIntegralInRange(0, 15) == 0 ? 0 : tag);
    for (int chunks = input.ConsumeIntegralInRange(1, 4); chunks > 0; --chunks) {
      AppendChunk(packet, end, input);
    }
    const uint32_t checksum = PacketChecksum(packet);
    StoreChecksum(packet, checksum);
    association(end).Receive(now_, packet);
    Check(end);
    Poll(end);
  }

 private:
  struct End {
    std::unique_ptr<SeededRandom> random;
    std::unique_ptr<Association> association;
    std::deque<ByteVector> sent;
    uint32_t tag = 0;       // that packets to it carry
    uint32_t next_tsn = 0;  // that it expects, about
    bool closed = false;
  };

  void AppendChunk(ByteVector& packet, int end, FuzzedDataProvider& input) {
    const uint8_t type = input.PickValueInArray<uint8_t>(
        {chunk::kData, chunk::kIData, chunk::kSack, chunk::kForwardTsn, chunk::kIForwardTsn,
         chunk::kReconfig, chunk::kInit, chunk::kInitAck, chunk::kHeartbeat, chunk::kHeartbeatAck,
         chunk::kAbort, chunk::kShutdown, chunk::kShutdownAck, chunk::kError, chunk::kCookieEcho,
         chunk::kCookieAck, chunk::kShutdownComplete, uint8_t{0xFF}});
    const auto flags = input.ConsumeIntegral<uint8_t>();
    ByteVector value;
    Appender append(value);
    const auto near = [&](uint32_t number) {
      return number + input.ConsumeIntegralInRange<uint32_t>(0, 40) - 20;
    };
    switch (type) {
      case chunk::kData:
      case chunk::kIData:
        append.U32(near(ends_[end].next_tsn)).U16(input.ConsumeIntegralInRange<uint16_t>(0, 9));
        if (type == chunk::kIData) append.U16(0);
        if (type == chunk::kIData) append.U32(input.ConsumeIntegralInRange<uint32_t>(0, 4));
        if (type == chunk::kData) append.U16(input.ConsumeIntegralInRange<uint16_t>(0, 4));
        append.U32(input.ConsumeIntegralInRange<uint32_t>(0, 4));
        value.resize(value.size() + input.ConsumeIntegralInRange<size_t>(0, 2000));
        break;
      case chunk::kSack:
      case chunk::kShutdown: append.U32(near(ends_[1 - end].next_tsn)); break;
      case chunk::kForwardTsn:
      case chunk::kIForwardTsn: append.U32(near(ends_[end].next_tsn)); break;
      case chunk::kReconfig:
        append.U16(input.ConsumeIntegralInRange<uint16_t>(13, 19));
        append.U16(input.ConsumeIntegralInRange<uint16_t>(4, 24));
        append.U32(near(ends_[end].next_tsn));
        break;
      default: break;
    }
    const auto rest = input.ConsumeBytes<uint8_t>(input.ConsumeIntegralInRange<size_t>(0, 48));
    append.Bytes(std::as_bytes(std::span(rest)));
    ByteVector made = MakeChunk(type, flags, value);
    if (input.ConsumeIntegralInRange(0, 15) == 0) {
      Store(ByteSpan(made), 2, input.ConsumeIntegral<uint16_t>());
    }
    packet.insert(packet.end(), made.begin(), made.end());
  }

  void Poll(int end) {
    End& polled = ends_[end];
    ByteVector buffer(association(end).MaxPacketSize());
    for (int packets = 0;; ++packets) {
      Require(packets < 10'000, "packets end");
      const size_t size = association(end).PollPacket(now_, buffer);
      if (size == 0) break;
      Learn(end, ByteView(buffer).first(size));
      polled.sent.emplace_back(buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size));
    }
    while (auto event = association(end).PollEvent()) {
      Require(!polled.closed, "Closed is the last event");
      polled.closed = std::holds_alternative<Closed>(*event);
    }
    Check(end);
  }

  // What the peer would know from the packets of an end.
  void Learn(int from, ByteView packet) {
    Require(LoadChecksum(packet) == PacketChecksum(packet), "a valid checksum");
    if (ReadHeader(packet).tag != 0) ends_[1 - from].tag = ReadHeader(packet).tag;
    ChunkReader chunks(packet);
    while (const auto chunk = chunks.Next()) {
      const bool is_data = chunk->type == chunk::kData || chunk->type == chunk::kIData;
      if (is_data) ends_[1 - from].next_tsn = Load32(chunk->value, 0) + 1;
      if (chunk->type == chunk::kInit || chunk->type == chunk::kInitAck) {
        ends_[from].tag = Load32(chunk->value, 0);
        ends_[1 - from].next_tsn = Load32(chunk->value, 12);
      }
    }
    Require(!chunks.malformed(), "chunks that can be read");
  }

  void Check(int end) {
    const Stats stats = association(end).GetStats();
    Require(stats.reassembly_bytes + stats.undelivered_bytes <=
                config_.receive_window + kMostBegun * config_.max_receive_message_size + 65536,
            "what is kept is bounded");
    Require(stats.unsent_bytes + stats.unacknowledged_bytes <= config_.send_buffer + 20'000,
            "what is to be sent is bounded");
    if (stats.state == State::kClosed) {
      Require(!association(end).NextDeadline(), "nothing waits after the end");
    }
  }

  Config config_;
  End ends_[2];
  uint64_t seed_ = 0;
  Time now_{};
};

}  // namespace sctp::engine::test
