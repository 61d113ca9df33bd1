// The options by theme, one file each; option_layout.cc puts them together.
#pragma once

#include "core/option_layout.h"

namespace sctp {

// An option that is one int.
inline constexpr Field kOneInteger[] = {{"value", 0, FieldType::kI32}};

std::span<const OptionLayout> GenericOptions();
std::span<const OptionLayout> FeatureOptions();
std::span<const OptionLayout> AuthOptions();
std::span<const OptionLayout> AssociationOptions();
std::span<const OptionLayout> PathOptions();
std::span<const OptionLayout> MessageOptions();
std::span<const OptionLayout> StatusOptions();

}  // namespace sctp
