// What the JavaScript classes of both socket styles have in common: descriptor, options, watching,
// receiving, life and death. A style derives from this and adds its own methods.
#pragma once

#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "core/kernel_socket.h"
#include "node/async_context.h"
#include "node/environment.h"
#include "node/receiver.h"
#include "node/values.h"
#include "node/watcher.h"

namespace sctp::node {

template <typename Style>
class SocketWrap : public Napi::ObjectWrap<Style>, protected Watcher::Listener {
 public:
  explicit SocketWrap(const Napi::CallbackInfo& info)
      : Napi::ObjectWrap<Style>(info), receiver_(ToInteger<uint32_t>(info[0]).value_or(0)) {
    napi_type_tag_object(info.Env(), info.This(), &Style::kTypeTag);
  }

  ~SocketWrap() { Release(); }

  // Called for every method: a method applied to anything else must throw, not read its memory.
  static Style* Unwrap(Napi::Object object) {
    bool is_ours = false;
    if (object.IsObject()) {
      napi_check_object_type_tag(object.Env(), object, &Style::kTypeTag, &is_ours);
    }
    if (!is_ours) {
      Napi::TypeError::New(object.Env(), "Illegal invocation").ThrowAsJavaScriptException();
      return nullptr;
    }
    return Napi::ObjectWrap<Style>::Unwrap(object);
  }

 protected:
  using Info = const Napi::CallbackInfo&;

  static std::vector<Napi::ClassPropertyDescriptor<Style>> CommonMethods() {
    using Wrap = Napi::ObjectWrap<Style>;
    return {
        Wrap::InstanceMethod("open", &Style::Open),
        Wrap::InstanceMethod("bind", &Style::Bind),
        Wrap::InstanceMethod("listen", &Style::Listen),
        Wrap::InstanceMethod("localAddress", &Style::LocalAddress),
        Wrap::InstanceMethod("setOption", &Style::SetOption),
        Wrap::InstanceMethod("getOption", &Style::GetOption),
        Wrap::InstanceMethod("watch", &Style::Watch),
        Wrap::InstanceMethod("ref", &Style::RefHandle),
        Wrap::InstanceMethod("unref", &Style::UnrefHandle),
        Wrap::InstanceMethod("close", &Style::CloseHandle),
    };
  }

  Napi::Value Open(Info info) {
    const std::optional<int32_t> family = ToInteger<int32_t>(info[0]);
    if (!family || (*family != 4 && *family != 6) || watcher_) return Number(info, -EINVAL);
    int error = socket_.Open(*family == 6 ? AF_INET6 : AF_INET, Style::kStyle);
    if (error == 0) {
      watcher_ = Watcher::Create(info.Env(), socket_.fd(), *this, error);
      if (error != 0) socket_.Close();
    }
    if (error == 0) {
      HoldSelf();
      async_context_.Begin(info.Env(), Style::kName);
    }
    return Number(info, error);
  }

  Napi::Value Bind(Info info) {
    const std::optional<Address> address = ToAddress(info[0], info[1]);
    return Number(info, address ? socket_.Bind(*address) : -EINVAL);
  }

  Napi::Value Listen(Info info) {
    const std::optional<int32_t> backlog = ToInteger<int32_t>(info[0]);
    return Number(info, backlog ? socket_.Listen(*backlog) : -EINVAL);
  }

  Napi::Value LocalAddress(Info info) {
    const std::optional<Address> address = socket_.LocalAddress();
    if (!address) return info.Env().Undefined();
    return ToObject(info.Env(), *address);
  }

  Napi::Value SetOption(Info info) {
    const OptionLayout* layout = LayoutOf(info[0]);
    if (layout == nullptr) return Number(info, -ENOPROTOOPT);
    const auto values = ToOptionValues(*layout, info[1]);
    const auto bytes = values ? EncodeOption(*layout, *values) : std::nullopt;
    return Number(info, bytes ? socket_.SetOption(*layout, *bytes) : -EINVAL);
  }

  Napi::Value GetOption(Info info) {
    const OptionLayout* layout = LayoutOf(info[0]);
    if (layout == nullptr) return Number(info, -ENOPROTOOPT);
    const auto arguments = ToOptionValues(*layout, info[1]);
    auto bytes = arguments ? EncodeOption(*layout, *arguments) : std::nullopt;
    if (!bytes) return Number(info, -EINVAL);
    const int error = socket_.GetOption(*layout, *bytes);
    if (error != 0) return Number(info, error);
    return ToObject(info.Env(), *layout, *bytes);
  }

  Napi::Value Watch(Info info) {
    const std::optional<bool> readable = ToBoolean(info[0]);
    const std::optional<bool> writable = ToBoolean(info[1]);
    if (!readable || !writable) return Number(info, -EINVAL);
    if (!watcher_) return Number(info, -EBADF);
    wanted_events_ = (*readable ? UV_READABLE : 0) | (*writable ? UV_WRITABLE : 0);
    return Number(info, watcher_->Watch(wanted_events_));
  }

  void RefHandle(Info) {
    if (!watcher_) return;
    watcher_->Ref();
    HoldSelf();
  }

  void UnrefHandle(Info) {
    if (!watcher_) return;
    watcher_->Unref();
    LetGoOfSelf();
  }

  void CloseHandle(Info) {
    if (!watcher_) return;
    Release();
    LetGoOfSelf();
    if (!in_events_) async_context_.End();
  }

  static Napi::Value Number(Info info, ssize_t value) {
    return Napi::Number::New(info.Env(), static_cast<double>(value));
  }

  KernelSocket& socket() { return socket_; }

 private:
  static const OptionLayout* LayoutOf(const Napi::Value& name) {
    const std::optional<std::string> text = ToShortString(name);
    return text ? FindOption(*text) : nullptr;
  }

  // While the socket is open and referenced it must outlive every reference to it in JavaScript.
  void HoldSelf() {
    if (!held_) this->Ref();
    held_ = true;
  }

  void LetGoOfSelf() {
    if (held_) this->Unref();
    held_ = false;
  }

  // The watcher first: libuv must not poll a closed descriptor. Unread input must be gone, whoever
  // closes: the user, the collector or the end of the environment.
  void Release() {
    watcher_.reset();
    if (socket_.is_open()) socket_.DiscardInput();
    socket_.Close();
  }

  void OnEnvironmentEnd() override { Release(); }

  void OnEvents(int status, int events) override {
    Napi::Env env = this->Env();
    const Napi::HandleScope scope(env);
    const Napi::Object self = this->Value();
    if (self.IsEmpty()) return;  // collected; the finalizer is about to run
    in_events_ = true;
    // libuv turns POLLERR into a status and stops the watcher. The error may come before data
    // that is still queued: deliver that first.
    const int error = status < 0 ? socket_.TakeError() : 0;
    if (status < 0 || (events & UV_READABLE) != 0) Deliver(self, error);
    if (status < 0 && watcher_) watcher_->Watch(wanted_events_);
    if (watcher_ && (events & UV_WRITABLE) != 0) Call(self, "onWritable", {});
    in_events_ = false;
    if (!watcher_) async_context_.End();
  }

  void Deliver(const Napi::Object& self, int error) {
    Napi::Env env = this->Env();
    Environment& environment = Environment::Of(env);
    Batch batch(env, environment.row_words());
    const Napi::Value slab = environment.slab().Attach(env);
    receiver_.Read(socket_.fd(), environment, batch, env);
    if (error != 0) batch.AddError(-error);

    const auto rows = Napi::Number::New(env, batch.rows());
    while (watcher_ && batch.delivered() < batch.rows()) {
      const uint32_t before = batch.delivered();
      Call(self, "onBatch", {rows, slab, batch.extras()});
      if (batch.delivered() == before) break;  // JavaScript can no longer run
    }
  }

  // Calls a method that JavaScript has put on the object. What it throws is an uncaught exception,
  // as it is from any event handler.
  void Call(const Napi::Object& self, const char* method,
            const std::initializer_list<napi_value>& arguments) {
    napi_env env = this->Env();
    napi_value function = nullptr;
    if (napi_get_named_property(env, self, method, &function) == napi_ok) {
      napi_make_callback(env, async_context_.get(), self, function, arguments.size(),
                         arguments.begin(), nullptr);
    }
    bool threw = false;
    napi_value exception = nullptr;
    if (napi_is_exception_pending(env, &threw) == napi_ok && threw &&
        napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
      napi_fatal_exception(env, exception);
    }
  }

  KernelSocket socket_;
  Watcher::Pointer watcher_;
  Receiver receiver_;
  AsyncContext async_context_;
  bool in_events_ = false;
  int wanted_events_ = 0;
  bool held_ = false;
};

}  // namespace sctp::node
