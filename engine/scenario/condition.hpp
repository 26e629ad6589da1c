// One-line conditions and promises, read into the world's trees with every name resolved.
#pragma once

#include <optional>
#include <string>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/names.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/promise.hpp"

namespace knockon::scenario {

// What is wrong is reported under the word it is about.
[[nodiscard]] std::optional<world::Condition> condition_of(const Node& node, const Scope& scope, Faults& faults);

// A currency that was written in a promise, for the caller to compare with the scenario's.
struct WrittenCurrency {
  std::string currency;
  Span span;
};

struct ReadPromise {
  world::Promise promise;
  std::optional<WrittenCurrency> currency;
};
[[nodiscard]] std::optional<ReadPromise> promise_of(const Node& node, const Scope& scope, Faults& faults);

// Whether a key of `observed` is meant as a measure (else it is a milestone's name).
[[nodiscard]] bool looks_like_measure(std::string_view key);

// `restored(facebook)` with the value or range that stands behind it.
struct ReadMeasure {
  world::MeasureOf of;
  double low = 0, high = 0;
  std::optional<WrittenCurrency> currency;
};
[[nodiscard]] std::optional<ReadMeasure> measure_of(const Node& key, const Node& value, const Scope& scope,
                                                    Faults& faults);

// A range of durations, as minutes.
[[nodiscard]] std::optional<std::pair<double, double>> minutes_of(const Node& value, Faults& faults);

}  // namespace knockon::scenario
