// Small numbers for peer addresses, so that a batch of messages can name its senders by number
// and each address becomes a JavaScript string once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "core/address.h"

namespace sctp {

class PeerTable {
 public:
  static constexpr size_t kCapacity = 4096;

  struct Entry {
    uint32_t number;
    bool is_new;  // the number has just been given to this address
  };

  Entry Find(const Address& address) {
    // Few handles talk to so many peers: starting over is simpler than evicting one by one. Numbers
    // restart, and each address is announced again.
    if (numbers_.size() >= kCapacity && !numbers_.contains(address)) numbers_.clear();
    const auto [entry, is_new] =
        numbers_.try_emplace(address, static_cast<uint32_t>(numbers_.size()));
    return {entry->second, is_new};
  }

 private:
  struct Hash {
    size_t operator()(const Address& address) const { return address.Hash(); }
  };
  std::unordered_map<Address, uint32_t, Hash> numbers_;
};

}  // namespace sctp
