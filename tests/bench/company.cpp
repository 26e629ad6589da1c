#include "tests/bench/company.hpp"

#include <ctime>

namespace knockon::bench {
namespace {

constexpr int additions = 20'000, in_a_row = 20;

// Added where the compiler cannot see it.
inline void add_one(unsigned long& sum) {
  ++sum;
  asm volatile("" : "+r"(sum));
}

}  // namespace

double thread_cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double share_of_core() {
  unsigned long sum = 0;
  const double begins = thread_cpu_ms();
  for (int i = 0; i < additions; ++i) add_one(sum);
  const double jumped = thread_cpu_ms();
  for (int i = 0; i < additions / in_a_row; ++i) {
#pragma GCC unroll 20
    for (int n = 0; n < in_a_row; ++n) add_one(sum);
  }
  return (thread_cpu_ms() - jumped) / (jumped - begins);
}

}  // namespace knockon::bench
