#include "tools/command_line/check_arguments.hpp"

#include "tools/command_line/options.hpp"

namespace knockon::command_line {

void add_options(Options& options, CheckArguments& arguments) {
  options.operands("SCENARIO", arguments.scenarios, "the scenarios to check");
  options.flag("--strict", arguments.strict, "warnings are errors");
  add_json(options, arguments.json, "write the diagnostics as JSON to FILE; - is standard output");
  options.flag("-q,--quiet", arguments.quiet, "say nothing about scenarios that are well-formed");
}

}  // namespace knockon::command_line
