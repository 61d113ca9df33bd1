#include "native/engine/simulation/ledger.h"

#include <algorithm>

#include "native/engine/simulation/content.h"

namespace sctp::engine::simulation {

OutgoingMessage Ledger::Make(uint16_t stream, size_t size, bool unordered,
                             Reliability reliability) const {
  const auto serial = static_cast<uint32_t>(records_.size());
  OutgoingMessage message;
  message.stream = stream;
  message.ppid = serial;
  message.unordered = unordered;
  message.reliability = reliability;
  message.context = serial;
  message.data = Payload(Content(KeyOf(serial), size));
  return message;
}

void Ledger::Accept(Time now, uint16_t stream, size_t size, bool unordered,
                    Reliability reliability) {
  const auto serial = static_cast<uint32_t>(records_.size());
  Stream& flow = streams_[stream];
  flow.messages.push_back(serial);
  if (!unordered) flow.ordered.push_back(serial);
  Record record;
  record.stream = stream;
  record.unordered = unordered;
  record.size = size;
  record.reliability = reliability;
  record.generation = generation_;
  record.accepted = now;
  records_.push_back(record);
}

std::string Ledger::Name(uint32_t serial) const {
  const Record& record = records_[serial];
  return "message " + std::to_string(serial) + " (stream " + std::to_string(record.stream) +
         (record.unordered ? ", unordered, " : ", ordered, ") + std::to_string(record.size) +
         " B, policy " + std::to_string(static_cast<int>(record.reliability.policy)) + ")";
}

void Ledger::OnDelivered(const MessageReceived& message) {
  ++delivered_;
  const uint32_t serial = message.ppid;
  if (serial >= records_.size()) return verdict_.Fail("a message that nobody sent");
  Record& record = records_[serial];
  const auto wrong = [&](const std::string& what) { verdict_.Fail(Name(serial) + " " + what); };
  if (record.stream != message.stream) return wrong("came on another stream");
  if (record.unordered != message.unordered) return wrong("came with another order");
  if (record.size != message.data.size()) {
    return wrong("came with " + std::to_string(message.data.size()) + " B");
  }
  if (!HasContent(message.data, KeyOf(serial))) return wrong("came damaged");
  if (record.delivered) return wrong("came twice");
  record.delivered = true;
  if (record.failed && !record.sent) return wrong("came, but had been reported as never sent");
  if (record.generation != receiver_generation_) return wrong("came in another generation");
  CheckOrder(serial, record);
}

void Ledger::CheckOrder(uint32_t serial, const Record& record) {
  Stream& flow = streams_[record.stream];
  if (!flow.resets.empty() && serial >= flow.resets.front()) {
    return verdict_.Fail(Name(serial) + " came before the reset that it waited for");
  }
  if (record.unordered) return;
  for (;; ++flow.next) {
    if (flow.next == flow.ordered.size() || flow.ordered[flow.next] > serial) {
      return verdict_.Fail(Name(serial) + " came out of order");
    }
    const uint32_t expected = flow.ordered[flow.next];
    if (expected == serial) break;
    const Record& skipped = records_[expected];
    if (!skipped.failed && skipped.generation == record.generation) {
      return verdict_.Fail(Name(serial) + " came before " + Name(expected));
    }
  }
  ++flow.next;
}

void Ledger::OnFailed(Time now, const MessageFailed& failed, bool partial_reliability,
                      uint16_t granted_streams) {
  ++failed_;
  const auto serial = static_cast<uint32_t>(failed.message.context);
  if (serial >= records_.size()) return verdict_.Fail("a failure of a message that nobody sent");
  Record& record = records_[serial];
  const auto wrong = [&](const std::string& what) {
    verdict_.Fail(Name(serial) + " failed " + what + ", reason " +
                  std::to_string(static_cast<int>(failed.reason)));
  };
  if (record.failed) return wrong("twice");
  record.failed = true;
  record.sent = failed.sent;
  if (record.delivered && !failed.sent) return wrong("as never sent, but came");
  if (failed.message.stream != record.stream || failed.message.unordered != record.unordered ||
      failed.message.ppid != serial || failed.message.data.size() != record.size ||
      !HasContent(failed.message.data.bytes(), KeyOf(serial))) {
    return wrong("and is not what was sent");
  }
  using Policy = Reliability::Policy;
  using Reason = MessageFailed::Reason;
  const Policy policy = record.reliability.policy;
  switch (failed.reason) {
    case Reason::kExpired:
      if (policy != Policy::kTimed) return wrong("against its policy");
      if (now < record.accepted + std::chrono::milliseconds(record.reliability.value)) {
        return wrong("too early");
      }
      break;
    case Reason::kRetransmitted:
      if (policy != Policy::kRetransmits) return wrong("against its policy");
      if (!failed.sent) return wrong("and was never sent");
      break;
    case Reason::kPreempted:
      if (policy != Policy::kPriority) return wrong("against its policy");
      break;
    case Reason::kInvalidStream:
      if (record.stream < granted_streams) return wrong("though its stream was granted");
      return;
    case Reason::kRestarted:  // that there was a restart, and an end, is seen to elsewhere
    case Reason::kClosed: return;
  }
  if (failed.sent && !partial_reliability) return wrong("though the peer cannot be told");
}

void Ledger::OnResetBegun(std::span<const uint16_t> streams) {
  for (const uint16_t id : streams) {
    streams_[id].resets.push_back(static_cast<uint32_t>(records_.size()));
    ++streams_[id].unanswered;
  }
}

void Ledger::OnResetAnswered(std::span<const uint16_t> streams, bool performed) {
  for (const uint16_t id : streams) {
    Stream& flow = streams_[id];
    if (flow.unanswered == 0) continue;  // the receiver's wish
    --flow.unanswered;
    if (!performed) {
      flow.resets.clear();
      ++wishes_;  // the receiver may have performed it all the same
    } else if (!flow.resets.empty()) {
      verdict_.Fail("stream " + std::to_string(id) + " was reset, and the receiver was not told");
    }
  }
}

void Ledger::OnResetSeen(std::span<const uint16_t> streams) {
  // Asked for before the sender restarted, of which the receiver has yet to learn.
  if (receiver_generation_ < generation_) return;
  std::vector<uint16_t> all;
  if (streams.empty()) {
    // Streams that the peer has not granted may have had messages, but are not there.
    for (const auto& [id, flow] : streams_) {
      if (!flow.resets.empty()) all.push_back(id);
    }
    if (all.empty() && wishes_ == 0) verdict_.Fail("a reset that nobody asked for");
    streams = all;
  }
  for (const uint16_t id : streams) {
    Stream& flow = streams_[id];
    if (flow.resets.empty()) {
      if (wishes_ == 0) verdict_.Fail("a reset that nobody asked for");
      continue;
    }
    for (const uint32_t serial : flow.messages) {
      if (serial >= flow.resets.front()) break;
      const Record& record = records_[serial];
      if (!record.delivered && !record.failed && record.generation == generation_) {
        verdict_.Fail("stream " + std::to_string(id) + " was reset before " + Name(serial) +
                      " came");
      }
    }
    flow.resets.pop_front();
  }
}

void Ledger::OnSenderRestarted() {
  ++generation_;
  for (auto& [id, flow] : streams_) {
    flow.resets.clear();
    flow.unanswered = 0;
  }
}

void Ledger::OnReceiverRestarted() {
  ++receiver_generation_;
  for (auto& [id, flow] : streams_) flow.resets.clear();
}

size_t Ledger::missing() const {
  return static_cast<size_t>(std::ranges::count_if(records_, [this](const Record& record) {
    return !record.delivered && !record.failed && record.generation == generation_;
  }));
}

void Ledger::CheckComplete() {
  for (size_t i = 0; i < records_.size(); ++i) {
    const Record& record = records_[i];
    if (record.generation != generation_ || record.delivered || record.failed) continue;
    verdict_.Fail(Name(static_cast<uint32_t>(i)) + " did not come, nor did it fail");
  }
}

}  // namespace sctp::engine::simulation
