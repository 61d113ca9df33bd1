// What one wake-up received, in the form JavaScript gets it: rows of numbers in a shared typed
// array, and beside it the few things that are not numbers.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "core/control.h"
#include "core/notification.h"

namespace sctp::node {

// What a row says. JavaScript reads these numbers from the binding (`rowKinds`).
enum class RowKind : uint32_t {
  kMessage = 0,       // data in the slab: offset, length, and RCVINFO's columns
  kLargeMessage = 1,  // data in the first `length` bytes of a Buffer of its own, extras[offset],
                      // and RCVINFO's columns
  kTooLarge = 2,      // a message of `length` bytes exceeded the limit and was dropped; RCVINFO
  kIncomplete = 3,    // only `length` bytes of a message came, the rest never will; RCVINFO
  kNotification = 4,  // extras[offset]: the decoded notification
  kPeer = 5,          // from here on number `peer` stands for the address in extras[offset]
  kSlab = 6,          // from here on slab offsets mean the ArrayBuffer in extras[offset]
  kError = 7,         // reading failed with errno `length`
  kEnd = 8,           // one-to-one: the peer has shut down, no more messages will come
  kEvent = 9,         // a notification of nothing but numbers: its type as ppid, flags, assocId; of
                      // a changed association its state as context, error as ssn, and streams,
                      // outbound as sid, inbound as tsn. An object is made of it in JavaScript,
                      // for which that is much less work
};

// The columns of a row, read from the binding too (`rowColumns`).
enum class Column : size_t {
  kKind,
  kOffset,
  kLength,
  kPeer,
  kAssocId,
  kStream,
  kFlags,
  kPpid,
  kContext,
  kSsn,
  kTsn,
  kCumulativeTsn,
  kCount,
};

// The shared array. Word 0 is the index of the next row to deliver, so that delivery can go on
// after a handler threw.
inline constexpr size_t kFirstRow = 4;
inline constexpr size_t kRowColumns = static_cast<size_t>(Column::kCount);
inline constexpr size_t kMaxRows = 512;
inline constexpr size_t kRowWords = kFirstRow + kMaxRows * kRowColumns;

// Fills the shared array during one wake-up; lives no longer than the handle scope around it.
class Batch {
 public:
  Batch(Napi::Env env, uint32_t* words) : env_(env), words_(words) { words_[0] = 0; }

  uint32_t rows() const { return rows_; }
  uint32_t delivered() const { return words_[0]; }
  Napi::Value extras() const;

  // A row beyond kMaxRows would overwrite the last: whoever reads keeps to `room`.
  size_t room() const { return kMaxRows - rows_; }

  void AddMessage(const ReceiveInfo& info, uint32_t peer, size_t offset, size_t length);
  void AddLargeMessage(const ReceiveInfo& info, uint32_t peer, Napi::Value buffer, size_t length);
  void AddLost(RowKind kind, const ReceiveInfo& info, uint32_t peer, size_t length);
  // Whether it was added: it is nothing but numbers.
  bool AddEvent(const Notification& notification, uint32_t peer);
  void AddExtra(RowKind kind, uint32_t peer, Napi::Value extra);
  void AddError(int error);
  void AddEnd();

 private:
  uint32_t* Add(RowKind kind, uint32_t peer, size_t offset, size_t length);
  void SetInfo(uint32_t* row, const ReceiveInfo& info);
  size_t Keep(Napi::Value extra);

  Napi::Env env_;
  uint32_t* words_;
  uint32_t rows_ = 0;
  Napi::Array extras_;
};

// { message: 0, largeMessage: 1, … } and { kind: 0, offset: 1, … } for JavaScript.
Napi::Object RowKindsObject(Napi::Env env);
Napi::Object RowColumnsObject(Napi::Env env);

}  // namespace sctp::node
