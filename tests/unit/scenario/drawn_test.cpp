// Properties written as distributions: each is found in the world, and what is drawn is as if it had been written.
#include "engine/world/drawn.hpp"

#include <catch2/catch.hpp>
#include <functional>
#include <set>
#include <string>

#include "engine/scenario/description.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/scenario/values.hpp"
#include "tests/unit/scenario/texts.hpp"

using namespace knockon;
using Catch::Detail::Approx;
using quantity::Duration;
using tests::with_small;

namespace {

// Every property that may be drawn, with three values each as <least|middle|most>.
constexpr std::string_view everything = R"(knockon: 1
title: Drawn
starts: 2026-03-02T09:00:00Z
regions: {north: {users: <1M|2M|4M>}, south: {users: 1M}}
sites: {up: {in: north}, low: {in: south}}
links: {cable: {between: [up, low], latency: <5ms|9ms|20ms>, bandwidth: <1 Gbit/s|2 Gbit/s|9 Gbit/s>, reserved: <5%|10%|30%>}}
services:
  web:
    per_replica: <100k/s|200k/s|300k/s>
    disk: <1 Gbit/s|2 Gbit/s|3 Gbit/s>
    overload: [{policy: queue, limit: <1s|2s|3s>, expires: <4s|5s|6s>}, {policy: brownout, from: <80%|90%|95%>}]
    warm_up: {from: <10%|20%|30%>, over: <1m|2m|3m>, calls: [{to: db, per_request: <1|2|3>}]}
    restart: {rate: <1/s|2/s|3/s>}
    fallback: {stale: <1h|2h|3h>, share: <10%|20%|30%>}
    calls:
      - to: db
        per_request: <0.5|0.7|0.8>
        timeout: <2s|3s|4s>
        tries: 3
        retry_budget: <10%|20%|30%>
        hedge_after: <100ms|200ms|300ms>
        deadline: <8s|9s|10s>
        fallback: {stale: <1h|2h|3h>, share: <10%|20%|30%>}
        backoff: {first: <50ms|60ms|70ms>, up_to: <4s|5s|6s>, jitter: <0%|10%|20%>}
        breaker: {errors: <20%|30%|40%>, window: <5s|6s|7s>, open: <10s|20s|30s>}
      - {to: log, kind: async, late: <1m|2m|3m>}
      - any_of: [{to: db, timeout: <1s|2s|3s>}, {parallel: [{to: log, timeout: <1s|2s|4s>}, {to: db, timeout: <1s|2s|5s>}]}]
      - {to: auth.check, silent: static, static_for: <1m|2m|3m>}
  auth:
    busy_at_peak: <40%|50%|60%>
    fallback: {answer: default, share: <10%|20%|30%>}
    calls: [{to: db, timeout: <2s|3s|4s>}]
    operations:
      login: {cost: <2|3|4>, calls: [{to: log, timeout: <2s|3s|4s>}]}
      check: {}
  store:
    cache: {behind: db, hit: <80%|90%|95%>, entries: <1M|2M|3M>, cold: <0%|1%|2%>, expires: <1h|2h|3h>}
    autoscale: {keep: <40%|50%|60%>, from: <2|3|4>, to: <10|20|30>, delay: <1m|2m|3m>}
    resolve: {through: dns, ttl: <1m|2m|3m>, negative_ttl: <10s|20s|30s>}
    calls: {to: log, timeout: <2s|3s|4s>}
  db: {overload: {policy: collapse, patience: <5s|6s|7s>}}
  log: {overload: {policy: adaptive, wait: <100ms|200ms|300ms>}}
  dns: {overload: {policy: slowdown, per_request: <1ms|2ms|3ms>}}
sessions:
  login: {store: web, opened_by: app.log-in, held: <80%|90%|95%>, notice: <10s|20s|30s>}
  lease:
    store: db
    holders: 500k
    opened_by: auth.login
    retry: {first: <5s|6s|7s>, up_to: <1m|2m|3m>, jitter: <0%|10%|20%>, gives_up: <10%/h|20%/h|30%/h>}
apps:
  app:
    journeys:
      log-in: {calls: [auth.login]}
      open: {timeout: <8s|9s|10s>, session: login, calls: [{to: web, timeout: <1s|2s|3s>}, store], fallback: {answer: default, share: <1%|2%|3%>}}
populations:
  people:
    does: {app.open: 10/d, app.log-in: 1/d}
    reports: <1%|2%|3%>
    deferred: <10%|20%|30%>
    retry: {first: <5s|6s|7s>, up_to: <1m|2m|3m>, jitter: <0%|10%|20%>, gives_up: <10%/h|20%/h|30%/h>}
causes:
  bad:
    faults:
      errors:
        do: errors
        target: web
        share: <10%|20%|30%>
        over: <1m|2m|3m>
        flaps: {period: 1m, duty: <40%|50%|60%>, nodes: {from: <10%|20%|30%>, to: <50%|60%|70%>, over: <1m|2m|3m>}}
      now-and-then: {do: down, target: log, flaps: {period: 1m, chance: <40%|50%|60%>}}
      slow: {do: slow, target: web, times: <2|3|4>}
      surge: {do: load, target: web, times: <2|3|4>}
      attack: {do: load, target: db, add: <10/s|20/s|30/s>}
      lost: {do: log-out, target: login, share: <40%|50%|60%>, again_after: <1m|2m|3m>}
      small: {do: lose-capacity, target: web, share: <40%|50%|60%>}
      empty: {do: lose-cache, target: store, share: <40%|50%|60%>}
      thin: {do: lose-bandwidth, target: cable, share: <40%|50%|60%>}
reactions:
  again: {when: success(web) < 50% for 2m, do: restart, target: web, rate: <1/s|2/s|3/s>, share: <40%|50%|60%>}
  more: {when: load(web) > 90% for 2m, do: add-capacity, target: web, times: <2|3|4>}
monitors: {sales: {alert: success(app) < 90%, needs: [log], no_data: <5m|6m|7m>}}
teams: {crew: {people: 3, escalates_to: boss, escalate_after: <10m|20m|30m>}, boss: {}}
strategies:
  mend:
    steps:
      find: {do: diagnose, team: crew, wrong: <10%|20%|30%>, succeeds: <40%|50%|60%>, patience: <10m|20m|30m>}
      choose:
        do: repair
        target: web
        succeeds: <40%|50%|60%>
        patience: <10m|20m|30m>
        ways: [{team: crew}, {team: boss, succeeds: <70%|80%|90%>, patience: <1m|2m|3m>}]
        harm: {do: errors, target: web, share: <1%|2%|3%>}
      drop: {do: purge, target: web, share: <40%|50%|60%>, rate: <1/s|2/s|3/s>}
      fill: {do: warm, target: store, share: <40%|50%|60%>, rate: <1/s|2/s|3/s>}
      more: {do: add-capacity, target: web, add: <2|3|4>}
      open: {do: admit, target: app, from: 10%, by: 10%, every: <1m|2m|3m>}
      back: {do: roll-back, target: web, stages: 3, every: <1m|2m|3m>}
      move: {do: fail-over, target: web@up, loses: <1s|2s|3s>}
      bring: {do: restore, target: web@up, bytes: 1 TB, loses: <1s|2s|3s>}
      take: {do: copy, target: web@up, bytes: 1 TB, loses: <1s|2s|3s>}
)";

// Each <a|b|c> of `everything`, said in another way.
std::string said(const std::function<std::string(const std::string&, const std::string&, const std::string&)>& say) {
  const std::string text{everything};
  std::string result;
  std::size_t at = 0;
  for (std::size_t open = 0; (open = text.find('<', at)) != std::string::npos;) {
    const std::size_t first = text.find('|', open), close = text.find('>', open);
    if (text[open + 1] == ' ') {  // a comparison
      result += text.substr(at, open + 1 - at);
      at = open + 1;
      continue;
    }
    const std::size_t second = text.find('|', first + 1);
    result += text.substr(at, open - at) + say(text.substr(open + 1, first - open - 1),
                                               text.substr(first + 1, second - first - 1),
                                               text.substr(second + 1, close - second - 1));
    at = close + 1;
  }
  return result + text.substr(at);
}

std::string as_distributions() {
  return said(
      [](const auto& a, const auto& b, const auto& c) { return "{empirical: [" + a + ", " + b + ", " + c + "]}"; });
}

world::World read(const std::string& text) {
  auto read = scenario::read_text(text);
  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  return std::move(read->world);
}

world::World without_distributions(world::World world) {
  world.drawn.clear();
  return world;
}

// "call.timeout" of every record that stands in this one and of every verb, of keys that may be drawn.
void note_drawable(const scenario::Record& record, std::set<const scenario::Record*>& seen,
                   std::set<std::string_view>& keys);
void note_drawable(const scenario::Type& type, std::set<const scenario::Record*>& seen,
                   std::set<std::string_view>& keys) {
  if (type.form == scenario::Type::Form::record) note_drawable(type.record(), seen, keys);
  for (const scenario::Type& part : type.of) note_drawable(part, seen, keys);
}
void note_drawable(const scenario::Record& record, std::set<const scenario::Record*>& seen,
                   std::set<std::string_view>& keys) {
  if (!seen.insert(&record).second) return;
  for (const scenario::Key& key : record.keys) {
    if (scenario::is_drawable(key)) keys.insert(key.name);
    note_drawable(key.type, seen, keys);
  }
}

std::set<std::string_view> drawable_keys() {
  std::set<const scenario::Record*> seen;
  std::set<std::string_view> keys;
  note_drawable(scenario::scenario_record(), seen, keys);
  for (const scenario::VerbRow& verb : scenario::verb_rows()) {
    for (const scenario::Key& key : verb.arguments) {
      if (scenario::is_drawable(key)) keys.insert(key.name);
    }
  }
  return keys;
}

}  // namespace

TEST_CASE("what is drawn is as if it had been written") {
  const world::World world = read(as_distributions());

  const world::World drawn =
      world::as_drawn(world, [](const world::DrawnProperty& property) { return property.values.quantile(0.9); });

  CHECK(without_distributions(world) == read(said([](auto&, auto& b, auto&) { return b; })));
  CHECK(without_distributions(drawn) == read(said([](auto&, auto&, auto& c) { return c; })));
}

TEST_CASE("each property that may be drawn is, and stands somewhere") {
  const world::World world = read(as_distributions());
  std::set<std::string> keys, paths;
  for (const world::DrawnProperty& property : world.drawn) {
    keys.insert(property.path.substr(property.path.rfind('.') + 1));
    paths.insert(property.path);
  }

  for (const std::string_view key : drawable_keys()) {
    INFO(key);
    CHECK(keys.count(std::string{key}) == 1);
  }
  CHECK(paths.size() == world.drawn.size());
  CHECK(paths.count("services.web.calls[db].breaker.window") == 1);
  CHECK(paths.count("services.web.calls[db:2].timeout") == 1);
  CHECK(paths.count("services.web.calls[db:3].timeout") == 1);
  CHECK(paths.count("services.web.calls[log:2].timeout") == 1);
  CHECK(paths.count("services.web.warm_up.calls[db].per_request") == 1);
  CHECK(paths.count("services.store.calls[log].timeout") == 1);
  CHECK(paths.count("strategies.mend.steps.choose.ways[1].patience") == 1);
}

TEST_CASE("what a service says of calls is drawn once for all its operations that leave it open") {
  const world::World world = read(as_distributions());
  const auto of_auth = std::find_if(world.drawn.begin(), world.drawn.end(), [](const world::DrawnProperty& property) {
    return property.path == "services.auth.calls[db].timeout";
  });

  REQUIRE(of_auth != world.drawn.end());
  CHECK(of_auth->taken_by == std::vector<std::string>{"services.auth.operations.check.calls[db].timeout"});
}

TEST_CASE("draws beyond what a property may be are moved to its bound, as those beyond `min` and `max` are") {
  const world::World world =
      read(with_small("services: {web: {busy_at_peak: {median: 60%, p90: 90%}, calls: [{to: db, timeout: {exponential: "
                      "1s, max: 5s}}]}, "
                      "db: {per_replica: {exponential: 10/s}}}\n"));

  REQUIRE(world.drawn.size() == 3);
  CHECK(world.drawn[0].values.quantile(0.9999) == 1);
  CHECK(world.drawn[0].values.quantile(0.5) == Approx(0.6));
  CHECK(world.drawn[1].values.quantile(1e-12) == Duration::of_ticks(1).in_seconds());
  CHECK(world.drawn[1].values.quantile(0.9999) == 5);
  CHECK(world.drawn[2].values.quantile(1e-14) == 1e-12);
}

TEST_CASE("a median beyond its property's bound is at the bound in the world too") {
  const world::World world =
      read(with_small("services: {web: {busy_at_peak: {weibull: {scale: 100%, shape: 0.05}, min: 100%}}}\n"));

  CHECK(world.services[0].busy_at_peak == quantity::Share{1});
}

TEST_CASE("what was made from a template draws for itself") {
  const std::string text = "templates: {services: {t: {per_replica: {uniform: [10/s, 20/s]}}}}\n";

  CHECK(read(with_small(text + "services: {web: {}}\n")).drawn.empty());
  const world::World made = read(with_small(text + "services: {web: {like: t}, api: {like: t}}\n"));
  REQUIRE(made.drawn.size() == 2);
  CHECK(made.drawn[0].path == "services.web.per_replica");
  CHECK(made.drawn[1].path == "services.api.per_replica");
}

TEST_CASE("a scenario with distributions is the same when it is written as it was merged") {
  const auto first = scenario::read_text(as_distributions());
  REQUIRE(first);

  const auto again = scenario::read_text(first->merged_text);

  REQUIRE(again);
  CHECK(again->world == first->world);
  CHECK(again->merged_text == first->merged_text);
}

TEST_CASE("people are more or fewer in the measure of their region") {
  world::World world = read(with_small("services: {web: {}}\npopulations: {people: {does: {app.open: 1/d}}}\n"));
  world.drawn.push_back({.path = "regions." + world.regions[0].name + ".users", .values = {}, .taken_by = {}});

  const world::World drawn =
      world::as_drawn(world, [&](const world::DrawnProperty&) { return 3 * world.regions[0].users; });

  CHECK(drawn.populations[0].users[0] == Approx(3 * world.populations[0].users[0]));
}
