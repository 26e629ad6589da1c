#include "tools/command_line/new_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace knockon::command_line {
namespace {

using scenario::Outline;

const std::vector<std::string>& names_in(const Outline& outline, std::string_view section) {
  static const std::vector<std::string> none;
  const auto found = std::find_if(outline.sections.begin(), outline.sections.end(),
                                  [&](const Outline::Section& one) { return one.name == section; });
  return found == outline.sections.end() ? none : found->names;
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string{between}) + word;
  return text;
}

std::string head(const std::string& name, const std::vector<std::string>& blocks) {
  std::string text = fmt::format(R"(# What breaks, who notices, what people do about it, and what it costs.
#   knockon check {0}    is it well-formed?
#   knockon show {0}     everything that counts, and which line said it
#   knockon run {0}      200 such days
knockon: 1                                   # the format's version, always first
title: {0} — a bad release
)",
                                 name);
  if (!blocks.empty()) text += fmt::format("use: [{}]\n", joined(blocks, ", "));
  return text + R"(starts: 2026-01-05T09:00:00Z                 # in UTC
horizon: 8h                                  # a run ends here, whatever happens
cause: bad-release                           # what `run` takes unless told otherwise
strategy: roll-back
)";
}

// A block's regions may be empty land.
std::string regions(const Outline& outline) {
  const std::vector<std::string>& known = names_in(outline, "regions");
  if (known.empty()) return "\nregions:\n  home: {users: 1M, clock: UTC}\n";
  std::string text = "\nregions:                                     # how many people live there\n";
  for (const std::string& region : known) text += fmt::format("  {}: {{users: 1M}}\n", region);
  return text;
}

constexpr const char* services = R"(
services:                                    # in every region, and half busy at peak, unless said otherwise
  web: {calls: [database, {to: recommendations, kind: soft}]}      # soft: without it the page is poorer, not gone
  database: {}
  recommendations: {}
)";

constexpr const char* apps = R"(
apps:
  shop:
    journeys:
      buy: {calls: [web]}
)";

// What stands in the new file or in its blocks, for other sections to speak about.
struct Cast {
  std::vector<std::string> journeys{"shop.buy"};
  std::string service = "database";
  [[nodiscard]] std::string app() const { return journeys.front().substr(0, journeys.front().find('.')); }
};

Cast cast_of(const Outline& outline) {
  Cast cast;
  if (const auto& known = names_in(outline, "services"); !known.empty()) cast.service = known.front();
  std::vector<std::string> journeys;
  for (const std::string& name : names_in(outline, "apps")) {
    if (name.find('.') != std::string::npos) journeys.push_back(name);
  }
  if (!journeys.empty()) cast.journeys = journeys;
  return cast;
}

std::string people(const Cast& cast) {
  std::string does;
  for (const std::string& journey : cast.journeys)
    does += fmt::format("      {}: 3/d{}\n", journey, does.empty() ? "   # a person, on average" : "");
  return fmt::format(R"(
populations:
  people:
    does:
{}    worth: 1k USD/m                          # what a minute is worth in which nobody can do anything
)",
                     does);
}

std::string incident(const Cast& cast) {
  return fmt::format(R"(
causes:
  bad-release:
    faults:
      broken: {{do: errors, target: {0}, share: 80%, at: 10m, ended_by: roll-back}}

monitors:
  success: {{alert: success({1}) < 90% for 2m, every: 1m}}

teams:
  first-line: {{people: 2, acknowledge: {{median: 5m, p90: 15m}}}}

strategies:
  roll-back:
    steps:                                   # one after the other, once a monitor has alerted
      find-out: {{do: diagnose, team: first-line, takes: {{median: 20m, p90: 50m}}, wrong: 10%}}
      undo: {{do: roll-back, target: {0}, team: first-line, takes: 5m, succeeds: 95%}}

variants:                                    # what-ifs: run with --variant quick-eyes
  quick-eyes: {{monitors: {{success: {{every: 10s}}}}}}

promises:                                    # a broken one fails the command
  - median down({2}) < 2h
)",
                     cast.service, cast.journeys.front(), cast.app());
}

}  // namespace

std::string new_scenario_text(const std::string& name, const std::vector<std::string>& blocks, const Outline& outline) {
  const Cast cast = cast_of(outline);
  const bool has_apps = !names_in(outline, "apps").empty();
  std::string text = head(name, blocks) + regions(outline);
  if (!has_apps) text += services;
  if (!has_apps) text += apps;
  if (names_in(outline, "populations").empty()) text += people(cast);
  return text + incident(cast);
}

}  // namespace knockon::command_line
