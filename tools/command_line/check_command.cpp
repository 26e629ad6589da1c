#include "tools/command_line/check_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>

#include "tools/command_line/check_arguments.hpp"
#include "tools/command_line/diagnostic_formats.hpp"
#include "tools/command_line/examination.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using scenario::Diagnostic;
using scenario::Diagnostics;
using scenario::Severity;

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

std::string summary_of(const scenario::Read& read, std::size_t warnings) {
  const world::World& world = read.world;
  std::string text =
      fmt::format("{}: well-formed ({}, {}, {}, {}", world.name, counted(world.services.size(), "service", "services"),
                  counted(world.apps.size(), "app", "apps"), counted(world.causes.size(), "cause", "causes"),
                  counted(world.strategies.size(), "strategy", "strategies"));
  if (!read.variant_names.empty()) text += ", " + counted(read.variant_names.size(), "variant", "variants");
  text += ")";
  if (warnings > 0) text += ", " + counted(warnings, "warning", "warnings");
  return text + "\n";
}

struct Findings {
  Diagnostics diagnostics;
  std::string praise;  // of those that are well-formed
  ExitStatus status = ExitStatus::done;
};

bool is_same(const Diagnostic& a, const Diagnostic& b) {
  const auto key = [](const Diagnostic& one) { return std::tie(one.line, one.column, one.path, one.message); };
  return key(a) == key(b);
}

// Two scenarios may use one block, whose mistakes are said once.
void add_new(const Diagnostics& found, Diagnostics& all) {
  const auto known = static_cast<std::ptrdiff_t>(all.size());
  for (const Diagnostic& diagnostic : found) {
    const auto end = all.begin() + known;
    const bool is_known =
        std::any_of(all.begin(), end, [&](const Diagnostic& other) { return is_same(diagnostic, other); });
    if (!is_known) all.push_back(diagnostic);
  }
}

void look_at(const Wanted& wanted, bool is_strict, Findings& findings) {
  const auto where = located(wanted);
  if (!where) {
    complain(where.error());
    findings.status = graver(findings.status, ExitStatus::wrong_input);
    return;
  }
  const scenario::Checked checked = scenario::checked(where->source, where->options, doubts_about);
  add_new(checked.diagnostics, findings.diagnostics);
  if (!checked.read || (is_strict && !checked.diagnostics.empty())) {
    findings.status = graver(findings.status, ExitStatus::wrong_input);
  } else {
    findings.praise += summary_of(*checked.read, checked.diagnostics.size());
  }
}

bool is_on_github() {
  const char* value = std::getenv("GITHUB_ACTIONS");
  return value != nullptr && std::string_view{value} == "true";
}

void deliver(const CheckArguments& arguments, const Findings& findings) {
  // Whoever reads a stream of diagnostics as JSON or SARIF has them; the lines for people would say them again.
  if (arguments.json == "-") return print(json_of(findings.diagnostics));
  if (arguments.sarif == "-") return print(sarif_of(findings.diagnostics));
  say(scenario::text_of(findings.diagnostics, style_of_complaints(arguments.colour)));
  if (is_on_github()) say(github_annotations_of(findings.diagnostics));
  if (!arguments.quiet) print(findings.praise);
  if (arguments.json) write_file(*arguments.json, json_of(findings.diagnostics));
  if (arguments.sarif) write_file(*arguments.sarif, sarif_of(findings.diagnostics));
}

ExitStatus check(const CheckArguments& arguments) {
  Findings findings;
  for (const std::string& name : arguments.scenarios) {
    Wanted wanted = arguments.alterations;
    wanted.scenario = name;
    look_at(wanted, arguments.strict, findings);
  }
  deliver(arguments, findings);
  return findings.status;
}

}  // namespace

Action describe_check(Options& options) {
  auto arguments = std::make_shared<CheckArguments>();
  add_options(options, *arguments);
  return [arguments] { return check(*arguments); };
}

}  // namespace knockon::command_line
