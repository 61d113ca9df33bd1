#include "core/reassembler.h"

#include <algorithm>
#include <iterator>

#include "core/abi.h"

namespace sctp {

Reassembler::Key Reassembler::KeyOf(const ReceiveInfo& info) {
  const uint32_t unordered = (info.flags & SCTP_UNORDERED) != 0 ? 1 : 0;
  return {info.assoc_id, uint32_t{info.stream} << 1 | unordered};
}

bool Reassembler::HasRoom(int32_t assoc_id, size_t length) const {
  const auto entry = held_.find(assoc_id);
  const size_t held = entry == held_.end() ? 0 : entry->second;
  const size_t free = max_held_ - std::min(total_, max_held_);
  if (held + length > free) return false;
  // By division: the limit may be anything, and four times that no number.
  return held == 0 || (held + length) / kLongestAtOnce <= max_size_;
}

void Reassembler::Release(Message& message) {
  total_ -= message.data.size();
  const auto held = held_.find(message.info.assoc_id);
  held->second -= message.data.size();
  if (held->second == 0) held_.erase(held);
}

bool Reassembler::Append(const ReceiveInfo& info, std::span<const std::byte> part) {
  const auto [entry, is_new] = partial_.try_emplace(KeyOf(info));
  Message& message = entry->second;
  if (is_new) {
    message.info = info;
    total_ += kOverhead;
  }
  message.length += part.size();
  if (message.too_large) return false;
  if (message.length > max_size_ || !HasRoom(info.assoc_id, part.size())) {
    if (!message.data.empty()) Release(message);
    // Frees the memory; clear() or ={} would keep it.
    message.data = std::vector<std::byte>();
    message.too_large = true;
    return true;
  }
  if (!part.empty()) held_[info.assoc_id] += part.size();
  total_ += part.size();
  message.data.insert(message.data.end(), part.begin(), part.end());
  return false;
}

Reassembler::Message Reassembler::Take(Partial::iterator entry) {
  if (!entry->second.data.empty()) Release(entry->second);
  total_ -= kOverhead;
  Message message = std::move(entry->second);
  partial_.erase(entry);
  return message;
}

size_t Reassembler::LengthOf(const ReceiveInfo& info) const {
  const auto entry = partial_.find(KeyOf(info));
  return entry == partial_.end() ? 0 : entry->second.length;
}

Reassembler::Message Reassembler::Finish(const ReceiveInfo& info) {
  const auto entry = partial_.find(KeyOf(info));
  return entry == partial_.end() ? Message() : Take(entry);
}

std::vector<Reassembler::Message> Reassembler::Drop(int32_t assoc_id) {
  std::vector<Message> lost;
  auto entry = partial_.lower_bound({assoc_id, 0});
  while (entry != partial_.end() && entry->first.first == assoc_id) {
    lost.push_back(Take(entry++));
  }
  return lost;
}

void Reassembler::Move(int32_t assoc_id, Reassembler& to) {
  auto entry = partial_.lower_bound({assoc_id, 0});
  while (entry != partial_.end() && entry->first.first == assoc_id) {
    const Key key = entry->first;
    Message message = Take(entry++);
    if (!message.data.empty()) to.held_[assoc_id] += message.data.size();
    to.total_ += message.data.size() + kOverhead;
    to.partial_.insert_or_assign(key, std::move(message));
  }
}

std::optional<Reassembler::Message> Reassembler::DropOne(const ReceiveInfo& info) {
  auto entry = partial_.find(KeyOf(info));
  if (entry == partial_.end()) {
    entry = partial_.lower_bound({info.assoc_id, 0});
    const auto is_theirs = [&](Partial::const_iterator at) {
      return at != partial_.end() && at->first.first == info.assoc_id;
    };
    if (!is_theirs(entry) || is_theirs(std::next(entry))) return std::nullopt;
  }
  return Take(entry);
}

}  // namespace sctp
