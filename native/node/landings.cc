#include "node/landings.h"

#include <algorithm>
#include <utility>

namespace sctp::node {

size_t Landings::Prepare(Napi::Env env, const LengthForecast& forecast) {
  if (forecast.length() == 0) return 0;
  const size_t count = std::clamp(kBytes / forecast.length(), size_t{1}, kCount);
  for (size_t index = 0; index < count; ++index) {
    Landing& landing = landings_[index];
    const size_t size = landing.memory.bytes.size();
    if (size >= forecast.length() && landing.declined < kMostDeclined) continue;
    landing = {};
    // Nobody fills it with zeros first.
    Napi::Buffer<uint8_t> buffer = Napi::Buffer<uint8_t>::New(env, forecast.length());
    if (buffer.IsEmpty()) return index;  // the environment is ending
    landing.memory.buffer = Napi::Persistent(buffer);
    landing.memory.bytes = {reinterpret_cast<std::byte*>(buffer.Data()), buffer.Length()};
  }
  return count;
}

std::span<std::byte> Landings::memory(size_t index) const { return landings_[index].memory.bytes; }

Napi::Value Landings::Take(Napi::Env env, size_t index, size_t length) {
  Landing& landing = landings_[index];
  if (!LengthForecast::IsFilled(landing.memory.bytes.size(), length)) {
    ++landing.declined;
    return {};
  }
  const Napi::Value buffer = landing.memory.buffer.Value();
  landing = {};
  return {env, buffer};
}

std::optional<Landings::Memory> Landings::Release(size_t index, const LengthForecast& forecast) {
  Landing& landing = landings_[index];
  if (!LengthForecast::IsFilled(landing.memory.bytes.size(), forecast.length())) {
    ++landing.declined;
    return std::nullopt;
  }
  return std::exchange(landing, {}).memory;
}

}  // namespace sctp::node
