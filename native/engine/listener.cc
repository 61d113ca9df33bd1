#include "engine/listener.h"

#include "engine/packet.h"

namespace sctp::engine {

Listener::Listener(const Config& config, RandomSource& random) : config_(config), random_(random) {
  random_.Fill(secret_);
}

// An association that has not begun answers as a listener must; one that has, was let in.
Listener::Result Listener::Receive(Time now, ByteView packet, ByteView origin) {
  Result result;
  if (packet.size() < kCommonHeaderSize) return result;
  Config config = config_;
  config.remote_port = result.remote_port = ReadHeader(packet).source_port;
  Association stranger(config, random_, secret_, origin);
  stranger.Receive(now, packet);
  if (stranger.state() != State::kNew) {
    result.verdict = Verdict::kAccept;
    return result;
  }
  result.reply.resize(stranger.MaxPacketSize());
  result.reply.resize(stranger.PollPacket(now, result.reply));
  return result;
}

// An association that is over answers as nobody does.
std::vector<std::byte> Listener::Refuse(Time now, ByteView packet, RandomSource& random) {
  if (packet.size() < kCommonHeaderSize) return {};
  const CommonHeader header = ReadHeader(packet);
  Config config;
  config.local_port = header.destination_port;
  config.remote_port = header.source_port;
  Association nobody(config, random);
  nobody.Shutdown(now);
  nobody.Receive(now, packet);
  std::vector<std::byte> reply(nobody.MaxPacketSize());
  reply.resize(nobody.PollPacket(now, reply));
  return reply;
}

}  // namespace sctp::engine
