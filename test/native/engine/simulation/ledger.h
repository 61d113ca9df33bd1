// The messages of one direction: what was accepted, what has come, what was given up, and whether
// that is right.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/association.h"

namespace sctp::engine::simulation {

// The first thing that was wrong.
class Verdict {
 public:
  void Fail(std::string what) {
    if (!failure_) failure_ = std::move(what);
  }
  const std::optional<std::string>& failure() const { return failure_; }

 private:
  std::optional<std::string> failure_;
};

class Ledger {
 public:
  Ledger(uint64_t key, Verdict& verdict) : key_(key), verdict_(verdict) {}

  // The next message; it counts once Accept() is called.
  OutgoingMessage Make(uint16_t stream, size_t size, bool unordered, Reliability reliability) const;
  void Accept(Time now, uint16_t stream, size_t size, bool unordered, Reliability reliability);

  void OnDelivered(const MessageReceived& message);
  void OnFailed(Time now, const MessageFailed& failed, bool partial_reliability,
                uint16_t granted_streams);

  // The sender has asked for a reset: what is accepted later comes after it.
  void OnResetBegun(std::span<const uint16_t> streams);
  // The receiver has asked: some time what comes will be after it.
  void OnResetWished() { ++wishes_; }
  // The sender has been told how it went.
  void OnResetAnswered(std::span<const uint16_t> streams, bool performed);
  // The receiver has been told. No streams: all.
  void OnResetSeen(std::span<const uint16_t> streams);

  // One end has restarted: what was accepted before and has not come never will. The ends learn
  // that at different times.
  void OnSenderRestarted();
  void OnReceiverRestarted();

  // Both ends have closed gracefully.
  void CheckComplete();

  size_t accepted() const { return records_.size(); }
  size_t delivered() const { return delivered_; }
  size_t failed() const { return failed_; }
  // Neither come nor given up, of the sender's present generation.
  size_t missing() const;

 private:
  struct Record {
    uint16_t stream = 0;
    bool unordered = false;
    size_t size = 0;
    Reliability reliability;
    int generation = 0;
    Time accepted{};
    bool delivered = false;
    bool failed = false;
    bool sent = true;  // some of it, as far as is known
  };
  struct Stream {
    std::vector<uint32_t> messages;  // all accepted
    std::vector<uint32_t> ordered;
    size_t next = 0;              // in `ordered`
    std::deque<uint32_t> resets;  // begun and not seen: the first message after each
    size_t unanswered = 0;        // resets begun
  };

  uint64_t KeyOf(uint32_t serial) const { return key_ ^ (uint64_t{serial} * 0x9E3779B97F4A7C15); }
  std::string Name(uint32_t serial) const;
  void CheckOrder(uint32_t serial, const Record& record);

  uint64_t key_;
  Verdict& verdict_;
  std::vector<Record> records_;  // by serial number, which the PPID carries
  std::map<uint16_t, Stream> streams_;
  int generation_ = 0;  // of the sender
  int receiver_generation_ = 0;
  int wishes_ = 0;
  size_t delivered_ = 0;
  size_t failed_ = 0;
};

}  // namespace sctp::engine::simulation
