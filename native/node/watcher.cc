#include "node/watcher.h"

namespace sctp::node {

Watcher::Pointer Watcher::Create(napi_env env, int fd, Listener& listener, int& error) {
  uv_loop_t* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) {
    error = UV_EINVAL;
    return nullptr;
  }
  std::unique_ptr<Watcher> watcher(new Watcher(listener));
  error = uv_poll_init(loop, &watcher->poll_, fd);
  if (error != 0) return nullptr;
  watcher->poll_.data = watcher.get();

  // Asynchronous: the environment has to wait for uv_close. With a synchronous hook, or none, a
  // worker that ends with an open handle takes the process with it.
  const auto on_environment_end = [](napi_async_cleanup_hook_handle, void* data) {
    auto* ending = static_cast<Watcher*>(data);
    if (ending->listener_ != nullptr) ending->listener_->OnEnvironmentEnd();
  };
  napi_add_async_cleanup_hook(env, on_environment_end, watcher.get(), &watcher->cleanup_hook_);
  return Pointer(watcher.release());
}

int Watcher::Watch(int events) {
  if (events == watched_) return 0;
  watched_ = events;
  if (events == 0) return uv_poll_stop(&poll_);
  return uv_poll_start(&poll_, events, [](uv_poll_t* poll, int status, int ready) {
    auto* watcher = static_cast<Watcher*>(poll->data);
    if (watcher->listener_ == nullptr) return;
    if (status < 0) watcher->watched_ = 0;  // libuv has stopped it
    watcher->listener_->OnEvents(status, ready);
  });
}

void Watcher::Ref() { uv_ref(reinterpret_cast<uv_handle_t*>(&poll_)); }

void Watcher::Unref() { uv_unref(reinterpret_cast<uv_handle_t*>(&poll_)); }

void Watcher::Close() {
  listener_ = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_), [](uv_handle_t* handle) {
    const std::unique_ptr<Watcher> watcher(static_cast<Watcher*>(handle->data));
    if (watcher->cleanup_hook_ != nullptr) napi_remove_async_cleanup_hook(watcher->cleanup_hook_);
  });
}

}  // namespace sctp::node
