// Owns a uv_poll_t: waits for events on a descriptor and survives the end of its environment.
#pragma once

#include <node_api.h>
#include <uv.h>

#include <memory>

namespace sctp::node {

class Watcher {
 public:
  class Listener {
   public:
    // `status` is 0 or a negative libuv error, after which the watcher has stopped.
    virtual void OnEvents(int status, int events) = 0;
    // The environment (a worker, the process) ends: release the watcher now.
    virtual void OnEnvironmentEnd() = 0;

   protected:
    ~Listener() = default;
  };

  // The handle must live until libuv has closed it, though its owner is gone.
  struct Closer {
    void operator()(Watcher* watcher) const { watcher->Close(); }
  };
  using Pointer = std::unique_ptr<Watcher, Closer>;

  // Leaves `error` 0 or sets it to a negative errno and returns nothing.
  static Pointer Create(napi_env env, int fd, Listener& listener, int& error);

  // Watches for `events` (UV_READABLE, …); 0 stops. Does nothing if they are watched already.
  int Watch(int events);
  void Ref();
  void Unref();

 private:
  explicit Watcher(Listener& listener) : listener_(&listener) {}
  void Close();

  uv_poll_t poll_{};
  Listener* listener_;
  int watched_ = 0;
  napi_async_cleanup_hook_handle cleanup_hook_ = nullptr;
};

}  // namespace sctp::node
