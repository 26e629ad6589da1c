#include "engine/traffic/changing_calls.hpp"

#include "engine/world/parameters.hpp"

namespace knockon::traffic {
namespace {

class Search {
 public:
  explicit Search(const Network::Parts& parts)
      : parts_{parts}, is_changing_(parts.leaves.size(), false), is_known_(parts.world->operations.size(), false) {}

  void add(const world::Effect& effect) {
    for (const world::Target& target : effect.targets) {
      if (const auto* id = std::get_if<world::OperationId>(&target.subject)) add(*id);
      if (const auto* id = std::get_if<world::ServiceId>(&target.subject)) {
        for (const world::OperationId operation : (*parts_.world)[*id].operations) add(operation);
      }
      if (const auto* id = std::get_if<world::JourneyId>(&target.subject)) add_calls(parts_.caller_of(*id));
      // Any call may go over it.
      if (std::holds_alternative<world::LinkId>(target.subject)) is_changing_.assign(is_changing_.size(), true);
    }
  }
  // Slower answers make the answers of callers slower, and so on.
  std::vector<bool> found() {
    while (!open_.empty()) {
      const world::OperationId operation = open_.back();
      open_.pop_back();
      for (const std::uint32_t leaf : parts_.calls_to[operation.index()]) {
        is_changing_[leaf] = true;
        const std::uint32_t caller = parts_.leaves[leaf].caller;
        if (!parts_.callers[caller].is_journey) reach(world::OperationId{caller});
      }
    }
    return std::move(is_changing_);
  }

 private:
  void add(world::OperationId operation) {
    add_calls(static_cast<std::uint32_t>(operation.index()));
    reach(operation);
  }
  void add_calls(std::uint32_t caller) {
    const Caller& own = parts_.callers[caller];
    for (std::uint32_t leaf = own.first_leaf; leaf < own.last_leaf; ++leaf) is_changing_[leaf] = true;
  }
  void reach(world::OperationId operation) {
    if (is_known_[operation.index()]) return;
    is_known_[operation.index()] = true;
    open_.push_back(operation);
  }

  const Network::Parts& parts_;
  std::vector<bool> is_changing_, is_known_;
  std::vector<world::OperationId> open_;
};

}  // namespace

std::vector<bool> changing_calls(const Network::Parts& parts) {
  Search search{parts};
  bool any = false;
  for (const world::Effect* effect : world::effects_of(*parts.world)) {
    if (effect->verb != world::Verb::slow && effect->verb != world::Verb::set) continue;
    search.add(*effect);
    any = true;
  }
  return any ? search.found() : std::vector<bool>{};
}

}  // namespace knockon::traffic
