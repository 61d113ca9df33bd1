// Streams of the send queue while they are being reset.
#include "engine/send_queue.h"

namespace sctp::engine {

void SendQueue::Finished(const QueuedMessage& message) {
  Stream* stream = streams_.Find(message.stream());
  if (stream != nullptr && stream->unfinished > 0) --stream->unfinished;
}

void SendQueue::BeginReset(uint16_t stream) {
  Stream& reset = streams_[stream];
  reset.resetting = true;
  reset.reset_from = arrivals_ + 1;
  Reschedule(stream, reset);
}

bool SendQueue::resetting(uint16_t stream) const {
  const Stream* found = streams_.Find(stream);
  return found != nullptr && found->resetting;
}

bool SendQueue::ReadyToReset(uint16_t stream) const {
  const Stream* found = streams_.Find(stream);
  return found != nullptr && found->resetting && found->unfinished == 0 && !MaySend(*found);
}

void SendQueue::EndReset(uint16_t stream, bool performed) {
  Stream& reset = streams_[stream];
  reset.resetting = false;
  if (performed) reset.next_ssn = reset.next_ordered_mid = reset.next_unordered_mid = 0;
  Reschedule(stream, reset);
}

void SendQueue::ResetNumbers() {
  begun_ = nullptr;
  streams_.ForEach([&](uint16_t id, Stream& stream) {
    stream.unfinished = 0;
    EndReset(id, true);
  });
}

}  // namespace sctp::engine
