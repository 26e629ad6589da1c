// What is expected of the results: promises, and what really happened.
#include <fmt/format.h>

#include <utility>

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {
namespace {

void read_promises(Reading& reading) {
  const Entry* section = reading.root.find("promises");
  if (!section) return;
  for (const Node* node : Reading::items_of(section->value)) {
    if (!node->is_scalar()) continue;
    auto read = promise_of(*node, reading.scope(), reading.faults);
    if (!read) continue;
    if (read->currency) reading.note_currency(read->currency->currency, read->currency->span);
    reading.world.promises.push_back(std::move(read->promise));
  }
}

void read_observed_measure(Reading& reading, const Entry& entry) {
  Node key;
  key.text = entry.key;
  key.span = entry.key_span;
  key.text_column = entry.key_span.column;
  key.verbatim = entry.key_span.end_column == entry.key_span.column + characters_in(entry.key);
  const auto read = measure_of(key, *entry.value, reading.scope(), reading.faults);
  if (!read) return;
  if (read->currency) reading.note_currency(read->currency->currency, read->currency->span);
  reading.world.observed.push_back(
      {.text = std::string{entry.key}, .of = read->of, .milestone = {}, .low = read->low, .high = read->high});
}

void read_milestone(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(milestone_record(), *entry.value);
  auto when = reading.condition(reading.scope(), fields.written("when"));
  const Node* value = fields.written("value");
  const auto minutes = value && value->is_scalar() ? minutes_of(*value, reading.faults) : std::nullopt;
  if (!when || !minutes) return;
  reading.world.observed.push_back({.text = std::string{entry.key},
                                    .of = {},
                                    .milestone = std::move(when),
                                    .low = minutes->first,
                                    .high = minutes->second});
}

}  // namespace

void read_expectations(Reading& reading) {
  for (const Entry& entry : reading.section("observed")) {
    if (!looks_like_measure(entry.key)) {
      if (entry.value->is_map()) read_milestone(reading, entry);
    } else if (entry.value->is_scalar()) {
      read_observed_measure(reading, entry);
    }
  }
  read_promises(reading);
}

}  // namespace knockon::scenario
