#include "tools/command_line/processors.hpp"

#include <sched.h>

namespace knockon::command_line {

unsigned processors() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  const int count = CPU_COUNT(&allowed);
  return count < 1 ? 1 : static_cast<unsigned>(count);
}

}  // namespace knockon::command_line
