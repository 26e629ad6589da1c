// The program: reads what is asked for, does it, and tells the shell how it went.
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <new>
#include <string>
#include <variant>

#include "engine/quantity/contract.hpp"
#include "tools/command_line/arguments.hpp"
#include "tools/command_line/check_command.hpp"
#include "tools/command_line/exit_status.hpp"
#include "tools/command_line/run_command.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

// The library's own default would write to standard output.
void log_to_standard_error(bool is_verbose) {
  auto logger = std::make_shared<spdlog::logger>("knockon", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("knockon: %v");
  logger->set_level(is_verbose ? spdlog::level::debug : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

ExitStatus perform(const Arguments& arguments) {
  if (const auto* settled = std::get_if<Settled>(&arguments)) return settled->status;
  if (const auto* run_arguments = std::get_if<RunArguments>(&arguments)) {
    log_to_standard_error(run_arguments->verbose);
    return run(*run_arguments);
  }
  return check(std::get<CheckArguments>(arguments));
}

ExitStatus guarded(int count, const char* const* words) {
  try {
    log_to_standard_error(false);
    return perform(parsed(count, words));
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
