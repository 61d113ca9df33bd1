// A Reassembler beside a simple model of it.
#include <fuzzer/FuzzedDataProvider.h>

#include <map>
#include <tuple>

#include "core/reassembler.h"
#include "fuzz/require.h"
#include "native/bytes.h"
#include "native/kernel_abi.h"

namespace sctp {
namespace {

using test::ByteVector;
using test::Require;

using Flow = std::tuple<int32_t, uint16_t, bool>;  // association, stream, unordered

struct Begun {
  uint32_t ppid;  // of the first piece
  ByteVector data;
};

Flow FlowOf(const ReceiveInfo& info) {
  return {info.assoc_id, info.stream, (info.flags & SCTP_UNORDERED) != 0};
}

void CheckMessage(const Reassembler::Message& message, const Begun& expected, size_t max_size) {
  Require(message.length == expected.data.size(), "the length is the sum of the pieces");
  Require(message.too_long == (expected.data.size() > max_size), "too long if over the limit");
  Require(message.data.size() <= max_size, "no more kept than allowed");
  if (message.too_long) {
    Require(message.data.capacity() == 0, "nothing kept of what is too long");
  } else {
    Require(message.data == expected.data, "the pieces in order");
  }
  Require(message.info.ppid == expected.ppid, "the info of the first piece");
}

ReceiveInfo AnyInfo(FuzzedDataProvider& input) {
  ReceiveInfo info;
  info.assoc_id = input.ConsumeIntegralInRange<int32_t>(-1, 2);
  info.stream = input.PickValueInArray<uint16_t>({0, 1, 65535});
  info.flags = input.PickValueInArray<uint16_t>({0, SCTP_UNORDERED, 0xfffe, 0xffff});
  info.ppid = input.ConsumeIntegral<uint8_t>();
  return info;
}

void Check(FuzzedDataProvider& input) {
  const size_t max_size = input.ConsumeIntegralInRange<size_t>(0, 64);
  Reassembler reassembler(max_size);
  std::map<Flow, Begun> model;
  while (input.remaining_bytes() > 0) {
    Require(reassembler.idle() == model.empty(), "idle if nothing has begun");
    const ReceiveInfo info = AnyInfo(input);
    switch (input.ConsumeIntegralInRange(0, 5)) {
      case 0: {
        const auto expected = model.extract(FlowOf(info));
        const auto message = reassembler.Finish(info);
        if (expected) {
          CheckMessage(message, expected.mapped(), max_size);
        } else {
          CheckMessage(message, {0, {}}, max_size);
        }
        break;
      }
      case 1: {
        const auto begin = model.lower_bound({info.assoc_id, 0, false});
        auto next = begin;
        for (const auto& message : reassembler.Drop(info.assoc_id)) {
          Require(next != model.end() && FlowOf(message.info) == next->first, "what was begun");
          CheckMessage(message, next->second, max_size);
          ++next;
        }
        model.erase(begin, next);
        Require(next == model.end() || std::get<0>(next->first) != info.assoc_id, "all of it");
        break;
      }
      default: {
        const auto piece = input.ConsumeBytes<uint8_t>(input.ConsumeIntegralInRange<size_t>(0, 40));
        const test::HeapBytes heap(std::as_bytes(std::span(piece)));
        reassembler.Append(info, heap.view());
        Begun& begun = model.try_emplace(FlowOf(info), Begun{info.ppid, {}}).first->second;
        begun.data = test::operator+(begun.data, test::ToVector(heap.view()));
      }
    }
  }
}

}  // namespace
}  // namespace sctp

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  FuzzedDataProvider input(data, size);
  sctp::Check(input);
  return 0;
}
