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

// Loops that lie across two lines of the cache take longer, whoever is beside them.
[[gnu::noinline, gnu::aligned(64)]] void add_and_jump() {
  unsigned long sum = 0;
  for (int i = 0; i < additions; ++i) add_one(sum);
}

[[gnu::noinline, gnu::aligned(64)]] void add_in_a_row() {
  unsigned long sum = 0;
  for (int i = 0; i < additions / in_a_row; ++i) {
#pragma GCC unroll 20
    for (int n = 0; n < in_a_row; ++n) add_one(sum);
  }
}

}  // namespace

double thread_cpu_ms() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

double share_of_core() {
  const double begins = thread_cpu_ms();
  add_and_jump();
  const double jumped = thread_cpu_ms();
  add_in_a_row();
  return (thread_cpu_ms() - jumped) / (jumped - begins);
}

}  // namespace knockon::bench
