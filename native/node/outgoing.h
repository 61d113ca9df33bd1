// Messages of one burst, in the form JavaScript gives them: their bytes one after another in shared
// memory, and rows of numbers in a shared typed array.
#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>

#include "core/burst.h"

namespace sctp::node {

class Outgoing {
 public:
  // The columns of a row; JavaScript reads these numbers from the binding (`sendColumns`).
  enum class Column : size_t {
    kOffset,
    kLength,
    kStream,
    kPpid,
    kFlags,
    kContext,
    kPrPolicy,
    kPrValue,
    kAuthKey,  // kNoAuthKey: the active one
    kAssocId,
    kDefault,  // SendInfo::Default
    kSame,     // the columns from kStream on are those of the row before
    kCount,
  };
  static constexpr uint32_t kNoAuthKey = UINT32_MAX;

  // Word 0 takes the negative errno that stopped the burst.
  static constexpr size_t kFirstRow = 4;
  static constexpr size_t kMemory = size_t{256} * 1024;

  explicit Outgoing(Napi::Env env);

  // The first `count` rows; nothing if there are not so many, or one reaches out of the memory.
  Burst* Read(size_t count);
  void SetError(int error) { words_[0] = static_cast<uint32_t>(error); }

  Napi::Value rows() const { return rows_.Value(); }
  Napi::Value memory() const { return memory_.Value(); }

 private:
  Napi::Reference<Napi::Uint32Array> rows_;
  Napi::Reference<Napi::Uint8Array> memory_;
  uint32_t* words_;
  const std::byte* bytes_;
  Burst burst_;
};

// { offset: 0, length: 1, … } for JavaScript.
Napi::Object SendColumnsObject(Napi::Env env);

}  // namespace sctp::node
