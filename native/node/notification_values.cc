// Notifications as JavaScript objects. Their TypeScript shapes stand in types/native.d.ts.
#include "node/values.h"

namespace sctp::node {
namespace {

// Writes the fields of each type's body into `object`.
struct BodyWriter {
  Napi::Env env;
  Napi::Object object;

  template <typename T>
  void Set(const char* name, const T& value) const {
    object.Set(name, value);
  }

  void operator()(const UnknownNotification&) const { Set("type", "unknown"); }

  void operator()(const AssocChange& body) const {
    Set("type", "assocChange");
    Set("state", body.state);
    Set("error", body.error);
    Set("outboundStreams", body.outbound_streams);
    Set("inboundStreams", body.inbound_streams);
    Napi::Array causes = Napi::Array::New(env);
    for (const ErrorCause& cause : body.causes) {
      Napi::Object item = Napi::Object::New(env);
      item.Set("code", cause.code);
      item.Set("info", ToBuffer(env, cause.info));
      causes.Set(causes.Length(), item);
    }
    Set("causes", causes);
  }

  void operator()(const PeerAddrChange& body) const {
    Set("type", "peerAddrChange");
    if (body.address) Set("address", ToObject(env, *body.address));
    Set("state", body.state);
    Set("error", body.error);
  }

  void operator()(const SendFailed& body) const {
    Set("type", "sendFailed");
    Set("sent", body.sent);
    Set("error", body.error);
    Set("sid", body.stream);
    Set("ppid", body.ppid);
    Set("context", body.context);
    Set("unordered", body.unordered);
    Set("firstFragment", body.first_fragment);
    Set("lastFragment", body.last_fragment);
    Set("data", ToBuffer(env, body.data));
  }

  void operator()(const RemoteError& body) const {
    Set("type", "remoteError");
    Set("error", body.error);
    Set("data", ToBuffer(env, body.data));
  }

  void operator()(const Shutdown&) const { Set("type", "shutdown"); }

  void operator()(const PartialDelivery& body) const {
    Set("type", "partialDelivery");
    Set("indication", body.indication);
    Set("sid", body.stream);
    Set("sequence", body.sequence);
    Set("unordered", body.unordered);
  }

  void operator()(const Adaptation& body) const {
    Set("type", "adaptation");
    Set("indication", body.indication);
  }

  void operator()(const Authentication& body) const {
    Set("type", "authentication");
    Set("keyNumber", body.key_number);
    Set("alternateKeyNumber", body.alternate_key_number);
    Set("indication", body.indication);
  }

  void operator()(const SenderDry&) const { Set("type", "senderDry"); }

  void operator()(const StreamReset& body) const {
    Set("type", "streamReset");
    Set("incoming", body.incoming);
    Set("outgoing", body.outgoing);
    Set("denied", body.denied);
    Set("failed", body.failed);
    Napi::Array streams = Napi::Array::New(env, body.streams.size());
    for (uint32_t i = 0; i < body.streams.size(); ++i) streams.Set(i, body.streams[i]);
    Set("streams", streams);
  }

  void operator()(const AssocReset& body) const {
    Set("type", "assocReset");
    Set("denied", body.denied);
    Set("failed", body.failed);
    Set("localTsn", body.local_tsn);
    Set("remoteTsn", body.remote_tsn);
  }

  void operator()(const StreamChange& body) const {
    Set("type", "streamChange");
    Set("denied", body.denied);
    Set("failed", body.failed);
    Set("inboundStreams", body.inbound_streams);
    Set("outboundStreams", body.outbound_streams);
  }
};

}  // namespace

Napi::Object ToObject(Napi::Env env, const Notification& notification) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("number", notification.type);
  object.Set("flags", notification.flags);
  object.Set("assocId", notification.assoc_id());
  object.Set("raw", ToBuffer(env, notification.raw));
  std::visit(BodyWriter{env, object}, notification.body);
  return object;
}

}  // namespace sctp::node
