// What concerns a whole descriptor: the addresses it is bound to, its options.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/option_set.h"
#include "node/socket_calls.h"
#include "node/values.h"

namespace sctp::node {
namespace {

using Info = const Napi::CallbackInfo&;

Napi::Value Bind(KernelSocket& socket, Info info) {
  const std::optional<Address> address = ToAddress(info[0], info[1]);
  return Number(info, address ? socket.Bind(*address) : -EINVAL);
}

// bindMore([host, port, host, port, …])
Napi::Value BindMore(KernelSocket& socket, Info info) {
  const auto addresses = ToAddresses(info[0]);
  return Number(info, addresses ? socket.BindMore(*addresses) : -EINVAL);
}

// unbind([host, port, host, port, …])
Napi::Value Unbind(KernelSocket& socket, Info info) {
  const auto addresses = ToAddresses(info[0]);
  return Number(info, addresses ? socket.Unbind(*addresses) : -EINVAL);
}

Napi::Value LocalAddress(KernelSocket& socket, Info info) {
  return ToValue(info.Env(), socket.LocalAddress());
}

Napi::Value BoundAddresses(KernelSocket& socket, Info info) {
  std::vector<Address> addresses;
  if (const int error = socket.BoundAddresses(addresses)) return Number(info, error);
  return ToArray(info.Env(), addresses);
}

const OptionLayout* LayoutOf(const Napi::Value& name) {
  const std::optional<std::string> text = ToShortString(name);
  return text ? FindOption(*text) : nullptr;
}

Napi::Value SetOption(KernelSocket& socket, Info info) {
  const OptionLayout* layout = LayoutOf(info[0]);
  if (layout == nullptr) return Number(info, -ENOPROTOOPT);
  const auto values = ToOptionValues(*layout, info[1]);
  auto bytes = values ? EncodeOption(*layout, *values) : std::nullopt;
  if (!bytes) return Number(info, -EINVAL);
  const int error = socket.SetOption(*layout, *bytes);
  explicit_bzero(bytes->data(), bytes->size());  // it may have been a key
  return Number(info, error);
}

// setOptions(bytes): how many were set
Napi::Value SetOptions(KernelSocket& socket, Info info) {
  auto set = ToBytes(info[0]);
  if (!set) return Number(info, -EINVAL);
  int64_t count = 0;
  while (const auto option = TakeOption(*set)) {
    if (socket.SetOption(*option->layout, option->bytes) != 0) break;
    ++count;
  }
  return Number(info, count);
}

// The names of the fields that are wanted; none for all. Nothing for what is no list of names.
std::optional<std::vector<std::string>> WantedFields(const Napi::Value& value) {
  std::vector<std::string> names;
  if (value.IsUndefined()) return names;
  if (!value.IsArray()) return std::nullopt;
  const auto list = value.As<Napi::Array>();
  for (uint32_t index = 0; index < list.Length(); ++index) {
    std::optional<std::string> name = ToShortString(list.Get(index));
    if (!name) return std::nullopt;
    names.push_back(*std::move(name));
  }
  return names;
}

// getOption(name, arguments?, fields?)
Napi::Value GetOption(KernelSocket& socket, Info info) {
  const OptionLayout* layout = LayoutOf(info[0]);
  if (layout == nullptr) return Number(info, -ENOPROTOOPT);
  const auto wanted = WantedFields(info[2]);
  // To look for each field in an object that has none takes longer than the kernel's answer. Last:
  // a getter could detach the bytes of a list, which are not copied.
  const auto arguments =
      info[1].IsUndefined() ? std::vector<NamedValue>() : ToOptionValues(*layout, info[1]);
  auto bytes = arguments ? EncodeOption(*layout, *arguments) : std::nullopt;
  if (!bytes || !wanted) return Number(info, -EINVAL);
  bytes->resize(bytes->size() + RoomForList(*layout));
  const int error = socket.GetOption(*layout, *bytes);
  if (error != 0) return Number(info, error);
  return ToObject(info.Env(), *layout, *bytes, *wanted);
}

// getNumber(name, field)
Napi::Value GetNumber(KernelSocket& socket, Info info) {
  const OptionLayout* layout = LayoutOf(info[0]);
  const auto name = ToShortString(info[1]);
  if (layout == nullptr) return Number(info, -ENOPROTOOPT);
  const auto field = std::ranges::find(layout->fields, name.value_or(""), &Field::name);
  auto bytes = EncodeOption(*layout, {});
  if (field == layout->fields.end() || !bytes) return Number(info, -EINVAL);
  const int error = socket.GetOption(*layout, *bytes);
  if (error != 0) return Number(info, error);
  const std::optional<FieldValue> value = DecodeField(*field, *bytes);
  const auto* number = value ? std::get_if<int64_t>(&*value) : nullptr;
  return Number(info, number != nullptr ? *number : -EINVAL);
}

// subscribe([type, type, …], on, association?)
Napi::Value Subscribe(KernelSocket& socket, Info info) {
  const auto types = ToIntegers<uint16_t>(info[0]);
  const auto on = ToBoolean(info[1]);
  if (!types || !on) return Number(info, -EINVAL);
  if (info[2].IsUndefined()) return Number(info, socket.Subscribe(*types, *on));
  const auto assoc_id = ToInteger<int32_t>(info[2]);
  return Number(info, assoc_id ? socket.Subscribe(*assoc_id, *types, *on) : -EINVAL);
}

Napi::Value UnacknowledgedBytes(KernelSocket& socket, Info info) {
  return Number(info, socket.UnacknowledgedBytes());
}

}  // namespace

std::span<const SocketCall> DescriptorCalls() {
  static constexpr SocketCall kCalls[] = {
      {"bind", Bind},
      {"bindMore", BindMore},
      {"unbind", Unbind},
      {"localAddress", LocalAddress},
      {"boundAddresses", BoundAddresses},
      {"setOption", SetOption},
      {"setOptions", SetOptions},
      {"getOption", GetOption},
      {"getNumber", GetNumber},
      {"subscribe", Subscribe},
      {"unacknowledgedBytes", UnacknowledgedBytes},
  };
  return kCalls;
}

}  // namespace sctp::node
