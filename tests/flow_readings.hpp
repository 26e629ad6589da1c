// What a flow looks like to all who ask, as numbers that are compared to the last bit.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/traffic/flow.hpp"

namespace knockon::tests {

// A scenario that comes with knockon. Throws when it has mistakes.
inline scenario::Read read_shipped(const std::filesystem::path& folder) {
  auto read = scenario::read({.path = folder / "scenario.yaml", .model_folders = {KNOCKON_SOURCE_DIR "/models"}});
  if (!read) throw std::runtime_error{scenario::text_of(read.error())};
  return std::move(*read);
}

// The first is how long it is, in seconds, until the flow wants to be advanced.
inline std::vector<double> all_readings(const traffic::Flow& flow, const world::World& world) {
  std::vector<double> all{(flow.next_date() - flow.now()).in_seconds(), flow.now().since_start().in_seconds(),
                          flow.people_failing(), flow.reports().per_second(), flow.ledger().tries};
  const auto read = [&](const world::Subject& subject, world::Metric metric) {
    all.push_back(flow.value(metric, {subject, {}}).value_or(-1));
  };
  for (std::size_t s = 0; s < world.services.size(); ++s) {
    for (const auto metric : {world::Metric::rate, world::Metric::success, world::Metric::load, world::Metric::backlog})
      read(world::ServiceId{s}, metric);
  }
  for (std::size_t a = 0; a < world.apps.size(); ++a) read(world::AppId{a}, world::Metric::success);
  return all;
}

}  // namespace knockon::tests
