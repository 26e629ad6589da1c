#include "tools/command_line/explain_arguments.hpp"

#include <charconv>

#include "tools/command_line/options.hpp"

namespace knockon::command_line {
namespace {

std::string take_which(ExplainArguments& arguments, const std::string& text) {
  if (text == "median" || text == "worst") {
    arguments.which = text == "median" ? Which::median : Which::worst;
    return {};
  }
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool is_index = error == std::errc{} && end == text.data() + text.size() && index < UINT64_MAX / 2;
  if (!is_index) return "expected median, worst, or an index such as 7";
  arguments.index = index;
  return {};
}

}  // namespace

void add_options(Options& options, ExplainArguments& arguments) {
  add_scenario(options, arguments.wanted, "the scenario to explain");
  options.read(
      "--only", [&arguments](const std::string& text) { return take_which(arguments, text); },
      "median (the default), worst, or INDEX: which replication, counted from 0");
  add_wish(options, arguments.wish);
  add_alterations(options, arguments.wanted);
  add_run_count(options, arguments.repetition, "among how many runs the median or the worst is looked for");
  options.exclude_where("--replications", "--only", [&arguments] { return arguments.index.has_value(); });
  options.flag("--strict", arguments.strict, "warnings are errors");
  add_json(options, arguments.json,
           "write the explanation as JSON to FILE; - is standard output, and then nothing else goes there");
  add_report(options, arguments.report);
  add_pictures(options, arguments.svg, "draw timeline.svg into DIR");
  options.text("--trace", arguments.trace, "write all that happened to FILE, for a viewer of Chrome traces (Perfetto)");
  add_colour(options, arguments.colour);
  add_voices(options, arguments.voices);
}

}  // namespace knockon::command_line
