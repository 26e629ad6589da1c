#include "tools/command_line/graph_command.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/graph/findings.hpp"
#include "engine/report/graph_dot.hpp"
#include "engine/report/graph_graphml.hpp"
#include "engine/report/graph_json.hpp"
#include "engine/report/graph_sarif.hpp"
#include "engine/report/graph_text.hpp"
#include "engine/report/web_page.hpp"
#include "engine/scenario/diagnostic.hpp"
#include "engine/study/failures_under_load.hpp"
#include "engine/study/sha256.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/delivery.hpp"
#include "tools/command_line/diagnostic_formats.hpp"
#include "tools/command_line/graph_arguments.hpp"
#include "tools/command_line/graphviz.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using graph::Findings;

std::optional<scenario::Read> scenario_of(const GraphArguments& arguments, const Wanted& wanted) {
  return read_in(wanted, {.colour = arguments.colour, .is_quiet = arguments.quiet, .is_strict = arguments.strict});
}

graph::Questions questions_of(const GraphArguments& arguments, const LooseChoice& choice) {
  graph::Questions questions{.cause = choice.cause, .strategy = choice.strategy};
  questions.availability = arguments.availability;
  if (arguments.gone) questions.instances_gone = *arguments.gone;
  return questions;
}

report::GraphSubject subject_of(const GraphArguments& arguments, const scenario::Read& scenario,
                                const LooseChoice& choice) {
  return {.version = KNOCKON_VERSION,
          .scenario_sha256 = study::sha256_of(scenario.merged_text),
          .strategy = choice.strategy,
          .variants = arguments.wanted.variants,
          .set = arguments.wanted.set};
}

// Reads the scenario's files once more, to say where in them each thing stands.
report::FindPlace find_place(const GraphArguments& arguments) {
  const auto where = located(arguments.wanted);
  if (!where) return [](const auto&) { return std::nullopt; };
  return [locate = scenario::locations(where->source, where->options)](
             const std::vector<std::string>& keys) -> std::optional<report::ReviewPlace> {
    const auto location = locate(keys);
    // An option's text has positions, and is no file.
    if (!location || location->path.starts_with("--")) return std::nullopt;
    return report::ReviewPlace{.uri = uri_of(location->path),
                               .line = location->line,
                               .column = location->column,
                               .end_column = location->end_column};
  };
}

std::string fault_of_focus(const GraphArguments& arguments, const world::World& world) {
  std::vector<std::string_view> names;
  for (const auto& service : world.services) names.emplace_back(service.name);
  for (const auto& app : world.apps) names.emplace_back(app.name);
  for (const auto& session : world.sessions) names.emplace_back(session.name);
  const std::string hint = scenario::did_you_mean(*arguments.focus, names);
  return fmt::format("--focus: no service, app or session called {}{}", scenario::quoted(*arguments.focus),
                     hint.empty() ? "" : "; " + hint);
}

// More instances than there are cannot be gone.
std::string fault_of_gone(const GraphArguments& arguments, const world::World& world) {
  std::size_t instances = 0;
  for (const auto& service : world.services) instances += service.sites.size();
  if (!arguments.gone || *arguments.gone <= instances) return {};
  return fmt::format("--random-failures {}: the scenario has {} instances", *arguments.gone, instances);
}

std::string fault_of_load(const GraphArguments& arguments) {
  return arguments.is_under_load && !arguments.gone ? "--under-load: of what? It belongs to --random-failures" : "";
}

// Two results on one stream would be neither.
std::string fault_of_streams(const GraphArguments& arguments) {
  int printed = 0;
  for (const auto* where : {&arguments.json, &arguments.dot, &arguments.graphml, &arguments.sarif})
    printed += *where == "-" ? 1 : 0;
  return printed > 1 ? "only one of --json, --dot, --graphml and --sarif can go to standard output" : "";
}

ExitStatus refuse(const std::string& fault) {
  complain(fault);
  return ExitStatus::wrong_input;
}

ExitStatus look(const GraphArguments& arguments) {
  if (const std::string fault = fault_of_streams(arguments); !fault.empty()) return refuse(fault);
  const auto scenario = scenario_of(arguments, arguments.wanted);
  if (!scenario) return ExitStatus::wrong_input;
  const auto choice = loose_choice_of(arguments.wish, scenario->world);
  if (!choice) return refuse(choice.error());
  if (const std::string fault = fault_of_gone(arguments, scenario->world); !fault.empty()) return refuse(fault);

  if (const std::string fault = fault_of_load(arguments); !fault.empty()) return refuse(fault);

  Findings findings = graph::findings_of(scenario->world, questions_of(arguments, *choice));
  if (arguments.is_under_load) {
    const world::World& base = scenario->base ? *scenario->base : scenario->world;
    findings.random_failures_under_load = study::failures_under_load(scenario->world, base, *arguments.gone);
  }
  std::optional<report::Focus> focus;
  if (arguments.focus) focus = report::Focus{*arguments.focus, arguments.depth};
  const auto drawing = report::drawing_of(findings, focus);
  if (!drawing) return refuse(fault_of_focus(arguments, scenario->world));

  std::optional<scenario::Read> other;
  std::optional<graph::Difference> difference;
  if (arguments.other) {
    Wanted wanted = arguments.wanted;
    wanted.scenario = *arguments.other;
    other = scenario_of(arguments, wanted);
    if (!other) return ExitStatus::wrong_input;
    const auto theirs = loose_choice_of(arguments.wish, other->world);
    if (!theirs) return refuse(theirs.error());
    difference =
        graph::difference_between(findings, graph::findings_of(other->world, questions_of(arguments, *theirs)));
  }

  Delivery delivery;
  delivery.write(arguments.json, [&] {
    return report::json_of(findings, subject_of(arguments, *scenario, *choice), difference ? &*difference : nullptr);
  });
  delivery.write(arguments.report,
                 [&] { return report::web_page_of(findings, subject_of(arguments, *scenario, *choice)); });
  delivery.write(arguments.dot, [&] { return report::dot_of(*drawing); });
  delivery.write(arguments.graphml, [&] { return report::graphml_of(*drawing); });
  delivery.write(arguments.sarif, [&] { return report::sarif_of(findings, find_place(arguments), KNOCKON_VERSION); });
  if (arguments.svg) {
    delivery.attempt([&] {
      make_folder(*arguments.svg);
      draw(report::dot_of(*drawing), *arguments.svg + "/graph.svg");
    });
  }
  const report::TextStyle style{.has_colour = is_wanted(arguments.colour, standard_output_is_terminal())};
  delivery.show([&] {
    return difference ? report::text_of(*difference, scenario->world.name, other->world.name, style)
                      : report::text_of(findings, style);
  });
  ExitStatus status = delivery.status();
  for (const auto& promise : findings.promises) {
    if (!promise.is_kept) status = graver(status, ExitStatus::promise_broken);
  }
  return status;
}

}  // namespace

Action describe_graph(Options& options) {
  auto arguments = std::make_shared<GraphArguments>();
  add_options(options, *arguments);
  return [arguments] { return look(*arguments); };
}

}  // namespace knockon::command_line
