// What the JavaScript classes of both socket styles have in common: the descriptor and the calls on
// it, watching, receiving, lifetime. A style derives from this and adds its own methods.
#pragma once

#include <napi.h>

#include <memory>
#include <utility>
#include <vector>

#include "core/kernel_socket.h"
#include "node/async_context.h"
#include "node/call.h"
#include "node/environment.h"
#include "node/receiver.h"
#include "node/socket_calls.h"
#include "node/tagged.h"
#include "node/values.h"
#include "node/watcher.h"

namespace sctp::node {

template <typename Style>
class SocketWrap : public Napi::ObjectWrap<Style>, protected Watcher::Listener {
 public:
  explicit SocketWrap(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<Style>(info),
        receiver_(Style::LimitsOf(info), Style::kStyle == SOCK_STREAM) {
    napi_type_tag_object(info.Env(), info.This(), &Style::kTypeTag);
  }

  ~SocketWrap() { Release(); }

  // Called for every method: a method applied to anything else must throw, not read its memory.
  static Style* Unwrap(Napi::Object object) { return UnwrapTagged<Style>(object); }

 protected:
  using Info = const Napi::CallbackInfo&;

  // What the class's constructor has just made. Nothing if JavaScript can no longer run, which may
  // come between any two calls: a worker is terminated by another thread.
  static Style* Made(const Napi::Object& object) { return FromTagged<Style>(object); }

  static std::vector<Napi::ClassPropertyDescriptor<Style>> CommonMethods() {
    using Wrap = Napi::ObjectWrap<Style>;
    std::vector<Napi::ClassPropertyDescriptor<Style>> methods = {
        Wrap::InstanceMethod("open", &Style::Open),
        Wrap::InstanceMethod("listen", &Style::Listen),
        Wrap::InstanceMethod("watch", &Style::Watch),
        Wrap::InstanceMethod("limitReads", &Style::LimitReads),
        Wrap::InstanceMethod("receive", &Style::Receive),
        Wrap::InstanceMethod("abort", &Style::Abort),
        Wrap::InstanceMethod("ref", &Style::RefHandle),
        Wrap::InstanceMethod("unref", &Style::UnrefHandle),
        Wrap::InstanceMethod("close", &Style::CloseHandle),
    };
    for (const auto calls : {DescriptorCalls(), AssociationCalls()}) {
      for (const SocketCall& call : calls) {
        methods.push_back(Wrap::InstanceMethod(call.name, &Style::RunCall, napi_default,
                                               const_cast<SocketCall*>(&call)));
      }
    }
    return methods;
  }

  Napi::Value RunCall(Info info) {
    return static_cast<const SocketCall*>(info.Data())->run(socket_, info);
  }

  Napi::Value Open(Info info) {
    const std::optional<int32_t> family = ToInteger<int32_t>(info[0]);
    if (!family || (*family != 4 && *family != 6) || watcher_) return Number(info, -EINVAL);
    KernelSocket opened;
    int error = opened.Open(*family == 6 ? AF_INET6 : AF_INET, Style::kStyle);
    if (error == 0) error = Adopt(std::move(opened));
    return Number(info, error);
  }

  Napi::Value Listen(Info info) {
    const std::optional<int32_t> backlog = ToInteger<int32_t>(info[0]);
    return Number(info, backlog ? socket_.Listen(*backlog) : -EINVAL);
  }

  Napi::Value Watch(Info info) {
    const std::optional<bool> readable = ToBoolean(info[0]);
    const std::optional<bool> writable = ToBoolean(info[1]);
    if (!readable || !writable) return Number(info, -EINVAL);
    if (!watcher_) return Number(info, -EBADF);
    wants_reading_ = *readable;
    wants_writing_ = *writable;
    return Number(info, watcher_->Watch(WantedEvents()));
  }

  Napi::Value LimitReads(Info info) {
    const std::optional<uint32_t> limit = ToInteger<uint32_t>(info[0]);
    if (!limit || *limit == 0) return Number(info, -EINVAL);
    read_limit_ = *limit;
    return Number(info, 0);
  }

  Napi::Value Receive(Info info) {
    if (!watcher_) return Number(info, -EBADF);
    return Number(info, Deliver(info.This().As<Napi::Object>(), 0));
  }

  void RefHandle(Info) {
    if (!watcher_) return;
    watcher_->Ref();
    HoldSelf();
  }

  void UnrefHandle(Info) {
    if (!watcher_) return;
    watcher_->Unref();
    ReleaseSelf();
  }

  void CloseHandle(Info) {
    if (!watcher_) return;
    Release();
    ReleaseSelf();
  }

  KernelSocket& socket() { return socket_; }
  bool is_open() const { return watcher_ != nullptr; }
  Receiver& receiver() { return receiver_; }

  // Calls while nothing watches an open descriptor, whose events wait.
  template <typename Callable>
  int Unwatched(Callable call) {
    watcher_->Watch(0);
    const int result = call();
    watcher_->Watch(WantedEvents());
    return result;
  }

  // Takes over an open descriptor. Returns 0 or negative errno.
  int Adopt(KernelSocket&& opened) {
    int error = 0;
    watcher_ = Watcher::Create(this->Env(), opened.fd(), *this, error);
    if (error != 0) return error;
    socket_ = std::move(opened);
    HoldSelf();
    async_context_.Begin(this->Env(), Style::kName);
    return 0;
  }

  // From then on references in JavaScript decide.
  void ReleaseSelf() {
    if (held_) this->Unref();
    held_ = false;
    if (!watcher_ && calls_ == 0) async_context_.End();
  }

  // The watcher first: libuv must not poll a closed descriptor.
  void StopWatching() { watcher_.reset(); }

  // Reads and delivers; if there is an error, everything at once: nothing follows it. Returns
  // whether there may be more to read (0, 1), or -EBUSY from within a delivery.
  int Deliver(const Napi::Object& self, int error) {
    Environment& environment = Environment::Of(this->Env());
    if (environment.delivering) return -EBUSY;
    environment.delivering = true;
    bool may_have_more = false;
    for (bool more = true; more && watcher_;) {
      Batch batch(this->Env(), environment.row_words());
      const Napi::Value slab = environment.slab().Attach(this->Env());
      const size_t limit = error == 0 ? read_limit_ : ReceiveSlots::kCount;
      const auto outcome = receiver_.Read(socket_.fd(), limit, environment, batch, this->Env());
      if (error == 0) error = outcome.error;
      may_have_more = outcome.more;
      more = style().error_is_last() && error != 0 && outcome.more;
      if (error != 0 && !more) batch.AddError(-error);
      if (!Hand(self, batch, slab)) break;
    }
    environment.delivering = false;
    return may_have_more ? 1 : 0;
  }

  void Call(const Napi::Object& self, const char* method,
            const std::initializer_list<napi_value>& arguments) {
    ++calls_;
    CallMethod(self, method, arguments, async_context_.get());
    if (--calls_ == 0 && !watcher_) async_context_.End();
  }

 private:
  const Style& style() const { return *static_cast<const Style*>(this); }

  // While the socket is open and referenced it must outlive every reference to it in JavaScript.
  void HoldSelf() {
    if (!held_) this->Ref();
    held_ = true;
  }

  // Discards unread input, no matter what closes: the user, the collector or the environment's end.
  void Release() {
    StopWatching();
    if (socket_.is_open()) socket_.DiscardInput();
    socket_.Close();
  }

  void OnEnvironmentEnd() override { Release(); }

  void OnEvents(int status, int events) override {
    Napi::Env env = this->Env();
    const Napi::HandleScope scope(env);
    const Napi::Object self = this->Value();
    if (self.IsEmpty()) return;  // collected; the finalizer is about to run
    // libuv turns POLLERR into a status and stops the watcher.
    const int error = status < 0 ? socket_.TakeError() : 0;
    if ((events & UV_DISCONNECT) != 0) hung_up_ = true;
    if (status < 0 || (events & UV_READABLE) != 0) {
      static_cast<Style*>(this)->OnReadable(self, error);
    }
    if (watcher_) watcher_->Watch(WantedEvents());
    if (watcher_ && (events & UV_WRITABLE) != 0) Call(self, "onWritable", {});
  }

  int WantedEvents() const {
    const int idle = hung_up_ ? 0 : style().idle_events();
    return (wants_reading_ ? UV_READABLE : idle) | (wants_writing_ ? UV_WRITABLE : 0);
  }

  // Calls onBatch until every row is delivered; false if the socket was closed or JavaScript can no
  // longer run.
  bool Hand(const Napi::Object& self, const Batch& batch, const Napi::Value& slab) {
    const auto rows = Napi::Number::New(this->Env(), batch.rows());
    while (watcher_ && batch.delivered() < batch.rows()) {
      const uint32_t before = batch.delivered();
      Call(self, "onBatch", {rows, slab, batch.extras()});
      if (batch.delivered() == before) return false;  // JavaScript can no longer run
    }
    return watcher_ != nullptr;
  }

  KernelSocket socket_;
  Watcher::Pointer watcher_;
  Receiver receiver_;
  AsyncContext async_context_;
  int calls_ = 0;  // into JavaScript, under way
  size_t read_limit_ = ReceiveSlots::kCount;
  bool wants_reading_ = false;
  bool wants_writing_ = false;
  bool hung_up_ = false;  // the peer's end was reported already
  bool held_ = false;
};

}  // namespace sctp::node
