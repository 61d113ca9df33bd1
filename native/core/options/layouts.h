// The options by theme, one file each; option_layout.cc puts them together.
#pragma once

#include "core/abi.h"
#include "core/option_layout.h"

namespace sctp {

// An option that is one int.
inline constexpr Field kOneInteger[] = {{"value", 0, FieldType::kI32}};

// Another, for an association.
inline constexpr Field kAssocValue[] = {
    {"assocId", offsetof(sctp_assoc_value, assoc_id), FieldType::kI32},
    {"value", offsetof(sctp_assoc_value, assoc_value), FieldType::kU32},
};

constexpr OptionLayout IntegerOption(std::string_view name, int level, int number) {
  return {name, level, number, sizeof(int), kOneInteger};
}

constexpr OptionLayout AssocValueOption(std::string_view name, int number) {
  return {name, IPPROTO_SCTP, number, sizeof(sctp_assoc_value), kAssocValue};
}

std::span<const OptionLayout> GenericOptions();
std::span<const OptionLayout> FeatureOptions();
std::span<const OptionLayout> AuthOptions();
std::span<const OptionLayout> AssociationOptions();
std::span<const OptionLayout> PathOptions();
std::span<const OptionLayout> MessageOptions();
std::span<const OptionLayout> StatusOptions();

}  // namespace sctp
