// Owns a uv_timer_t on CLOCK_MONOTONIC, and survives the end of its environment.
#pragma once

#include <node_api.h>
#include <uv.h>

#include <cstdint>
#include <memory>

namespace sctp::node {

class Timer {
 public:
  class Listener {
   public:
    virtual void OnTimer() = 0;
    // The environment (a worker, the process) ends: release the timer now.
    virtual void OnEnvironmentEnd() = 0;

   protected:
    ~Listener() = default;
  };

  // The handle must live until libuv says it is closed, whoever owned it before.
  struct Closer {
    void operator()(Timer* timer) const { timer->Close(); }
  };
  using Pointer = std::unique_ptr<Timer, Closer>;

  // Stopped, and not referenced. Nothing if the environment has no event loop.
  static Pointer Create(napi_env env, Listener& listener);

  // Fires once when uv_hrtime() has reached `nanoseconds`. A timer that would fire earlier is left
  // as it is: whoever it wakes looks at the time and starts it again.
  void StartAt(uint64_t nanoseconds);
  void Stop();
  void Ref();
  void Unref();

 private:
  explicit Timer(Listener& listener) : listener_(&listener) {}
  void Close();

  uv_timer_t timer_{};
  Listener* listener_;
  uint64_t due_ = 0;  // milliseconds of the loop's clock; 0: stopped
  napi_async_cleanup_hook_handle cleanup_hook_ = nullptr;
};

}  // namespace sctp::node
