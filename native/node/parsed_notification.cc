#include "node/parsed_notification.h"

#include <cstring>
#include <string>

#include "core/notification_layout.h"
#include "core/option_codec.h"
#include "node/values.h"

namespace sctp::node {
namespace {

// The object for a field's struct: `target` itself, or one inside of it ("ssfe_info.snd_sid").
Napi::Object Inner(Napi::Object target, std::string_view struct_name) {
  if (struct_name.empty()) return target;
  const std::string name(struct_name);
  if (!target.Has(name)) target.Set(name, Napi::Object::New(target.Env()));
  return target.Get(name).As<Napi::Object>();
}

void SetFields(const Napi::Object& target, std::span<const Field> fields, Bytes bytes) {
  for (const Field& field : fields) {
    const std::optional<FieldValue> value = DecodeField(field, bytes);
    if (!value) continue;
    const size_t dot = field.name.find('.');
    const bool is_nested = dot != std::string_view::npos;
    Napi::Object owner = Inner(target, is_nested ? field.name.substr(0, dot) : "");
    const std::string name(is_nested ? field.name.substr(dot + 1) : field.name);
    if (const auto* integer = std::get_if<int64_t>(&*value)) {
      owner.Set(name, static_cast<double>(*integer));
    } else {
      owner.Set(name, ToObject(target.Env(), std::get<Address>(*value)));
    }
  }
}

Napi::Value StreamList(Napi::Env env, Bytes bytes) {
  const size_t count = bytes.size() / sizeof(uint16_t);
  Napi::Array list = Napi::Array::New(env, count);
  for (uint32_t i = 0; i < count; ++i) {
    uint16_t stream = 0;
    std::memcpy(&stream, bytes.data() + i * sizeof stream, sizeof stream);
    list.Set(i, stream);
  }
  return list;
}

void SetRest(Napi::Object target, const NotificationLayout& layout, Bytes rest) {
  const std::string name(layout.rest_name);
  switch (layout.rest) {
    case NotificationLayout::Rest::kNothing: break;
    case NotificationLayout::Rest::kBytes: target.Set(name, ToBuffer(target.Env(), rest)); break;
    case NotificationLayout::Rest::kStreams:
      target.Set(name, StreamList(target.Env(), rest));
      break;
  }
}

}  // namespace

Napi::Value ParseNotification(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Bytes bytes = ToBytes(info[0]).value_or(Bytes());
  Napi::Object header = Napi::Object::New(env);
  SetFields(header, NotificationHeaderFields(), bytes);
  const Napi::Value type = header.Get("sn_type");
  if (!type.IsNumber()) return Napi::Object::New(env);

  Napi::Object parsed = Napi::Object::New(env);
  parsed.Set("sn_type", type);
  const NotificationLayout* layout =
      FindNotification(static_cast<uint16_t>(type.As<Napi::Number>().Uint32Value()));
  if (layout == nullptr || bytes.size() < layout->size) {
    parsed.Set("sn_header", header);
    return parsed;
  }
  Napi::Object body = Napi::Object::New(env);
  SetFields(body, layout->fields, bytes);
  SetRest(body, *layout, bytes.subspan(layout->size));
  parsed.Set(std::string(layout->member), body);
  return parsed;
}

}  // namespace sctp::node
