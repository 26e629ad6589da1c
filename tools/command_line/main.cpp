// The program: reads what is asked for, does it, and tells the shell how it went.
#include <signal.h>

#include <exception>
#include <new>
#include <string>

#include "engine/quantity/contract.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/command_line/exit_status.hpp"
#include "tools/command_line/log.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

ExitStatus guarded(int count, const char* const* words) {
  try {
    log_to_standard_error(false);
    return perform(count, words);
  } catch (const quantity::IoError& error) {
    complain(error.what());
    return ExitStatus::world_failed;
  } catch (const std::bad_alloc&) {
    complain("out of memory");
    return ExitStatus::world_failed;
  } catch (const std::exception& error) {
    complain(std::string{"this is a defect of knockon, please report it: "} + error.what());
    return ExitStatus::defect;
  }
}

}  // namespace
}  // namespace knockon::command_line

int main(int count, char** words) {
  // `| head` closes the pipe: writing then fails, and the program ends quietly.
  signal(SIGPIPE, SIG_IGN);
  return static_cast<int>(knockon::command_line::guarded(count, words));
}
