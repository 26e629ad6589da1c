#include "tools/command_line/check_arguments.hpp"

#include "tools/command_line/options.hpp"

namespace knockon::command_line {

void add_options(Options& options, CheckArguments& arguments) {
  options.operands("SCENARIO", arguments.scenarios, "the scenarios to check; unless one is chosen, with each variant");
  add_alterations(options, arguments.alterations);
  options.flag("--strict", arguments.strict, "warnings are errors");
  add_json(options, arguments.json, "write the diagnostics as JSON to FILE; - is standard output");
  options.text("--sarif", arguments.sarif, "write them as SARIF 2.1.0, for code scanning; - is standard output");
  options.exclude("--sarif", "--json");
  add_colour(options, arguments.colour);
  options.flag("-q,--quiet", arguments.quiet, "say nothing about scenarios that are well-formed");
}

}  // namespace knockon::command_line
