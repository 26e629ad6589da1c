// The scenario's promises, held against all replications.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/statistics/bounds.hpp"
#include "engine/statistics/verdict.hpp"
#include "engine/study/measures.hpp"

namespace knockon::study {

struct PromiseResult {
  std::string text;  // as written
  statistics::Verdict verdict = statistics::Verdict::undecided;
  Unit unit = Unit::share;      // of the value
  std::optional<double> value;  // of a promise without a statistic: the share of replications that keep it
  std::optional<statistics::Bounds> ci95;
  std::optional<std::uint64_t> replications_needed;  // undecided: about how many would decide
};

// Promises about the graph are left to those who look at it.
[[nodiscard]] std::vector<PromiseResult> promises_of(const world::World& world, const Reader& reader,
                                                     const std::vector<simulation::Outcome>& outcomes,
                                                     statistics::Estimator& estimator);

}  // namespace knockon::study
