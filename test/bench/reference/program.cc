#include "program.h"

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

// Exchanges messages, then says `word` and what came of it.
void Exchange(std::string_view word, const Role& role, Socket& socket, size_t size,
              uint64_t count) {
  const int64_t began = Now();
  const Arrived arrived = role.exchange(socket, size, count);
  const int64_t ended = Now();
  std::cout << word << ' ' << began << ' ' << ended << ' ' << arrived.messages << ' '
            << arrived.bytes << std::endl;
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

// "start PORT WARMUP COUNT"; nothing at the end of the input.
std::optional<Start> ReadStart() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  std::istringstream words(line);
  std::string word;
  Start start;
  if (!(words >> word >> start.port >> start.warmup >> start.count) || word != "start") {
    throw std::runtime_error("not understood: " + line);
  }
  return start;
}

void Repeat(const Role& role, const Start& start, size_t size, int buffers, Style style) {
  Socket socket(buffers, style);
  if (role.is_server) {
    const uint16_t port = socket.Listen();
    std::cout << "listening " << port << ' ' << socket.send_buffer() << ' '
              << socket.receive_buffer() << std::endl;
  } else {
    socket.SetPeer(start.port);
  }
  if (role.is_server) socket.Accept();
  Exchange("warm", role, socket, size, start.warmup);
  if (!role.is_server && !Expect("go")) return;
  Exchange("done", role, socket, size, start.count);
  Expect("close");
}

}  // namespace

int Run(std::span<const Role> roles, std::span<char*> arguments) {
  constexpr size_t kMaxSize = 65536;
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
  if (role == roles.end() || !size || *size == 0 || *size > kMaxSize || !buffers) return usage();
  try {
    std::cout << "ready" << std::endl;
    while (const auto start = ReadStart()) {
      Repeat(*role, *start, *size, *buffers, style);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << arguments[0] << ' ' << role->name << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace bench
