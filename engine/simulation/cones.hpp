// What can bring a thing down: its dependency cone, as a set of components. The recorder looks there for the cause of a
// change.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "engine/simulation/hits.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// Anything an effect can touch, numbered: sites, links, services, sessions, journeys, populations.
class ComponentSet {
 public:
  explicit ComponentSet(std::size_t size = 0) : words_((size + 63) / 64, 0) {}
  void insert(std::size_t component) { words_[component / 64] |= std::uint64_t{1} << (component % 64); }
  void insert(const ComponentSet& others) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= others.words_[i];
  }
  [[nodiscard]] bool contains(std::size_t component) const {
    return ((words_[component / 64] >> (component % 64)) & 1) != 0;
  }
  [[nodiscard]] bool meets(const ComponentSet& others) const {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if ((words_[i] & others.words_[i]) != 0) return true;
    }
    return false;
  }

 private:
  std::vector<std::uint64_t> words_;
};

class Cones {
 public:
  explicit Cones(const world::World& world);

  // What the target's state can hang on, itself included. A cone is found when it is first asked for and kept.
  [[nodiscard]] const ComponentSet& of(const world::Subject& subject) const;
  // The components that an effect on these touches directly.
  [[nodiscard]] ComponentSet touched_by(const Hits& hits) const;
  // Everything: what user reports hang on.
  [[nodiscard]] const ComponentSet& all() const { return all_; }
  [[nodiscard]] ComponentSet none() const { return ComponentSet{size_}; }

  [[nodiscard]] std::size_t component(world::SiteId id) const { return id.index(); }
  [[nodiscard]] std::size_t component(world::LinkId id) const { return links_ + id.index(); }
  [[nodiscard]] std::size_t component(world::ServiceId id) const { return services_ + id.index(); }
  [[nodiscard]] std::size_t component(world::SessionId id) const { return sessions_ + id.index(); }
  [[nodiscard]] std::size_t component(world::JourneyId id) const { return journeys_ + id.index(); }
  [[nodiscard]] std::size_t component(world::PopulationId id) const { return populations_ + id.index(); }

 private:
  class Search;
  const world::World& world_;
  std::size_t links_, services_, sessions_, journeys_, populations_, size_;
  ComponentSet all_;
  mutable std::map<std::uint64_t, ComponentSet> found_;  // a memory of pure answers: it cannot change a result
};

}  // namespace knockon::simulation
