// The JavaScript class for an association of the engine. JavaScript asks for packets and events, so
// nothing here is re-entered; the one call into JavaScript is that time has passed.
#pragma once

#include <napi.h>

#include <optional>

#include "engine/association.h"
#include "node/timer.h"

namespace sctp::node {

class EngineAssociation : public Napi::ObjectWrap<EngineAssociation>, private Timer::Listener {
 public:
  static constexpr napi_type_tag kTypeTag = {0x6b65726e656c2d73, 0x656e67696e650001};

  explicit EngineAssociation(const Napi::CallbackInfo& info);
  static Napi::Function Define(Napi::Env env);
  // Called for every method: a method applied to anything else must throw, not read its memory.
  static EngineAssociation* Unwrap(Napi::Object object);

 private:
  using Info = const Napi::CallbackInfo&;

  void Connect(Info info);
  Napi::Value Receive(Info info);
  // send(data, sid, ppid, unordered, policy, value, context?, sackImmediately?)
  Napi::Value Send(Info info);
  // pollPackets(buffer, start, lengths)
  Napi::Value PollPackets(Info info);
  // pollEvents(slab, start, rows, extras)
  Napi::Value PollEvents(Info info);
  void Arm(Info info);
  Napi::Value ResetStreams(Info info);
  Napi::Value RequestReset(Info info);
  // addStreams(outgoing, incoming)
  Napi::Value AddStreams(Info info);
  Napi::Value Tune(Info info);
  Napi::Value RetainedBytes(Info info);
  void Shutdown(Info info);
  void Abort(Info info);
  void SetPriority(Info info);
  void SetWeight(Info info);
  Napi::Value BufferedAmount(Info info);
  void SetLowThreshold(Info info);
  void SetMtu(Info info);
  Napi::Value MaxPacketSize(Info info);
  Napi::Value GetState(Info info);
  Napi::Value EndedInOrder(Info info);
  Napi::Value GetStats(Info info);
  void RefHandle(Info info);
  void UnrefHandle(Info info);
  void Close(Info info);

  void OnTimer() override;
  void OnEnvironmentEnd() override { timer_.reset(); }

  void ArmTimer();
  bool Waits(engine::Time now, engine::Time deadline) const;
  void CountResets(const engine::Event& event);
  void Hold(bool hold);

  std::optional<engine::Association> engine_;
  std::optional<engine::Event> unfit_;  // has found no room in the slab
  Timer::Pointer timer_;
  size_t resets_ = 0;            // of outgoing streams, not answered
  bool returns_failed_ = false;  // messages that failed, with their data
  bool referenced_ = true;
  bool held_ = false;
};

}  // namespace sctp::node
