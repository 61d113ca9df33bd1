// Options from any values to bytes, and from any bytes to values.
#include <fuzzer/FuzzedDataProvider.h>
#include <net/if.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/option_codec.h"
#include "fuzz/require.h"
#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::Require;

// All types of fields, some not aligned: no option of the table has them all.
constexpr Field kFields[] = {
    {"address", 1, FieldType::kAddress},     {"u8", 0, FieldType::kU8},
    {"u16", 129, FieldType::kU16},           {"u32", 131, FieldType::kU32},
    {"i32", 135, FieldType::kI32},           {"be16", 139, FieldType::kBigEndian16},
    {"be32", 141, FieldType::kBigEndian32},  {"u64", 145, FieldType::kU64},
    {"device", 153, FieldType::kDeviceName},
};
constexpr OptionLayout kLayout = {"all", 0, 0, 153 + IFNAMSIZ, kFields};

// With an odd size before a list of numbers of two bytes, and a count that is soon full.
constexpr Field kListFields[] = {
    {"u16s", 3, FieldType::kU16List, FieldType::kU8, 2},
    {"u8", 0, FieldType::kU8},
};
constexpr OptionLayout kListLayout = {"list", 0, 0, 3, kListFields};

const OptionLayout& AnyLayout(FuzzedDataProvider& input) {
  const auto layouts = OptionLayouts();
  const auto i = input.ConsumeIntegralInRange<size_t>(0, layouts.size() + 1);
  if (i == layouts.size()) return kListLayout;
  return i > layouts.size() ? kLayout : layouts[i];
}

// @param memory for the elements of a list, as long as the value is used
FieldValue AnyValue(FuzzedDataProvider& input, std::deque<std::vector<uint8_t>>& memory) {
  if (input.ConsumeIntegralInRange(0, 3) == 0) {
    const auto length = input.ConsumeIntegralInRange<size_t>(0, 600);
    const auto& elements = memory.emplace_back(input.ConsumeBytes<uint8_t>(length));
    return ElementBytes{std::as_bytes(std::span(elements))};
  }
  // What lies at the ends of the ranges, and just beyond.
  constexpr int64_t kEnds[] = {-1,         0,           0xff,          0x100,
                               0xffff,     0x10000,     0x7fffffff,    0x80000000,
                               0xffffffff, 0x100000000, -0x80000000ll, -0x80000001ll};
  if (input.ConsumeBool()) return input.PickValueInArray(kEnds);
  if (input.ConsumeBool()) return input.ConsumeIntegral<int64_t>();
  if (input.ConsumeBool()) return input.ConsumeRandomLengthString(IFNAMSIZ + 1);
  const auto bytes = input.ConsumeBytes<uint8_t>(sizeof(sockaddr_in6));
  return Address::FromBytes(std::as_bytes(std::span(bytes))).value_or(Address());
}

const Field* FindField(const OptionLayout& layout, std::string_view name) {
  const auto found = std::ranges::find(layout.fields, name, &Field::name);
  return found == layout.fields.end() ? nullptr : &*found;
}

void CheckEncode(FuzzedDataProvider& input) {
  const OptionLayout& layout = AnyLayout(input);
  std::deque<std::vector<uint8_t>> memory;
  std::map<std::string, FieldValue> given;
  while (input.remaining_bytes() > 0 && given.size() < 16) {
    const auto i = input.ConsumeIntegralInRange<size_t>(0, layout.fields.size());
    const std::string name = i == layout.fields.size() ? input.ConsumeRandomLengthString(12)
                                                       : std::string(layout.fields[i].name);
    given.insert_or_assign(name, AnyValue(input, memory));
  }
  std::vector<NamedValue> values;
  for (const auto& [name, value] : given) values.push_back({name, value});

  const auto bytes = EncodeOption(layout, values);
  if (!bytes) return;
  size_t elements = 0;
  for (const auto& [name, value] : values) {
    if (const auto* list = std::get_if<ElementBytes>(&value)) elements += list->bytes.size();
  }
  Require(bytes->size() == layout.size + elements, "the option's size");
  for (const auto& [name, value] : values) {
    const Field* field = FindField(layout, name);
    Require(field != nullptr, "an unknown field is refused");
    const test::HeapBytes heap(*bytes);
    const auto decoded = DecodeField(*field, heap.view());
    const bool empty = value == FieldValue(Address());
    Require(empty ? !decoded : decoded == value, "the value comes back");
  }
}

void CheckDecode(FuzzedDataProvider& input) {
  const OptionLayout& layout = AnyLayout(input);
  const auto bytes = input.ConsumeRemainingBytes<uint8_t>();
  const test::HeapBytes heap(std::as_bytes(std::span(bytes)));
  for (const Field& field : layout.fields) {
    const auto value = DecodeField(field, heap.view());
    if (!value) continue;
    const auto encoded = EncodeOption(layout, std::vector<NamedValue>{{field.name, *value}});
    Require(encoded.has_value(), "a decoded value can be encoded");
    Require(DecodeField(field, *encoded) == value, "to the same");
  }
}

}  // namespace
}  // namespace sctp

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  if (input.ConsumeBool()) {
    sctp::CheckEncode(input);
  } else {
    sctp::CheckDecode(input);
  }
  return 0;
}
