// Small numbers for the ways that packets take, so that each packet names its association's way by
// number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "core/udp_socket.h"

namespace sctp {

class UdpWays {
 public:
  // The number of a way, from 1 on; the same as before for one that is there.
  uint32_t Add(const UdpWay& way) {
    const auto [entry, is_new] = numbers_.try_emplace(way, 0);
    if (!is_new) return entry->second;
    if (free_.empty()) {
      ways_.push_back(way);
      entry->second = static_cast<uint32_t>(ways_.size());
    } else {
      entry->second = free_.back();
      free_.pop_back();
      ways_[entry->second - 1] = way;
    }
    return entry->second;
  }

  void Remove(uint32_t number) {
    const UdpWay* way = Get(number);
    if (way == nullptr || Find(*way) != number) return;  // removed already
    numbers_.erase(*way);
    free_.push_back(number);
  }

  // 0 if it is none of them.
  uint32_t Find(const UdpWay& way) const {
    const auto found = numbers_.find(way);
    return found == numbers_.end() ? 0 : found->second;
  }

  const UdpWay* Get(uint32_t number) const {
    return number == 0 || number > ways_.size() ? nullptr : &ways_[number - 1];
  }

 private:
  struct Hash {
    size_t operator()(const UdpWay& way) const { return way.peer.Hash() * 31 + way.local.Hash(); }
  };
  std::unordered_map<UdpWay, uint32_t, Hash> numbers_;
  std::vector<UdpWay> ways_;
  std::vector<uint32_t> free_;
};

}  // namespace sctp
