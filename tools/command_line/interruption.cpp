#include "tools/command_line/interruption.hpp"

#include <signal.h>

namespace knockon::command_line {
namespace {

// A signal handler can reach nothing but a global.
volatile sig_atomic_t interrupted = 0;

void note(int) { interrupted = 1; }

}  // namespace

void listen_for_interruption() {
  struct sigaction action {};
  action.sa_handler = note;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
}

bool is_interrupted() { return interrupted != 0; }

}  // namespace knockon::command_line
