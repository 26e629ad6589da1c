#include "tools/command_line/commands.hpp"

#include "tools/command_line/check_command.hpp"
#include "tools/command_line/compare_command.hpp"
#include "tools/command_line/explain_command.hpp"
#include "tools/command_line/graph_command.hpp"
#include "tools/command_line/import_command.hpp"
#include "tools/command_line/new_command.hpp"
#include "tools/command_line/run_command.hpp"
#include "tools/command_line/schema_command.hpp"
#include "tools/command_line/show_command.hpp"

namespace knockon::command_line {

const std::vector<Command>& commands() {
  // As --help lists them: in the order in which somebody needs them.
  static const std::vector<Command> all{
      {"new", "a small, commented scenario in scenarios/NAME; never overwrites", describe_new},
      {"check", "is it well-formed? everything that is wrong, with line and column", describe_check},
      {"show", "the scenario as run, each value with the file and line that said it", describe_show},
      {"run", "replicate, and print the outage table", describe_run},
      {"compare", "strategies, causes, variants or two scenarios on the same bad days", describe_compare},
      {"explain", "why each app went down in one replication, and where the minutes went", describe_explain},
      {"graph", "single points of failure, blast radius, cut sets, recovery knots", describe_graph},
      {"import", "a scenario from another tool's graph", describe_import},
      {"schema", "the JSON Schema of scenarios, or of a command's JSON", describe_schema},
  };
  return all;
}

const std::vector<CommandToCome>& commands_to_come() {
  static const std::vector<CommandToCome> all{
      {"fit", "calibrate to what was observed, and rank causes"},
  };
  return all;
}

}  // namespace knockon::command_line
