// Data: retransmission, windows, back-pressure, what the peer may not do.
#include <gtest/gtest.h>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

Config WithoutInterleaving() {
  Config config;
  config.interleaving = false;
  return config;
}

bool IsData(const ByteVector& packet) {
  return HasChunk(packet, chunk::kData) || HasChunk(packet, chunk::kIData);
}

TEST(Transfer, RefusesWhatItCannotSend) {
  Config config;
  config.max_send_message_size = 100;
  config.send_buffer = 250;
  Pair pair(config);
  EXPECT_EQ(pair.Send(pair.a, Message(0, "")), SendStatus::kEmpty);
  EXPECT_EQ(pair.Send(pair.a, Message(0, Pattern(101, 1))), SendStatus::kTooLarge);
  EXPECT_EQ(pair.Send(pair.a, Message(1024, "x")), SendStatus::kInvalidStream);
  EXPECT_EQ(pair.Send(pair.a, Message(0, Pattern(100, 1))), SendStatus::kQueued);
  EXPECT_EQ(pair.Send(pair.a, Message(0, Pattern(100, 1))), SendStatus::kQueued);
  OutgoingMessage third = Message(0, Pattern(51, 1));
  EXPECT_EQ(pair.a.association.Send(pair.now(), std::move(third)), SendStatus::kBufferFull);
  EXPECT_EQ(third.data.size(), 51u) << "taken although refused";
  ASSERT_TRUE(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 1; }));
  EXPECT_EQ(pair.Send(pair.a, std::move(third)), SendStatus::kQueued);
}

// Ten retransmissions of a reliable chunk, and more: never silently dropped.
TEST(Transfer, AReliableChunkIsSentUntilItArrives) {
  Config config;
  config.max_retransmits = 12;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  int losses = 0;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    return !from_a || !IsData(packet) || ++losses > 11;
  };
  pair.Send(pair.a, Message(0, "stubborn"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }, 3600s));
  EXPECT_EQ(losses, 12);
}

// A caller may leave alone what is not urgent until everything that has arrived is received.
TEST(Transfer, WhatThePeerWaitsForIsUrgent) {
  Pair pair;
  Association& a = pair.a.association;
  a.Connect(pair.now());
  EXPECT_TRUE(a.HasUrgentPacket()) << "INIT";
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kEstablished); }));
  pair.RunFor(1s);
  EXPECT_FALSE(a.HasUrgentPacket());
  pair.Send(pair.a, Message(0, "data"));
  EXPECT_TRUE(a.HasUrgentPacket());
  pair.RunFor(1s);
  EXPECT_FALSE(a.HasUrgentPacket());

  std::vector<ByteVector> packets;
  pair.filter = [&](bool, ByteVector& packet) {
    packets.push_back(packet);
    return false;
  };
  pair.Send(pair.b, Message(0, Pattern(2000, 1)));
  pair.Flush(pair.b, false);
  ASSERT_EQ(packets.size(), 2u);
  a.Receive(pair.now(), packets[0]);
  EXPECT_FALSE(a.HasUrgentPacket()) << "one packet need not be acknowledged at once";
  a.Receive(pair.now(), packets[1]);
  EXPECT_TRUE(a.HasUrgentPacket()) << "SACK";
}

TEST(Transfer, FailsWhenThePeerIsGone) {
  Config config;
  config.max_retransmits = 3;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  pair.filter = [](bool, ByteVector&) { return false; };
  OutgoingMessage message = Message(0, "lost");
  message.context = 99;
  pair.Send(pair.a, std::move(message));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.a.state() == State::kClosed; }, 3600s));
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kTimedOut);
  ASSERT_EQ(pair.a.Count<MessageFailed>(), 1u);
  EXPECT_TRUE(pair.a.Last<MessageFailed>()->sent);
  EXPECT_EQ(pair.a.Last<MessageFailed>()->message.context, 99u);
}

// A path without traffic is found dead by heartbeats.
TEST(Transfer, HeartbeatsFindADeadPath) {
  Config config;
  config.max_retransmits = 2;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  pair.RunFor(100s);
  EXPECT_GT(pair.a.association.GetStats().counters.heartbeats_sent, 1u);
  EXPECT_EQ(pair.a.association.GetStats().error_count, 0);
  EXPECT_TRUE(pair.both(State::kEstablished));
  pair.filter = [](bool, ByteVector&) { return false; };
  EXPECT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 3600s));
}

TEST(Transfer, LossesAreRepairedBeforeT3) {
  Pair pair(WithoutInterleaving(), WithoutInterleaving());
  ASSERT_TRUE(pair.Connect());
  int packets = 0;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    return !from_a || !IsData(packet) || ++packets % 50 != 10;
  };
  pair.Send(pair.a, Message(0, Pattern(500000, 1)));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  const Counters counters = pair.a.association.GetStats().counters;
  EXPECT_GT(counters.chunks_retransmitted, 5u);
  EXPECT_GT(counters.fast_recoveries, 0u);
  EXPECT_EQ(counters.t3_timeouts, 0u);
}

// Each retransmission of a chunk lost once as well.
TEST(Transfer, LostRetransmissionsAreRepairedBeforeT3) {
  Pair pair(WithoutInterleaving(), WithoutInterleaving());
  ASSERT_TRUE(pair.Connect());
  std::map<uint32_t, int> sent;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    if (!from_a || !IsData(packet)) return true;
    const uint32_t tsn = Load32(ChunksOf(packet)[0].value, 0);
    return tsn % 100 != 50 || ++sent[tsn] > 2;
  };
  pair.Send(pair.a, Message(0, Pattern(500000, 1)));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }));
  EXPECT_EQ(pair.a.association.GetStats().counters.t3_timeouts, 0u);
}

// A peer may delay the SACK of a single packet by as much as RTO.Min: that is no congestion, and
// no reason to give a message up.
TEST(Transfer, ALateSackOfASinglePacketIsNoTimeout) {
  for (const bool reliable : {true, false}) {
    Config slow;
    slow.sack_delay = 210ms;
    Pair pair({}, slow);
    ASSERT_TRUE(pair.Connect());
    pair.Send(pair.a, Message(0, Pattern(50000, 1)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 1; }));
    const size_t cwnd = pair.a.association.GetStats().cwnd;
    for (size_t i = 0; i < 20; ++i) {
      OutgoingMessage message = Message(0, "alone");
      if (!reliable) message.reliability = {Reliability::Policy::kRetransmits, 0};
      pair.Send(pair.a, std::move(message));
      ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == i + 2; }));
    }
    const Stats stats = pair.a.association.GetStats();
    EXPECT_EQ(stats.counters.t3_timeouts, 0u);
    EXPECT_EQ(stats.counters.messages_abandoned, 0u);
    EXPECT_EQ(stats.cwnd, cwnd);
    EXPECT_EQ(pair.b.Count<MessageReceived>(), 21u);
  }
}

// It is sent again when an RTO has passed, all the same; twice lost, T3 sees to it.
TEST(Transfer, ASinglePacketThatIsLostIsSentAgainAfterAnRto) {
  for (const int losses : {1, 2}) {
    Pair pair;
    ASSERT_TRUE(pair.Connect());
    pair.Send(pair.a, Message(0, Pattern(50000, 1)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 1; }));
    int left = losses;
    pair.filter = [&](bool from_a, ByteVector& packet) {
      return !from_a || !IsData(packet) || left-- <= 0;
    };
    const Time sent = pair.now();
    pair.Send(pair.a, Message(0, "alone"));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 2; }));
    EXPECT_LT(pair.now() - sent, losses * 200ms + 20ms);
    EXPECT_EQ(pair.a.association.GetStats().counters.t3_timeouts, losses == 1 ? 0u : 1u);
  }
}

// The last packets of a flight, or every SACK for it: found by a probe, not by T3.
TEST(Transfer, LostTailsAreProbed) {
  for (const bool loses_sacks : {false, true}) {
    Pair pair(WithoutInterleaving(), WithoutInterleaving());
    ASSERT_TRUE(pair.Connect());
    pair.Send(pair.a, Message(0, Pattern(100000, 1)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 1; }));
    int packets = 0;
    int losses = 0;
    pair.filter = [&](bool from_a, ByteVector& packet) {
      const bool lost = loses_sacks ? !from_a && losses < 1
                                    : from_a && IsData(packet) && ++packets >= 2 && losses < 2;
      losses += lost ? 1 : 0;
      return !lost;
    };
    const Time sent = pair.now();
    pair.Send(pair.a, Message(0, Pattern(3000, 1)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() == 2; }));
    EXPECT_GT(losses, 0);
    EXPECT_EQ(pair.a.association.GetStats().counters.t3_timeouts, 0u) << loses_sacks;
    EXPECT_LT(pair.now() - sent, 150ms);
  }
}

TEST(Transfer, ManyMessagesShareAPacket) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  const uint64_t before = pair.a.association.GetStats().counters.packets_sent;
  for (int i = 0; i < 30; ++i) pair.Send(pair.a, Message(0, "small"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 30; }));
  EXPECT_EQ(pair.a.association.GetStats().counters.packets_sent - before, 1u);
}

TEST(Transfer, NoPacketExceedsTheMtu) {
  for (const size_t mtu : {512, 1200, 1500, 9000}) {
    Config config;
    config.mtu = mtu;
    Pair pair(config, config);
    size_t longest = 0;
    pair.filter = [&](bool, ByteVector& packet) {
      longest = std::max(longest, packet.size());
      return true;
    };
    ASSERT_TRUE(pair.Connect());
    for (size_t size = 1; size < 30000; size += 997)
      pair.Send(pair.a, Message(0, Pattern(size, 1)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.a.Count<Drained>() > 0; }));
    EXPECT_LE(longest, mtu);
    EXPECT_GT(longest, mtu - 20);
  }
}

TEST(Transfer, TheMtuMayChangeMeanwhile) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  pair.link.loss = 0.1;
  const ByteVector data = Pattern(300000, 9);
  pair.Send(pair.a, Message(0, data));
  for (const size_t mtu : {600, 1400, 512, 1200}) {
    pair.a.association.SetMtu(mtu);
    pair.RunFor(50ms);
  }
  EXPECT_EQ(pair.a.association.MaxPacketSize(), 1400u);
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }, 600s));
  EXPECT_EQ(pair.b.Last<MessageReceived>()->data, data);
}

// Two in sequence: at the second, or after the delay.
TEST(Sack, IsDelayed) {
  Pair pair(WithoutInterleaving(), WithoutInterleaving());
  ASSERT_TRUE(pair.Connect());
  pair.RunFor(1s);
  const auto sacks = [&] { return pair.b.association.GetStats().counters.sacks_sent; };
  const uint64_t before = sacks();
  pair.Send(pair.a, Message(0, "one"));
  pair.RunFor(15ms);
  EXPECT_EQ(sacks(), before);
  pair.RunFor(10ms);
  EXPECT_EQ(sacks(), before + 1);
  pair.Send(pair.a, Message(0, "two"));
  pair.RunFor(2ms);
  pair.Send(pair.a, Message(0, "three"));
  pair.RunFor(2ms);
  EXPECT_EQ(sacks(), before + 2);
  OutgoingMessage urgent = Message(0, "urgent");
  urgent.sack_immediately = true;
  pair.Send(pair.a, std::move(urgent));
  pair.RunFor(2ms);
  EXPECT_EQ(sacks(), before + 3);
}

// The second copy of an unordered chunk is reported, not delivered.
TEST(Sack, DuplicatesAreReportedAndNotDelivered) {
  Pair pair(WithoutInterleaving(), WithoutInterleaving());
  ASSERT_TRUE(pair.Connect());
  pair.link.duplication = 1;
  std::vector<uint32_t> duplicates;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    for (const Chunk& c : ChunksOf(packet)) {
      if (from_a || c.type != chunk::kSack || Load16(c.value, 10) == 0) continue;
      duplicates.push_back(Load32(c.value, 12 + size_t{4} * Load16(c.value, 8)));
    }
    return true;
  };
  for (int i = 0; i < 10; ++i) {
    OutgoingMessage message = Message(0, "once");
    message.unordered = true;
    pair.Send(pair.a, std::move(message));
    pair.RunFor(50ms);
  }
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 10u);
  EXPECT_FALSE(duplicates.empty());
  EXPECT_GE(pair.b.association.GetStats().counters.chunks_duplicate, 10u);
}

TEST(Sack, OfWhatWasNeverSentAborts) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  bool forged = false;
  pair.filter = [&](bool from_a, ByteVector& packet) {
    if (from_a || !HasChunk(packet, chunk::kSack) || forged) return true;
    forged = true;
    ByteVector sack(12);
    Store(ByteSpan(sack), 0, Load32(ChunksOf(packet)[0].value, 0) + 100);
    packet = Packet(ReadHeader(packet).tag, {MakeChunk(chunk::kSack, 0, sack)});
    return true;
  };
  pair.Send(pair.a, Message(0, "x"));
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }));
  EXPECT_EQ(pair.a.Last<Closed>()->reason, Closed::Reason::kProtocolViolation);
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kPeerAborted);
  EXPECT_EQ(pair.b.Last<Closed>()->causes.at(0).code, cause::kProtocolViolation);
}

// The receiver does not consume: the sender stops, and its memory and ours stay bounded.
TEST(Window, ClosesAndOpens) {
  for (const bool interleaving : {false, true}) {
    Config config;
    config.interleaving = interleaving;
    config.receive_window = 100000;
    config.explicit_consume = true;
    Pair pair(config, config);
    ASSERT_TRUE(pair.Connect());
    constexpr int kMessages = 400;
    for (int i = 0; i < kMessages; ++i) {
      ASSERT_EQ(pair.Send(pair.a, Message(0, Pattern(1000, static_cast<uint64_t>(i)))),
                SendStatus::kQueued);
    }
    pair.RunFor(300s);
    const Stats stats = pair.b.association.GetStats();
    EXPECT_LT(stats.undelivered_bytes + stats.reassembly_bytes, 110000u);
    EXPECT_LT(stats.receive_window, 2000u);
    EXPECT_TRUE(pair.both(State::kEstablished)) << "probing is no failure";
    EXPECT_LT(pair.b.Count<MessageReceived>(), 110u);
    // Consumes in steps; each opens the window a little.
    size_t consumed = 0;
    while (pair.b.Count<MessageReceived>() < kMessages) {
      size_t received = pair.b.Count<MessageReceived>() * 1000;
      pair.b.association.Consume(pair.now(), received - consumed);
      consumed = received;
      pair.RunFor(50ms);
      ASSERT_LT(pair.now(), Time(2000s));
    }
    int i = 0;
    for (const MessageReceived& message : pair.b.All<MessageReceived>()) {
      ASSERT_EQ(message.data, Pattern(1000, static_cast<uint64_t>(i++)));
    }
  }
}

// A closed window is probed with what is next to be sent, and with nothing else.
TEST(Window, AProbeIsTheNextMessage) {
  for (const bool interleaving : {false, true}) {
    Config config;
    config.interleaving = interleaving;
    config.receive_window = 10000;
    config.explicit_consume = true;
    Pair pair(config, config);
    ASSERT_TRUE(pair.Connect());
    for (uint64_t i = 0; i < 20; ++i) pair.Send(pair.a, Message(0, Pattern(1000, i)));
    pair.RunFor(1s);
    ASSERT_LT(pair.b.Count<MessageReceived>(), 20u) << "the window is not closed";
    std::vector<ByteVector> probes;
    pair.filter = [&](bool from_a, ByteVector& packet) {
      if (!from_a || !IsData(packet)) return true;
      for (const Chunk& chunk : ChunksOf(packet)) {
        probes.emplace_back(chunk.value.begin(), chunk.value.end());
      }
      return true;
    };
    pair.RunFor(60s);
    ASSERT_GT(probes.size(), 2u);
    const ByteVector next = Pattern(1000, pair.b.Count<MessageReceived>());
    for (const ByteVector& probe : probes) {
      EXPECT_EQ(probe, probes[0]);
      EXPECT_TRUE(std::equal(next.rbegin(), next.rend(), probe.rbegin()));
    }
    pair.filter = nullptr;
    while (pair.b.Count<MessageReceived>() < 20) {
      pair.b.association.Consume(pair.now(), 1000);
      pair.RunFor(1s);
      ASSERT_LT(pair.now(), Time(1000s));
    }
    pair.RunFor(60s);
    const auto received = pair.b.All<MessageReceived>();
    ASSERT_EQ(received.size(), 20u);
    for (uint64_t i = 0; i < 20; ++i) EXPECT_EQ(received[i].data, Pattern(1000, i));
  }
}

// What has been probed goes on at once when the window opens, not at the next of T3's doublings.
TEST(Window, OpensWithoutWaitingForT3) {
  Config config;
  config.receive_window = 10000;
  config.explicit_consume = true;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  for (int i = 0; i < 11; ++i) pair.Send(pair.a, Message(0, Pattern(1000, 1)));
  pair.RunFor(100s);
  const size_t received = pair.b.Count<MessageReceived>();
  EXPECT_LT(received, 11u);
  pair.b.association.Consume(pair.now(), received * 1000);
  pair.RunFor(100ms);
  EXPECT_EQ(pair.b.Count<MessageReceived>(), 11u);
}

TEST(Window, AMessageLargerThanTheWindowGetsThrough) {
  for (const bool interleaving : {false, true}) {
    Config config;
    config.interleaving = interleaving;
    config.receive_window = 20000;
    Pair pair(config, config);
    ASSERT_TRUE(pair.Connect());
    const ByteVector data = Pattern(300000, 4);
    pair.Send(pair.a, Message(0, data));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }, 20s));
    EXPECT_EQ(pair.b.Last<MessageReceived>()->data, data);
  }
}

// With I-DATA none of them is complete before nearly all of all of them has come.
TEST(Window, SeveralLongMessagesAtATimeGetThrough) {
  Config config;
  config.receive_window = 20000;
  config.max_receive_message_size = 50000;
  Pair pair(config, config);
  ASSERT_TRUE(pair.Connect());
  for (uint16_t stream = 0; stream < 6; ++stream) {
    pair.Send(pair.a, Message(stream, Pattern(50000, stream)));
  }
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 6; }, 60s));
}

// More than can be kept: an end that says so, and no waiting for ever.
TEST(Window, TooManyLongMessagesAtATimeAbort) {
  Config config;
  config.receive_window = 20000;
  config.max_receive_message_size = 50000;
  Pair pair({}, config);
  ASSERT_TRUE(pair.Connect());
  for (uint16_t stream = 0; stream < 40; ++stream) {
    pair.Send(pair.a, Message(stream, Pattern(50000, stream)));
  }
  ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 60s));
  EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kResources);
}

TEST(Window, ATooLongMessageAborts) {
  for (const bool interleaving : {false, true}) {
    Config config;
    config.interleaving = interleaving;
    config.max_receive_message_size = 5000;
    Pair pair({}, config);
    ASSERT_TRUE(pair.Connect());
    pair.Send(pair.a, Message(0, Pattern(5000, 4)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 1; }, 20s));
    pair.Send(pair.a, Message(0, Pattern(5001, 4)));
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kClosed); }, 20s));
    EXPECT_EQ(pair.b.Last<Closed>()->reason, Closed::Reason::kResources);
    EXPECT_EQ(pair.a.Last<Closed>()->causes.at(0).code, cause::kOutOfResource);
  }
}

// Nobody polls the events: messages pile up to the window and no further.
TEST(Window, CountsWhatNobodyPolls) {
  Config config;
  config.receive_window = 50000;
  Pair pair({}, config);
  ASSERT_TRUE(pair.Connect());
  pair.b.polls_events = false;
  for (int i = 0; i < 5000; ++i) pair.Send(pair.a, Message(0, "tiny"));
  pair.RunFor(60s);
  EXPECT_LT(pair.b.association.GetStats().undelivered_bytes, 50000u / 128 * 5);
  pair.b.polls_events = true;
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 5000; }, 300s));
}

TEST(Transfer, BulkDoesNotStarveAnotherStream) {
  for (const bool interleaving : {false, true}) {
    Config config;
    config.interleaving = interleaving;
    Pair pair(config, config);
    pair.link.delay = 20ms;
    ASSERT_TRUE(pair.Connect());
    for (int i = 0; i < 200; ++i) pair.Send(pair.a, Message(1, Pattern(60000, 1)));
    pair.RunFor(200ms);
    const ByteVector other = Pattern(60000, 2);
    pair.Send(pair.a, Message(2, other));
    const auto arrived = [&] {
      for (const MessageReceived& message : pair.b.All<MessageReceived>()) {
        if (message.stream == 2) return message.data == other;
      }
      return false;
    };
    EXPECT_TRUE(pair.RunUntil(arrived, 4s));
  }
}

// Without I-DATA the fragments of a message have neighbouring TSNs.
TEST(Transfer, DataIsNeverInterleaved) {
  Pair pair(WithoutInterleaving(), WithoutInterleaving());
  ASSERT_TRUE(pair.Connect());
  std::map<uint32_t, std::pair<uint16_t, uint8_t>> sent;
  pair.filter = [&](bool, ByteVector& packet) {
    for (const Chunk& c : ChunksOf(packet)) {
      if (c.type == chunk::kData) sent[Load32(c.value, 0)] = {Load16(c.value, 4), c.flags};
    }
    return true;
  };
  for (uint16_t stream = 0; stream < 4; ++stream) {
    for (int i = 0; i < 5; ++i) pair.Send(pair.a, Message(stream, Pattern(5000, 1)));
  }
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 20; }));
  std::optional<uint16_t> open;
  for (const auto& [tsn, chunk] : sent) {
    EXPECT_EQ(open.has_value(), (chunk.second & flag::kBegin) == 0);
    EXPECT_EQ(open.value_or(chunk.first), chunk.first);
    open = (chunk.second & flag::kEnd) != 0 ? std::nullopt : std::optional(chunk.first);
  }
}

TEST(Transfer, UnorderedIsNotHeldBack) {
  Pair pair;
  ASSERT_TRUE(pair.Connect());
  bool lost = false;
  pair.filter = [&](bool, ByteVector& packet) {
    return !IsData(packet) || std::exchange(lost, true);
  };
  pair.Send(pair.a, Message(0, "first"));
  pair.RunFor(1ms);
  pair.Send(pair.a, Message(0, "second"));
  OutgoingMessage message = Message(0, "unordered");
  message.unordered = true;
  pair.Send(pair.a, std::move(message));
  pair.RunFor(10ms);
  EXPECT_EQ(pair.b.Texts(), std::vector<std::string>{"unordered"});
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 3; }));
  EXPECT_EQ(pair.b.Texts(), (std::vector<std::string>{"unordered", "first", "second"}));
}

TEST(Buffered, IsReportedPerStreamAndInAll) {
  Pair pair;
  pair.a.association.SetBufferedAmountLowThreshold(1, 1000);
  pair.a.association.SetBufferedAmountLowThreshold(2000);
  pair.Send(pair.a, Message(1, Pattern(5000, 1)));
  pair.Send(pair.a, Message(2, Pattern(3000, 1)));
  EXPECT_EQ(pair.a.association.BufferedAmount(1), 5000u);
  EXPECT_EQ(pair.a.association.BufferedAmount(2), 3000u);
  EXPECT_EQ(pair.a.association.BufferedAmount(3), 0u);
  EXPECT_EQ(pair.a.association.BufferedAmount(), 8000u);
  ASSERT_TRUE(pair.Connect());
  ASSERT_TRUE(pair.RunUntil([&] { return pair.b.Count<MessageReceived>() == 2; }));
  EXPECT_EQ(pair.a.association.BufferedAmount(), 0u);
  const auto low = pair.a.All<BufferedAmountLow>();
  ASSERT_EQ(low.size(), 2u);
  EXPECT_EQ(low[0].stream.has_value() + low[1].stream.has_value(), 1);
}

}  // namespace
}  // namespace sctp::engine
