// What the shell is told.
#pragma once

#include <cstdint>

namespace knockon::command_line {

enum class ExitStatus : std::uint8_t {
  done = 0,
  promise_broken = 1,
  wrong_input = 2,   // usage, or the scenario
  world_failed = 3,  // a file, the disk, memory, or too many replications died
  defect = 4,        // knockon itself is wrong
  interrupted = 130,
};

// The one that is told when both apply: 4, 3, 130, 2, 1, 0 in this order.
[[nodiscard]] constexpr ExitStatus graver(ExitStatus a, ExitStatus b) {
  const auto gravity = [](ExitStatus status) {
    switch (status) {
      case ExitStatus::done:
        return 0;
      case ExitStatus::promise_broken:
        return 1;
      case ExitStatus::wrong_input:
        return 2;
      case ExitStatus::interrupted:
        return 3;
      case ExitStatus::world_failed:
        return 4;
      case ExitStatus::defect:
        return 5;
    }
    return 5;
  };
  return gravity(a) >= gravity(b) ? a : b;
}

}  // namespace knockon::command_line
