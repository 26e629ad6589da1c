// Every random number of a replication by name: (purpose, subject, and what tells its uses apart). Never an arrival
// number and never the strategy's name, so that two strategies meet the same bad day.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/quantity/amount.hpp"
#include "engine/random/distribution.hpp"
#include "engine/random/stream.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// "drawn/services.feed.per_replica", "drawn/steps.undo.succeeds": steps of one name draw alike across strategies here
// too.
[[nodiscard]] inline std::string stream_name_of(const world::DrawnProperty& property) {
  constexpr std::string_view plans = "strategies.";
  std::string_view path = property.path;
  if (path.starts_with(plans)) path = path.substr(path.find('.', plans.size()) + 1);
  return std::string{"drawn/"}.append(path);
}

class Draws {
 public:
  explicit Draws(random::Replication replication) : replication_{replication} {}

  [[nodiscard]] double uniform(std::string_view name) const { return random::Stream{replication_, name}.uniform(); }
  [[nodiscard]] std::uint64_t bits(std::string_view name) const { return random::Stream{replication_, name}.bits(); }
  // A draw that is not needed is skipped: a constant asks no stream.
  [[nodiscard]] quantity::Duration duration(const random::DurationDistribution& distribution,
                                            std::string_view name) const {
    if (std::holds_alternative<random::Constant>(distribution.seconds().shape())) return distribution.median();
    return distribution.quantile(uniform(name));
  }
  // What holds for the whole replication.
  [[nodiscard]] double property(const world::DrawnProperty& property) const {
    return property.values.quantile(uniform(stream_name_of(property)));
  }
  [[nodiscard]] bool happens(quantity::Share chance, std::string_view name) const {
    if (chance.value() <= 0) return false;
    if (chance.value() >= 1) return true;
    return uniform(name) < chance.value();
  }

 private:
  random::Replication replication_;
};

// "acknowledge/identity/incident": one run has one incident so far, and its name does not hang on the cause, so that
// people are paired across causes too.
[[nodiscard]] inline std::string stream_name(std::string_view purpose, std::string_view subject) {
  return std::string{purpose}.append("/").append(subject);
}
// "takes/step/incident/undo/2": steps of one name draw alike across strategies, whichever way they take.
[[nodiscard]] inline std::string stream_name(std::string_view purpose, std::string_view step, int attempt) {
  return std::string{purpose}.append("/step/incident/").append(step).append("/").append(std::to_string(attempt));
}

}  // namespace knockon::simulation
