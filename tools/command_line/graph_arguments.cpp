#include "tools/command_line/graph_arguments.hpp"

#include <charconv>

#include "engine/quantity/text.hpp"
#include "tools/command_line/options.hpp"

namespace knockon::command_line {
namespace {

constexpr std::uint64_t depth_max = 1000;
constexpr std::uint64_t gone_max = 1'000'000;

}  // namespace

void add_options(Options& options, GraphArguments& arguments) {
  add_scenario(options, arguments.wanted, "the scenario to look at");
  options.operand_if_any("OTHER", arguments.other, "another scenario: say what changes from the first to it");
  add_wish(options, arguments.wish);
  add_alterations(options, arguments.wanted);
  options.flag("--strict", arguments.strict, "warnings are errors");
  const auto take_availability = [&arguments](const std::string& text) {
    const auto share = quantity::parse_share(text);
    if (!share || share->value() < 0 || share->value() > 1) return std::string{"expected a share such as 99.9%"};
    arguments.availability = *share;
    return std::string{};
  };
  options.read("--availability", take_availability,
               "SHARE of the time that each service, site and link is there: how available journeys are then");
  const auto take_gone = [&arguments](const std::string& text) {
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || end != text.data() + text.size() || count > gone_max) {
      return std::string{"expected how many instances are gone, such as 3"};
    }
    arguments.gone = count;
    return std::string{};
  };
  options.read("--random-failures", take_gone, "K: what is served when K instances are gone at random");
  options.flag("--under-load", arguments.is_under_load,
               "with --random-failures: simulate it too, so that what is left carries the load of what is gone");
  add_json(options, arguments.json, "write the findings as JSON to FILE; - is standard output, and nothing else there");
  add_report(options, arguments.report);
  options.text("--dot", arguments.dot, "write the graph in Graphviz's language to FILE; - is standard output");
  options.text("--graphml", arguments.graphml, "write the graph in GraphML to FILE; - is standard output");
  options.text("--svg", arguments.svg, "draw the graph into DIR/graph.svg (needs Graphviz)");
  options.text("--sarif", arguments.sarif, "write the findings for code review to FILE; - is standard output");
  options.text("--focus", arguments.focus, "NAME: draw only what is near it");
  options.number("--depth", arguments.depth, 0, depth_max, "how near, in dependencies");
  add_colour(options, arguments.colour);
  options.flag("-q,--quiet", arguments.quiet, "nothing on standard error but errors");
}

}  // namespace knockon::command_line
