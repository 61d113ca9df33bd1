#include "node/timer.h"

namespace sctp::node {

Timer::Pointer Timer::Create(napi_env env, Listener& listener) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return nullptr;
  std::unique_ptr<Timer> timer(new Timer(listener));
  if (uv_timer_init(loop, &timer->timer_) != 0) return nullptr;
  timer->timer_.data = timer.get();
  timer->Unref();

  // Asynchronous, as for Watcher: the environment has to wait for uv_close.
  const auto on_environment_end = [](napi_async_cleanup_hook_handle, void* data) {
    auto* ending = static_cast<Timer*>(data);
    if (ending->listener_ != nullptr) ending->listener_->OnEnvironmentEnd();
  };
  napi_add_async_cleanup_hook(env, on_environment_end, timer.get(), &timer->cleanup_hook_);
  return Pointer(timer.release());
}

void Timer::StartAt(uint64_t nanoseconds) {
  constexpr uint64_t kMillisecond = 1'000'000;
  const uint64_t due = (nanoseconds + kMillisecond - 1) / kMillisecond;
  if (due_ != 0 && due_ <= due) return;
  due_ = due;
  // The loop's clock is uv_hrtime() as of its last turn.
  const uint64_t now = uv_now(timer_.loop);
  const auto on_due = [](uv_timer_t* handle) {
    auto* timer = static_cast<Timer*>(handle->data);
    timer->due_ = 0;
    if (timer->listener_ != nullptr) timer->listener_->OnTimer();
  };
  uv_timer_start(&timer_, on_due, due > now ? due - now : 0, 0);
}

void Timer::Stop() {
  due_ = 0;
  uv_timer_stop(&timer_);
}

void Timer::Ref() { uv_ref(reinterpret_cast<uv_handle_t*>(&timer_)); }

void Timer::Unref() { uv_unref(reinterpret_cast<uv_handle_t*>(&timer_)); }

void Timer::Close() {
  listener_ = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&timer_), [](uv_handle_t* handle) {
    const std::unique_ptr<Timer> timer(static_cast<Timer*>(handle->data));
    if (timer->cleanup_hook_ != nullptr) napi_remove_async_cleanup_hook(timer->cleanup_hook_);
  });
}

}  // namespace sctp::node
