#include "tools/command_line/check_command.hpp"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "tools/command_line/check_arguments.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using Json = nlohmann::ordered_json;
using scenario::Diagnostic;
using scenario::Diagnostics;
using scenario::Severity;

std::string summary_of(const std::string& name, const world::World& world, std::size_t warnings) {
  std::string text =
      fmt::format("{}: well-formed ({} services, {} apps, {} causes, {} strategies)", name, world.services.size(),
                  world.apps.size(), world.causes.size(), world.strategies.size());
  if (warnings > 0) text += fmt::format(", {} {}", warnings, warnings == 1 ? "warning" : "warnings");
  return text + "\n";
}

std::string json_of(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json json = Json::object();
    json["path"] = diagnostic.path;
    json["line"] = diagnostic.line;
    json["column"] = diagnostic.column;
    json["end_column"] = diagnostic.end_column;
    json["severity"] = diagnostic.severity == Severity::error ? "error" : "warning";
    json["code"] = diagnostic.code;
    json["message"] = diagnostic.message;
    json["hint"] = diagnostic.hint;
    list.push_back(std::move(json));
  }
  Json json = Json::object();
  json["diagnostics"] = std::move(list);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct Findings {
  Diagnostics diagnostics;
  std::string praise;  // of those that are well-formed
  ExitStatus status = ExitStatus::done;
};

void look_at(const std::string& name, bool is_strict, Findings& findings) {
  const auto result = read({.scenario = name, .purpose = scenario::Purpose::look});
  if (!result) {
    if (!result.error().sentence.empty()) complain(result.error().sentence);
    findings.diagnostics.insert(findings.diagnostics.end(), result.error().diagnostics.begin(),
                                result.error().diagnostics.end());
    findings.status = graver(findings.status, ExitStatus::wrong_input);
    return;
  }
  findings.diagnostics.insert(findings.diagnostics.end(), result->warnings.begin(), result->warnings.end());
  if (is_strict && !result->warnings.empty()) {
    findings.status = graver(findings.status, ExitStatus::wrong_input);
    return;
  }
  findings.praise += summary_of(result->world.name, result->world, result->warnings.size());
}

ExitStatus check(const CheckArguments& arguments) {
  Findings findings;
  for (const std::string& scenario : arguments.scenarios) look_at(scenario, arguments.strict, findings);

  const bool json_is_printed = arguments.json == "-";
  if (json_is_printed) {
    print(json_of(findings.diagnostics));
    return findings.status;
  }
  if (arguments.json) write_file(*arguments.json, json_of(findings.diagnostics));
  say(scenario::text_of(findings.diagnostics));
  if (!arguments.quiet) print(findings.praise);
  return findings.status;
}

}  // namespace

Action describe_check(Options& options) {
  auto arguments = std::make_shared<CheckArguments>();
  add_options(options, *arguments);
  return [arguments] { return check(*arguments); };
}

}  // namespace knockon::command_line
