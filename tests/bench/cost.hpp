// What taking in a text costs, each text in a process of its own.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/apart.hpp"
#include "tests/bench/promise.hpp"

namespace knockon::bench {

struct Cost {
  double cpu_s = 0, memory_mib = 0;  // memory: the process at its largest, the text included
  bool is_accepted = false;
};

// `text` makes the text, which is not counted; `take` answers whether it was accepted.
template <class Text, class Take>
Cost cost_of(const Text& text, const Take& take) {
  return apart([&] {
    const auto written = text();
    const double before = cpu_ms();
    const bool is_accepted = take(written);
    const double after = cpu_ms();
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return Cost{.cpu_s = (after - before) / 1e3,
                .memory_mib = static_cast<double>(usage.ru_maxrss) / 1024,
                .is_accepted = is_accepted};
  });
}

struct NamedCost {
  std::string name;
  Cost cost;
};

// Whether even the slowest and the largest of what was made to hurt stay within a second and 200 MiB.
[[nodiscard]] bool are_met(const std::vector<NamedCost>& hostile);

}  // namespace knockon::bench
