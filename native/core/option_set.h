// Options with their values as one piece of bytes: what many sockets are given is put together
// once.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/option_layout.h"

namespace sctp {

struct PackedOption {
  const OptionLayout* layout;
  std::span<const std::byte> bytes;
};

// Adds an option, as EncodeOption has made its bytes.
void PackOption(const PackedOption& option, std::vector<std::byte>& set);

// Takes the first option off; nothing if there is none, or the bytes are no such set.
std::optional<PackedOption> TakeOption(std::span<const std::byte>& set);

}  // namespace sctp
