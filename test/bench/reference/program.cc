#include "program.h"

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

template <typename Number>
std::optional<Number> ToNumber(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// CLOCK_MONOTONIC, which all processes share, Node's hrtime too.
int64_t Now() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

// Processor time of this process in ns.
int64_t ProcessorTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto nanoseconds = [](const timeval& time) {
    return (int64_t{time.tv_sec} * 1'000'000 + time.tv_usec) * 1000;
  };
  return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

// Exchanges messages, then says `word` and what came of it.
void Exchange(std::string_view word, const Role& role, Socket& socket, size_t size,
              uint64_t count) {
  const int64_t processor = ProcessorTime();
  const int64_t began = Now();
  const Arrived arrived = role.exchange(socket, size, count);
  const int64_t ended = Now();
  std::cout << word << " {\"began\":" << began << ",\"ended\":" << ended
            << ",\"count\":" << arrived.count << ",\"bytes\":" << arrived.bytes
            << ",\"cpu\":" << ProcessorTime() - processor << '}' << std::endl;
}

bool Expect(std::string_view word) {
  std::string line;
  return std::getline(std::cin, line) && line == word;
}

struct Start {
  uint16_t port = 0;
  uint64_t warmup = 0;
  uint64_t count = 0;
};

// "start PORT WARMUP COUNT".
Start ReadStart() {
  std::string line;
  std::getline(std::cin, line);
  std::istringstream words(line);
  std::string word;
  Start start;
  if (!(words >> word >> start.port >> start.warmup >> start.count) || word != "start") {
    throw std::runtime_error("not understood: " + line);
  }
  return start;
}

void Play(const Role& role, const Start& start, size_t size, int buffers, Style style) {
  Socket socket(buffers, style);
  if (role.is_server) {
    std::cout << "listening {\"port\":" << socket.Listen() << '}' << std::endl;
    if (role.is_connected) socket.Accept();
  } else {
    socket.SetPeer(start.port);
    if (role.is_connected) socket.Connect();
  }
  Exchange("warm", role, socket, size, start.warmup);
  if (!role.is_server && !Expect("go")) return;
  Exchange("done", role, socket, size, start.count);
  Expect("close");
}

}  // namespace

int Run(std::span<const Role> roles, std::span<char*> arguments) {
  constexpr size_t kMaxSize = 1024 * 1024;
  const auto usage = [&] {
    std::cerr << "usage: " << arguments[0]
              << " ROLE SIZE BUFFERS [one-to-one], where ROLE is one of:";
    for (const Role& role : roles) std::cerr << ' ' << role.name;
    std::cerr << '\n';
    return 2;
  };
  const bool one_to_one = arguments.size() == 5 && arguments[4] == std::string_view("one-to-one");
  if (arguments.size() != 4 && !one_to_one) return usage();
  const Style style = one_to_one ? Style::kOneToOne : Style::kOneToMany;
  const auto role = std::ranges::find(roles, std::string_view(arguments[1]), &Role::name);
  const auto size = ToNumber<size_t>(arguments[2]);
  const auto buffers = ToNumber<int>(arguments[3]);
  if (role == roles.end() || !size || *size > kMaxSize || !buffers) return usage();
  try {
    std::cout << "ready {}" << std::endl;
    Play(*role, ReadStart(), *size, *buffers, style);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << arguments[0] << ' ' << role->name << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace bench
