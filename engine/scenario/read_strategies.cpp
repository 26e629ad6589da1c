// Who repairs, and how: teams, strategies, steps and their ways.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/scenario/reading_effects.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using quantity::Share;

void read_team(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(team_record(), *entry.value);
  world::Team team;
  team.name = entry.key;
  team.people = fields.whole("people");
  team.acknowledge = fields.duration_drawn("acknowledge");
  if (const Node* in = fields.written("in"); in && in->is_scalar()) {
    team.place = place_of(reading.scope(), in->text, in->span, reading.faults);
  }
  if (const auto hours = hours_of(fields.text("hours"))) {
    team.hours_from = hours->from;
    team.hours_to = hours->to;
  }
  if (fields.has("off_hours")) team.off_hours = fields.duration_drawn("off_hours");
  team.escalates_to = reading.reference<world::Team>(Kinds::team, fields.written("escalates_to"));
  team.escalate_after = fields.duration("escalate_after");
  team.cost = reading.money_rate(fields, "cost");
  reading.world.teams.push_back(std::move(team));
}

// ---- ways

world::Way way_of(Reading& reading, const Fields& step, const Fields* own) {
  const auto chosen = [&](std::string_view key) -> const Fields& { return own && own->has(key) ? *own : step; };
  world::Way way;
  way.needs = reading.needs(chosen("needs").at("needs"));
  way.takes = chosen("takes").duration_drawn("takes");
  way.team = reading.reference<world::Team>(Kinds::team, chosen("team").at("team"));
  way.succeeds = chosen("succeeds").share("succeeds");
  way.patience = chosen("patience").duration("patience");
  way.has_patience = step.has("patience") || (own && own->has("patience"));
  return way;
}

std::vector<world::Way> ways_of(Reading& reading, const Fields& step) {
  std::vector<world::Way> ways;
  const Node* written = step.written("ways");
  for (const Node* node : Reading::items_of(written)) {
    if (!node->is_map()) continue;
    const Fields own = reading.fields(way_record(), *node);
    ways.push_back(way_of(reading, step, &own));
  }
  if (written && Reading::items_of(written).empty()) {
    reading.faults.error(step.span_of("ways"), "impossible-value", "a step without a way to do it",
                         "leave `ways` out, or list at least one");
  }
  if (ways.empty()) ways.push_back(way_of(reading, step, nullptr));
  return ways;
}

void refuse_too_few_people(Reading& reading, const Fields& fields, const world::Step& step) {
  for (const world::Way& way : step.ways) {
    if (!way.team) continue;
    const world::Team& team = reading.world[*way.team];
    if (step.people <= team.people) continue;
    const Node* people = fields.written("people");
    if (!people) continue;
    reading.faults.error(people->span, "impossible-value",
                         fmt::format("it takes {} people, and the team {} has {}", step.people,
                                     scenario::quoted(team.name), team.people));
    return;
  }
}

// ---- steps

// `start`, names, or the step above.
std::vector<world::StepId> after_of(Reading& reading, const Fields& fields, const Names& siblings,
                                    std::optional<world::StepId> above, world::StepId self) {
  if (!fields.has("after")) return above ? std::vector{*above} : std::vector<world::StepId>{};
  std::vector<world::StepId> after;
  for (const Node* node : Reading::items_of(fields.written("after"))) {
    if (!node->is_scalar()) continue;
    const auto* step = siblings.find(Kinds::step, node->text);
    if (node->text == "start") {
      if (step)
        reading.faults.error(node->span, "bad-name", "'start' means the plan's beginning, and a step is called so too",
                             "give the step another name");
    } else if (!step) {
      siblings.report_unknown(Kinds::step, node->text, node->span, reading.faults);
    } else if (step->index == self.index()) {
      reading.faults.error(node->span, "circle", "a step cannot come after itself");
    } else {
      after.emplace_back(step->index);
    }
  }
  return after;
}

void read_otherwise(Reading& reading, const Fields& fields, const Names& siblings, world::Step& step) {
  const Node* node = fields.at("otherwise");
  if (!node->is_scalar()) return;
  if (node->text == "repeat") {
    step.otherwise = world::Otherwise::repeat;
  } else if (node->text == "next") {
    step.otherwise = world::Otherwise::next;
  } else if (node->text == "stop") {
    step.otherwise = world::Otherwise::stop;
  } else if (const auto* other = siblings.find(Kinds::step, node->text)) {
    step.otherwise = world::Otherwise::step;
    step.otherwise_step = world::StepId{other->index};
  } else if (siblings.knows_like(Kinds::step, node->text)) {
    siblings.report_unknown(Kinds::step, node->text, node->span, reading.faults);
  } else {
    reading.faults.error(node->span, "unknown-name",
                         fmt::format("{} is neither what a step can do next nor a step", scenario::quoted(node->text)),
                         "it is repeat, next, stop, or a step of this plan");
  }
}

world::OnLoss on_loss_of(const std::string& text) {
  if (text == "restart") return world::OnLoss::restart;
  if (text == "next_way") return world::OnLoss::next_way;
  return world::OnLoss::pause;
}

void read_arguments(Reading& reading, const Fields& fields, const VerbRow& verb, const Scope& scope,
                    world::Step& step) {
  step.effect = effect_of(reading, fields, verb, scope);
  if (verb.verb == world::Verb::diagnose) step.wrong = fields.share("wrong");
}

std::optional<world::Effect> harm_of(Reading& reading, const Fields& step, const Scope& scope) {
  const Node* node = step.written("harm");
  const VerbRow* verb = node ? verb_of(*node) : nullptr;
  if (!verb || !verb->can_be(Use::harm)) return std::nullopt;
  const Fields fields = reading.fields(harm_record(), *node, verb);
  refuse_lasting(reading, fields, "harm is done for good");
  return effect_of(reading, fields, *verb, scope);
}

void read_step(Reading& reading, const Entry& entry, world::StrategyId strategy, std::optional<world::StepId> above) {
  const world::StepId id{reading.world.steps.size()};
  const Names& siblings = reading.steps_of_strategy[strategy.index()];
  const VerbRow* verb = verb_of(*entry.value);
  const Fields fields = reading.fields(step_record(), *entry.value, verb);
  Scope scope = reading.scope();
  scope.local = &siblings;
  world::Step step;
  step.name = entry.key;
  step.strategy = strategy;
  if (verb) read_arguments(reading, fields, *verb, scope, step);
  step.team = reading.reference<world::Team>(Kinds::team, fields.at("team"));
  step.people = fields.whole("people");
  step.when = reading.condition(scope, fields.written("when"));
  step.only_if = reading.condition(scope, fields.written("if"));
  step.after = after_of(reading, fields, siblings, above, id);
  step.ways = ways_of(reading, fields);
  refuse_too_few_people(reading, fields, step);
  read_otherwise(reading, fields, siblings, step);
  step.on_loss = on_loss_of(fields.text("on_loss"));
  if (fields.has("lasts")) step.lasts = fields.duration_drawn("lasts");
  step.harm = harm_of(reading, fields, scope);
  reading.world.steps.push_back(std::move(step));
}

// Steps that wait for each other would never begin.
void refuse_waiting_circles(Reading& reading, const world::Strategy& strategy, const std::span<const Entry> entries) {
  if (strategy.steps.empty()) return;
  const std::size_t first = strategy.steps.front().index();
  std::vector<bool> is_free(strategy.steps.size(), false);
  bool is_moving = true;
  while (is_moving) {
    is_moving = false;
    for (std::size_t i = 0; i < is_free.size(); ++i) {
      const std::vector<world::StepId>& after = reading.world.steps[first + i].after;
      if (is_free[i] ||
          !std::all_of(after.begin(), after.end(), [&](world::StepId step) { return is_free[step.index() - first]; }))
        continue;
      is_free[i] = true;
      is_moving = true;
    }
  }
  const auto stuck = std::find(is_free.begin(), is_free.end(), false);
  if (stuck == is_free.end()) return;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < is_free.size(); ++i) {
    if (!is_free[i]) names.push_back(scenario::quoted(entries[i].key));
  }
  std::string text = one_of({names.begin(), names.end()});
  if (const std::size_t last = text.rfind(" or "); last != std::string::npos) text.replace(last, 4, " and ");
  const Entry& entry = entries[static_cast<std::size_t>(stuck - is_free.begin())];
  const Entry* after = entry.value->is_map() ? entry.value->find("after") : nullptr;
  reading.faults.error(after ? after->key_span : entry.key_span, "circle",
                       fmt::format("steps wait for each other, and none can begin: {}", text),
                       "let one begin after: start");
}

std::vector<world::StrategyId> beside_of(Reading& reading, const Fields& fields, world::StrategyId self) {
  std::vector<world::StrategyId> beside;
  for (const Node* node : Reading::items_of(fields.written("beside"))) {
    const auto other = reading.reference<world::Strategy>(Kinds::strategy, node);
    if (!other) continue;
    if (*other == self) {
      reading.faults.error(node->span, "circle", "a plan is not carried out beside itself");
    } else {
      beside.push_back(*other);
    }
  }
  return beside;
}

void read_strategy(Reading& reading, const Entry& entry) {
  const world::StrategyId id{reading.world.strategies.size()};
  const Fields fields = reading.fields(strategy_record(), *entry.value);
  world::Strategy strategy{
      .name = std::string{entry.key}, .when = {}, .steps = {}, .beside = beside_of(reading, fields, id)};
  Scope scope = reading.scope();
  scope.local = &reading.steps_of_strategy[id.index()];
  strategy.when = reading.condition(scope, fields.written("when"));
  std::optional<world::StepId> above;
  const std::span<const Entry> steps = Reading::entries_of(*entry.value, "steps");
  for (const Entry& step : steps) {
    const world::StepId step_id{reading.world.steps.size()};
    strategy.steps.push_back(step_id);
    read_step(reading, step, id, above);
    above = step_id;
  }
  refuse_waiting_circles(reading, strategy, steps);
  reading.world.strategies.push_back(std::move(strategy));
}

}  // namespace

// Teams that call each other would call for ever.
void refuse_calling_circles(Reading& reading) {
  const std::vector<world::Team>& teams = reading.world.teams;
  const std::span<const Entry> entries = reading.section("teams");
  const std::size_t nobody = teams.size();
  std::vector<std::size_t> reached_from(teams.size(), nobody);  // by whom a team was first called
  for (std::size_t i = 0; i < teams.size(); ++i) {
    std::size_t at = i;
    while (reached_from[at] == nobody && teams[at].escalates_to) {
      reached_from[at] = i;
      at = teams[at].escalates_to->index();
    }
    if (reached_from[at] == i) {
      const Entry* key = entries[at].value->find("escalates_to");
      reading.faults.error(
          key->value->span, "circle",
          fmt::format("teams call each other in a circle, {} among them", scenario::quoted(teams[at].name)),
          "let the last of them call nobody");
    }
  }
}

void read_teams_and_strategies(Reading& reading) {
  for (const Entry& entry : reading.section("teams")) read_team(reading, entry);
  refuse_calling_circles(reading);
  for (const Entry& entry : reading.section("strategies")) read_strategy(reading, entry);
  if (const Entry* chosen = reading.root.find("strategy")) {
    reading.world.strategy = reading.reference<world::Strategy>(Kinds::strategy, chosen->value);
  } else if (reading.world.strategies.size() == 1) {
    reading.world.strategy = world::StrategyId{0};
  }
}

}  // namespace knockon::scenario
