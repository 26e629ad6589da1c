// What goes wrong: causes with their faults, reactions, monitors.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/quantity/text.hpp"
#include "engine/scenario/admission.hpp"
#include "engine/scenario/live_parameters.hpp"
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

void refuse_unlimited(Reading& reading, const world::Target& target, const Node& node) {
  const auto* link = std::get_if<world::LinkId>(&target.subject);
  if (!link || reading.world[*link].bandwidth) return;
  reading.faults.error(node.span, "wrong-kind", fmt::format("{} has no bandwidth to lose", scenario::quoted(node.text)),
                       "give the link bandwidth: 10 Gbit/s");
}

void read_times_or_add(Reading& reading, const Fields& fields, world::Effect& effect) {
  const std::string verb = world::text_of(effect.verb);
  if (fields.has("times") && fields.has("add")) {
    reading.faults.error(fields.span_of("add"), "wrong-shape",
                         fmt::format("{} has either 'times' or 'add', not both", scenario::quoted(verb)));
  } else if (!fields.has("times") && !fields.has("add")) {
    reading.faults.error(fields.span_of("do"), "missing-key",
                         fmt::format("{} says neither how many 'times' nor how much to 'add'", scenario::quoted(verb)),
                         effect.verb == world::Verb::load ? "add times: 20" : "add times: 2");
  }
  if (fields.has("times")) effect.times = fields.count("times");
  if (!fields.has("add")) return;
  if (effect.verb == world::Verb::load) effect.added = fields.rate("add");
  if (effect.verb == world::Verb::slow) effect.slower = fields.duration_drawn("add");
  if (effect.verb == world::Verb::add_capacity) effect.replicas = fields.count("add");
}

std::optional<world::Place> place_argument(Reading& reading, const Fields& fields, std::string_view key) {
  const Node* node = fields.written(key);
  if (!node || !node->is_scalar()) return std::nullopt;
  return place_of(reading.scope(), node->text, node->span, reading.faults);
}

world::Of of_named(const std::string& text) {
  if (text == "users") return world::Of::users;
  if (text == "keys") return world::Of::keys;
  if (text == "replicas") return world::Of::replicas;
  return world::Of::tries;
}

void read_stages(Reading& reading, const Fields& fields, world::Effect& effect) {
  effect.stages = std::max(1, fields.whole("stages"));
  effect.staged_every = fields.duration_if_any("every");
  if (effect.stages == 1 || effect.staged_every) return;
  reading.faults.error(fields.span_of("stages"), "missing-key", "stages need 'every', the time between them",
                       "add every: 10m");
}

void read_arguments(Reading& reading, const Fields& fields, const VerbRow& verb, const Scope& scope,
                    world::Effect& effect) {
  using world::Verb;
  const auto takes = [&](std::string_view name) {
    return std::any_of(verb.arguments.begin(), verb.arguments.end(), [&](const Key& key) { return key.name == name; });
  };
  if (takes("share")) effect.share = fields.share("share");
  if (takes("of")) effect.of = of_named(fields.text("of"));
  if (takes("again_after")) effect.again_after = fields.duration_if_any("again_after");
  if (takes("times")) read_times_or_add(reading, fields, effect);
  if (takes("rate") && fields.has("rate")) effect.restart_rate = fields.rate("rate");
  if (takes("loses")) effect.loses = fields.duration("loses");
  if (takes("bytes")) effect.bytes = fields.data_size("bytes");
  if (takes("values")) effect.values = settings_of(reading, fields.written("values"), effect.targets);
  if (verb.verb == Verb::admit) effect.admission = admission_of(reading, fields, scope);
  if (verb.verb == Verb::roll_back) read_stages(reading, fields, effect);
  // What `admit` has under these names are shares and rates.
  if (verb.verb == Verb::fail_over || verb.verb == Verb::drain) effect.to = place_argument(reading, fields, "to");
  if (verb.verb == Verb::restore || verb.verb == Verb::copy) effect.from = place_argument(reading, fields, "from");
}

void refuse_placeless(Reading& reading, world::Verb verb, const world::Target& target, const Node& node) {
  const bool is_from_somewhere =
      verb == world::Verb::fail_over || verb == world::Verb::restore || verb == world::Verb::copy;
  if (!is_from_somewhere || target.place) return;
  reading.faults.error(node.span, "missing-name",
                       verb == world::Verb::fail_over
                           ? fmt::format("from where does {} fail over?", scenario::quoted(node.text))
                           : fmt::format("where is {} brought to?", scenario::quoted(node.text)),
                       printable(fmt::format("write {}@PLACE", node.text)));
}

void refuse_placed(Reading& reading, world::Verb verb, const world::Target& target, const Node& node) {
  const bool is_everywhere = verb == world::Verb::set || verb == world::Verb::empty_record;
  if (!is_everywhere || !target.place) return;
  reading.faults.error(node.span, "wrong-kind",
                       verb == world::Verb::set ? "a parameter is the same at every place"
                                                : "a name has one record, the same at every place",
                       printable(fmt::format("write {}", node.text.substr(0, node.text.find('@')))));
}

void refuse_nameless(Reading& reading, const world::Target& target, const Node& node) {
  const auto* service = std::get_if<world::ServiceId>(&target.subject);
  if (!service || reading.world[*service].resolve) return;
  reading.faults.error(node.span, "wrong-kind", fmt::format("{} is found without a name", scenario::quoted(node.text)),
                       "give it resolve: {through: …}");
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
    if (verb.verb == world::Verb::lose_bandwidth) refuse_unlimited(reading, *target, *node);
    refuse_placeless(reading, verb.verb, *target, *node);
    refuse_placed(reading, verb.verb, *target, *node);
    if (verb.verb == world::Verb::empty_record) refuse_nameless(reading, *target, *node);
    effect.targets.push_back(*target);
  }
  if (targets && Reading::items_of(targets).empty()) {
    reading.faults.error(fields.span_of("target"), "impossible-value", "an empty list of targets");
  }
  read_arguments(reading, fields, verb, scope, effect);
  return effect;
}

std::vector<world::Verb> ended_by(const Fields& fields) {
  std::vector<world::Verb> verbs;
  for (const Node* node : Reading::items_of(fields.at("ended_by"))) {
    if (const auto verb = world::verb_named(node->text)) verbs.push_back(*verb);
  }
  return verbs;
}

namespace {

// A share of the targets, or one that moves.
world::Flaps::Nodes nodes_of(Reading& reading, const Fields& flaps) {
  const Node* node = flaps.written("nodes");
  if (!node) return {};
  if (node->is_scalar()) {
    const auto share = quantity::parse_share(node->text);
    return share ? world::Flaps::Nodes{.from = *share, .to = *share, .over = {}} : world::Flaps::Nodes{};
  }
  const Fields nodes = reading.fields(nodes_record(), *node);
  return {.from = nodes.share("from"), .to = nodes.share("to"), .over = nodes.duration("over")};
}

}  // namespace

namespace {

std::string verb_text(const world::Effect& effect) {
  const std::string verb = world::text_of(effect.verb);
  if (effect.verb != world::Verb::errors) return verb;
  return effect.of == world::Of::users ? verb + " of users" : verb + " of keys";
}

// Whether a part of its targets, or of its share, can have it.
bool comes_in_parts(const world::Effect& effect) {
  using world::Verb;
  const bool is_sticky = effect.of == world::Of::users || effect.of == world::Of::keys;
  return effect.verb == Verb::down || effect.verb == Verb::unreachable || effect.verb == Verb::stale ||
         effect.verb == Verb::lose_capacity || (effect.verb == Verb::errors && !is_sticky);
}

}  // namespace

std::optional<world::Flaps> flaps_of(Reading& reading, const Fields& fields, const world::Effect& effect) {
  const Node* node = fields.written("flaps");
  if (!node || !node->is_map()) return std::nullopt;
  const Fields flaps = reading.fields(flaps_record(), *node);
  world::Flaps result{
      .period = flaps.duration("period"), .duty = flaps.share("duty"), .chance = {}, .nodes = nodes_of(reading, flaps)};
  if (flaps.has("chance")) result.chance = flaps.share("chance");
  if (flaps.has("nodes") && !comes_in_parts(effect)) {
    reading.faults.error(flaps.span_of("nodes"), "wrong-argument",
                         fmt::format("{} does not come to a part of its targets", scenario::quoted(verb_text(effect))),
                         "'nodes' goes with down, unreachable, stale, lose-capacity, and errors of tries or replicas");
  }
  return result;
}

// Only faults and strategies' steps last for a time that they say.
void refuse_lasting(Reading& reading, const Fields& fields, std::string_view hint) {
  if (!fields.has("lasts")) return;
  reading.faults.error(fields.span_of("lasts"), "wrong-argument", "'lasts' belongs to faults and steps",
                       std::string{hint});
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

void read_spread(Reading& reading, const Fields& fields, world::Fault& fault) {
  const Node* node = fields.at("by");
  const Entry* rollout = node->is_map() ? node->find("rollout") : nullptr;
  if (rollout) {
    fault.by = world::Spread::rollout;
    fault.stages = reading.fields(rollout_record(), *rollout->value).whole("stages");
  } else if (node->is_scalar()) {
    fault.by = node->text == "site"      ? world::Spread::site
               : node->text == "rollout" ? world::Spread::rollout
                                         : world::Spread::share;
  }
  if (fault.by == world::Spread::share || fields.has("over")) return;
  reading.faults.error(fields.span_of("by"), "missing-key",
                       "nothing can spread site by site or in stages without the time that takes", "add over: 20m");
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
  read_spread(reading, fields, fault);
  if (fields.has("every")) fault.every = fields.duration_drawn("every");
  if (fields.has("every") && fields.has("when")) {
    reading.faults.error(fields.span_of("every"), "wrong-shape",
                         "a fault comes again either 'every' so often or 'when' something holds, not both");
  }
  fault.flaps = flaps_of(reading, fields, fault.effect);
  reading.world.faults.push_back(std::move(fault));
}

void read_cause(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(cause_record(), *entry.value);
  const world::CauseId id{reading.world.causes.size()};
  world::Cause cause{
      .name = std::string{entry.key}, .title = fields.text("title"), .weight = fields.count("weight"), .faults = {}};
  const std::span<const Entry> faults = Reading::entries_of(*entry.value, "faults");
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
  refuse_lasting(reading, fields, "a reaction ends when `until` holds, or when `when` no longer does");
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
  reaction.flaps = flaps_of(reading, fields, reaction.effect);
  reading.world.reactions.push_back(std::move(reaction));
}

void read_monitor(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(monitor_record(), *entry.value);
  world::Monitor monitor;
  monitor.name = entry.key;
  if (auto alert = reading.condition(reading.scope(), fields.written("alert"))) monitor.alert = std::move(*alert);
  monitor.every = fields.duration("every");
  monitor.needs = reading.needs(fields.at("needs"));
  monitor.no_data = fields.duration_if_any("no_data");
  reading.world.monitors.push_back(std::move(monitor));
}

}  // namespace

void read_causes(Reading& reading) {
  for (const Entry& entry : reading.section("causes")) read_cause(reading, entry);
  if (const Entry* chosen = reading.root.find("cause")) {
    reading.world.cause = reading.reference<world::Cause>(Kinds::cause, chosen->value);
  } else if (reading.world.causes.size() == 1) {
    reading.world.cause = world::CauseId{0};
  }
}

// Each effect that strikes the same users, or keys, each time divides all users in two.
void refuse_too_many_classes(Reading& reading) {
  constexpr std::ptrdiff_t classes_max = 3;
  const auto divides = [](const world::Effect& effect) {
    return effect.verb == world::Verb::errors && (effect.of == world::Of::users || effect.of == world::Of::keys);
  };
  const world::World& world = reading.world;
  const auto besides = std::count_if(world.reactions.begin(), world.reactions.end(),
                                     [&](const world::Reaction& reaction) { return divides(reaction.effect); }) +
                       std::count_if(world.steps.begin(), world.steps.end(),
                                     [&](const world::Step& step) { return step.harm && divides(*step.harm); });
  for (std::size_t i = 0; i < world.causes.size(); ++i) {
    const auto& faults = world.causes[i].faults;
    const auto own =
        std::count_if(faults.begin(), faults.end(), [&](world::FaultId fault) { return divides(world[fault].effect); });
    if (own + besides <= classes_max) continue;
    reading.faults.error(reading.section("causes")[i].key_span, "too-large",
                         fmt::format("{} effects of errors of users or of keys, reactions and harm among them; "
                                     "at most {} can be told apart",
                                     own + besides, classes_max),
                         "let some be errors of tries");
  }
}

void read_reactions_and_monitors(Reading& reading) {
  for (const Entry& entry : reading.section("reactions")) read_reaction(reading, entry);
  for (const Entry& entry : reading.section("monitors")) read_monitor(reading, entry);
}

}  // namespace knockon::scenario
