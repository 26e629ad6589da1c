#include "engine/report/event_text.hpp"

#include <fmt/format.h>

#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

using simulation::Event;
using simulation::EventKind;
using world::World;

std::string what_it_does(const World& world, const world::Effect& effect) {
  std::vector<std::string> targets;
  for (const world::Target& target : effect.targets) targets.push_back(world::name_of(world, target));
  constexpr std::size_t targets_max = 3;
  return fmt::format("{} {}", world::text_of(effect.verb), listed(targets, targets_max));
}

std::string beginning_of(const World& world, const Event& event, const std::string& name) {
  if (event.value != 0) return name + " comes on again";
  if (const auto* fault = std::get_if<world::FaultId>(&event.about.subject))
    return fmt::format("{} begins: {}", name, what_it_does(world, world[*fault].effect));
  if (const auto* reaction = std::get_if<world::ReactionId>(&event.about.subject))
    return fmt::format("{} acts: {}", name, what_it_does(world, world[*reaction].effect));
  return name + " begins";
}

const world::Way* way_of(const World& world, const Event& event) {
  const auto* step = std::get_if<world::StepId>(&event.about.subject);
  const auto number = static_cast<std::size_t>(event.value);
  if (step == nullptr || number >= world[*step].ways.size()) return nullptr;
  return &world[*step].ways[number];
}

std::string needs_of(const world::Way* way) {
  std::vector<std::string> needs;
  if (way != nullptr) {
    for (const world::Need& need : way->needs) needs.push_back(need.text);
  }
  return needs.empty() ? "its turn" : listed(needs, needs.size());
}

// Which of several ways is taken, by what it needs.
std::string by_which_way(const World& world, const Event& event) {
  const auto* step = std::get_if<world::StepId>(&event.about.subject);
  const world::Way* way = way_of(world, event);
  if (step == nullptr || way == nullptr || world[*step].ways.size() < 2) return {};
  return way->needs.empty() ? ", the way that needs nothing" : ", by way of " + needs_of(way);
}

// What a step that failed or missed has broken.
std::string harm_of(const World& world, const Event& event) {
  const auto* step = std::get_if<world::StepId>(&event.about.subject);
  if (event.value == 0 || step == nullptr || !world[*step].harm) return {};
  return "; harm done: " + what_it_does(world, *world[*step].harm);
}

// Who answered: the team called in place of another, or the step's own.
std::string team_of(const World& world, const Event& event) {
  if (event.value > 0) return world.teams[static_cast<std::size_t>(event.value) - 1].name;
  const auto* step = std::get_if<world::StepId>(&event.about.subject);
  if (step == nullptr || !world[*step].team) return "a team";
  return world[*world[*step].team].name;
}

const world::Effect* effect_of(const World& world, const world::Subject& subject) {
  if (const auto* step = std::get_if<world::StepId>(&subject)) return &world[*step].effect;
  if (const auto* reaction = std::get_if<world::ReactionId>(&subject)) return &world[*reaction].effect;
  return nullptr;
}

// A share of users, or so many a second.
std::string let_in(const World& world, const Event& event) {
  const world::Effect* effect = effect_of(world, event.about.subject);
  const bool is_rate = effect != nullptr && effect->admission && effect->admission->rates;
  return is_rate ? quantity::text_of(quantity::Rate::per_second(event.value))
                 : share_text(quantity::Share{event.value});
}

std::string app_text(const World& world, const Event& event, const char* becomes) {
  const std::string app = world::name_of(world, event.about.subject);
  if (!event.about.place) return fmt::format("{} {}, all regions together", app, becomes);
  const std::string whole = world::name_of(world, event.about);
  return fmt::format("{} {} in {}", app, becomes, whole.substr(app.size() + 1));
}

}  // namespace

std::string subject_of(const World& world, const Event& event) {
  if (event.kind == EventKind::milestone) return world.observed[static_cast<std::size_t>(event.value)].text;
  return world::name_of(world, event.about);
}

std::string sentence_of(const World& world, const Event& event) {
  const std::string name = subject_of(world, event);
  switch (event.kind) {
    case EventKind::fault_began:
    case EventKind::reaction_began:
      return beginning_of(world, event, name);
    case EventKind::fault_ended:
    case EventKind::reaction_ended:
      return name + (event.value != 0 ? " pauses" : " ends");
    case EventKind::app_down:
      return app_text(world, event, "goes down");
    case EventKind::app_degraded:
      return app_text(world, event, "is degraded");
    case EventKind::app_ok:
      return app_text(world, event, "is ok");
    case EventKind::monitor_blind:
      return name + " goes blind";
    case EventKind::monitor_seeing:
      return name + " sees again";
    case EventKind::alert_on:
      return name + (event.value != 0 ? " alerts: it has no data" : " alerts");
    case EventKind::alert_off:
      return name + " is quiet again";
    case EventKind::reports_on:
      return "people complain: " + name;
    case EventKind::strategy_began:
      if (event.value > 0) {
        return fmt::format("the plan {} begins beside it",
                           world.strategies[static_cast<std::size_t>(event.value) - 1].name);
      }
      return "the plan begins";
    case EventKind::acknowledged:
      return team_of(world, event) + " answers the page";
    case EventKind::escalated:
      return fmt::format("nobody has answered: {} is called", world.teams[static_cast<std::size_t>(event.value)].name);
    case EventKind::step_waits:
      return fmt::format("{} waits for {}", name, needs_of(way_of(world, event)));
    case EventKind::step_began:
      return name + " begins" + by_which_way(world, event);
    case EventKind::step_paused:
      return name + " pauses: what it needs is gone";
    case EventKind::step_resumed:
      return name + " goes on";
    case EventKind::step_done:
      return name + (event.value != 0 ? " comes to a wrong conclusion" : " is done");
    case EventKind::step_undone:
      return "what " + name + " did is undone";
    case EventKind::step_failed:
      return name + " fails" + harm_of(world, event);
    case EventKind::step_missed:
      return name + " changes nothing: the diagnosis was wrong" + harm_of(world, event);
    case EventKind::step_skipped:
      return name + " is not needed";
    case EventKind::step_stuck:
      return name + " is stuck";
    case EventKind::way_given_up:
      return fmt::format("{}: {} is given up", name, needs_of(way_of(world, event)));
    case EventKind::admitted:
      return fmt::format("{}: {} are let in", name, let_in(world, event));
    case EventKind::announced:
      return name + ": the first public statement";
    case EventKind::cached_names_gone:
      return fmt::format("the last cached answers for {} run out", name);
    case EventKind::cached_names_back:
      return fmt::format("{} is found by name again", name);
    case EventKind::link_off:
      return name + " is off";
    case EventKind::link_on:
      return name + " is on again";
    case EventKind::milestone:
      return name + " is reached";
    case EventKind::bytes_leave:
      return name + ": the first bytes leave";
    case EventKind::bytes_stop:
      return name + " has no way for its bytes";
    case EventKind::bytes_move_on:
      return name + ": bytes move on";
    case EventKind::bytes_arrived:
      return name + ": the last bytes have arrived";
  }
  return name;
}

}  // namespace knockon::report
