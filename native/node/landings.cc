#include "node/landings.h"

#include <algorithm>

namespace sctp::node {

size_t Landings::Prepare(Napi::Env env, const LengthForecast& forecast) {
  if (forecast.length() == 0) return 0;
  const size_t count = std::clamp(kBytes / forecast.length(), size_t{1}, kCount);
  for (size_t index = 0; index < count; ++index) {
    Landing& landing = landings_[index];
    if (landing.bytes.size() >= forecast.length() && landing.declined < kMostDeclined) continue;
    landing.declined = 0;
    landing.bytes = {};
    landing.buffer.Reset();
    // Nobody fills it with zeros first.
    Napi::Buffer<uint8_t> buffer = Napi::Buffer<uint8_t>::New(env, forecast.length());
    if (buffer.IsEmpty()) return index;  // the environment is ending
    landing.buffer = Napi::Persistent(buffer);
    landing.bytes = {reinterpret_cast<std::byte*>(buffer.Data()), buffer.Length()};
  }
  return count;
}

std::span<std::byte> Landings::memory(size_t index) const { return landings_[index].bytes; }

Napi::Value Landings::Take(Napi::Env env, size_t index, size_t length) {
  Landing& landing = landings_[index];
  if (!LengthForecast::IsFilled(landing.bytes.size(), length)) {
    ++landing.declined;
    return {};
  }
  landing.declined = 0;
  const Napi::Value buffer = landing.buffer.Value();
  landing.bytes = {};
  landing.buffer.Reset();
  return {env, buffer};
}

}  // namespace sctp::node
