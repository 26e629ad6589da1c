// What goes wrong: causes with their faults, reactions, monitors.
#include <fmt/format.h>

#include <utility>

#include "engine/quantity/text.hpp"
#include "engine/scenario/reading_effects.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {

const VerbRow* verb_of(const Node& entry) {
  const Entry* verb = entry.is_map() ? entry.find("do") : nullptr;
  if (!verb || !verb->value->is_scalar()) return nullptr;
  const auto known = world::verb_named(verb->value->text);
  return known ? &row_of(*known) : nullptr;
}

namespace {

void refuse_cacheless(Reading& reading, const world::Target& target, const Node& node) {
  const auto* service = std::get_if<world::ServiceId>(&target.subject);
  if (!service || reading.world[*service].cache) return;
  reading.faults.error(node.span, "wrong-kind", fmt::format("{} has no cache to lose", scenario::quoted(node.text)),
                       "give it cache: {behind: …}");
}

void read_load(Reading& reading, const Fields& fields, world::Effect& effect) {
  if (fields.has("times") && fields.has("add")) {
    reading.faults.error(fields.span_of("add"), "wrong-shape", "a load has either 'times' or 'add', not both");
  } else if (!fields.has("times") && !fields.has("add")) {
    reading.faults.error(fields.span_of("do"), "missing-key",
                         "this load says neither how many 'times' nor how much to 'add'", "add times: 20");
  }
  if (fields.has("times")) effect.times = fields.count("times");
  if (fields.has("add")) effect.added = fields.rate("add");
}

}  // namespace

world::Effect effect_of(Reading& reading, const Fields& fields, const VerbRow& verb, const Scope& scope) {
  world::Effect effect;
  effect.verb = verb.verb;
  const Node* targets = verb.target_rule == TargetRule::required ? fields.written("target") : nullptr;
  for (const Node* node : Reading::items_of(targets)) {
    const auto target = reading.target(scope, verb.targets, *node);
    if (!target) continue;
    if (verb.verb == world::Verb::lose_cache) refuse_cacheless(reading, *target, *node);
    if (verb.verb == world::Verb::fail_over && !target->place) {
      reading.faults.error(node->span, "missing-name",
                           fmt::format("from where does {} fail over?", scenario::quoted(node->text)),
                           printable(fmt::format("write {}@PLACE", node->text)));
    }
    effect.targets.push_back(*target);
  }
  if (targets && Reading::items_of(targets).empty()) {
    reading.faults.error(fields.span_of("target"), "impossible-value", "an empty list of targets");
  }
  const auto has_argument = [&](std::string_view name) {
    for (const Key& key : verb.arguments) {
      if (key.name == name) return true;
    }
    return false;
  };
  if (has_argument("share")) effect.share = fields.at("share") ? fields.share("share") : quantity::Share{1};
  if (has_argument("of") && fields.text("of") == "users") effect.of = world::Of::users;
  if (has_argument("again_after")) effect.again_after = fields.duration_if_any("again_after");
  if (verb.verb == world::Verb::load) read_load(reading, fields, effect);
  if (verb.verb == world::Verb::restart && fields.has("rate")) effect.restart_rate = fields.rate("rate");
  if (verb.verb == world::Verb::fail_over && fields.written("to") && fields.written("to")->is_scalar()) {
    effect.to = place_of(reading.scope(), fields.text("to"), fields.written("to")->span, reading.faults);
  }
  return effect;
}

std::vector<world::Verb> ended_by(const Fields& fields) {
  std::vector<world::Verb> verbs;
  for (const Node* node : Reading::items_of(fields.at("ended_by"))) {
    if (const auto verb = world::verb_named(node->text)) verbs.push_back(*verb);
  }
  return verbs;
}

std::optional<world::Flaps> flaps_of(Reading& reading, const Fields& fields) {
  const Node* node = fields.written("flaps");
  if (!node || !node->is_map()) return std::nullopt;
  const Fields flaps = reading.fields(flaps_record(), *node);
  return world::Flaps{.period = flaps.duration("period"), .duty = flaps.share("duty")};
}

namespace {

void refuse_endings_no_step_has(Reading& reading, const Fields& fields) {
  for (const Node* node : Reading::items_of(fields.written("ended_by"))) {
    const auto verb = world::verb_named(node->text);
    if (verb && !row_of(*verb).can_be(Use::step)) {
      reading.faults.error(
          node->span, "wrong-verb",
          fmt::format("{} is nothing that a step does, so it ends nothing", scenario::quoted(node->text)),
          "write repair, roll-back, restart or replace");
    }
  }
}

// A date, as a time after the start; else a distribution of times after the start.
random::DurationDistribution onset_of(Reading& reading, const Fields& fields) {
  const Node* node = fields.at("at");
  if (node && node->is_scalar()) {
    if (const auto date = quantity::parse_date(node->text)) {
      const std::int64_t after = *date - reading.world.starts;
      if (after < 0)
        reading.faults.error(node->span, "impossible-value",
                             fmt::format("{} is before the scenario starts", scenario::quoted(node->text)));
      constexpr std::int64_t century = std::int64_t{100} * 366 * 86400;
      return random::DurationDistribution::constant(
          quantity::Duration::seconds(std::max<std::int64_t>(0, std::min(after, century))));
    }
  }
  return fields.duration_drawn("at");
}

void read_fault(Reading& reading, const Entry& entry, world::CauseId cause) {
  const VerbRow* verb = verb_of(*entry.value);
  const Fields fields = reading.fields(fault_record(), *entry.value, verb);
  Scope scope = reading.scope();
  scope.local = &reading.faults_of_cause[cause.index()];
  world::Fault fault;
  fault.name = entry.key;
  fault.cause = cause;
  if (verb) fault.effect = effect_of(reading, fields, *verb, scope);
  fault.at = onset_of(reading, fields);
  fault.when = reading.condition(scope, fields.written("when"));
  if (fields.has("at") && fields.has("when")) {
    reading.faults.error(fields.span_of("when"), "wrong-shape",
                         "a fault begins either 'at' a moment or 'when' something holds, not both");
  }
  if (fields.has("lasts")) fault.lasts = fields.duration_drawn("lasts");
  fault.until = reading.condition(scope, fields.written("until"));
  fault.ended_by = ended_by(fields);
  refuse_endings_no_step_has(reading, fields);
  fault.over = fields.duration("over");
  fault.flaps = flaps_of(reading, fields);
  reading.world.faults.push_back(std::move(fault));
}

void read_cause(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(cause_record(), *entry.value);
  const world::CauseId id{reading.world.causes.size()};
  world::Cause cause{.name = entry.key, .title = fields.text("title"), .weight = fields.count("weight"), .faults = {}};
  const std::vector<Entry>& faults = Reading::entries_of(*entry.value, "faults");
  if (fields.has("faults") && faults.empty()) {
    reading.faults.error(fields.span_of("faults"), "impossible-value", "a cause without faults",
                         "add faults: {NAME: {do: down, target: SERVICE}}");
  }
  for (const Entry& fault : faults) {
    cause.faults.emplace_back(reading.world.faults.size());
    read_fault(reading, fault, id);
  }
  reading.world.causes.push_back(std::move(cause));
}

void read_reaction(Reading& reading, const Entry& entry) {
  const VerbRow* verb = verb_of(*entry.value);
  const Fields fields = reading.fields(reaction_record(), *entry.value, verb);
  Scope scope = reading.scope();
  scope.has_here = fields.has("per");
  world::Reaction reaction;
  reaction.name = entry.key;
  if (auto when = reading.condition(scope, fields.written("when"))) reaction.when = std::move(*when);
  reaction.delay = fields.duration_drawn("delay");
  if (verb) reaction.effect = effect_of(reading, fields, *verb, scope);
  reaction.per = reading.sites(fields.written("per"));
  const Node* until = fields.written("until");
  reaction.never_ends = until && until->is_scalar() && until->text == "never";
  if (until && !reaction.never_ends) reaction.until = reading.condition(scope, until);
  if (!reaction.never_ends && fields.has("ended_by")) {
    reading.faults.error(fields.span_of("ended_by"), "wrong-argument",
                         "'ended_by' makes sense only with `until: never`",
                         "other reactions end by themselves; a step can disable them");
  }
  reaction.ended_by = ended_by(fields);
  refuse_endings_no_step_has(reading, fields);
  reaction.enabled = fields.flag("enabled");
  reaction.flaps = flaps_of(reading, fields);
  reading.world.reactions.push_back(std::move(reaction));
}

void read_monitor(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(monitor_record(), *entry.value);
  world::Monitor monitor;
  monitor.name = entry.key;
  if (auto alert = reading.condition(reading.scope(), fields.written("alert"))) monitor.alert = std::move(*alert);
  monitor.every = fields.duration("every");
  monitor.needs = reading.needs(fields.at("needs"));
  reading.world.monitors.push_back(std::move(monitor));
}

}  // namespace

void read_causes(Reading& reading) {
  for (const Entry& entry : reading.section("causes")) read_cause(reading, entry);
  if (const Entry* chosen = reading.root.find("cause")) {
    reading.world.cause = reading.reference<world::Cause>(Kinds::cause, chosen->value.get());
  } else if (reading.world.causes.size() == 1) {
    reading.world.cause = world::CauseId{0};
  }
}

void read_reactions_and_monitors(Reading& reading) {
  for (const Entry& entry : reading.section("reactions")) read_reaction(reading, entry);
  for (const Entry& entry : reading.section("monitors")) read_monitor(reading, entry);
}

}  // namespace knockon::scenario
