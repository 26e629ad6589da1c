#include "tools/command_line/graph_command.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/graph/findings.hpp"
#include "engine/quantity/contract.hpp"
#include "engine/report/graph_dot.hpp"
#include "engine/report/graph_json.hpp"
#include "engine/report/graph_sarif.hpp"
#include "engine/report/graph_text.hpp"
#include "engine/scenario/diagnostic.hpp"
#include "engine/study/sha256.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/graph_arguments.hpp"
#include "tools/command_line/graphviz.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using graph::Findings;

// What is not simulated yet has its place in the graph all the same.
std::optional<scenario::Read> read_or_explain(const GraphArguments& arguments, Wanted wanted) {
  wanted.purpose = scenario::Purpose::look;
  auto scenario = read(wanted);
  if (!scenario) {
    explain(scenario.error());
    return std::nullopt;
  }
  if (!arguments.quiet || arguments.strict) say(scenario::text_of(scenario->warnings));
  if (arguments.strict && !scenario->warnings.empty()) return std::nullopt;
  return std::move(*scenario);
}

graph::Questions questions_of(const GraphArguments& arguments, const LooseChoice& choice) {
  graph::Questions questions{.cause = choice.cause, .strategy = choice.strategy};
  questions.availability = arguments.availability;
  if (arguments.gone) questions.instances_gone = *arguments.gone;
  return questions;
}

report::GraphSubject subject_of(const GraphArguments& arguments, const scenario::Read& scenario,
                                const LooseChoice& choice) {
  report::GraphSubject subject{.version = KNOCKON_VERSION,
                               .scenario_sha256 = study::sha256_of(scenario.merged_text),
                               .strategy = choice.strategy,
                               .variants = arguments.wanted.variants,
                               .set = {}};
  for (const std::string& set : arguments.wanted.set) {
    const std::size_t sign = set.find('=');
    subject.set.emplace_back(set.substr(0, sign), set.substr(sign + 1));
  }
  return subject;
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

class Delivery {
 public:
  explicit Delivery(const GraphArguments& arguments) : arguments_{arguments} {}

  // To a file, or to standard output, which then holds nothing else.
  void write(const std::optional<std::string>& where, const std::string& text) {
    if (!where) return;
    attempt([&] { *where == "-" ? print(text) : write_file(*where, text); });
    is_printed_ = is_printed_ || *where == "-";
  }
  void draw_into(const std::optional<std::string>& folder, const std::string& dot) {
    if (!folder) return;
    attempt([&] {
      make_folder(*folder);
      draw(dot, *folder + "/graph.svg");
    });
  }
  void print_unless_printed(const std::string& text) {
    if (!is_printed_) attempt([&] { print(text); });
  }
  [[nodiscard]] ExitStatus status() const { return status_; }
  [[nodiscard]] bool has_colour() const { return is_wanted(arguments_.colour, standard_output_is_terminal()); }

 private:
  // What cannot be written must not cost the reader the rest: all is tried.
  template <class Act>
  void attempt(const Act& act) {
    try {
      act();
    } catch (const quantity::IoError& error) {
      complain(error.what());
      status_ = ExitStatus::world_failed;
    }
  }

  const GraphArguments& arguments_;
  bool is_printed_ = false;
  ExitStatus status_ = ExitStatus::done;
};

// Two results on one stream would be neither.
std::string fault_of_streams(const GraphArguments& arguments) {
  int printed = 0;
  for (const auto* where : {&arguments.json, &arguments.dot, &arguments.sarif}) printed += *where == "-" ? 1 : 0;
  return printed > 1 ? "only one of --json, --dot and --sarif can go to standard output" : "";
}

ExitStatus refuse(const std::string& fault) {
  complain(fault);
  return ExitStatus::wrong_input;
}

ExitStatus look(const GraphArguments& arguments) {
  if (const std::string fault = fault_of_streams(arguments); !fault.empty()) return refuse(fault);
  const auto scenario = read_or_explain(arguments, arguments.wanted);
  if (!scenario) return ExitStatus::wrong_input;
  const auto choice = loose_choice_of(arguments.wish, scenario->world);
  if (!choice) return refuse(choice.error());
  if (const std::string fault = fault_of_gone(arguments, scenario->world); !fault.empty()) return refuse(fault);

  const Findings findings = graph::findings_of(scenario->world, questions_of(arguments, *choice));
  std::optional<report::Focus> focus;
  if (arguments.focus) focus = report::Focus{*arguments.focus, arguments.depth};
  std::optional<std::string> dot;
  if (arguments.dot || arguments.svg || focus) {
    dot = report::dot_of(findings, focus);
    if (!dot) return refuse(fault_of_focus(arguments, scenario->world));
  }

  std::optional<scenario::Read> other;
  std::optional<graph::Difference> difference;
  if (arguments.other) {
    Wanted wanted = arguments.wanted;
    wanted.scenario = *arguments.other;
    other = read_or_explain(arguments, wanted);
    if (!other) return ExitStatus::wrong_input;
    const auto theirs = loose_choice_of(arguments.wish, other->world);
    if (!theirs) return refuse(theirs.error());
    difference =
        graph::difference_between(findings, graph::findings_of(other->world, questions_of(arguments, *theirs)));
  }

  Delivery delivery{arguments};
  delivery.write(arguments.json, report::json_of(findings, subject_of(arguments, *scenario, *choice),
                                                 difference ? &*difference : nullptr));
  if (dot) delivery.write(arguments.dot, *dot);
  delivery.write(arguments.sarif, report::sarif_of(findings, arguments.wanted.scenario, KNOCKON_VERSION));
  if (dot) delivery.draw_into(arguments.svg, *dot);
  const report::TextStyle style{.has_colour = delivery.has_colour()};
  delivery.print_unless_printed(difference
                                    ? report::text_of(*difference, scenario->world.name, other->world.name, style)
                                    : report::text_of(findings, style));
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
