// The engine and usrsctp talk to each other.
#include <gtest/gtest.h>

#include <map>

#include "native/engine/pair.h"
#include "native/engine/usrsctp_peer.h"

namespace sctp::engine {
namespace {

using namespace test;

Config OurConfig() {
  Config config;
  config.outbound_streams = 64;
  return config;
}

// A millisecond a step: packets take one, and are lost by chance.
class Interop {
 public:
  Interop() : ours(OurConfig(), 1), theirs({}), random_(7) {}

  Time now() const { return now_; }

  bool Connect(bool we_begin = true, bool they_begin = true) {
    if (they_begin) theirs.Connect();
    if (we_begin) ours.association.Connect(now_);
    return RunUntil([&] { return ours.state() == State::kEstablished && theirs.up; });
  }

  template <typename Predicate>
  bool RunUntil(Predicate&& predicate, int milliseconds = 120'000) {
    for (; milliseconds > 0; --milliseconds) {
      Step();
      if (predicate()) return true;
    }
    return false;
  }
  void RunFor(int milliseconds) {
    RunUntil([] { return false; }, milliseconds);
  }

  double loss = 0;
  End ours;
  UsrsctpPeer theirs;

 private:
  bool Lost() { return loss > 0 && random_.Fraction() < loss; }

  void Step() {
    now_ += 1ms;
    theirs.Advance(1);
    for (const ByteVector& packet : theirs.TakePackets()) {
      if (!Lost()) ours.association.Receive(now_, packet);
    }
    const auto deadline = ours.association.NextDeadline();
    if (deadline && *deadline <= now_) ours.association.HandleTimeout(now_);
    while (const size_t size = ours.association.PollPacket(now_, buffer_)) {
      if (!Lost()) theirs.Receive(ByteView(buffer_).first(size));
    }
    while (auto event = ours.association.PollEvent()) ours.events.push_back(std::move(*event));
    theirs.Read();
  }

  SeededRandom random_;
  Time now_{};
  ByteVector buffer_ = ByteVector(65536);
};

struct Case {
  const char* name;
  double loss;
};

class Usrsctp : public testing::TestWithParam<Case> {
 protected:
  Interop interop;
};

TEST_P(Usrsctp, BothBegin) {
  interop.loss = GetParam().loss;
  ASSERT_TRUE(interop.Connect(true, true));
  const Connected agreed = interop.ours.All<Connected>().front();
  EXPECT_FALSE(agreed.interleaving);
  EXPECT_TRUE(agreed.partial_reliability);
  EXPECT_TRUE(agreed.reconfiguration);
  EXPECT_EQ(agreed.outbound_streams, 64);
}

TEST_P(Usrsctp, TheyBegin) {
  interop.loss = GetParam().loss;
  ASSERT_TRUE(interop.Connect(false, true));
}

// Of all sizes, on many streams, both ways, some of them unordered.
TEST_P(Usrsctp, MessagesArrive) {
  ASSERT_TRUE(interop.Connect());
  interop.loss = GetParam().loss;
  constexpr uint32_t kMessages = 150;
  SeededRandom random(3);
  uint32_t sent[2] = {0, 0};
  std::vector<ByteVector> data;
  for (uint32_t i = 0; i < kMessages; ++i) {
    const size_t size = i % 50 == 49 ? 256 * 1024 : 1 + random.Next64() % 5000;
    data.push_back(Pattern(size, i));
  }
  const auto is_unordered = [](uint32_t i) { return i % 5 == 0; };
  const auto stream_of = [](uint32_t i) { return static_cast<uint16_t>(i % 40); };
  const auto send = [&] {
    while (sent[0] < kMessages) {
      OutgoingMessage message = Message(stream_of(sent[0]), data[sent[0]]);
      message.ppid = sent[0];
      message.unordered = is_unordered(sent[0]);
      if (interop.ours.association.Send(interop.now(), std::move(message)) != SendStatus::kQueued) {
        break;
      }
      ++sent[0];
    }
    while (sent[1] < kMessages &&
           interop.theirs.Send(stream_of(sent[1]), sent[1], data[sent[1]], is_unordered(sent[1]))) {
      ++sent[1];
    }
  };
  const bool all_came = interop.RunUntil(
      [&] {
        send();
        return interop.theirs.messages.size() == kMessages &&
               interop.ours.Count<MessageReceived>() == kMessages;
      },
      600'000);
  ASSERT_TRUE(all_came) << interop.theirs.messages.size() << " came there, "
                        << interop.ours.Count<MessageReceived>() << " here";
  const auto check = [&](const auto& messages) {
    std::map<uint16_t, uint32_t> last;
    std::vector<bool> came(kMessages);
    for (const auto& message : messages) {
      ASSERT_LT(message.ppid, kMessages);
      EXPECT_FALSE(came[message.ppid]);
      came[message.ppid] = true;
      EXPECT_TRUE(message.data == data[message.ppid]) << message.ppid;
      EXPECT_EQ(message.stream, stream_of(message.ppid));
      EXPECT_EQ(message.unordered, is_unordered(message.ppid));
      if (message.unordered) continue;
      EXPECT_TRUE(!last.contains(message.stream) || last[message.stream] < message.ppid);
      last[message.stream] = message.ppid;
    }
  };
  check(interop.theirs.messages);
  check(interop.ours.All<MessageReceived>());
}

// Partial reliability: whatever is given up, what follows comes.
TEST_P(Usrsctp, PartialReliability) {
  ASSERT_TRUE(interop.Connect());
  interop.loss = std::max(GetParam().loss, 0.05);
  constexpr uint32_t kMessages = 100;
  for (uint32_t i = 0; i < kMessages; ++i) {
    const auto stream = static_cast<uint16_t>(i % 3);
    const ByteVector data = Pattern(1 + i * 40, i);
    OutgoingMessage message = Message(stream, data);
    message.ppid = i;
    message.unordered = i % 4 == 0;
    message.reliability = i % 2 == 0 ? Reliability{Reliability::Policy::kRetransmits, 0}
                                     : Reliability{Reliability::Policy::kTimed, 30};
    ASSERT_EQ(interop.ours.association.Send(interop.now(), std::move(message)),
              SendStatus::kQueued);
    ASSERT_TRUE(interop.theirs.Send(stream, i, data, i % 4 == 0,
                                    i % 2 == 0 ? SCTP_PR_SCTP_RTX : SCTP_PR_SCTP_TTL,
                                    i % 2 == 0 ? 0 : 30));
    interop.RunFor(10);
  }
  interop.loss = 0;
  const uint32_t last = 1000;
  for (uint16_t stream = 0; stream < 3; ++stream) {
    OutgoingMessage message = Message(stream, "last");
    message.ppid = last;
    ASSERT_EQ(interop.ours.association.Send(interop.now(), std::move(message)),
              SendStatus::kQueued);
    ASSERT_TRUE(interop.theirs.Send(stream, last, Text("last")));
  }
  const auto lasts = [&](const auto& messages) {
    return std::ranges::count(messages, last, [](const auto& message) { return message.ppid; });
  };
  EXPECT_TRUE(interop.RunUntil([&] {
    return lasts(interop.theirs.messages) == 3 && lasts(interop.ours.All<MessageReceived>()) == 3;
  })) << lasts(interop.theirs.messages)
      << " there, " << lasts(interop.ours.All<MessageReceived>()) << " here";
  for (const UsrsctpMessage& message : interop.theirs.messages) {
    if (message.ppid == last) continue;
    EXPECT_TRUE(message.data == Pattern(1 + message.ppid * 40, message.ppid));
  }
}

TEST_P(Usrsctp, StreamsAreResetBothWays) {
  ASSERT_TRUE(interop.Connect());
  interop.loss = GetParam().loss;
  // It resets both by one request, or each by its own.
  const auto resets_here = [&] {
    size_t streams = 0;
    for (const auto& reset : interop.ours.All<IncomingStreamsReset>()) {
      streams += reset.streams.size();
    }
    return streams;
  };
  for (int round = 0; round < 3; ++round) {
    const auto before = static_cast<size_t>(round) * 2;
    for (const auto stream : {uint16_t{3}, uint16_t{5}}) {
      ASSERT_EQ(interop.ours.association.Send(interop.now(), Message(stream, "before")),
                SendStatus::kQueued);
      ASSERT_TRUE(interop.theirs.Send(stream, 1, Text("before")));
    }
    ASSERT_TRUE(interop.RunUntil([&] {
      return interop.theirs.messages.size() == before + 2 &&
             interop.ours.Count<MessageReceived>() == before + 2;
    }));
    ASSERT_EQ(interop.ours.association.ResetStreams(interop.now(), std::vector<uint16_t>{3, 5}),
              ResetStatus::kStarted);
    ASSERT_TRUE(interop.RunUntil([&] {
      return interop.ours.Count<OutgoingStreamsReset>() == static_cast<size_t>(round) + 1;
    }));
    EXPECT_EQ(interop.ours.Last<OutgoingStreamsReset>()->result, ResetResult::kPerformed);
    ASSERT_TRUE(interop.RunUntil([&] { return interop.theirs.ResetStreams({3, 5}); }));
    ASSERT_TRUE(interop.RunUntil([&] { return resets_here() == before + 2; }));
    EXPECT_TRUE(
        interop.RunUntil([&] { return interop.theirs.outgoing_resets.size() == before + 2; }));
    EXPECT_EQ(interop.theirs.incoming_resets.size(), before + 2);
  }
}

TEST_P(Usrsctp, WeShutDown) {
  ASSERT_TRUE(interop.Connect());
  interop.loss = GetParam().loss;
  for (uint32_t i = 0; i < 30; ++i) {
    ASSERT_EQ(interop.ours.association.Send(interop.now(), Message(1, Pattern(5000, i))),
              SendStatus::kQueued);
  }
  interop.ours.association.Shutdown(interop.now());
  EXPECT_TRUE(interop.RunUntil([&] { return interop.ours.state() == State::kClosed; }));
  EXPECT_EQ(interop.ours.Last<Closed>()->reason, Closed::Reason::kShutdown);
  EXPECT_TRUE(interop.RunUntil([&] { return interop.theirs.shut_down; }));
  EXPECT_EQ(interop.theirs.messages.size(), 30u);
}

TEST_P(Usrsctp, TheyShutDown) {
  ASSERT_TRUE(interop.Connect());
  interop.loss = GetParam().loss;
  for (uint32_t i = 0; i < 30; ++i) ASSERT_TRUE(interop.theirs.Send(1, i, Pattern(5000, i)));
  interop.theirs.Shutdown();
  EXPECT_TRUE(interop.RunUntil([&] { return interop.ours.state() == State::kClosed; }));
  EXPECT_EQ(interop.ours.Last<Closed>()->reason, Closed::Reason::kShutdown);
  EXPECT_EQ(interop.ours.Count<MessageReceived>(), 30u);
  EXPECT_EQ(interop.ours.Count<PeerShutdown>(), 1u);
}

TEST_P(Usrsctp, AnAbortSaysWhy) {
  ASSERT_TRUE(interop.Connect());
  interop.ours.association.Abort(interop.now(), "enough");
  EXPECT_TRUE(interop.RunUntil([&] { return interop.theirs.lost; }));
}

INSTANTIATE_TEST_SUITE_P(Links, Usrsctp, testing::Values(Case{"clean", 0}, Case{"lossy", 0.05}),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace sctp::engine
