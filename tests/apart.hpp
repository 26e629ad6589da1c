// A process of its own for what can be done only once in one.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace knockon::tests {

// Whether `claim` (a function of nothing that answers true or false) holds in a child of this process.
template <class Claim>
bool holds_apart(const Claim& claim) {
  const pid_t child = fork();
  if (child == 0) _exit(claim() ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace knockon::tests
