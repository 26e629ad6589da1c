// What must hold for every input: a fuzzer has no test framework around it, so what does not hold is said and ends the
// process.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace knockon::fuzz {

inline void hold(bool holds, const char* claim, const std::string& seen = {}) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n%s\n", claim, seen.c_str());
  std::abort();
}

}  // namespace knockon::fuzz
