// What is promised about speed and memory, and whether a measurement keeps it.
#pragma once

#include <fmt/format.h>

namespace knockon::bench {

struct Promise {
  const char* what;
  double value, limit;
  const char* unit;
};

inline bool is_met(const Promise& promise) {
  const bool met = promise.value <= promise.limit;
  fmt::print("  {:<52}{:>9.3f} {:<4} at most {:g} {:<4} {}\n", promise.what, promise.value, promise.unit, promise.limit,
             promise.unit, met ? "kept" : "BROKEN");
  return met;
}

}  // namespace knockon::bench
