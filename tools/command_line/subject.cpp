#include "tools/command_line/subject.hpp"

#include "engine/study/sha256.hpp"

namespace knockon::command_line {

study::Subject subject_of(const Wanted& wanted, const scenario::Read& scenario, const Choice& choice,
                          std::uint64_t seed) {
  return {.version = KNOCKON_VERSION,
          .scenario_sha256 = study::sha256_of(scenario.merged_text),
          .cause = choice.cause,
          .strategy = choice.strategy,
          .variants = wanted.variants,
          .set = wanted.set,
          .seed = seed};
}

study::Entry entry_of(const std::string& name, const Wanted& wanted, const scenario::Read& scenario,
                      const Choice& choice, std::uint64_t seed) {
  return {.name = name,
          .world = &scenario.world,
          .base = scenario.base ? &*scenario.base : &scenario.world,
          .subject = subject_of(wanted, scenario, choice, seed)};
}

}  // namespace knockon::command_line
