// Packets into an association in any state: with the right ports, tag and checksum, so that what
// the fuzzer makes up reaches what it is for.
#include <fuzzer/FuzzedDataProvider.h>

#include "fuzz/engine_ends.h"

namespace sctp::engine {
namespace {

void Check(FuzzedDataProvider& input) {
  test::Ends ends(input);
  ends.Begin(input.ConsumeIntegralInRange(0, 5));
  while (input.remaining_bytes() > 0) {
    ends.InjectInto(input.ConsumeIntegralInRange(0, 1), input);
    if (input.ConsumeProbability<float>() < 0.3F) ends.Exchange(input.ConsumeIntegralInRange(1, 3));
  }
  ends.Exchange(20);
}

}  // namespace
}  // namespace sctp::engine

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  sctp::engine::Check(input);
  return 0;
}
