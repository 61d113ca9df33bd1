// Every option against the kernel's struct of it.
#include <gtest/gtest.h>

#include <set>

#include "core/option_codec.h"
#include "native/kernel_options.h"

namespace sctp {
namespace {

using test::KernelOption;
using test::KernelOptions;

size_t LengthOfLists(const KernelOption& option) {
  size_t length = 0;
  for (const auto& [name, value] : option.values) {
    if (const auto* list = std::get_if<ElementBytes>(&value)) length += list->bytes.size();
  }
  return length;
}

TEST(OptionLayout, EveryOptionIsTestedHere) {
  std::set<std::string_view> tested;
  for (const KernelOption& option : KernelOptions()) tested.insert(option.name);
  std::set<std::string_view> known;
  for (const OptionLayout& layout : OptionLayouts()) {
    EXPECT_TRUE(known.insert(layout.name).second) << layout.name << " twice";
  }
  EXPECT_EQ(known, tested);
}

TEST(OptionLayout, NumbersAndSizes) {
  for (const KernelOption& option : KernelOptions()) {
    SCOPED_TRACE(option.name);
    const OptionLayout* layout = FindOption(option.name);
    ASSERT_NE(layout, nullptr);
    EXPECT_EQ(layout->name, option.name);
    EXPECT_EQ(layout->level, option.level);
    EXPECT_EQ(layout->number, option.number);
    EXPECT_EQ(layout->privileged_number, option.privileged_number);
    EXPECT_EQ(layout->size + LengthOfLists(option), option.bytes.size());
    EXPECT_EQ(layout->fields.size(), option.values.size()) << "a field is not tested";
  }
}

TEST(OptionLayout, ListsAreTheLastFields) {
  for (const OptionLayout& layout : OptionLayouts()) {
    for (const Field& field : layout.fields) {
      if (field.type != FieldType::kU8List && field.type != FieldType::kU16List) continue;
      EXPECT_EQ(&field, &layout.fields.back()) << layout.name;
    }
  }
}

TEST(OptionLayout, Encode) {
  for (const KernelOption& option : KernelOptions()) {
    EXPECT_EQ(EncodeOption(*FindOption(option.name), option.values), option.bytes) << option.name;
  }
}

TEST(OptionLayout, Decode) {
  for (const KernelOption& option : KernelOptions()) {
    for (const auto& [name, value] : option.values) {
      SCOPED_TRACE(testing::Message() << option.name << '.' << name);
      const auto fields = FindOption(option.name)->fields;
      const auto field = std::ranges::find(fields, name, &Field::name);
      ASSERT_NE(field, fields.end());
      EXPECT_EQ(DecodeField(*field, option.bytes), value);
    }
  }
}

TEST(OptionLayout, FindUnknown) {
  for (const std::string_view name : {"", "rtoinfo", "rtoInf", "rtoInfo ", "toString"}) {
    EXPECT_EQ(FindOption(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace sctp
