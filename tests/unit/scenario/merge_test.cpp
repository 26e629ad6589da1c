#include "engine/scenario/merge.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/unit/scenario/texts.hpp"

using namespace knockon::scenario;
using knockon::tests::with_small;

namespace {

// What a piece of the merged scenario says, from one top-level section on.
std::string section(const std::string& name, const std::string& text, const Options& options = {},
                    const std::map<std::string, std::string>& blocks = {}) {
  const auto read = read_text(text, options, blocks);
  if (!read) return text_of(read.error());
  const std::string all = "\n" + read->merged_text;
  const std::size_t from = all.find("\n" + name + ":") + 1;
  std::size_t to = from;
  do to = all.find('\n', to) + 1;
  while (to < all.size() && all[to] == ' ');
  return all.substr(from, to - from);
}

}  // namespace

TEST_CASE("maps merge by key, anything else is replaced, a tilde removes") {
  const std::string text = with_small(
      "use: below\n"
      "services: {web: {replicas: 5, calls: [b]}, c: ~}\n");
  const std::map<std::string, std::string> blocks{
      {"below", "knockon: 1\nservices: {web: {replicas: 3, busy_at_peak: 40%, calls: [a, c]}, a: {}, b: {}, c: {}}\n"}};

  CHECK(section("services", text, {}, blocks) ==
        "services:\n"
        "  web:\n"
        "    replicas: 5\n"
        "    busy_at_peak: 40%\n"
        "    calls:\n"
        "      - b\n"
        "  a: {}\n"
        "  b: {}\n");
}

TEST_CASE("later layers win: extends, use in order, the file, variants in order, settings") {
  const std::map<std::string, std::string> blocks{{"old", "knockon: 1\nservices: {web: {replicas: 1}}\n"},
                                                  {"first", "knockon: 1\nservices: {web: {replicas: 2}}\n"},
                                                  {"second", "knockon: 1\nservices: {web: {replicas: 3}}\n"}};
  const std::string file = with_small("extends: old\n");
  const std::string variants =
      "variants: {five: {services: {web: {replicas: 5}}}, six: {services: {web: {replicas: 6}}}}\n";

  CHECK(section("services", file, {}, blocks) == "services:\n  web:\n    replicas: 1\n");
  CHECK(section("services", file + "use: [first, second]\n", {}, blocks) == "services:\n  web:\n    replicas: 3\n");
  CHECK(section("services", file + "use: [second, first]\n", {}, blocks) == "services:\n  web:\n    replicas: 2\n");
  const std::string own = file + "use: first\nservices: {web: {replicas: 4}}\n" + variants;
  CHECK(section("services", own, {}, blocks) == "services:\n  web:\n    replicas: 4\n");
  CHECK(section("services", own, {.variants = {"six", "five"}}, blocks) == "services:\n  web:\n    replicas: 5\n");
  const Options set{.variants = {"five"}, .set = {{"services.web.replicas", "7"}, {"services.web.replicas", "8"}}};
  CHECK(section("services", own, set, blocks) == "services:\n  web:\n    replicas: 8\n");
}

TEST_CASE("a block that two blocks use is laid down once, and a block's title stays its own") {
  const std::map<std::string, std::string> blocks{
      {"ground", "knockon: 1\ntitle: ground\nservices: {web: {replicas: 1}}\n"},
      {"a", "knockon: 1\nuse: ground\nservices: {web: {replicas: 2}}\n"},
      {"b", "knockon: 1\nuse: ground\n"}};

  CHECK(section("services", with_small("use: [a, b]\n"), {}, blocks) == "services:\n  web:\n    replicas: 2\n");
  CHECK(section("title", with_small("use: [a, b]\n"), {}, blocks) == "title: small\n");
}

TEST_CASE("blocks that use each other are a circle") {
  const std::map<std::string, std::string> blocks{{"a", "knockon: 1\nuse: b\n"}, {"b", "knockon: 1\nuse: a\n"}};
  const auto read = read_text(with_small("use: a\n"), {}, blocks);

  REQUIRE_FALSE(read);
  CHECK(read.error().front().path == "b.yaml");
  CHECK(read.error().front().code == "circle");
}

TEST_CASE("an entry like another keeps what it does not say itself, and likenesses chain") {
  CHECK(section("services", with_small("services:\n"
                                       "  web: {like: b, replicas: 9}\n"
                                       "  b: {like: cache, busy_at_peak: 40%}\n"
                                       "templates: {services: {cache: {latency: 1ms, replicas: 2}}}\n")) ==
        "services:\n"
        "  web:\n"
        "    latency: 1ms\n"
        "    replicas: 9\n"
        "    busy_at_peak: 40%\n"
        "  b:\n"
        "    latency: 1ms\n"
        "    replicas: 2\n"
        "    busy_at_peak: 40%\n");
}

TEST_CASE("an entry may be like the template of its own name") {
  CHECK(
      section("services", with_small("services: {web: {like: web}}\ntemplates: {services: {web: {replicas: 2}}}\n")) ==
      "services:\n  web:\n    replicas: 2\n");
}

TEST_CASE("a removal also takes away what a likeness brings, but not what stands in the likeness itself") {
  CHECK(section("services",
                with_small("services: {web: {like: b, busy_at_peak: ~}, b: {busy_at_peak: 40%, replicas: 2}}\n")) ==
        "services:\n  web:\n    replicas: 2\n  b:\n    busy_at_peak: 40%\n    replicas: 2\n");
}

TEST_CASE("defaults go underneath everything, also underneath templates and short calls") {
  CHECK(section("services",
                with_small("defaults: {services: {replicas: 3, busy_at_peak: 30%}, calls: {timeout: 2s, tries: 2}}\n"
                           "templates: {services: {tool: {replicas: 1}}}\n"
                           "services: {web: {like: tool, calls: [b, {to: b, tries: 5}, {any_of: [b]}]}, b: {}}\n")) ==
        "services:\n"
        "  web:\n"
        "    replicas: 1\n"
        "    busy_at_peak: 30%\n"
        "    calls:\n"
        "      -\n"
        "        timeout: 2s\n"
        "        tries: 2\n"
        "        to: b\n"
        "      -\n"
        "        timeout: 2s\n"
        "        tries: 5\n"
        "        to: b\n"
        "      -\n"
        "        any_of:\n"
        "          -\n"
        "            timeout: 2s\n"
        "            tries: 2\n"
        "            to: b\n"
        "  b:\n"
        "    replicas: 3\n"
        "    busy_at_peak: 30%\n");
}

TEST_CASE("a merged step stays where it was, new ones follow, and one may be like its neighbour") {
  const std::string text = with_small(
      "services: {web: {}}\n"
      "strategies:\n"
      "  a: {steps: {one: {do: wait, takes: 1m}, two: {do: wait}, three: {do: wait}}}\n"
      "  b: {like: a, steps: {two: ~, four: {like: one}, one: {takes: 2m}}}\n");
  const auto read = read_text(text);

  REQUIRE(read);
  const auto& world = read->world;
  std::string names;
  for (const auto id : world.strategies[1].steps) names += world[id].name + " ";
  CHECK(names == "one three four ");
  const auto& four = world[world.strategies[1].steps[2]];
  CHECK(four.ways.front().takes.median() == knockon::quantity::Duration::minutes(2));
  CHECK(four.after == std::vector{world.strategies[1].steps[1]});
}

TEST_CASE("a setting reaches items of lists by their main key, also of lists that come by likeness") {
  const std::string text = with_small("services: {web: {like: b}, b: {calls: [c, {to: d, tries: 2}]}, c: {}, d: {}}\n");

  CHECK(section("services", text,
                {.set = {{"services.web.calls[d].timeout", "3s"}, {"services.web.calls[c].tries", "4"}}}) ==
        "services:\n"
        "  web:\n"
        "    calls:\n"
        "      -\n"
        "        to: c\n"
        "        tries: 4\n"
        "      -\n"
        "        to: d\n"
        "        tries: 2\n"
        "        timeout: 3s\n"
        "  b:\n"
        "    calls:\n"
        "      - c\n"
        "      -\n"
        "        to: d\n"
        "        tries: 2\n"
        "  c: {}\n"
        "  d: {}\n");
}

TEST_CASE("a setting's value is text of the language: maps, lists, removals, keys with dots") {
  const std::string text = with_small(
      "services: {web: {calls: [b], busy_at_peak: 40%}, b: {}}\npopulations: {p: {does: {app.open: 1/d}}}\n");

  CHECK(section("services", text,
                {.set = {{"services.web.calls", "[{to: b, tries: 3}]"}, {"services.web.busy_at_peak", "~"}}}) ==
        "services:\n  web:\n    calls:\n      -\n        to: b\n        tries: 3\n  b: {}\n");
  CHECK(section("populations", text, {.set = {{"populations.p.does.app.open", "7/d"}}}) ==
        "populations:\n  p:\n    does:\n      app.open: 7/d\n");
}

TEST_CASE("the merged text is itself a scenario that means and says the same") {
  const auto read = read_text(
      with_small("use: block\nservices: {web: {like: tool}}\nmonitors: {m: {alert: \"success(web) < 90%\"}}\n"), {},
      {{"block", "knockon: 1\ntemplates: {services: {tool: {replicas: 2}}}\n"}});
  REQUIRE(read);
  const auto again = read_text(read->merged_text);
  REQUIRE(again);
  CHECK(again->merged_text == read->merged_text);
  CHECK(again->world.services.front().replicas == read->world.services.front().replicas);
}

TEST_CASE("a variant is not the base that capacity is sized from") {
  const std::string text = with_small("services: {web: {}}\nvariants: {big: {regions: {home: {users: 5M}}}}\n");
  const auto plain = read_text(text);
  const auto varied = read_text(text, {.variants = {"big"}});

  REQUIRE(plain);
  CHECK_FALSE(plain->base);
  CHECK(plain->variant_names == std::vector<std::string>{"big"});
  REQUIRE(varied);
  REQUIRE(varied->base);
  CHECK(varied->base->regions.front().users == 1e6);
  CHECK(varied->world.regions.front().users == 5e6);
}

TEST_CASE("defaults reach what stands inside entries: operations, journeys, faults and steps") {
  const std::string text =
      "knockon: 1\n"
      "title: small\n"
      "starts: 2026-03-02T09:00:00Z\n"
      "defaults:\n"
      "  operations: {cost: 3}\n"
      "  journeys: {timeout: 7s}\n"
      "  faults: {ended_by: roll-back}\n"
      "  steps: {takes: 9m}\n"
      "regions: {home: {users: 1M}}\n"
      "services: {web: {operations: {read: {}, write: {cost: 5}}}}\n"
      "apps: {app: {journeys: {open: {calls: [web.read]}}}}\n"
      "causes: {c: {faults: {f: {do: down, target: web}}}}\n"
      "strategies: {s: {steps: {undo: {do: roll-back, target: web}}}}\n";

  const auto read = read_text(text);

  REQUIRE(read);
  CHECK(read->world.operations[0].cost == 3);
  CHECK(read->world.operations[1].cost == 5);
  CHECK(read->world.journeys[0].timeout == knockon::quantity::Duration::seconds(7));
  CHECK(read->world.faults[0].ended_by == std::vector{knockon::world::Verb::roll_back});
  CHECK(read->world.steps[0].ways[0].takes.median() == knockon::quantity::Duration::minutes(9));
}

TEST_CASE("a template or a default that a variant changes reaches everything made from it") {
  const std::string text = with_small(
      "templates: {services: {small: {replicas: 2}}}\n"
      "defaults: {services: {busy_at_peak: 40%}}\n"
      "services: {web: {like: small}}\n"
      "variants: {v: {templates: {services: {small: {replicas: 9}}}, defaults: {services: {busy_at_peak: 70%}}}}\n");

  CHECK(section("services", text) == "services:\n  web:\n    busy_at_peak: 40%\n    replicas: 2\n");
  CHECK(section("services", text, {.variants = {"v"}}) ==
        "services:\n  web:\n    busy_at_peak: 70%\n    replicas: 9\n");
}

TEST_CASE("a neighbour is what an entry is like, before a template of the same name") {
  const std::string text = with_small(
      "templates: {services: {a: {replicas: 2}}}\n"
      "services: {a: {replicas: 7}, web: {like: a}}\n");

  CHECK(section("services", text) == "services:\n  a:\n    replicas: 7\n  web:\n    replicas: 7\n");
}

TEST_CASE("a likeness is laid over defaults, so it wins where both say something") {
  const std::string text = with_small(
      "templates: {services: {small: {replicas: 2}}}\n"
      "defaults: {services: {replicas: 5, busy_at_peak: 60%}}\n"
      "services: {web: {like: small}, other: {}}\n");

  const auto read = read_text(text);

  REQUIRE(read);
  CHECK(read->world.services[0].replicas == std::vector<double>{2});
  CHECK(read->world.services[1].replicas == std::vector<double>{5});
  CHECK(read->world.services[0].busy_at_peak == knockon::quantity::Share::percent(60));
}

TEST_CASE("a setting finds an overload policy by its name, and removes what it is told to") {
  const std::string text = with_small("services: {web: {overload: [{policy: queue, limit: 4s}], replicas: 5}}\n");

  const auto read = read_text(text, {.set = {{"services.web.overload[queue].limit", "9s"}}});
  const auto removed = read_text(text, {.set = {{"services.web.replicas", "~"}}});

  REQUIRE(read);
  CHECK(std::get<knockon::world::Queue>(read->world.services[0].overload).limit ==
        knockon::quantity::Duration::seconds(9));
  REQUIRE(removed);
  CHECK(removed->world.services[0].replicas == std::vector<double>{10});
}

TEST_CASE("what a variant removes is gone also when a template brings it") {
  const std::string text = with_small(
      "templates: {services: {small: {replicas: 2, busy_at_peak: 30%}}}\n"
      "services: {web: {like: small}}\n"
      "variants: {v: {services: {web: {replicas: ~}}}}\n");

  CHECK(section("services", text, {.variants = {"v"}}) == "services:\n  web:\n    busy_at_peak: 30%\n");
}
