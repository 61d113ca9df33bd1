// Samples of every option: the kernel's struct of it, and the same by our names.
#pragma once

#include <string_view>
#include <vector>

#include "core/option_codec.h"
#include "native/bytes.h"

namespace sctp::test {

struct KernelOption {
  std::string_view name;
  int level;
  int number;
  ByteVector bytes;                // the kernel's struct, each field with a value of its own…
  std::vector<NamedValue> values;  // …and the same values by our names
  int privileged_number = 0;
};

std::vector<KernelOption> KernelOptions();

// Of these, SCTP-AUTH's.
std::vector<KernelOption> KernelAuthOptions();

}  // namespace sctp::test
