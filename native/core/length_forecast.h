// How long a socket's next long message will be: as long as its last ones, as a rule. Memory of
// that size can be ready before it comes.
#pragma once

#include <algorithm>
#include <cstddef>

namespace sctp {

class LengthForecast {
 public:
  // More than this is not kept ready for messages that may never come.
  static constexpr size_t kMost = 2 * 1024 * 1024;

  // A long message has come. Longer ones count at once; shorter ones, little by little.
  void Count(size_t length) { length_ = std::min(kMost, std::max(length, length_ - length_ / 8)); }

  // 0 before the first.
  size_t length() const { return length_; }

  // Whether a message may keep memory of this size for itself.
  static bool IsFilled(size_t size, size_t length) { return length >= size - size / 2; }

 private:
  size_t length_ = 0;
};

}  // namespace sctp
