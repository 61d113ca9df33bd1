#include "core/reassembler.h"

#include "core/abi.h"

namespace sctp {

Reassembler::Key Reassembler::KeyOf(const ReceiveInfo& info) {
  const uint32_t unordered = (info.flags & SCTP_UNORDERED) != 0 ? 1 : 0;
  return {info.assoc_id, uint32_t{info.stream} << 1 | unordered};
}

bool Reassembler::Append(const ReceiveInfo& info, std::span<const std::byte> piece) {
  const auto [entry, is_new] = partial_.try_emplace(KeyOf(info));
  Message& message = entry->second;
  if (is_new) message.info = info;
  message.length += piece.size();
  if (message.length > max_size_) {
    // Frees the memory; clear() or ={} would keep it.
    message.data = std::vector<std::byte>();
    return !std::exchange(message.too_long, true);
  }
  message.data.insert(message.data.end(), piece.begin(), piece.end());
  return false;
}

Reassembler::Message Reassembler::Finish(const ReceiveInfo& info) {
  const auto entry = partial_.find(KeyOf(info));
  if (entry == partial_.end()) return {};
  Message message = std::move(entry->second);
  partial_.erase(entry);
  return message;
}

std::vector<Reassembler::Message> Reassembler::Drop(int32_t assoc_id) {
  std::vector<Message> lost;
  auto entry = partial_.lower_bound({assoc_id, 0});
  while (entry != partial_.end() && entry->first.first == assoc_id) {
    lost.push_back(std::move(entry->second));
    entry = partial_.erase(entry);
  }
  return lost;
}

}  // namespace sctp
