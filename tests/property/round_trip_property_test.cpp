// Whatever the language has words for: a scenario that is accepted is accepted again as it was merged, describes the
// same world, and is nothing that the language's JSON Schema refuses. Ten thousand scenarios, small ones, with values
// drawn for every key that the description has.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/scenario/schema.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/drawn.hpp"
#include "tests/json_schema.hpp"
#include "tests/property/drawn_values.hpp"

using namespace knockon;
using scenario::Kinds;
using tests::DrawnValues;

namespace {

constexpr std::size_t cases = 10'000;

// A world with a thing of every kind, so that every key has an entry to stand in.
const std::string around = R"(knockon: 1
title: everything once
starts: 2026-03-02T09:00:00Z
cause: storm
strategy: plan
regions: {r-a: {users: 1M}, r-b: {}}
sites: {s-a: {in: r-a}, s-b: {in: r-b}}
links: {l-a: {between: [s-a, s-b]}}
groups: {g-a: {has: [s-a, web]}}
services:
  web: {operations: {check: {calls: [store]}, fetch: {calls: [{to: store, kind: soft, tries: 2, backoff: {first: 50ms}, silent: static}]}}}
  store: {overload: {policy: queue}}
  near: {cache: {behind: store, hit: 92%, entries: 400M}, resolve: {through: store}}
sessions: {ticket: {store: store, opened_by: shop.enter}, lease: {store: store, holders: 200, opened_by: web.check, lifetime: 10m}}
apps: {shop: {journeys: {enter: {calls: [web.check]}, open: {calls: [web.fetch], session: ticket}}}}
populations: {crowd: {does: {shop.open: 12/d}}}
curves: {bend: {points: {0h: 60%, 21h: 100%}}}
causes: {storm: {faults: {cut: {do: down, target: l-a, over: 10m}, shake: {do: down, target: store, flaps: {period: 5m}}}}}
reactions: {react: {when: success(shop) < 10%, do: down, target: store, until: never}}
monitors: {watch: {alert: success(shop) < 90%}}
teams: {crew: {people: 3}}
strategies: {plan: {steps: {look: {do: diagnose, team: crew, takes: 5m}, mend: {do: repair, target: l-a, takes: 5m}}}}
)";

const tests::NamesOfKinds names{{Kinds::region, {"r-a", "r-b"}},
                                {Kinds::site, {"s-a", "s-b"}},
                                {Kinds::link, {"l-a"}},
                                {Kinds::group, {"g-a"}},
                                {Kinds::service, {"web", "store", "near"}},
                                {Kinds::operation, {"web.check", "web.fetch", "store"}},
                                {Kinds::session, {"ticket"}},
                                {Kinds::app, {"shop"}},
                                {Kinds::journey, {"shop.enter", "shop.open"}},
                                {Kinds::population, {"crowd"}},
                                {Kinds::curve, {"bend", "evening"}},
                                {Kinds::cause, {"storm"}},
                                {Kinds::fault, {"cut"}},
                                {Kinds::reaction, {"react"}},
                                {Kinds::monitor, {"watch"}},
                                {Kinds::team, {"crew"}},
                                {Kinds::strategy, {"plan"}},
                                {Kinds::step, {"look", "mend"}}};

// Where a key can be set: an entry of the world above, and what it is.
struct Place {
  std::string path;
  const scenario::Record* record;
};

std::vector<Place> places() {
  using namespace scenario;
  return {{"", &scenario_record()},
          {"regions.r-a", &region_record()},
          {"sites.s-a", &site_record()},
          {"links.l-a", &link_record()},
          {"groups.g-a", &group_record()},
          {"services.web", &service_record()},
          {"services.store", &service_record()},
          {"services.store.overload", &overload_record()},
          {"services.near.cache", &cache_record()},
          {"services.near.resolve", &resolve_record()},
          {"services.web.operations.check", &operation_record()},
          {"services.web.operations.fetch.calls[store]", &call_record()},
          {"services.web.operations.fetch.calls[store].backoff", &backoff_record()},
          {"sessions.ticket", &session_record()},
          {"sessions.lease", &session_record()},
          {"apps.shop", &app_record()},
          {"apps.shop.journeys.open", &journey_record()},
          {"populations.crowd", &population_record()},
          {"curves.bend", &curve_record()},
          {"causes.storm", &cause_record()},
          {"causes.storm.faults.cut", &fault_record()},
          {"causes.storm.faults.shake.flaps", &flaps_record()},
          {"reactions.react", &reaction_record()},
          {"monitors.watch", &monitor_record()},
          {"teams.crew", &team_record()},
          {"strategies.plan", &strategy_record()},
          {"strategies.plan.steps.look", &step_record()},
          {"strategies.plan.steps.mend", &step_record()}};
}

struct Setting {
  std::string path, value;
};

Setting drawn_setting(DrawnValues& values, const std::vector<Place>& all) {
  using scenario::Use;
  const Place& place = values.one_of(all);
  if (place.record->use != Use::none && values.with_chance(.5)) return {place.path, values.deed(place.record->use)};
  const scenario::Key& key = values.one_of(place.record->keys);
  return {(place.path.empty() ? "" : place.path + ".") + std::string{key.name},
          values.value(place.record->name, key, 0)};
}

std::string text_of(const std::vector<Setting>& settings) {
  std::string text;
  for (const Setting& setting : settings) text += "--set '" + setting.path + "=" + setting.value + "'\n";
  return text;
}

// Sections are written entry by entry here, and `--set` cannot say what files a scenario is made of.
bool is_section(const std::string& key) {
  return key.starts_with("scenario.") || key.starts_with("templates.") || key.starts_with("defaults.");
}

// Whatever is drawn, users find a world.
void begin_as_drawn(const world::World& world) {
  if (world.drawn.empty()) return;
  const traffic::Network network{world};
  for (const double probability : {1e-9, 0.7, 1 - 1e-9}) {
    const world::World drawn = world::as_drawn(
        world, [=](const world::DrawnProperty& property) { return property.values.quantile(probability); });
    traffic::Flow flow{network, {}, &drawn};
    flow.begin();
    for (std::size_t app = 0; app < world.apps.size(); ++app) {
      const double success = flow.success(world::AppId{app}).total();
      REQUIRE((success >= 0 && success <= 1 + 1e-9));
    }
  }
}

}  // namespace

TEST_CASE("every key of the language survives being merged, written and read again") {
  const std::vector<Place> all = places();
  const tests::JsonSchema schema{scenario::schema_text()};
  std::set<std::string> tried, accepted;

  std::size_t accepted_cases = 0;
  for (std::size_t i = 0; i < cases; ++i) {
    random::Stream stream{{.seed = 1, .index = i}, "round-trip"};
    DrawnValues values{names, stream};
    std::vector<Setting> settings;
    scenario::Options options;
    for (std::size_t count = 1 + values.below(2); count > 0; --count) {
      settings.push_back(drawn_setting(values, all));
      options.set.emplace_back(settings.back().path, settings.back().value);
    }
    const auto read = scenario::read_text(around, options);
    (read ? accepted : tried).insert(values.keys().begin(), values.keys().end());
    if (!read) continue;

    ++accepted_cases;
    const auto again = scenario::read_text(read->merged_text);
    const std::string objections = tests::objections_to(read->merged_text, schema);

    begin_as_drawn(read->world);

    const bool is_same = again && again->world == read->world && again->merged_text == read->merged_text;
    if (is_same && objections.empty()) continue;
    INFO(objections << text_of(settings) << read->merged_text << (again ? "" : scenario::text_of(again.error())));
    REQUIRE(is_same);
    REQUIRE(objections.empty());
  }

  CHECK(accepted_cases >= cases / 4);  // else this would be about mistakes only
  std::string never;
  for (const std::string& key : tried) {
    if (!accepted.contains(key) && !is_section(key)) never += key + " ";
  }
  INFO("never accepted: " << never);
  CHECK(accepted.size() >= 100);
  CHECK(never.empty());
}
