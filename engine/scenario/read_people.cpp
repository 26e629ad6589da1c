// Sessions, apps and their journeys, and the populations that use them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "engine/quantity/text.hpp"
#include "engine/scenario/reading.hpp"
#include "engine/scenario/reading_calls.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using quantity::Share;

// ---- how people and machines try again

world::Retry retry_of(Reading& reading, const Fields& holder) {
  const Node* node = holder.at("retry");
  if (!node->is_map()) return {};
  const Fields fields = reading.fields(retry_record(), *node);
  world::Retry retry;
  retry.first = fields.duration("first");
  retry.factor = fields.count("factor");
  retry.up_to = fields.duration("up_to");
  retry.jitter = fields.share("jitter");
  retry.gives_up = fields.rate("gives_up");
  retry.returns = fields.duration_drawn("returns");
  if (const Node* factor = fields.written("factor"); factor && retry.factor > 0 && retry.factor < 1) {
    reading.faults.error(factor->span, "impossible-value",
                         fmt::format("pauses that shrink ({}); expected a factor of at least 1", factor->text));
  }
  refuse_shrinking_pauses(reading, fields, retry.first, retry.up_to);
  return retry;
}

// ---- sessions

world::Holders holders_of(Reading& reading, const Fields& fields) {
  const Node* holders = fields.written("holders");
  const bool is_number = holders && holders->is_scalar() && quantity::parse_count(holders->text);
  if (is_number) {
    Type machines;
    machines.form = Type::Form::count;
    machines.bound = Type::Bound::positive;
    if (const auto wrong = wrong_with(machines, holders->text))
      reading.faults.error(holders->span, wrong->code, wrong->message, wrong->hint);
    return world::Machines{.count = *quantity::parse_count(holders->text), .retry = retry_of(reading, fields)};
  }
  if (fields.has("retry"))
    reading.faults.error(fields.span_of("retry"), "wrong-argument",
                         "'retry' is how machines try again, and people hold these sessions",
                         "people try again as their population says; or write holders: 500k for machines");
  const auto population = reading.reference<world::Population>(Kinds::population, holders);
  return population ? world::Holders{*population} : world::AllUsers{};
}

// People open theirs by a journey, machines by an operation.
std::variant<world::JourneyId, world::OperationId> opening_of(Reading& reading, const Fields& fields,
                                                              bool are_machines) {
  const Node* opened_by = fields.written("opened_by");
  if (!opened_by || !opened_by->is_scalar()) return world::JourneyId{};
  const auto* journey = reading.names.find(Kinds::journey, opened_by->text);
  if (journey && !are_machines) return world::JourneyId{journey->index};
  if (journey) {
    reading.faults.error(opened_by->span, "wrong-kind",
                         fmt::format("{} is a journey, which people do; machines open a session by an operation",
                                     scenario::quoted(opened_by->text)));
    return world::JourneyId{};
  }
  const bool is_answered = reading.names.find(Kinds::service | Kinds::operation, opened_by->text) != nullptr;
  if (!is_answered) {
    reading.names.report_unknown(Kinds::journey | Kinds::operation, opened_by->text, opened_by->span, reading.faults);
    return world::JourneyId{};
  }
  if (!are_machines) {
    reading.faults.error(opened_by->span, "wrong-kind",
                         fmt::format("{} is an operation, which software calls; people open a session by a journey",
                                     scenario::quoted(opened_by->text)),
                         "name a journey; or write holders: 500k for machines");
    return world::JourneyId{};
  }
  const auto operation = reading.operation(opened_by);
  return operation ? std::variant<world::JourneyId, world::OperationId>{*operation} : world::JourneyId{};
}

std::optional<random::DurationDistribution> lifetime_of(const Fields& fields) {
  if (!fields.has("lifetime")) return std::nullopt;
  return fields.duration_drawn("lifetime");
}

void refuse_renewals_too_late(Reading& reading, const Fields& fields, const world::SessionKind& session) {
  if (!session.renewal || !session.lifetime || session.renewal->every < session.lifetime->median()) return;
  reading.faults.error(
      fields.span_of("renew_every"), "impossible-value",
      "half of these sessions have expired when they are to be renewed; expected less than their lifetime");
}

void read_session(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(session_record(), *entry.value);
  world::SessionKind session;
  session.name = entry.key;
  session.store =
      reading.reference<world::Service>(Kinds::service, fields.written("store")).value_or(world::ServiceId{});
  session.holders = holders_of(reading, fields);
  const bool are_machines = std::holds_alternative<world::Machines>(session.holders);
  session.opened_by = opening_of(reading, fields, are_machines);
  if (fields.has("renewed_by")) {
    const auto by = reading.operation(fields.written("renewed_by"));
    if (by) session.renewal = world::Renewal{.by = *by, .every = fields.duration("renew_every")};
  }
  session.lifetime = lifetime_of(fields);
  refuse_renewals_too_late(reading, fields, session);
  session.held = fields.share("held");
  session.notice = fields.duration("notice");
  reading.world.sessions.push_back(std::move(session));
}

// A journey that opens a session and needs it could never begin.
void refuse_sessions_behind_themselves(Reading& reading) {
  const world::World& world = reading.world;
  for (std::size_t i = 0; i < world.sessions.size(); ++i) {
    const Fields fields = reading.fields(session_record(), *reading.section("sessions")[i].value);
    const Node* opened_by = fields.written("opened_by");
    const auto* journey = std::get_if<world::JourneyId>(&world.sessions[i].opened_by);
    if (!opened_by || !journey || !reading.names.find(Kinds::journey, opened_by->text)) continue;
    std::optional<world::SessionId> needed = world[*journey].session;
    for (std::size_t n = 0; needed && needed->index() != i && n < world.sessions.size(); ++n) {
      const auto* opening = std::get_if<world::JourneyId>(&world[*needed].opened_by);
      needed = opening != nullptr ? world[*opening].session : std::nullopt;
    }
    if (!needed || needed->index() != i) continue;
    const bool is_its_own = world[*journey].session->index() == i;
    reading.faults.error(opened_by->span, "circle",
                         is_its_own ? fmt::format("{} needs the session it opens", scenario::quoted(opened_by->text))
                                    : fmt::format("{} needs {}, which cannot be opened without this one",
                                                  scenario::quoted(opened_by->text),
                                                  scenario::quoted(world[*world[*journey].session].name)));
  }
}

// ---- apps

void refuse_sessions_of_machines(Reading& reading, const Fields& fields, const world::Journey& journey) {
  if (!journey.session || !std::holds_alternative<world::Machines>(reading.world[*journey.session].holders)) return;
  reading.faults.error(fields.span_of("session"), "wrong-kind",
                       fmt::format("machines hold {}, and a journey needs a session of the person who does it",
                                   scenario::quoted(fields.text("session"))),
                       "scale the service that the machines are for: scaled_by");
}

void read_journey(Reading& reading, const Entry& app_entry, const Entry& entry, world::AppId app) {
  const Fields fields = reading.fields(journey_record(), *entry.value);
  world::Journey journey;
  journey.app = app;
  journey.name = fmt::format("{}.{}", app_entry.key, entry.key);
  journey.calls = calls_of(reading, fields.written("calls"));
  if (fields.has("calls") && Reading::items_of(fields.written("calls")).empty()) {
    reading.faults.error(fields.span_of("calls"), "impossible-value", "a journey that calls nothing cannot fail",
                         "name the first service behind it");
  }
  journey.session = reading.reference<world::SessionKind>(Kinds::session, fields.written("session"));
  refuse_sessions_of_machines(reading, fields, journey);
  journey.critical = fields.flag("critical");
  journey.priority = fields.whole("priority");
  journey.timeout = fields.duration("timeout");
  journey.fallback = fallback_of(reading, fields.written("fallback"));
  reading.world.journeys.push_back(std::move(journey));
}

void read_credits(Reading& reading, const Fields& fields, world::App& app) {
  for (const Node* tier : Reading::items_of(fields.written("credit"))) {
    if (!tier->is_map()) continue;
    const Fields credit = reading.fields(credit_record(), *tier);
    const auto pays = quantity::parse_money(credit.text("pays"));
    if (!pays) continue;
    reading.note_currency(pays->currency, credit.written("pays")->span);
    app.credits.push_back({.after = credit.duration("after"), .pays = pays->money});
  }
  std::stable_sort(app.credits.begin(), app.credits.end(),
                   [](const world::Credit& a, const world::Credit& b) { return a.after < b.after; });
}

// First what conditions, those of other apps among them, ask of an app.
void read_objective(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(app_record(), *entry.value);
  world::App app;
  app.name = entry.key;
  if (const Node* slo = fields.written("slo"); slo && slo->is_map()) {
    const Fields objective = reading.fields(objective_record(), *slo);
    app.slo_target = objective.share("target");
    app.slo_window = objective.duration("window");
  }
  reading.world.apps.push_back(std::move(app));
}

void read_app(Reading& reading, const Entry& entry, world::AppId id) {
  const Fields fields = reading.fields(app_record(), *entry.value);
  world::App app = reading.world[id];
  Scope scope = reading.scope();
  scope.app = id;
  if (auto down = reading.condition(scope, fields.at("down"))) app.down = std::move(*down);
  if (auto degraded = reading.condition(scope, fields.at("degraded"))) app.degraded = std::move(*degraded);
  read_credits(reading, fields, app);
  bool any_critical = false;
  const std::span<const Entry> journeys = Reading::entries_of(*entry.value, "journeys");
  for (const Entry& journey : journeys) {
    app.journeys.emplace_back(reading.world.journeys.size());
    read_journey(reading, entry, journey, id);
    any_critical = any_critical || reading.world.journeys.back().critical;
  }
  if (!any_critical && fields.has("journeys") && fields.at("journeys")->is_map()) {
    reading.faults.error(
        fields.span_of("journeys"), "impossible-value",
        journeys.empty() ? "an app without journeys cannot be judged"
                         : "an app is judged by its critical journeys, and this one has none",
        journeys.empty() ? "add a journey: {open: {calls: [SERVICE]}}" : "leave `critical: false` out of one of them");
  }
  reading.world.apps[id.index()] = std::move(app);
}

// ---- curves

// The day's mean of straight lines between points, around midnight.
double day_mean(const std::vector<world::Curve::Point>& points) {
  constexpr double day = 24;
  if (points.size() == 1) return points.front().level;
  double area = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const world::Curve::Point& next = points[(i + 1) % points.size()];
    double span = next.local.in_hours() - points[i].local.in_hours();
    if (span <= 0) span += day;
    area += span * (points[i].level + next.level) / 2;
  }
  return area / day;
}

world::Curve normalised(world::Curve curve) {
  const double mean = day_mean(curve.points);
  for (world::Curve::Point& point : curve.points) point.level /= mean;
  return curve;
}

world::Curve evening() {
  // Highest at 21 h, half of that at 9 h: the usual shape of leisure traffic.
  world::Curve curve{.name = std::string{evening_curve}, .points = {}};
  constexpr double pi = 3.14159265358979323846;
  for (int hour = 0; hour < 24; ++hour) {
    curve.points.push_back({quantity::Duration::hours(hour), 0.75 + 0.25 * std::cos(2 * pi * (hour - 21) / 24)});
  }
  return normalised(std::move(curve));
}

world::Curve flat() { return {.name = std::string{flat_curve}, .points = {{quantity::Duration{}, 1}}}; }

world::Curve curve_of(Reading& reading, const Entry& entry) {
  world::Curve curve{.name = std::string{entry.key}, .points = {}};
  for (const Entry& point : Reading::entries_of(*entry.value, "points")) {
    const auto hour = quantity::parse_local_hour(point.key);
    const auto level = quantity::parse_share(point.value->text);
    if (hour && level && hour->in_hours() < 24) curve.points.push_back({*hour, level->value()});
  }
  std::stable_sort(curve.points.begin(), curve.points.end(),
                   [](const auto& a, const auto& b) { return a.local < b.local; });
  const auto twin = std::adjacent_find(curve.points.begin(), curve.points.end(),
                                       [](const auto& a, const auto& b) { return a.local == b.local; });
  const Fields fields = reading.fields(curve_record(), *entry.value);
  if (twin != curve.points.end()) {
    reading.faults.error(fields.span_of("points"), "impossible-value", "two points at the same hour");
    return flat();
  }
  if (curve.points.empty()) return flat();
  if (day_mean(curve.points) <= 0) {
    reading.faults.error(fields.span_of("points"), "impossible-value", "a curve that is zero all day",
                         "give one hour more than 0%");
    return flat();
  }
  return normalised(std::move(curve));
}

void read_curves(Reading& reading) {
  for (const Entry& entry : reading.section("curves")) reading.world.curves.push_back(curve_of(reading, entry));
  for (world::Curve& built_in : std::vector{evening(), flat()}) {
    if (reading.names.find(Kinds::curve, built_in.name)) continue;
    reading.names.add(Kinds::curve, built_in.name, reading.world.curves.size());
    reading.world.curves.push_back(std::move(built_in));
  }
}

// ---- populations

// `50k` or `0.3%` of a region's users.
double people_of(std::string_view text, double users) {
  if (const auto share = quantity::parse_share(text)) return share->value() * users;
  return quantity::parse_count(text).value_or(0);
}

std::vector<double> users_of(Reading& reading, const Fields& fields) {
  const std::vector<world::Region>& regions = reading.world.regions;
  std::vector<double> users(regions.size(), 0);
  const Node* node = fields.at("users");
  if (node->is_map()) {
    std::vector<bool> is_named(regions.size(), false);
    for (const Entry& entry : node->entries) {
      if (entry.key == "other") continue;
      const auto* region = reading.names.find(Kinds::region, entry.key);
      if (!region) {
        reading.names.report_unknown(Kinds::region, entry.key, entry.key_span, reading.faults);
        continue;
      }
      users[region->index] = people_of(entry.value->text, regions[region->index].users);
      is_named[region->index] = true;
    }
    if (const Entry* other = node->find("other")) {
      for (std::size_t i = 0; i < regions.size(); ++i) {
        if (!is_named[i]) users[i] = people_of(other->value->text, regions[i].users);
      }
    }
    return users;
  }
  if (quantity::parse_share(node->text)) {
    for (std::size_t i = 0; i < regions.size(); ++i) users[i] = people_of(node->text, regions[i].users);
    return users;
  }
  // A number is of people altogether; they live where users live.
  const double count = quantity::parse_count(node->text).value_or(0);
  const double everybody = std::accumulate(regions.begin(), regions.end(), 0.0,
                                           [](double sum, const world::Region& region) { return sum + region.users; });
  for (std::size_t i = 0; i < regions.size(); ++i) {
    users[i] = everybody > 0 ? count * (regions[i].users / everybody) : count / static_cast<double>(regions.size());
  }
  return users;
}

// A map from apps to shares, as written under `uses` or `time`.
std::map<std::size_t, double> shares_by_app(Reading& reading, const Fields& fields, std::string_view key,
                                            const world::Population& population) {
  std::map<std::size_t, double> shares;
  const Node* node = fields.written(key);
  if (!node || !node->is_map()) return shares;
  for (const Entry& entry : node->entries) {
    const auto* app = reading.names.find(Kinds::app, entry.key);
    if (!app) {
      reading.names.report_unknown(Kinds::app, entry.key, entry.key_span, reading.faults);
      continue;
    }
    const auto share = quantity::parse_share(entry.value->text);
    if (share) shares[app->index] = share->value();
    const bool does_something = std::any_of(
        population.does.begin(), population.does.end(),
        [&](const world::Population::Habit& habit) { return reading.world[habit.journey].app.index() == app->index; });
    if (!does_something) {
      reading.faults.error(entry.key_span, "impossible-value",
                           fmt::format("they do nothing in {}", scenario::quoted(entry.key)),
                           "add a journey of it to `does`");
    }
  }
  return shares;
}

void divide_time(Reading& reading, const Fields& fields, world::Population& population) {
  std::map<std::size_t, double> rates;
  for (const world::Population::Habit& habit : population.does)
    rates[reading.world[habit.journey].app.index()] += habit.per_user.per_second();
  const auto uses = shares_by_app(reading, fields, "uses", population);
  const auto times = shares_by_app(reading, fields, "time", population);
  double written = 0, open_rate = 0;
  for (const auto& [app, share] : times) written += share;
  for (const auto& [app, rate] : rates) open_rate += times.count(app) > 0 ? 0 : rate;
  // Shares are written to a decimal or two: thirds of 33.3% are everything.
  constexpr double tolerance = 0.005;
  const bool all_written = times.size() == rates.size() && !rates.empty();
  if (written > 1 + tolerance || (all_written && written < 1 - tolerance)) {
    reading.faults.error(fields.span_of("time"), "impossible-value",
                         fmt::format("the shares of time sum to {:.4g}%, not to 100%", written * 100));
    return;
  }
  const double left = std::max(0.0, 1 - written);
  const double scale = all_written || open_rate <= 0 ? (written > 0 ? 1 / written : 0) : 1;
  for (const auto& [app, rate] : rates) {
    const auto use = uses.find(app);
    const auto time = times.find(app);
    const double equal_part = 1 / static_cast<double>(rates.size());
    const double by_rate = open_rate > 0 ? left * rate / open_rate : (times.empty() ? equal_part : 0);
    population.apps.push_back({.app = world::AppId{app},
                               .uses = Share{use == uses.end() ? 1 : use->second},
                               .time = Share{time == times.end() ? by_rate : time->second * scale}});
  }
}

void read_population(Reading& reading, const Entry& entry) {
  const Fields fields = reading.fields(population_record(), *entry.value);
  world::Population population;
  population.name = entry.key;
  population.users = users_of(reading, fields);
  population.curve = reading.reference<world::Curve>(Kinds::curve, fields.at("curve")).value_or(world::CurveId{});
  population.worth_curve =
      fields.has("worth_curve")
          ? reading.reference<world::Curve>(Kinds::curve, fields.at("worth_curve")).value_or(world::CurveId{})
          : population.curve;
  for (const Entry& habit : Reading::entries_of(*entry.value, "does")) {
    const auto* journey = reading.names.find(Kinds::journey, habit.key);
    if (!journey) reading.names.report_unknown(Kinds::journey, habit.key, habit.key_span, reading.faults);
    const auto rate = quantity::parse_rate(habit.value->text);
    if (journey && rate) population.does.push_back({.journey = world::JourneyId{journey->index}, .per_user = *rate});
  }
  if (fields.has("does") && Reading::entries_of(*entry.value, "does").empty()) {
    reading.faults.error(fields.span_of("does"), "impossible-value", "people who do nothing notice nothing",
                         "write does: {APP.JOURNEY: 12/d}");
  }
  population.retry = retry_of(reading, fields);
  population.resolver_tries = fields.whole("resolver_tries");
  population.reports = quantity::Rate::per_hour(fields.share("reports").value());
  population.worth = reading.money_rate(fields, "worth");
  population.deferred = fields.share("deferred");
  divide_time(reading, fields, population);
  reading.world.populations.push_back(std::move(population));
}

}  // namespace

void read_sessions_and_apps(Reading& reading) {
  for (const Entry& entry : reading.section("sessions")) read_session(reading, entry);
  const std::span<const Entry> apps = reading.section("apps");
  for (const Entry& entry : apps) read_objective(reading, entry);
  for (std::size_t i = 0; i < apps.size(); ++i) read_app(reading, apps[i], world::AppId{i});
  if (reading.world.apps.empty()) {
    reading.faults.error(reading.root.span, "missing-key", "a scenario needs at least one app",
                         "add apps: {NAME: {journeys: {open: {calls: [SERVICE]}}}}");
  }
  refuse_sessions_behind_themselves(reading);
}

void read_populations(Reading& reading) {
  read_curves(reading);
  for (const Entry& entry : reading.section("populations")) read_population(reading, entry);
}

}  // namespace knockon::scenario
