// Writes first inputs for the fuzz targets into the folder named by the argument: valid ones, which
// mutation alone would hardly find.
#include <sys/time.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "core/address.h"
#include "native/bytes.h"
#include "native/control_messages.h"
#include "native/kernel_notifications.h"

namespace sctp::test {
namespace {

void Write(const std::filesystem::path& folder, size_t number, const ByteVector& bytes) {
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / ("seed-" + std::to_string(number)), std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

std::vector<ByteVector> Notifications() {
  std::vector<ByteVector> seeds;
  for (const SampleNotification& sample : SampleNotifications()) seeds.push_back(sample.bytes);
  // A list of error causes: padded, and the last one not.
  seeds.push_back(TextBytes(std::string_view("\0\1\0\5a\0\0\0\0\x0c\0\4\0\2\0\7abc", 19)));
  return seeds;
}

std::vector<ByteVector> Addresses() {
  std::vector<ByteVector> seeds;
  for (const char* host :
       {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%lo", "fe80::1%1"}) {
    seeds.push_back(TextBytes(host));
    const Address address = Address::Parse(host, 3868).value();
    seeds.push_back(ToVector(
        std::as_bytes(std::span(reinterpret_cast<const char*>(address.data()), address.size()))));
  }
  return seeds;
}

std::vector<ByteVector> ReceiveInfos() {
  const ByteVector rcvinfo = ControlMessage(IPPROTO_SCTP, SCTP_RCVINFO, sctp_rcvinfo{});
  const ByteVector nxtinfo = ControlMessage(IPPROTO_SCTP, SCTP_NXTINFO, sctp_nxtinfo{});
  const ByteVector time = ControlMessage(SOL_SOCKET, SO_TIMESTAMP, timeval{});
  return {rcvinfo, nxtinfo + rcvinfo, time + rcvinfo, rcvinfo + time, time + nxtinfo + rcvinfo};
}

void WriteAll(const std::filesystem::path& folder, const std::vector<ByteVector>& seeds) {
  for (size_t i = 0; i < seeds.size(); ++i) Write(folder, i, seeds[i]);
}

}  // namespace
}  // namespace sctp::test

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  const std::filesystem::path folder(argv[1]);
  sctp::test::WriteAll(folder / "address", sctp::test::Addresses());
  for (const char* target : {"notification", "notification_layout"}) {
    sctp::test::WriteAll(folder / target, sctp::test::Notifications());
  }
  sctp::test::WriteAll(folder / "receive_info", sctp::test::ReceiveInfos());
}
