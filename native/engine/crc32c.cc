#include "engine/crc32c.h"

#include <array>

#include "engine/wire.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <nmmintrin.h>
#elif defined(__aarch64__) && defined(__linux__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace sctp::engine {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;  // reflected
constexpr size_t kChecksumOffset = 8;

using Tables = std::array<std::array<uint32_t, 256>, 8>;

constexpr Tables MakeTables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t slice = 1; slice < tables.size(); ++slice) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[slice - 1][byte];
      tables[slice][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  }
  return tables;
}

constexpr Tables kTables = MakeTables();

// Extends the register, which starts as and ends in its complement, by `bytes`.
using Extend = uint32_t (*)(uint32_t, ByteView);

uint32_t ExtendByTables(uint32_t crc, ByteView bytes) {
  const auto at = [&](size_t index) { return std::to_integer<uint32_t>(bytes[index]); };
  while (bytes.size() >= 8) {
    crc ^= at(0) | at(1) << 8 | at(2) << 16 | at(3) << 24;
    crc = kTables[7][crc & 0xFF] ^ kTables[6][(crc >> 8) & 0xFF] ^ kTables[5][(crc >> 16) & 0xFF] ^
          kTables[4][crc >> 24] ^ kTables[3][at(4)] ^ kTables[2][at(5)] ^ kTables[1][at(6)] ^
          kTables[0][at(7)];
    bytes = bytes.subspan(8);
  }
  for (const std::byte byte : bytes) {
    crc = (crc >> 8) ^ kTables[0][(crc ^ std::to_integer<uint32_t>(byte)) & 0xFF];
  }
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2,crc32"))) uint32_t ExtendByInstruction(uint32_t crc, ByteView bytes) {
  uint64_t wide = crc;
  const std::byte* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = static_cast<uint32_t>(wide);
  for (; left > 0; --left, ++at) crc = _mm_crc32_u8(crc, std::to_integer<uint8_t>(*at));
  return crc;
}

// Not by __builtin_cpu_supports: some compilers' runtimes lack what it needs in a shared library.
bool HasInstruction() {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_SSE4_2) != 0;
}
#elif defined(__aarch64__) && defined(__linux__)
__attribute__((target("+crc"))) uint32_t ExtendByInstruction(uint32_t crc, ByteView bytes) {
  const std::byte* at = bytes.data();
  size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    crc = __crc32cd(crc, word);
  }
  for (; left > 0; --left, ++at) crc = __crc32cb(crc, std::to_integer<uint8_t>(*at));
  return crc;
}

bool HasInstruction() { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }
#else
uint32_t ExtendByInstruction(uint32_t crc, ByteView bytes) { return ExtendByTables(crc, bytes); }
bool HasInstruction() { return false; }
#endif

Extend BestExtend() {
  static const Extend best = HasInstruction() ? ExtendByInstruction : ExtendByTables;
  return best;
}

}  // namespace

uint32_t Crc32c(ByteView bytes) { return ~BestExtend()(~uint32_t{0}, bytes); }

uint32_t Crc32cByTables(ByteView bytes) { return ~ExtendByTables(~uint32_t{0}, bytes); }

uint32_t PacketChecksum(ByteView packet) {
  if (packet.size() < kCommonHeaderSize) return 0;
  const Extend extend = BestExtend();
  std::array<std::byte, kCommonHeaderSize> header{};
  Copy(packet.first(kChecksumOffset), header);
  return ~extend(extend(~uint32_t{0}, header), packet.subspan(kCommonHeaderSize));
}

uint32_t LoadChecksum(ByteView packet) {
  return __builtin_bswap32(Load32(packet, kChecksumOffset));
}

void StoreChecksum(ByteSpan packet, uint32_t checksum) {
  Store(packet, kChecksumOffset, uint32_t{__builtin_bswap32(checksum)});
}

}  // namespace sctp::engine
