// INITs that cross (RFC 9260 §5.2): both ends begin, before either has heard of the other.
#include <gtest/gtest.h>

#include "native/engine/packets.h"
#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

// Two ends, and what is on its way between them, delivered in whatever order a test wants. No time
// passes.
class Crossing {
 public:
  Crossing() : ends_{End({}, 1), End({}, 2)} {}

  End& end(int number) { return ends_[number]; }

  void Connect(int number) {
    end(number).association.Connect(Time());
    Poll(number);
  }

  size_t in_flight() const { return in_flight_.size(); }
  // The packet that is the nth of those in flight.
  const ByteVector& packet(size_t nth) const { return in_flight_[nth].packet; }
  int receiver(size_t nth) const { return in_flight_[nth].to; }

  void Deliver(size_t nth) {
    const Flight flight = std::move(in_flight_[nth]);
    in_flight_.erase(in_flight_.begin() + static_cast<ptrdiff_t>(nth));
    end(flight.to).association.Receive(Time(), flight.packet);
    Poll(flight.to);
  }

  // The first packet in flight to an end with such a chunk. Fails the test if there is none.
  size_t Find(int to, uint8_t type) const {
    for (size_t i = 0; i < in_flight_.size(); ++i) {
      if (in_flight_[i].to == to && HasChunk(in_flight_[i].packet, type)) return i;
    }
    ADD_FAILURE() << "no chunk of type " << int{type} << " is on its way to " << to;
    return in_flight_.size();
  }
  void Deliver(int to, uint8_t type) {
    const size_t found = Find(to, type);
    if (found < in_flight()) Deliver(found);
  }

  // Both are up, once, by one INIT each, and messages pass.
  void ExpectOneAssociation() {
    for (const int number : {0, 1}) {
      EXPECT_EQ(end(number).state(), State::kEstablished);
      EXPECT_EQ(end(number).Count<Connected>(), 1u);
      EXPECT_EQ(end(number).events.size(), 1u) << "nothing but Connected is reported";
      EXPECT_EQ(end(number).association.Send(Time(), Message(0, "hello")), SendStatus::kQueued);
      Poll(number);
    }
    while (in_flight() > 0) Deliver(size_t{0});
    for (const int number : {0, 1})
      EXPECT_EQ(end(number).Texts(), std::vector<std::string>{"hello"});
  }

 private:
  struct Flight {
    int to;
    ByteVector packet;
  };

  void Poll(int number) {
    End& polled = end(number);
    ByteVector buffer(polled.association.MaxPacketSize());
    while (const size_t size = polled.association.PollPacket(Time(), buffer)) {
      in_flight_.push_back(
          {1 - number, {buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size)}});
    }
    while (auto event = polled.association.PollEvent()) polled.events.push_back(std::move(*event));
  }

  End ends_[2];
  std::vector<Flight> in_flight_;
};

struct TagAndTsn {
  uint32_t tag;
  uint32_t tsn;
  bool operator==(const TagAndTsn&) const = default;
};

// What an INIT or INIT ACK says of its sender.
TagAndTsn SenderOf(const ByteVector& packet) {
  const ByteView value = ChunksOf(packet)[0].value;
  return {Load32(value, 0), Load32(value, 12)};
}

// §5.2.1: each answers with the tag and the TSN of its own INIT.
TEST(Crossing, AnswersRepeatTheOwnInit) {
  Crossing crossing;
  crossing.Connect(0);
  crossing.Connect(1);
  ASSERT_EQ(crossing.in_flight(), 2u);
  const TagAndTsn of_first = SenderOf(crossing.packet(crossing.Find(1, chunk::kInit)));
  const TagAndTsn of_second = SenderOf(crossing.packet(crossing.Find(0, chunk::kInit)));
  EXPECT_NE(of_first.tag, of_second.tag);
  crossing.Deliver(0, chunk::kInit);
  crossing.Deliver(1, chunk::kInit);
  ASSERT_EQ(crossing.in_flight(), 2u);
  const ByteVector& to_second = crossing.packet(crossing.Find(1, chunk::kInitAck));
  const ByteVector& to_first = crossing.packet(crossing.Find(0, chunk::kInitAck));
  EXPECT_EQ(SenderOf(to_second), of_first);
  EXPECT_EQ(SenderOf(to_first), of_second);
  EXPECT_EQ(ReadHeader(to_second).tag, of_second.tag);
  EXPECT_EQ(ReadHeader(to_first).tag, of_first.tag);
  while (crossing.in_flight() > 0) crossing.Deliver(size_t{0});
  crossing.ExpectOneAssociation();
}

// All that can happen when both begin at once: each order in which the packets can arrive.
TEST(Crossing, InEveryOrderOfArrival) {
  // The choices of a run; the next run changes the last one that has alternatives left.
  std::vector<size_t> choices;
  std::vector<size_t> alternatives;
  int orders = 0;
  do {
    Crossing crossing;
    crossing.Connect(0);
    crossing.Connect(1);
    alternatives.clear();
    for (size_t step = 0; crossing.in_flight() > 0; ++step) {
      ASSERT_LT(step, 20u);
      if (choices.size() == step) choices.push_back(0);
      alternatives.push_back(crossing.in_flight());
      crossing.Deliver(choices[step]);
    }
    crossing.ExpectOneAssociation();
    if (testing::Test::HasFailure()) {
      FAIL() << "in the order " << testing::PrintToString(choices);
    }
    ++orders;
    choices.resize(alternatives.size());
    while (!choices.empty() && choices.back() + 1 == alternatives[choices.size() - 1]) {
      choices.pop_back();
    }
    if (!choices.empty()) ++choices.back();
  } while (!choices.empty());
  EXPECT_GE(orders, 50);
}

// An end that has answered an INIT, and kept nothing of it, begins itself: its INIT meets the
// COOKIE ECHO, whose cookie has another tag of its own than the INIT.
TEST(Crossing, InitMeetsCookieEcho) {
  for (const bool cookie_first : {true, false}) {
    Crossing crossing;
    crossing.Connect(0);
    crossing.Deliver(1, chunk::kInit);
    const TagAndTsn answered = SenderOf(crossing.packet(crossing.Find(0, chunk::kInitAck)));
    crossing.Deliver(0, chunk::kInitAck);
    crossing.Connect(1);
    ASSERT_EQ(crossing.in_flight(), 2u) << "the COOKIE ECHO and the INIT";
    const TagAndTsn begun = SenderOf(crossing.packet(crossing.Find(0, chunk::kInit)));
    EXPECT_NE(begun.tag, answered.tag);
    EXPECT_EQ(crossing.end(0).state(), State::kCookieEchoed);
    EXPECT_EQ(crossing.end(1).state(), State::kCookieWait);

    if (cookie_first) {
      // It does not belong to the association that has begun since (§5.2.4: no row of the table).
      crossing.Deliver(1, chunk::kCookieEcho);
      EXPECT_EQ(crossing.end(1).state(), State::kCookieWait);
      EXPECT_EQ(crossing.in_flight(), 1u);
    }
    crossing.Deliver(0, chunk::kInit);
    // Its cookie has the tags so far as tie tags, of which only ours still holds.
    crossing.Deliver(1, chunk::kInitAck);
    if (!cookie_first) crossing.Deliver(1, chunk::kCookieEcho);
    EXPECT_EQ(crossing.end(1).state(), State::kCookieEchoed);
    crossing.Deliver(0, chunk::kCookieEcho);  // action B
    EXPECT_EQ(crossing.end(0).state(), State::kEstablished);
    crossing.Deliver(1, chunk::kCookieAck);
    EXPECT_EQ(crossing.in_flight(), 0u);
    crossing.ExpectOneAssociation();
  }
}

// The cookie's tie tags are those of an association that there was when it was made. A later one
// has others, and an old cookie does not restart it.
TEST(Crossing, CookieWithOtherTieTagsRestartsNothing) {
  Crossing crossing;
  crossing.Connect(0);
  while (crossing.in_flight() > 0) crossing.Deliver(size_t{0});
  End& living = crossing.end(1);
  ASSERT_EQ(living.state(), State::kEstablished);

  // The peer restarts twice. What its first attempt echoes arrives last.
  ByteVector buffer(living.association.MaxPacketSize());
  const auto poll = [&](Association& from) {
    const size_t size = from.PollPacket(Time(), buffer);
    return ByteVector(buffer.begin(), buffer.begin() + static_cast<ptrdiff_t>(size));
  };
  End first({}, 11);
  End second({}, 12);
  ByteVector echoes[2];
  for (int i = 0; i < 2; ++i) {
    Association& peer = (i == 0 ? first : second).association;
    peer.Connect(Time());
    living.association.Receive(Time(), poll(peer));
    peer.Receive(Time(), poll(living.association));
    echoes[i] = poll(peer);
    ASSERT_TRUE(HasChunk(echoes[i], chunk::kCookieEcho));
  }
  const auto restarts = [&] {
    while (auto event = living.association.PollEvent()) living.events.push_back(std::move(*event));
    return living.Count<Restarted>();
  };
  living.association.Receive(Time(), echoes[1]);
  EXPECT_EQ(restarts(), 1u);
  second.association.Receive(Time(), poll(living.association));
  EXPECT_EQ(second.state(), State::kEstablished);

  living.association.Receive(Time(), echoes[0]);
  EXPECT_EQ(restarts(), 1u);
  EXPECT_TRUE(poll(living.association).empty());
  second.association.Send(Time(), Message(0, "still here"));
  living.association.Receive(Time(), poll(second.association));
  EXPECT_EQ(restarts(), 1u);
  EXPECT_EQ(living.Texts(), std::vector<std::string>{"still here"});
}

// The reliable end of each loss: whichever of the packets is lost, timers bring both up.
TEST(Crossing, AnyPacketLost) {
  for (int lost = 0; lost < 8; ++lost) {
    Pair pair;
    int packets = 0;
    int inits = 0;
    pair.filter = [&](bool, ByteVector& packet) {
      inits += HasChunk(packet, chunk::kInit) && pair.now() == Time() ? 1 : 0;
      return packets++ != lost;
    };
    pair.a.association.Connect(pair.now());
    pair.b.association.Connect(pair.now());
    ASSERT_TRUE(pair.RunUntil([&] { return pair.both(State::kEstablished); })) << lost;
    EXPECT_EQ(inits, 2) << "both were on their way before either arrived";
    pair.Send(pair.a, Message(0, "a"));
    pair.Send(pair.b, Message(0, "b"));
    ASSERT_TRUE(pair.RunUntil([&] {
      return pair.a.Count<MessageReceived>() == 1 && pair.b.Count<MessageReceived>() == 1;
    })) << lost;
    EXPECT_EQ(pair.a.Count<Restarted>() + pair.b.Count<Restarted>(), 0u) << lost;
  }
}

}  // namespace
}  // namespace sctp::engine
