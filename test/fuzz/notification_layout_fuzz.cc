// The structs of notifications field by field, from any bytes, against what is decoded otherwise.
#include <algorithm>
#include <string_view>

#include "core/notification.h"
#include "core/notification_layout.h"
#include "core/option_codec.h"
#include "fuzz/require.h"
#include "native/bytes.h"

namespace sctp {
namespace {

using test::Require;

int64_t IntegerOf(std::span<const Field> fields, std::string_view ending, Bytes bytes) {
  const auto field = std::ranges::find_if(fields, [ending](const Field& candidate) {
    return candidate.name.find('.') == std::string_view::npos && candidate.name.ends_with(ending);
  });
  Require(field != fields.end(), "every struct has this field");
  const auto value = DecodeField(*field, bytes);
  Require(value.has_value(), "a number that was received has a value");
  return std::get<int64_t>(*value);
}

// What lies beyond the bytes has no value; AddressSanitizer sees who looks there.
void CheckFields(std::span<const Field> fields, Bytes bytes) {
  for (const Field& field : fields) {
    const auto value = DecodeField(field, bytes);
    if (field.offset >= bytes.size()) Require(!value, "nothing is made up");
  }
}

void CheckLayout(Bytes bytes) {
  CheckFields(NotificationHeaderFields(), bytes);
  const Notification decoded = DecodeNotification(bytes);
  const NotificationLayout* layout = FindNotification(decoded.type);
  const bool is_known = !std::holds_alternative<UnknownNotification>(decoded.body);
  Require(layout != nullptr || !is_known, "what is decoded has a layout");
  if (layout == nullptr) return;
  Require(layout->type == decoded.type, "of its type");
  CheckFields(layout->fields, bytes);
  if (bytes.size() < layout->size) return;
  Require(IntegerOf(layout->fields, "_type", bytes) == decoded.type, "the same type");
  Require(IntegerOf(layout->fields, "_flags", bytes) == decoded.flags, "the same flags");
  // A header may claim less than there is, and what it leaves is then not decoded.
  if (!is_known) return;
  Require(IntegerOf(layout->fields, "_assoc_id", bytes) == decoded.assoc_id(),
          "the same association");
}

}  // namespace
}  // namespace sctp

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const sctp::test::HeapBytes bytes(std::as_bytes(std::span(data, size)));
  sctp::CheckLayout(bytes.view());
  return 0;
}
