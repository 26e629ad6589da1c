#include "tools/command_line/scenario_file.hpp"

#include "tools/command_line/lookup.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {

tl::expected<Located, std::string> located(const Wanted& wanted) {
  const auto path = scenario_path(wanted.scenario, scenario_folders());
  if (!path) return tl::unexpected{path.error()};
  Located result{.source = {.path = *path, .model_folders = model_folders(*path)},
                 .options = {.variants = wanted.variants, .set = {}, .purpose = wanted.purpose}};
  for (const std::string& set : wanted.set) {
    const std::size_t sign = set.find('=');
    result.options.set.emplace_back(set.substr(0, sign), set.substr(sign + 1));
  }
  return result;
}

tl::expected<scenario::Read, NotRead> read(const Wanted& wanted) {
  const auto where = located(wanted);
  if (!where) return tl::unexpected{NotRead{.sentence = where.error(), .diagnostics = {}}};
  auto result = scenario::read(where->source, where->options);
  if (!result) return tl::unexpected{NotRead{.sentence = {}, .diagnostics = std::move(result.error())}};
  return std::move(*result);
}

scenario::Style style_of_complaints(Colour colour) {
  return {.has_colour = is_wanted(colour, standard_error_is_terminal())};
}

void explain(const NotRead& fault, Colour colour) {
  if (!fault.sentence.empty()) complain(fault.sentence);
  say(scenario::text_of(fault.diagnostics, style_of_complaints(colour)));
}

}  // namespace knockon::command_line
