#include "engine/scenario/admission.hpp"

#include <fmt/format.h>

#include "engine/quantity/text.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using quantity::Share;

// A ramp's three values: shares of users, or rates.
struct Ramp {
  double from = 1, by = 1, to = 1;
  bool is_rate = false;
};

Ramp ramp_of(Reading& reading, const Fields& fields) {
  const Node* first = nullptr;
  bool is_mixed = false;
  Ramp ramp;
  const auto value = [&](std::string_view key, double otherwise) {
    const Node* node = fields.written(key);
    if (!node || !node->is_scalar()) return otherwise;
    const auto rate = quantity::parse_rate(node->text);
    const auto share = quantity::parse_share(node->text);
    if (first && ramp.is_rate != rate.has_value() && !is_mixed) {
      is_mixed = true;
      reading.faults.error(node->span, "wrong-shape",
                           fmt::format("{} here, and {} before; expected either shares of users or rates",
                                       scenario::quoted(node->text), scenario::quoted(first->text)));
    }
    if (!first) ramp.is_rate = rate.has_value();
    first = node;
    return rate ? rate->per_second() : share ? share->value() : otherwise;
  };
  ramp.to = value("to", 1);
  ramp.from = value("from", ramp.to);
  ramp.by = value("by", ramp.to);
  if (ramp.is_rate) {
    if (!fields.has("to")) {
      reading.faults.error(fields.span_of("from"), "missing-key", "a ramp of rates needs 'to', the rate it ends with",
                           "add to: 20k/s");
      ramp.to = ramp.from;
    }
  }
  return ramp;
}

}  // namespace

world::Admission admission_of(Reading& reading, const Fields& fields, const Scope& scope) {
  world::Admission admission;
  const Ramp ramp = ramp_of(reading, fields);
  if (ramp.is_rate) {
    admission.rates = world::Admission::Rates{.from = quantity::Rate::per_second(ramp.from),
                                              .by = quantity::Rate::per_second(ramp.by),
                                              .to = quantity::Rate::per_second(ramp.to)};
  } else {
    admission.from = Share{ramp.from};
    admission.by = Share{ramp.by};
    admission.to = Share{ramp.to};
  }
  admission.every = fields.has("every") ? fields.duration("every") : quantity::Duration{};
  admission.guard = reading.condition(scope, fields.written("guard"));
  if (fields.text("broken") == "back-off") admission.broken = world::OnBroken::back_off;
  const bool is_ramp = ramp.from < ramp.to;
  if (ramp.from > ramp.to) {
    const Node* from = fields.written("from");
    reading.faults.error(from->span, "impossible-value",
                         fmt::format("a ramp from {} down to {}", from->text, fields.text("to")),
                         "`from` is where it begins, `to` where it ends");
  }
  for (const std::string_view key : {"by", "every"}) {
    if (is_ramp && !fields.has(key)) {
      reading.faults.error(fields.span_of("from"), "missing-key", fmt::format("a ramp needs {}", scenario::quoted(key)),
                           "write from: 10%, by: 10%, every: 5m");
      break;
    }
  }
  return admission;
}

}  // namespace knockon::scenario
