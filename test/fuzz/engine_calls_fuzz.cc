// Calls and packets in any order, on two associations that talk to each other.
#include <fuzzer/FuzzedDataProvider.h>

#include "fuzz/engine_ends.h"

namespace sctp::engine {
namespace {

void Call(test::Ends& ends, FuzzedDataProvider& input) {
  const int end = input.ConsumeIntegralInRange(0, 1);
  Association& association = ends.association(end);
  const auto stream = input.ConsumeIntegralInRange<uint16_t>(0, 9);
  switch (input.ConsumeIntegralInRange(0, 15)) {
    case 0: association.Connect(ends.now()); break;
    case 1:
    case 2:
    case 3: {
      OutgoingMessage message;
      message.stream = stream;
      message.unordered = input.ConsumeBool();
      message.reliability = {static_cast<Reliability::Policy>(input.ConsumeIntegralInRange(0, 3)),
                             input.ConsumeIntegralInRange<uint32_t>(0, 100)};
      message.data = Payload(ByteVector(input.ConsumeIntegralInRange<size_t>(0, 20'000)));
      association.Send(ends.now(), std::move(message));
      break;
    }
    case 4: {
      const uint16_t streams[] = {stream, input.ConsumeIntegralInRange<uint16_t>(0, 9)};
      association.ResetStreams(
          ends.now(), std::span(streams).first(input.ConsumeIntegralInRange<size_t>(0, 2)));
      break;
    }
    case 5: {
      const uint16_t streams[] = {stream};
      association.RequestReset(
          ends.now(), std::span(streams).first(input.ConsumeIntegralInRange<size_t>(0, 1)));
      break;
    }
    case 6:
      association.AddStreams(ends.now(), input.ConsumeIntegral<uint16_t>(),
                             input.ConsumeIntegral<uint16_t>());
      break;
    case 7: association.Shutdown(ends.now()); break;
    case 8:
      if (input.ConsumeIntegralInRange(0, 3) == 0) association.Abort(ends.now(), "enough");
      break;
    case 9: association.SetMtu(input.ConsumeIntegral<uint16_t>()); break;
    case 10:
      association.SetScheduler(static_cast<Scheduler>(input.ConsumeIntegralInRange(0, 3)));
      association.SetStreamPriority(stream, input.ConsumeIntegral<uint16_t>());
      association.SetStreamWeight(stream, input.ConsumeIntegral<uint16_t>());
      break;
    case 11:
      association.SetBufferedAmountLowThreshold(stream, input.ConsumeIntegral<uint16_t>());
      break;
    case 12: association.Consume(ends.now(), input.ConsumeIntegral<uint16_t>()); break;
    case 13: ends.Restart(end); break;
    case 14: ends.InjectInto(end, input); break;
    default: ends.Exchange(input.ConsumeIntegralInRange(1, 10));
  }
}

void Check(FuzzedDataProvider& input) {
  test::Ends ends(input);
  ends.Begin(input.ConsumeIntegralInRange(0, 5));
  for (int calls = 0; input.remaining_bytes() > 0 && calls < 200; ++calls) Call(ends, input);
  ends.Exchange(20);
}

}  // namespace
}  // namespace sctp::engine

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  sctp::engine::Check(input);
  return 0;
}
