#include "core/option_layout.h"

#include <algorithm>
#include <vector>

#include "core/options/layouts.h"

namespace sctp {
namespace {

std::vector<OptionLayout> AllOptions() {
  std::vector<OptionLayout> all;
  for (const auto options :
       {GenericOptions(), FeatureOptions(), AuthOptions(), AssociationOptions(), PathOptions(),
        MessageOptions(), StatusOptions()}) {
    all.insert(all.end(), options.begin(), options.end());
  }
  return all;
}

}  // namespace

std::span<const OptionLayout> OptionLayouts() {
  static const std::vector<OptionLayout> all = AllOptions();
  return all;
}

const OptionLayout* FindOption(std::string_view name) {
  const auto all = OptionLayouts();
  const auto found = std::ranges::find(all, name, &OptionLayout::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace sctp
