#include "tools/command_line/run_arguments.hpp"

#include "tools/command_line/options.hpp"

namespace knockon::command_line {

void add_options(Options& options, RunArguments& arguments) {
  add_scenario(options, arguments.wanted, "the scenario to run");
  add_wish(options, arguments.wish);
  add_alterations(options, arguments.wanted);
  add_repetition(options, arguments.repetition);
  add_precision(options, arguments.repetition);
  options.flag("--strict", arguments.strict, "warnings are errors, and an undecided promise is a broken one");
  add_json(options, arguments.json,
           "write the results as JSON to FILE; - is standard output, and then nothing else goes there");
  add_report(options, arguments.report);
  add_pictures(options, arguments.svg, "draw timeline.svg, success.svg, durations.svg and minutes.svg into DIR");
  options.text("--csv", arguments.csv, "write every replication to DIR/replications.csv and DIR/incidents.csv");
  add_colour(options, arguments.colour);
  add_voices(options, arguments.voices);
  options.refuse_until_built({"--trace"});
}

}  // namespace knockon::command_line
