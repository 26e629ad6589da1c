// Measuring in a process of its own: an engine is one for each process, and what one measurement leaves behind must not
// be there for the next.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <type_traits>

namespace knockon::bench {

// CPU time that this process has used so far, its threads together.
inline double cpu_ms() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

// What `measure` returns, measured in a child.
template <class Measure>
auto apart(const Measure& measure) {
  using Result = std::invoke_result_t<Measure>;
  static_assert(std::is_trivially_copyable_v<Result>);
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error{"no pipe"};
  std::fflush(stdout);  // else what waits to be printed would be printed by the child too
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error{"no process"};
  if (child == 0) {
    const Result result = measure();
    _exit(write(ends[1], &result, sizeof result) == static_cast<ssize_t>(sizeof result) ? 0 : 1);
  }
  close(ends[1]);
  Result result{};
  const bool is_whole = read(ends[0], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
  close(ends[0]);
  waitpid(child, nullptr, 0);
  if (!is_whole) throw std::runtime_error{"a measurement failed; what it said stands above"};
  return result;
}

}  // namespace knockon::bench
