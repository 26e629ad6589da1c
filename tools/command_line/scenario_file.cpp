#include "tools/command_line/scenario_file.hpp"

#include "tools/command_line/lookup.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {

tl::expected<Located, std::string> located(const Wanted& wanted) {
  const auto path = scenario_path(wanted.scenario, scenario_folders());
  if (!path) return tl::unexpected{path.error()};
  return Located{.source = {.path = *path, .model_folders = model_folders(*path)},
                 .options = {.variants = wanted.variants, .set = wanted.set}};
}

tl::expected<scenario::Read, NotRead> read(const Wanted& wanted) {
  const auto where = located(wanted);
  if (!where) return tl::unexpected{NotRead{.sentence = where.error(), .diagnostics = {}}};
  auto result = scenario::read(where->source, where->options);
  if (!result) return tl::unexpected{NotRead{.sentence = {}, .diagnostics = std::move(result.error())}};
  return std::move(*result);
}

bool passes(const scenario::Diagnostics& warnings, const Manner& manner) {
  if (!manner.is_quiet || manner.is_strict) say(scenario::text_of(warnings, style_of_complaints(manner.colour)));
  return !manner.is_strict || warnings.empty();
}

std::optional<scenario::Read> read_in(const Wanted& wanted, const Manner& manner) {
  auto scenario = read(wanted);
  if (!scenario) {
    explain(scenario.error(), manner.colour);
    return std::nullopt;
  }
  if (!passes(scenario->warnings, manner)) return std::nullopt;
  return std::move(*scenario);
}

scenario::Style style_of_complaints(Colour colour) {
  return {.has_colour = is_wanted(colour, standard_error_is_terminal())};
}

void explain(const NotRead& fault, Colour colour) {
  if (!fault.sentence.empty()) complain(fault.sentence);
  say(scenario::text_of(fault.diagnostics, style_of_complaints(colour)));
}

}  // namespace knockon::command_line
