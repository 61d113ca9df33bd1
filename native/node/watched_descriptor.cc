#include "node/watched_descriptor.h"

#include "node/call.h"

namespace sctp::node {

int WatchedDescriptor::Begin() {
  wanted_ = 0;
  int error = 0;
  watcher_ = Watcher::Create(object_.Env(), descriptor_.number(), *this, error);
  if (error == 0) Hold(true);
  return error;
}

int WatchedDescriptor::Watch(int events) {
  wanted_ = events;
  return watcher_->Watch(wanted_);
}

void WatchedDescriptor::Ref() {
  watcher_->Ref();
  Hold(true);
}

void WatchedDescriptor::Unref() {
  watcher_->Unref();
  Hold(false);
}

// The watcher first: libuv must not poll a closed descriptor.
void WatchedDescriptor::Close() {
  watcher_.reset();
  descriptor_.Close();
  Hold(false);
}

void WatchedDescriptor::OnEvents(int status, int events) {
  const Napi::HandleScope scope(object_.Env());
  const Napi::Object self = object_.Value();
  if (self.IsEmpty()) return;  // collected; the finalizer is about to run
  // libuv turns POLLERR (an ICMP error, an interface that goes down) into a status and stops the
  // watcher; receiving reports it.
  if (status < 0 || (events & UV_READABLE) != 0) CallMethod(self, "onReadable");
  if (watcher_) watcher_->Watch(wanted_);
  if (watcher_ && (events & UV_WRITABLE) != 0) CallMethod(self, "onWritable");
}

// While it is open and referenced, the object must outlive every reference to it in JavaScript.
void WatchedDescriptor::Hold(bool hold) {
  if (hold == held_) return;
  held_ = hold;
  if (hold) {
    object_.Ref();
  } else {
    object_.Unref();
  }
}

}  // namespace sctp::node
