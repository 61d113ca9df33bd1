// What must hold in a fuzz target.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace sctp::test {

// Ends the process, which libFuzzer reports as a finding, with a stack trace.
inline void Require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "Does not hold: %s\n", what);
  std::abort();
}

}  // namespace sctp::test
