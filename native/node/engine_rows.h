// What an engine association reports, in the form JavaScript gets it: rows of numbers in a typed
// array of JavaScript's, and beside them the few things that are not numbers.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/events.h"

namespace sctp::node {

// What a row says. JavaScript reads these numbers from the binding (`engineRowKinds`).
enum class EngineRowKind : uint32_t {
  kMessage,               // data in the slab: offset, length, sid, ppid, flag (unordered)
  kLargeMessage,          // data in the ArrayBuffer extras[offset]; else as kMessage
  kMessageFailed,         // sid, ppid, length, code (the reason), flag (bits below), context; data
                          // in the ArrayBuffer extras[offset] if it was asked for
  kConnected,             // sid (outbound streams), ppid (inbound streams), code (features)
  kRestarted,             // as kConnected
  kDrained,               // no columns
  kBufferedAmountLow,     // sid; flag: of the association
  kIncomingStreamsReset,  // extras[offset]: streams, none for all
  kOutgoingStreamsReset,  // extras[offset]: streams; code (the result)
  kResetAnswered,         // as kOutgoingStreamsReset: whether the peer will reset its streams
  kStreamsAdded,   // sid (outbound streams), ppid (inbound streams), code, flag (by the peer)
  kPeerShutdown,   // no columns
  kErrorReceived,  // extras[offset]: causes
  kClosed,         // extras[offset]: causes; code (the reason)
  kCount,
};

// The columns of a row, read from the binding too (`engineRowColumns`).
enum class EngineColumn : size_t {
  kKind,
  kOffset,
  kLength,
  kSid,
  kPpid,
  kCode,
  kFlag,
  kContext,
  kCount
};

// Bits of kMessageFailed's flag.
inline constexpr uint32_t kSomeWasSent = 1;
inline constexpr uint32_t kWasUnordered = 2;

// Bits of kConnected's code.
inline constexpr uint32_t kPartialReliability = 1;
inline constexpr uint32_t kInterleaving = 2;
inline constexpr uint32_t kReconfiguration = 4;
inline constexpr uint32_t kZeroChecksum = 8;

// Word 0 is where the slab is free after the rows. Rows begin at word 1.
inline constexpr size_t kFirstEngineRow = 1;

class EngineRows {
 public:
  // A kept message keeps its whole slab alive: longer messages get an ArrayBuffer of their own.
  static constexpr size_t kLongestInSlab = 8 * 1024;

  EngineRows(Napi::Env env, std::span<uint32_t> words, std::span<std::byte> slab, size_t used,
             Napi::Array extras, bool returns_failed)
      : env_(env),
        words_(words),
        slab_(slab),
        used_(used),
        extras_(extras),
        returns_failed_(returns_failed) {}

  bool full() const { return kFirstEngineRow + (rows_ + 1) * kColumns > words_.size(); }
  uint32_t rows() const { return rows_; }

  // False if the slab has no room for it: the event is kept as it is, for another slab.
  bool Add(const engine::Event& event);
  // Last, for the caller's array may have setters, which may do anything.
  void Finish();

 private:
  static constexpr size_t kColumns = static_cast<size_t>(EngineColumn::kCount);
  // Its columns are 0 until they are set.
  class Row {
   public:
    explicit Row(std::span<uint32_t> words) : words_(words) {}
    Row& Set(EngineColumn column, size_t value) {
      words_[static_cast<size_t>(column)] = static_cast<uint32_t>(value);
      return *this;
    }

   private:
    std::span<uint32_t> words_;
  };

  Row New(EngineRowKind kind);
  size_t Keep(Napi::Value extra);
  bool AddMessage(const engine::MessageReceived& message);
  void AddFailed(const engine::MessageFailed& failed);
  void AddConnected(EngineRowKind kind, const engine::Connected& connected);
  void AddStreams(EngineRowKind kind, const std::vector<uint16_t>& streams, uint32_t code = 0);
  void AddCauses(EngineRowKind kind, const std::vector<engine::ErrorCause>& causes,
                 uint32_t code = 0);

  Napi::Env env_;
  std::span<uint32_t> words_;
  std::span<std::byte> slab_;
  size_t used_;
  Napi::Array extras_;
  std::vector<Napi::Value> kept_;  // to be added to extras_
  bool returns_failed_;
  uint32_t rows_ = 0;
};

// { message: 0, largeMessage: 1, … } and { kind: 0, offset: 1, … } for JavaScript.
Napi::Object EngineRowKindsObject(Napi::Env env);
Napi::Object EngineRowColumnsObject(Napi::Env env);

}  // namespace sctp::node
