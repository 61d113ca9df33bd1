// State of up to 65536 streams, made only for those that are used.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace sctp::engine {

template <typename T>
class StreamTable {
 public:
  T& operator[](uint16_t stream) {
    const size_t page = stream / kPageSize;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) pages_[page] = std::make_unique<Page>();
    return (*pages_[page])[stream % kPageSize];
  }

  const T* Find(uint16_t stream) const {
    const size_t page = stream / kPageSize;
    if (page >= pages_.size() || !pages_[page]) return nullptr;
    return &(*pages_[page])[stream % kPageSize];
  }
  T* Find(uint16_t stream) { return const_cast<T*>(std::as_const(*this).Find(stream)); }

  // Every stream that may have been used, and some that were not.
  template <typename Visit>
  void ForEach(Visit&& visit) {
    for (size_t page = 0; page < pages_.size(); ++page) {
      if (!pages_[page]) continue;
      for (size_t i = 0; i < kPageSize; ++i) {
        visit(static_cast<uint16_t>(page * kPageSize + i), (*pages_[page])[i]);
      }
    }
  }

 private:
  static constexpr size_t kPageSize = 32;
  using Page = std::array<T, kPageSize>;
  std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace sctp::engine
