#include "engine/study/entry.hpp"

#include <algorithm>

#include "engine/quantity/contract.hpp"

namespace knockon::study {

EntryEngines::EntryEngines(const std::span<const Entry> entries, Kept kept) : entries_{entries}, kept_{kept} {
  std::vector<const world::World*> known;
  for (const Entry& entry : entries) {
    const auto same = std::find(known.begin(), known.end(), entry.world);
    network_of_.push_back(static_cast<std::size_t>(same - known.begin()));
    if (same != known.end()) continue;
    known.push_back(entry.world);
    networks_.emplace_back(*entry.world, *entry.base);
    flows_.emplace_back(networks_.back());
  }
}

Request EntryEngines::request(std::uint64_t first, std::uint64_t count, unsigned jobs) const {
  Request request{.first = first, .count = count, .jobs = jobs, .worlds = network_of_};
  for (const Entry& entry : entries_) {
    request.in_a_process = std::min(request.in_a_process, simulation::Engine::replications_in_a_process(*entry.world));
  }
  return request;
}

simulation::Outcome EntryEngines::replicate(std::size_t entry, std::uint64_t index) {
  const Entry& played = entries_[entry];
  const std::size_t network = network_of_[entry];
  if (!engine_) engine_ = std::make_unique<simulation::Engine>(*played.world, networks_[network], flows_[network]);
  if (played_ == nullptr) played_ = played.world;
  quantity::require(played_ == played.world, "a process plays one world only");
  return engine_->replicate({.cause = played.subject.cause,
                             .strategy = played.subject.strategy,
                             .seed = played.subject.seed,
                             .keep_events = kept_.events,
                             .recording = index < kept_.courses_end ? kept_.recording : simulation::Recording{}},
                            index);
}

}  // namespace knockon::study
