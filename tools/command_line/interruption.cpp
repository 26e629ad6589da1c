#include "tools/command_line/interruption.hpp"

#include <signal.h>
#include <unistd.h>

#include "tools/command_line/exit_status.hpp"

namespace knockon::command_line {
namespace {

// A signal handler can reach nothing but a global.
volatile sig_atomic_t interruptions = 0;

void note(int) {
  if (interruptions > 0) _exit(static_cast<int>(ExitStatus::interrupted));
  interruptions = 1;
}

}  // namespace

void listen_for_interruption() {
  struct sigaction action {};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

bool is_interrupted() { return interruptions > 0; }

}  // namespace knockon::command_line
