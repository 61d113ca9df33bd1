// Whose turn it is, and what waits.
#include "engine/send_queue.h"

#include <gtest/gtest.h>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;
using Streams = std::vector<uint16_t>;

class SendQueueTest : public testing::Test {
 protected:
  void Start(Scheduler scheduler, bool interleaving) {
    queue.emplace(scheduler, events);
    queue->SetInterleaving(interleaving);
  }
  QueuedMessage* Push(uint16_t stream, size_t size) {
    MessageRef message = MessageRef::Make();
    message->message = Message(stream, ByteVector(size));
    QueuedMessage* pushed = message.get();
    queue->Push(std::move(message));
    return pushed;
  }
  // Streams in the order of their fragments.
  std::string Order(size_t fragment, size_t count = 1000) {
    std::string order;
    while (QueuedMessage* message = queue->Next()) {
      if (order.size() == count) break;
      order += static_cast<char>('0' + message->stream());
      queue->Split(*message, fragment);
    }
    return order;
  }

  EventQueue events;
  std::optional<SendQueue> queue;
};

TEST_F(SendQueueTest, FirstComeFirstServed) {
  for (const bool interleaving : {false, true}) {
    Start(Scheduler::kFirstComeFirstServed, interleaving);
    for (const uint16_t stream : Streams{2, 1, 2, 3, 1}) Push(stream, 20);
    EXPECT_EQ(Order(10), "2211223311");
  }
}

TEST_F(SendQueueTest, RoundRobinByMessageOrByFragment) {
  Start(Scheduler::kRoundRobin, false);
  for (const uint16_t stream : Streams{1, 1, 2, 2, 3}) Push(stream, 20);
  EXPECT_EQ(Order(10), "1122331122");
  Start(Scheduler::kRoundRobin, true);
  for (const uint16_t stream : Streams{1, 1, 2, 2, 3}) Push(stream, 20);
  EXPECT_EQ(Order(10), "1231231212");
}

TEST_F(SendQueueTest, PriorityFirst) {
  Start(Scheduler::kPriority, true);
  queue->SetPriority(1, 300);
  queue->SetPriority(2, 100);
  queue->SetPriority(3, 100);
  for (const uint16_t stream : Streams{1, 2, 3, 1}) Push(stream, 20);
  EXPECT_EQ(Order(10), "23231111");
  Push(1, 10);
  Push(2, 10);
  queue->SetPriority(1, 1);
  EXPECT_EQ(Order(10), "12");
}

TEST_F(SendQueueTest, SharesByWeight) {
  Start(Scheduler::kWeightedFair, true);
  queue->SetWeight(1, 100);
  queue->SetWeight(2, 300);
  Push(1, 10000);
  Push(2, 10000);
  const std::string order = Order(10, 400);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(order, '2')), 300, 3);
}

// Who was silent gets no more than its share when it comes back.
TEST_F(SendQueueTest, SilenceEarnsNoCredit) {
  Start(Scheduler::kWeightedFair, true);
  Push(1, 10000);
  Order(10, 500);
  Push(2, 1000);
  const std::string order = Order(10, 100);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(order, '2')), 50, 2);
}

TEST_F(SendQueueTest, NumbersByStreamAndOrder) {
  Start(Scheduler::kFirstComeFirstServed, true);
  for (int i = 0; i < 2; ++i) {
    for (const bool unordered : {false, true}) {
      MessageRef message = MessageRef::Make();
      message->message = Message(1, "x");
      message->message.unordered = unordered;
      queue->Push(message);
      queue->Split(*queue->Next(), 10);
      EXPECT_EQ(message->number, static_cast<uint64_t>(i));
    }
  }
}

TEST_F(SendQueueTest, FragmentsSayWhereTheyBelong) {
  Start(Scheduler::kRoundRobin, false);
  Push(1, 25);
  const Fragment first = queue->Split(*queue->Next(), 10);
  EXPECT_TRUE(first.begin && !first.end && first.offset == 0 && first.length == 10);
  const Fragment second = queue->Split(*queue->Next(), 10);
  EXPECT_TRUE(!second.begin && !second.end && second.offset == 10 && second.fsn == 1);
  EXPECT_EQ(queue->buffered(1), 5u);
  const Fragment third = queue->Split(*queue->Next(), 10);
  EXPECT_TRUE(!third.begin && third.end && third.length == 5 && third.fsn == 2);
  EXPECT_TRUE(queue->empty());
  EXPECT_EQ(queue->buffered(), 0u);
}

TEST_F(SendQueueTest, RemovesFromAnywhere) {
  Start(Scheduler::kFirstComeFirstServed, false);
  QueuedMessage* first = Push(1, 10);
  QueuedMessage* second = Push(1, 20);
  QueuedMessage* third = Push(2, 30);
  queue->Remove(*second);
  EXPECT_EQ(queue->buffered(), 40u);
  queue->Split(*first, 5);  // begun: its rest comes first
  EXPECT_EQ(queue->Next(), first);
  queue->Remove(*third);
  queue->Remove(*first);
  EXPECT_EQ(queue->Next(), nullptr);
  EXPECT_TRUE(queue->empty());
  EXPECT_EQ(queue->buffered(), 0u);
}

TEST_F(SendQueueTest, SchedulersMayChange) {
  Start(Scheduler::kRoundRobin, true);
  for (const uint16_t stream : Streams{1, 1, 2, 2}) Push(stream, 10);
  queue->SetScheduler(Scheduler::kFirstComeFirstServed);
  EXPECT_EQ(Order(10), "1122");
}

TEST_F(SendQueueTest, ResetsWaitForWhatWasQueued) {
  Start(Scheduler::kRoundRobin, false);
  Push(1, 10);
  queue->BeginReset(1);
  Push(1, 10);
  EXPECT_FALSE(queue->ReadyToReset(1));
  const Fragment fragment = queue->Split(*queue->Next(), 10);
  EXPECT_EQ(queue->Next(), nullptr) << "the second waits";
  EXPECT_FALSE(queue->ReadyToReset(1)) << "not acknowledged";
  queue->Finished(*fragment.message);
  EXPECT_TRUE(queue->ReadyToReset(1));
  queue->EndReset(1, true);
  const Fragment after = queue->Split(*queue->Next(), 10);
  EXPECT_EQ(after.message->number, 0u);
}

TEST_F(SendQueueTest, ExpiryAndPriorityAreFound) {
  Start(Scheduler::kRoundRobin, false);
  for (const int seconds : {5, 3, 4}) {
    MessageRef message = MessageRef::Make();
    message->message = Message(1, "x");
    message->message.reliability = {Reliability::Policy::kPriority, static_cast<uint32_t>(seconds)};
    message->expires = Time(std::chrono::seconds(seconds));
    queue->Push(std::move(message));
  }
  EXPECT_EQ(queue->next_expiry(), Time(3s));
  EXPECT_EQ(queue->Expired(Time(2s)), nullptr);
  QueuedMessage* expired = queue->Expired(Time(3s));
  ASSERT_NE(expired, nullptr);
  queue->Remove(*expired);
  EXPECT_EQ(queue->next_expiry(), Time(4s));
  EXPECT_EQ(queue->LeastImportant(5), nullptr);
  EXPECT_EQ(queue->LeastImportant(4)->message.reliability.value, 5u);
}

}  // namespace
}  // namespace sctp::engine
