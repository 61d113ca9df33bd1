// SHA-256 and HMAC.
#include "engine/sha256.h"

#include <gtest/gtest.h>

#include "native/engine/pair.h"

namespace sctp::engine {
namespace {

using namespace test;

std::string Hex(const Digest& digest) {
  std::string hex;
  for (const std::byte byte : digest) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[std::to_integer<size_t>(byte) >> 4];
    hex += kDigits[std::to_integer<size_t>(byte) & 15];
  }
  return hex;
}

std::string Sha(std::string_view text) { return Hex(Sha256().Update(Text(text)).Finish()); }

// FIPS 180-4.
TEST(Sha256, KnownValues) {
  EXPECT_EQ(Sha(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, InPieces) {
  const ByteVector bytes = Pattern(300, 5);
  const Digest whole = Sha256().Update(bytes).Finish();
  for (size_t cut = 0; cut <= bytes.size(); cut += 7) {
    const ByteView view(bytes);
    EXPECT_EQ(Sha256().Update(view.first(cut)).Update(view.subspan(cut)).Finish(), whole) << cut;
  }
}

// RFC 4231.
TEST(Hmac, KnownValues) {
  EXPECT_EQ(Hex(HmacSha256(ByteVector(20, std::byte{0x0b}), Text("Hi There"))),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256(Text("Jefe"), Text("what do ya want "), Text("for nothing?"))),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(Hex(HmacSha256(ByteVector(131, std::byte{0xaa}),
                           Text("Test Using Larger Than Block-Size Key - Hash Key First"))),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(EqualInConstantTime, Compares) {
  EXPECT_TRUE(EqualInConstantTime(Text("abc"), Text("abc")));
  EXPECT_FALSE(EqualInConstantTime(Text("abc"), Text("abd")));
  EXPECT_FALSE(EqualInConstantTime(Text("abc"), Text("ab")));
}

}  // namespace
}  // namespace sctp::engine
