// A Reassembler beside a simple model of it.
#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
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
  uint32_t ppid;  // of the first part
  ByteVector data;
  bool too_large = false;
};

using Model = std::map<Flow, Begun>;

Flow FlowOf(const ReceiveInfo& info) {
  return {info.assoc_id, info.stream, (info.flags & SCTP_UNORDERED) != 0};
}

void CheckMessage(const Reassembler::Message& message, const Begun& expected, size_t max_size) {
  Require(message.length == expected.data.size(), "the length is the sum of the parts");
  Require(message.too_large == expected.too_large, "too long if over the limit");
  Require(message.data.size() <= max_size, "no more kept than allowed");
  if (message.too_large) {
    Require(message.data.capacity() == 0, "nothing kept of what is too long");
  } else {
    Require(message.data == expected.data, "the parts in order");
  }
  Require(message.info.ppid == expected.ppid, "the info of the first part");
}

// What an association holds of messages that are not too long.
size_t Held(const Model& model, int32_t assoc_id) {
  size_t held = 0;
  for (const auto& [flow, begun] : model) {
    if (std::get<0>(flow) == assoc_id && !begun.too_large) held += begun.data.size();
  }
  return held;
}

// Which of the model's messages is meant by a notification that the rest will not come.
Model::iterator Meant(Model& model, const ReceiveInfo& info) {
  if (const auto exact = model.find(FlowOf(info)); exact != model.end()) return exact;
  const auto is_theirs = [&](const auto& item) { return std::get<0>(item.first) == info.assoc_id; };
  if (std::ranges::count_if(model, is_theirs) != 1) return model.end();
  return std::ranges::find_if(model, is_theirs);
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
  Model model;
  while (input.remaining_bytes() > 0) {
    Require(reassembler.idle() == model.empty(), "idle if nothing has begun");
    const ReceiveInfo info = AnyInfo(input);
    switch (input.ConsumeIntegralInRange(0, 6)) {
      case 0: {
        const auto expected = model.extract(FlowOf(info));
        const auto message = reassembler.Finish(info);
        if (expected) {
          CheckMessage(message, expected.mapped(), max_size);
        } else {
          CheckMessage(message, {0, {}, false}, max_size);
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
      case 2: {
        const auto expected = Meant(model, info);
        const auto lost = reassembler.DropOne(info);
        Require(lost.has_value() == (expected != model.end()), "the one that is meant");
        if (lost) {
          Require(FlowOf(lost->info) == expected->first, "and no other");
          CheckMessage(*lost, expected->second, max_size);
          model.erase(expected);
        }
        break;
      }
      default: {
        const auto part = input.ConsumeBytes<uint8_t>(input.ConsumeIntegralInRange<size_t>(0, 40));
        const test::HeapBytes heap(std::as_bytes(std::span(part)));
        const size_t held = Held(model, info.assoc_id);
        Begun& begun = model.try_emplace(FlowOf(info), Begun{info.ppid, {}, false}).first->second;
        begun.data = test::operator+(begun.data, test::ToVector(heap.view()));
        const bool was_too_large = begun.too_large;
        const size_t now_held = held + heap.view().size();
        const bool exceeds = begun.data.size() > max_size ||
                             (held > 0 && now_held / Reassembler::kLongestAtOnce > max_size);
        begun.too_large = was_too_large || exceeds;
        Require(reassembler.Append(info, heap.view()) == (exceeds && !was_too_large),
                "reported once");
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
