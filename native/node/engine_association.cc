#include "node/engine_association.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "node/call.h"
#include "node/engine_clock.h"
#include "node/engine_config.h"
#include "node/engine_listener.h"
#include "node/engine_payload.h"
#include "node/engine_rows.h"
#include "node/engine_stats.h"
#include "node/memory.h"
#include "node/system_random.h"
#include "node/tagged.h"
#include "node/values.h"

namespace sctp::node {
namespace {

constexpr engine::Duration kLongestSackDelay = std::chrono::milliseconds(500);

template <typename Status>
Napi::Value StatusNumber(const Napi::CallbackInfo& info, Status status) {
  return Number(info, static_cast<int64_t>(status));
}

}  // namespace

EngineAssociation::EngineAssociation(Info info) : ObjectWrap(info) {
  napi_type_tag_object(info.Env(), info.This(), &kTypeTag);
  const auto config = ToEngineConfig(info[0]);
  if (!config) {
    ThrowIllegalConfiguration(info.Env());
    return;
  }
  const Napi::Value returns_failed = info[0].As<Napi::Object>().Get("returnsFailed");
  if (returns_failed.IsEmpty()) return;  // a getter threw
  returns_failed_ = returns_failed.ToBoolean();
  timer_ = Timer::Create(info.Env(), *this);
  if (!timer_) return;
  EngineListener* listener = EngineListener::From(info[1]);
  if (listener == nullptr) {
    engine_.emplace(*config, SystemRandom::Instance());
  } else {
    engine_.emplace(*config, SystemRandom::Instance(), listener->secret(),
                    ToBytes(info[2]).value_or(std::span<const std::byte>()));
  }
}

EngineAssociation* EngineAssociation::Unwrap(Napi::Object object) {
  return UnwrapTagged<EngineAssociation>(object);
}

Napi::Function EngineAssociation::Define(Napi::Env env) {
  return DefineClass(env, "EngineAssociation",
                     {
                         InstanceMethod("connect", &EngineAssociation::Connect),
                         InstanceMethod("receive", &EngineAssociation::Receive),
                         InstanceMethod("send", &EngineAssociation::Send),
                         InstanceMethod("pollPackets", &EngineAssociation::PollPackets),
                         InstanceMethod("pollEvents", &EngineAssociation::PollEvents),
                         InstanceMethod("arm", &EngineAssociation::Arm),
                         InstanceMethod("resetStreams", &EngineAssociation::ResetStreams),
                         InstanceMethod("requestReset", &EngineAssociation::RequestReset),
                         InstanceMethod("addStreams", &EngineAssociation::AddStreams),
                         InstanceMethod("tune", &EngineAssociation::Tune),
                         InstanceMethod("retainedBytes", &EngineAssociation::RetainedBytes),
                         InstanceMethod("shutdown", &EngineAssociation::Shutdown),
                         InstanceMethod("abort", &EngineAssociation::Abort),
                         InstanceMethod("setPriority", &EngineAssociation::SetPriority),
                         InstanceMethod("setWeight", &EngineAssociation::SetWeight),
                         InstanceMethod("bufferedAmount", &EngineAssociation::BufferedAmount),
                         InstanceMethod("setLowThreshold", &EngineAssociation::SetLowThreshold),
                         InstanceMethod("setMtu", &EngineAssociation::SetMtu),
                         InstanceMethod("maxPacketSize", &EngineAssociation::MaxPacketSize),
                         InstanceMethod("state", &EngineAssociation::GetState),
                         InstanceMethod("endedInOrder", &EngineAssociation::EndedInOrder),
                         InstanceMethod("stats", &EngineAssociation::GetStats),
                         InstanceMethod("ref", &EngineAssociation::RefHandle),
                         InstanceMethod("unref", &EngineAssociation::UnrefHandle),
                         InstanceMethod("close", &EngineAssociation::Close),
                     });
}

void EngineAssociation::Connect(Info) {
  if (engine_) engine_->Connect(EngineNow());
}

Napi::Value EngineAssociation::Receive(Info info) {
  const auto packet = ToBytes(info[0]);
  if (!packet) return Number(info, -EINVAL);
  if (!engine_) return Number(info, -EBADF);
  if (IsShared(info[0])) {
    const std::vector<std::byte> copy(packet->begin(), packet->end());
    engine_->Receive(EngineNow(), copy);
  } else {
    engine_->Receive(EngineNow(), *packet);
  }
  return Number(info, engine_->HasUrgentPacket() ? 1 : 0);
}

Napi::Value EngineAssociation::Send(Info info) {
  auto data = ToPayload(info[0]);
  const auto sid = ToInteger<uint16_t>(info[1]);
  const auto ppid = ToInteger<uint32_t>(info[2]);
  const auto unordered = ToBoolean(info[3]);
  const auto policy = ToInteger<uint32_t>(info[4]);
  const auto value = ToInteger<uint32_t>(info[5]);
  const bool is_complete = data && sid && ppid && unordered && policy && value;
  if (!is_complete || *policy > static_cast<uint32_t>(engine::Reliability::Policy::kPriority)) {
    return Number(info, -EINVAL);
  }
  if (!engine_) return StatusNumber(info, engine::SendStatus::kClosed);
  engine::OutgoingMessage message;
  message.context = ToInteger<uint32_t>(info[6]).value_or(0);
  message.sack_immediately = ToBoolean(info[7]).value_or(false);
  message.stream = *sid;
  message.ppid = *ppid;
  message.unordered = *unordered;
  message.reliability = {static_cast<engine::Reliability::Policy>(*policy), *value};
  message.data = std::move(*data);
  return StatusNumber(info, engine_->Send(EngineNow(), std::move(message)));
}

Napi::Value EngineAssociation::PollPackets(Info info) {
  auto buffer = ToWritable<std::byte>(info[0]);
  const auto start = ToInteger<uint32_t>(info[1]);
  const auto lengths = ToWritable<uint32_t>(info[2]);
  if (!start || *start > buffer.size() || lengths.empty()) return Number(info, -EINVAL);
  if (!engine_) return Number(info, 0);
  buffer = buffer.subspan(*start);
  const engine::Time now = EngineNow();
  size_t count = 0;
  while (count < lengths.size() && buffer.size() >= engine_->MaxPacketSize()) {
    const size_t length = engine_->PollPacket(now, buffer);
    if (length == 0) break;
    lengths[count++] = static_cast<uint32_t>(length);
    buffer = buffer.subspan(length);
  }
  return Number(info, static_cast<int64_t>(count));
}

Napi::Value EngineAssociation::PollEvents(Info info) {
  const auto slab = ToWritable<std::byte>(info[0]);
  const auto start = ToInteger<uint32_t>(info[1]);
  const auto words = ToWritable<uint32_t>(info[2]);
  if (!start || *start > slab.size() || words.empty() || !info[3].IsArray()) {
    return Number(info, -EINVAL);
  }
  if (!engine_) return Number(info, 0);
  EngineRows rows(info.Env(), words, slab, *start, info[3].As<Napi::Array>(), returns_failed_);
  while (!rows.full()) {
    if (!unfit_) unfit_ = engine_->PollEvent();
    if (!unfit_ || !rows.Add(*unfit_)) break;
    CountResets(*unfit_);
    unfit_.reset();
  }
  rows.Finish();
  return Number(info, rows.rows());
}

void EngineAssociation::CountResets(const engine::Event& event) {
  if (const auto* reset = std::get_if<engine::OutgoingStreamsReset>(&event)) {
    resets_ -= std::min(resets_, reset->streams.size());
  }
}

void EngineAssociation::Arm(Info) { ArmTimer(); }

void EngineAssociation::ArmTimer() {
  if (!engine_ || !timer_) return;
  const auto deadline = engine_->NextDeadline();
  if (!deadline) {
    timer_->Stop();
    timer_->Unref();
    Hold(false);
    return;
  }
  const auto since_epoch =
      std::chrono::duration_cast<std::chrono::nanoseconds>(deadline->time_since_epoch());
  timer_->StartAt(static_cast<uint64_t>(since_epoch.count()));
  const bool holds = referenced_ && Waits(EngineNow(), *deadline);
  if (holds) {
    timer_->Ref();
  } else {
    timer_->Unref();
  }
  Hold(holds);
}

// Whether there is anything to wait for but the next heartbeat.
bool EngineAssociation::Waits(engine::Time now, engine::Time deadline) const {
  if (engine_->state() == engine::State::kClosed) return false;
  if (engine_->state() != engine::State::kEstablished) return true;
  if (resets_ > 0 || deadline - now <= kLongestSackDelay) return true;
  const engine::Stats stats = engine_->GetStats();
  return stats.unsent_bytes > 0 || stats.unacknowledged_bytes > 0;
}

// While it waits it must outlive every reference to it in JavaScript.
void EngineAssociation::Hold(bool hold) {
  if (hold == held_) return;
  held_ = hold;
  if (hold) {
    Ref();
  } else {
    Unref();
  }
}

void EngineAssociation::OnTimer() {
  if (!engine_) return;
  const Napi::HandleScope scope(Env());
  const Napi::Object self = Value();
  if (self.IsEmpty()) return;  // collected; the finalizer is about to run
  const engine::Time now = EngineNow();
  const auto deadline = engine_->NextDeadline();
  if (!deadline || *deadline > now) {
    ArmTimer();
    return;
  }
  engine_->HandleTimeout(now);
  CallMethod(self, "onTimeout");
}

Napi::Value EngineAssociation::ResetStreams(Info info) {
  const auto streams = ToIntegers<uint16_t>(info[0]);
  if (!streams) return Number(info, -EINVAL);
  if (!engine_) return StatusNumber(info, engine::ResetStatus::kNotConnected);
  const engine::ResetStatus status = engine_->ResetStreams(EngineNow(), *streams);
  if (status == engine::ResetStatus::kStarted) resets_ += streams->size();
  return StatusNumber(info, status);
}

Napi::Value EngineAssociation::RequestReset(Info info) {
  const auto streams = ToIntegers<uint16_t>(info[0]);
  if (!streams) return Number(info, -EINVAL);
  if (!engine_) return StatusNumber(info, engine::ResetStatus::kNotConnected);
  return StatusNumber(info, engine_->RequestReset(EngineNow(), *streams));
}

Napi::Value EngineAssociation::AddStreams(Info info) {
  const auto outgoing = ToInteger<uint16_t>(info[0]);
  const auto incoming = ToInteger<uint16_t>(info[1]);
  if (!outgoing || !incoming) return Number(info, -EINVAL);
  if (!engine_) return StatusNumber(info, engine::ResetStatus::kNotConnected);
  return StatusNumber(info, engine_->AddStreams(EngineNow(), *outgoing, *incoming));
}

void EngineAssociation::Shutdown(Info) {
  if (engine_) engine_->Shutdown(EngineNow());
}

void EngineAssociation::Abort(Info info) {
  if (engine_)
    engine_->Abort(EngineNow(), info[0].IsString() ? info[0].As<Napi::String>().Utf8Value() : "");
}

Napi::Value EngineAssociation::Tune(Info info) {
  const auto config = ToEngineConfig(info[0]);
  if (!config) return Number(info, -EINVAL);
  if (!engine_) return Number(info, -EBADF);
  engine_->Tune(EngineNow(), *config);
  engine_->SetScheduler(config->scheduler);
  return Number(info, 0);
}

void EngineAssociation::SetPriority(Info info) {
  const auto sid = ToInteger<uint16_t>(info[0]);
  const auto priority = ToInteger<uint16_t>(info[1]);
  if (engine_ && sid && priority) engine_->SetStreamPriority(*sid, *priority);
}

void EngineAssociation::SetWeight(Info info) {
  const auto sid = ToInteger<uint16_t>(info[0]);
  const auto weight = ToInteger<uint16_t>(info[1]);
  if (engine_ && sid && weight) engine_->SetStreamWeight(*sid, *weight);
}

Napi::Value EngineAssociation::BufferedAmount(Info info) {
  if (!engine_) return Number(info, 0);
  const auto sid = ToInteger<uint16_t>(info[0]);
  return Number(
      info, static_cast<int64_t>(sid ? engine_->BufferedAmount(*sid) : engine_->BufferedAmount()));
}

void EngineAssociation::SetLowThreshold(Info info) {
  const auto sid = ToInteger<uint16_t>(info[0]);
  const auto bytes = ToInteger<uint32_t>(info[1]);
  if (engine_ && sid && bytes) engine_->SetBufferedAmountLowThreshold(*sid, *bytes);
}

void EngineAssociation::SetMtu(Info info) {
  const auto mtu = ToInteger<uint16_t>(info[0]);
  if (engine_ && mtu) engine_->SetMtu(*mtu);
}

Napi::Value EngineAssociation::RetainedBytes(Info info) {
  return Number(info, engine_ ? static_cast<int64_t>(engine_->RetainedBytes()) : 0);
}

Napi::Value EngineAssociation::MaxPacketSize(Info info) {
  return Number(info, engine_ ? static_cast<int64_t>(engine_->MaxPacketSize()) : 0);
}

Napi::Value EngineAssociation::GetState(Info info) {
  return StatusNumber(info, engine_ ? engine_->state() : engine::State::kClosed);
}

Napi::Value EngineAssociation::EndedInOrder(Info info) {
  return Napi::Boolean::New(info.Env(), engine_ && engine_->ended_gracefully());
}

Napi::Value EngineAssociation::GetStats(Info info) {
  if (!engine_) return info.Env().Undefined();
  return ToObject(info.Env(), engine_->GetStats());
}

void EngineAssociation::RefHandle(Info) {
  referenced_ = true;
  ArmTimer();
}

void EngineAssociation::UnrefHandle(Info) {
  referenced_ = false;
  ArmTimer();
}

void EngineAssociation::Close(Info) {
  engine_.reset();
  unfit_.reset();
  timer_.reset();
  Hold(false);
}

}  // namespace sctp::node
