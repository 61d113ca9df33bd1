// OptionSet: options with their values as one piece of bytes.
#include "core/option_set.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "core/option_codec.h"

namespace sctp {
namespace {

std::vector<std::byte> Encode(std::string_view name, std::span<const NamedValue> values) {
  return EncodeOption(*FindOption(name), values).value();
}

std::vector<std::byte> SetOfTwo() {
  const std::array<NamedValue, 1> buffer = {{{"value", int64_t{4096}}}};
  const std::array<NamedValue, 2> rto = {{{"initial", int64_t{1000}}, {"max", int64_t{60000}}}};
  std::vector<std::byte> set;
  PackOption({.layout = FindOption("sndBuf"), .bytes = Encode("sndBuf", buffer)}, set);
  PackOption({.layout = FindOption("rtoInfo"), .bytes = Encode("rtoInfo", rto)}, set);
  return set;
}

TEST(OptionSet, GivesBackWhatWasPut) {
  const std::vector<std::byte> set = SetOfTwo();
  std::span<const std::byte> rest = set;
  const auto first = TakeOption(rest);
  const auto second = TakeOption(rest);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->layout, FindOption("sndBuf"));
  EXPECT_EQ(std::get<int64_t>(DecodeField(first->layout->fields[0], first->bytes).value()), 4096);
  EXPECT_EQ(second->layout, FindOption("rtoInfo"));
  EXPECT_EQ(second->bytes.size(), second->layout->size);
  EXPECT_TRUE(rest.empty());
  EXPECT_FALSE(TakeOption(rest));
}

TEST(OptionSet, ReadsNothingBeyondItsEnd) {
  const std::vector<std::byte> set = SetOfTwo();
  for (size_t length = 0; length < set.size(); ++length) {
    // A copy of just that length: the sanitizer sees every byte beyond.
    const std::vector<std::byte> cut(set.begin(), set.begin() + static_cast<ptrdiff_t>(length));
    std::span<const std::byte> rest = cut;
    int options = 0;
    while (TakeOption(rest)) ++options;
    EXPECT_LT(options, 2) << length;
  }
}

TEST(OptionSet, KnowsNoOptionBeyondTheTable) {
  std::vector<std::byte> set = SetOfTwo();
  set[3] = std::byte{0xff};  // the highest byte of the first one's place
  std::span<const std::byte> rest = set;
  EXPECT_FALSE(TakeOption(rest));
}

}  // namespace
}  // namespace sctp
