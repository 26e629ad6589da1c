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

// ---- admission

world::Admission admission_of(Reading& reading, const Fields& fields, const Scope& scope) {
  world::Admission admission;
  admission.to = fields.share("to");
  admission.from = fields.has("from") ? fields.share("from") : admission.to;
  admission.by = fields.has("by") ? fields.share("by") : admission.to;
  admission.every = fields.has("every") ? fields.duration("every") : quantity::Duration{};
  admission.guard = reading.condition(scope, fields.written("guard"));
  const bool is_ramp = admission.from < admission.to;
  if (admission.from > admission.to) {
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

// ---- steps

// `start`, names, or the step above.
std::vector<world::StepId> after_of(Reading& reading, const Fields& fields, const Names& siblings,
                                    std::optional<world::StepId> above, world::StepId self) {
  if (!fields.has("after")) return above ? std::vector{*above} : std::vector<world::StepId>{};
  std::vector<world::StepId> after;
  for (const Node* node : Reading::items_of(fields.written("after"))) {
    if (!node->is_scalar() || node->text == "start") continue;
    const auto* step = siblings.find(Kinds::step, node->text);
    if (!step) {
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
  } else {
    siblings.report_unknown(Kinds::step, node->text, node->span, reading.faults);
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
  if (verb.verb == world::Verb::admit) step.admission = admission_of(reading, fields, scope);
  if (verb.verb != world::Verb::roll_back) return;
  step.stages = std::max(1, fields.whole("stages"));
  step.staged_every = fields.duration_if_any("every");
  if (step.stages > 1 && !step.staged_every) {
    reading.faults.error(fields.span_of("stages"), "missing-key", "stages need 'every', the time between them",
                         "add every: 10m");
  }
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
  reading.world.steps.push_back(std::move(step));
}

// Steps that wait for each other would never begin.
void refuse_waiting_circles(Reading& reading, const world::Strategy& strategy, const std::vector<Entry>& entries) {
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

void read_strategy(Reading& reading, const Entry& entry) {
  const world::StrategyId id{reading.world.strategies.size()};
  const Fields fields = reading.fields(strategy_record(), *entry.value);
  world::Strategy strategy{.name = entry.key, .when = {}, .steps = {}};
  Scope scope = reading.scope();
  scope.local = &reading.steps_of_strategy[id.index()];
  strategy.when = reading.condition(scope, fields.written("when"));
  std::optional<world::StepId> above;
  const std::vector<Entry>& steps = Reading::entries_of(*entry.value, "steps");
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

void read_teams_and_strategies(Reading& reading) {
  for (const Entry& entry : reading.section("teams")) read_team(reading, entry);
  for (const Entry& entry : reading.section("strategies")) read_strategy(reading, entry);
  if (const Entry* chosen = reading.root.find("strategy")) {
    reading.world.strategy = reading.reference<world::Strategy>(Kinds::strategy, chosen->value.get());
  } else if (reading.world.strategies.size() == 1) {
    reading.world.strategy = world::StrategyId{0};
  }
}

}  // namespace knockon::scenario
