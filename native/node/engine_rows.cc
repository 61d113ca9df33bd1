#include "node/engine_rows.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "engine/bytes.h"

namespace sctp::node {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;  // older compilers do not deduce it

Napi::Object CauseObject(Napi::Env env, const engine::ErrorCause& cause) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("code", cause.code);
  object.Set("name", std::string(engine::CauseName(cause.code)));
  object.Set("text", std::string(engine::CauseText(cause)));
  object.Set("info",
             Napi::Buffer<uint8_t>::Copy(env, reinterpret_cast<const uint8_t*>(cause.info.data()),
                                         cause.info.size()));
  return object;
}

}  // namespace

EngineRows::Row EngineRows::New(EngineRowKind kind) {
  const auto words = words_.subspan(kFirstEngineRow + rows_ * kColumns, kColumns);
  ++rows_;
  std::ranges::fill(words, 0);
  return Row(words).Set(EngineColumn::kKind, static_cast<size_t>(kind));
}

size_t EngineRows::Keep(Napi::Value extra) {
  kept_.push_back(extra);
  return extras_.Length() + kept_.size() - 1;
}

void EngineRows::Finish() {
  words_[0] = static_cast<uint32_t>(used_);
  uint32_t index = extras_.Length();
  for (const Napi::Value& extra : kept_) extras_.Set(index++, extra);
}

bool EngineRows::AddMessage(const engine::MessageReceived& message) {
  const size_t length = message.data.size();
  const bool is_large = length > kLongestInSlab;
  size_t place = used_;
  if (is_large) {
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env_, length);
    if (buffer.IsEmpty()) return true;  // the environment is ending
    std::memcpy(buffer.Data(), message.data.data(), length);
    place = Keep(buffer);
  } else {
    if (length > slab_.size() - used_) return false;
    engine::Copy(message.data, slab_.subspan(used_));
    // Aligned, so that typed arrays can be laid over a message.
    used_ = std::min(slab_.size(), (used_ + length + 7) & ~size_t{7});
  }
  New(is_large ? EngineRowKind::kLargeMessage : EngineRowKind::kMessage)
      .Set(EngineColumn::kOffset, place)
      .Set(EngineColumn::kLength, length)
      .Set(EngineColumn::kSid, message.stream)
      .Set(EngineColumn::kPpid, message.ppid)
      .Set(EngineColumn::kFlag, message.unordered ? 1 : 0);
  return true;
}

void EngineRows::AddFailed(const engine::MessageFailed& failed) {
  const engine::OutgoingMessage& message = failed.message;
  const auto bytes = message.data.bytes();
  size_t place = 0;
  if (returns_failed_) {
    Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env_, bytes.size());
    if (buffer.IsEmpty()) return;  // the environment is ending
    engine::Copy(bytes, {static_cast<std::byte*>(buffer.Data()), bytes.size()});
    place = Keep(buffer);
  }
  New(EngineRowKind::kMessageFailed)
      .Set(EngineColumn::kOffset, place)
      .Set(EngineColumn::kLength, bytes.size())
      .Set(EngineColumn::kSid, message.stream)
      .Set(EngineColumn::kPpid, message.ppid)
      .Set(EngineColumn::kCode, static_cast<size_t>(failed.reason))
      .Set(EngineColumn::kFlag,
           (failed.sent ? kSomeWasSent : 0) | (message.unordered ? kWasUnordered : 0))
      .Set(EngineColumn::kContext, message.context);
}

void EngineRows::AddConnected(EngineRowKind kind, const engine::Connected& connected) {
  const uint32_t features = (connected.partial_reliability ? kPartialReliability : 0) |
                            (connected.interleaving ? kInterleaving : 0) |
                            (connected.reconfiguration ? kReconfiguration : 0) |
                            (connected.zero_checksum ? kZeroChecksum : 0);
  New(kind)
      .Set(EngineColumn::kSid, connected.outbound_streams)
      .Set(EngineColumn::kPpid, connected.inbound_streams)
      .Set(EngineColumn::kCode, features);
}

void EngineRows::AddStreams(EngineRowKind kind, const std::vector<uint16_t>& streams,
                            uint32_t code) {
  Napi::Array list = Napi::Array::New(env_, streams.size());
  for (uint32_t i = 0; i < streams.size(); ++i) list.Set(i, streams[i]);
  New(kind).Set(EngineColumn::kOffset, Keep(list)).Set(EngineColumn::kCode, code);
}

void EngineRows::AddCauses(EngineRowKind kind, const std::vector<engine::ErrorCause>& causes,
                           uint32_t code) {
  Napi::Array list = Napi::Array::New(env_, causes.size());
  for (uint32_t i = 0; i < causes.size(); ++i) list.Set(i, CauseObject(env_, causes[i]));
  New(kind).Set(EngineColumn::kOffset, Keep(list)).Set(EngineColumn::kCode, code);
}

bool EngineRows::Add(const engine::Event& event) {
  if (const auto* message = std::get_if<engine::MessageReceived>(&event)) {
    return AddMessage(*message);
  }
  std::visit(Overloaded{
                 [](const engine::MessageReceived&) {},
                 [this](const engine::MessageFailed& failed) { AddFailed(failed); },
                 [this](const engine::Connected& connected) {
                   AddConnected(EngineRowKind::kConnected, connected);
                 },
                 [this](const engine::Restarted& restarted) {
                   AddConnected(EngineRowKind::kRestarted, restarted.now);
                 },
                 [this](const engine::Drained&) { New(EngineRowKind::kDrained); },
                 [this](const engine::BufferedAmountLow& low) {
                   New(EngineRowKind::kBufferedAmountLow)
                       .Set(EngineColumn::kSid, low.stream.value_or(0))
                       .Set(EngineColumn::kFlag, low.stream ? 0 : 1);
                 },
                 [this](const engine::IncomingStreamsReset& reset) {
                   AddStreams(EngineRowKind::kIncomingStreamsReset, reset.streams);
                 },
                 [this](const engine::OutgoingStreamsReset& reset) {
                   AddStreams(EngineRowKind::kOutgoingStreamsReset, reset.streams,
                              static_cast<uint32_t>(reset.result));
                 },
                 [this](const engine::ResetRequestAnswered& answered) {
                   AddStreams(EngineRowKind::kResetAnswered, answered.streams,
                              static_cast<uint32_t>(answered.result));
                 },
                 [this](const engine::StreamsAdded& added) {
                   New(EngineRowKind::kStreamsAdded)
                       .Set(EngineColumn::kSid, added.outbound_streams)
                       .Set(EngineColumn::kPpid, added.inbound_streams)
                       .Set(EngineColumn::kCode, static_cast<size_t>(added.result))
                       .Set(EngineColumn::kFlag, added.by_peer ? 1 : 0);
                 },
                 [this](const engine::PeerShutdown&) { New(EngineRowKind::kPeerShutdown); },
                 [this](const engine::ErrorReceived& error) {
                   AddCauses(EngineRowKind::kErrorReceived, error.causes);
                 },
                 [this](const engine::Closed& closed) {
                   AddCauses(EngineRowKind::kClosed, closed.causes,
                             static_cast<uint32_t>(closed.reason));
                 },
             },
             event);
  return true;
}

Napi::Object EngineRowKindsObject(Napi::Env env) {
  constexpr const char* kNames[] = {
      "message",
      "largeMessage",
      "messageFailed",
      "connected",
      "restarted",
      "drained",
      "bufferedAmountLow",
      "incomingStreamsReset",
      "outgoingStreamsReset",
      "resetAnswered",
      "streamsAdded",
      "peerShutdown",
      "errorReceived",
      "closed",
  };
  static_assert(std::size(kNames) == static_cast<size_t>(EngineRowKind::kCount));
  Napi::Object object = Napi::Object::New(env);
  for (uint32_t i = 0; i < std::size(kNames); ++i) object.Set(kNames[i], i);
  return object;
}

Napi::Object EngineRowColumnsObject(Napi::Env env) {
  constexpr const char* kNames[] = {"kind", "offset", "length",  "sid",  "ppid",
                                    "code", "flag",   "context", "count"};
  static_assert(std::size(kNames) == static_cast<size_t>(EngineColumn::kCount) + 1);
  Napi::Object object = Napi::Object::New(env);
  for (uint32_t i = 0; i < std::size(kNames); ++i) object.Set(kNames[i], i);
  return object;
}

}  // namespace sctp::node
