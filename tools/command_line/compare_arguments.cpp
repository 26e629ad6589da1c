#include "tools/command_line/compare_arguments.hpp"

#include "tools/command_line/options.hpp"

namespace knockon::command_line {

void add_options(Options& options, CompareArguments& arguments) {
  const auto take_across = [&arguments](const std::string& text) {
    for (const study::Across across : {study::Across::strategies, study::Across::causes, study::Across::variants}) {
      if (text != study::text_of(across)) continue;
      arguments.across = across;
      return std::string{};
    }
    return std::string{"expected strategies, causes or variants"};
  };
  add_scenario(options, arguments.wanted, "the scenario whose strategies, causes or variants are compared");
  options.operand_if_any("OTHER", arguments.other, "another scenario: then these two are compared");
  options.read("--across", take_across, "strategies (the default), causes or variants");
  options.text("--baseline", arguments.baseline, "what the others are held against (default: the scenario's own)");
  add_wish(options, arguments.wish);
  add_alterations(options, arguments.wanted);
  add_repetition(options, arguments.repetition);
  add_precision(options, arguments.repetition);
  options.flag("--strict", arguments.strict, "warnings are errors");
  add_json(options, arguments.json,
           "write the results as JSON to FILE; - is standard output, and then nothing else goes there");
  add_report(options, arguments.report);
  add_pictures(options, arguments.svg, "draw comparison.svg and minutes.svg into DIR");
  options.text("--csv", arguments.csv,
               "write every pair and every replication to DIR/pairs.csv, DIR/replications.csv and DIR/incidents.csv");
  add_colour(options, arguments.colour);
  add_voices(options, arguments.voices);
  options.refuse_until_built({"--trace"});
}

}  // namespace knockon::command_line
