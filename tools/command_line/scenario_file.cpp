#include "tools/command_line/scenario_file.hpp"

#include "tools/command_line/lookup.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {

tl::expected<scenario::Read, NotRead> read(const Wanted& wanted) {
  const auto path = scenario_path(wanted.scenario, scenario_folders());
  if (!path) return tl::unexpected{NotRead{.sentence = path.error(), .diagnostics = {}}};

  scenario::Options options{.variants = wanted.variants, .set = {}, .purpose = wanted.purpose};
  for (const std::string& set : wanted.set) {
    const std::size_t sign = set.find('=');
    options.set.emplace_back(set.substr(0, sign), set.substr(sign + 1));
  }
  auto result = scenario::read({.path = *path, .model_folders = model_folders(*path)}, options);
  if (!result) return tl::unexpected{NotRead{.sentence = {}, .diagnostics = std::move(result.error())}};
  return std::move(*result);
}

void explain(const NotRead& fault) {
  if (!fault.sentence.empty()) complain(fault.sentence);
  say(scenario::text_of(fault.diagnostics));
}

}  // namespace knockon::command_line
