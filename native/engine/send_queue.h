// Messages that are not sent yet, or not completely: one queue for each stream, and whose turn it
// is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/event_queue.h"
#include "engine/queued_message.h"
#include "engine/stream_scheduler.h"
#include "engine/stream_table.h"

namespace sctp::engine {

// What becomes one DATA or I-DATA chunk.
struct Fragment {
  MessageRef message;
  size_t offset = 0;
  size_t length = 0;
  uint32_t fsn = 0;
  bool begin = false;
  bool end = false;
};

class SendQueue {
 public:
  SendQueue(Scheduler scheduler, EventQueue& events) : scheduler_(scheduler), events_(events) {}
  ~SendQueue();
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;

  void Push(const MessageRef& message);

  // The message whose turn it is; null if there is none.
  QueuedMessage* Next() const;
  // Splits up to `max_length` bytes off the message that Next() has returned.
  Fragment Split(QueuedMessage& message, size_t max_length);
  // Takes a message out, with what is left of it.
  void Remove(QueuedMessage& message);
  // Takes everything out, in the order of arrival.
  std::vector<MessageRef> TakeAll();
  // Takes out what is queued on streams from `first` on.
  std::vector<MessageRef> TakeFrom(uint16_t first);

  // The first message to expire, and the queued one of lowest priority below `priority`.
  std::optional<Time> next_expiry() const;
  QueuedMessage* Expired(Time now) const;
  // It can no longer be given up.
  void ForgetExpiry(QueuedMessage& message);
  QueuedMessage* LeastImportant(uint32_t above) const;

  // With I-DATA streams may take turns within messages.
  void SetInterleaving(bool interleaving) { interleaving_ = interleaving; }
  void SetScheduler(Scheduler scheduler);
  void SetPriority(uint16_t stream, uint16_t priority);
  void SetWeight(uint16_t stream, uint16_t weight);

  size_t buffered() const { return buffered_; }
  size_t buffered(uint16_t stream) const;
  void SetLowThreshold(size_t bytes) { low_threshold_ = bytes; }
  void SetLowThreshold(uint16_t stream, size_t bytes) { streams_[stream].low_threshold = bytes; }
  size_t messages() const { return messages_; }
  bool empty() const { return messages_ == 0; }

  // A message that had a number has been acknowledged or given up, with all its chunks.
  void Finished(const QueuedMessage& message);

  // Resetting (RFC 6525): what is queued now still goes out under the old numbers, what comes later
  // waits until EndReset().
  void BeginReset(uint16_t stream);
  bool resetting(uint16_t stream) const;
  // All that was sent or queued before BeginReset() is acknowledged or given up.
  bool ReadyToReset(uint16_t stream) const;
  void EndReset(uint16_t stream, bool performed);
  // After a restart: numbers begin again, nothing is being reset.
  void ResetNumbers();

 private:
  struct Stream {
    Turn turn;
    QueuedMessage* first = nullptr;
    QueuedMessage* last = nullptr;
    size_t buffered = 0;
    std::optional<size_t> low_threshold;
    uint64_t next_ssn = 0;
    uint64_t next_ordered_mid = 0;
    uint64_t next_unordered_mid = 0;
    uint32_t unfinished = 0;  // messages with a number that are not finished
    bool resetting = false;
    uint64_t reset_from = 0;  // messages from this arrival on wait for the reset
  };

  bool MaySend(const Stream& stream) const;
  void Reschedule(uint16_t id, Stream& stream);
  void Unlink(Stream& stream, QueuedMessage& message);
  void Number(Stream& stream, QueuedMessage& message) const;
  void Shrink(uint16_t id, Stream& stream, size_t bytes);
  void LeaveIndexes(QueuedMessage& message);

  StreamScheduler scheduler_;
  EventQueue& events_;
  StreamTable<Stream> streams_;
  ExpiryIndex by_expiry_;
  PriorityIndex by_priority_;
  bool interleaving_ = false;
  // Without interleaving: the message that has begun and must end first.
  QueuedMessage* begun_ = nullptr;
  uint64_t arrivals_ = 0;
  size_t messages_ = 0;
  size_t buffered_ = 0;
  std::optional<size_t> low_threshold_;
};

}  // namespace sctp::engine
