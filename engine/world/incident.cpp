#include "engine/world/incident.hpp"

#include <array>
#include <utility>

#include "engine/world/promise.hpp"

namespace knockon::world {
namespace {

constexpr std::array<std::pair<Verb, const char*>, 35> verbs{{
    {Verb::down, "down"},
    {Verb::unreachable, "unreachable"},
    {Verb::stale, "stale"},
    {Verb::errors, "errors"},
    {Verb::lose_capacity, "lose-capacity"},
    {Verb::lose_cache, "lose-cache"},
    {Verb::lose_bandwidth, "lose-bandwidth"},
    {Verb::empty_record, "empty-record"},
    {Verb::set, "set"},
    {Verb::slow, "slow"},
    {Verb::load, "load"},
    {Verb::log_out, "log-out"},
    {Verb::repair, "repair"},
    {Verb::roll_back, "roll-back"},
    {Verb::replace, "replace"},
    {Verb::switch_off, "switch-off"},
    {Verb::switch_on, "switch-on"},
    {Verb::restart, "restart"},
    {Verb::purge, "purge"},
    {Verb::warm, "warm"},
    {Verb::admit, "admit"},
    {Verb::fail_over, "fail-over"},
    {Verb::drain, "drain"},
    {Verb::undrain, "undrain"},
    {Verb::add_capacity, "add-capacity"},
    {Verb::disable, "disable"},
    {Verb::enable, "enable"},
    {Verb::restore, "restore"},
    {Verb::copy, "copy"},
    {Verb::diagnose, "diagnose"},
    {Verb::announce, "announce"},
    {Verb::wait, "wait"},
    {Verb::travel, "travel"},
    {Verb::open_door, "open-door"},
    {Verb::break_glass, "break-glass"},
}};

constexpr std::array<std::pair<Measure, const char*>, 18> measures{{
    {Measure::down, "down"},
    {Measure::degraded, "degraded"},
    {Measure::first_impact, "first_impact"},
    {Measure::restored, "restored"},
    {Measure::user_minutes, "user_minutes"},
    {Measure::money, "money"},
    {Measure::credits, "credits"},
    {Measure::ever_down, "ever_down"},
    {Measure::detected, "detected"},
    {Measure::acknowledged, "acknowledged"},
    {Measure::diagnosed, "diagnosed"},
    {Measure::mitigated, "mitigated"},
    {Measure::announced, "announced"},
    {Measure::staff_hours, "staff_hours"},
    {Measure::data_lost, "data_lost"},
    {Measure::stuck, "stuck"},
    {Measure::single_points, "single_points"},
    {Measure::knots, "knots"},
}};

}  // namespace

const char* text_of(Verb verb) { return verbs.at(static_cast<std::size_t>(verb)).second; }

std::optional<Verb> verb_named(std::string_view text) {
  for (const auto& [verb, name] : verbs) {
    if (text == name) return verb;
  }
  return std::nullopt;
}

const char* text_of(Measure measure) { return measures.at(static_cast<std::size_t>(measure)).second; }

}  // namespace knockon::world
