#include "tools/command_line/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

namespace knockon::command_line {

// The library's own default would write to standard output.
void log_to_standard_error(bool is_verbose) {
  auto logger = std::make_shared<spdlog::logger>("knockon", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("knockon: %v");
  logger->set_level(is_verbose ? spdlog::level::debug : spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace knockon::command_line
