// Watches a descriptor for an object of JavaScript: calls its methods onReadable and onWritable,
// keeps it, and closes the descriptor when the environment ends.
#pragma once

#include <napi.h>

#include "core/descriptor.h"
#include "node/watcher.h"

namespace sctp::node {

class WatchedDescriptor final : private Watcher::Listener {
 public:
  // Both must outlive it.
  WatchedDescriptor(Napi::Reference<Napi::Object>& object, Descriptor& descriptor)
      : object_(object), descriptor_(descriptor) {}

  // For a descriptor that is open. Watches for nothing at first. Returns 0 or negative errno.
  int Begin();
  bool is_open() const { return watcher_ != nullptr; }

  // The others need an open one.
  // Watches for `events` (UV_READABLE, …). Returns 0 or negative errno.
  int Watch(int events);
  void Ref();
  void Unref();

  void Close();

 private:
  void OnEvents(int status, int events) override;
  void OnEnvironmentEnd() override { Close(); }
  void Hold(bool hold);

  Napi::Reference<Napi::Object>& object_;
  Descriptor& descriptor_;
  Watcher::Pointer watcher_;
  int wanted_ = 0;
  bool held_ = false;
};

}  // namespace sctp::node
