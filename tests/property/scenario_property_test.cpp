// Whatever is done to a scenario's text, the reader answers: with a world, or with what is wrong and where.
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/property/damage.hpp"

using namespace knockon;
using namespace knockon::tests;

namespace {

void assert_answered(const tl::expected<scenario::Read, scenario::Diagnostics>& read) {
  if (read) {
    RC_ASSERT(!read->world.regions.empty());
    return;
  }
  RC_ASSERT(!read.error().empty());
  for (const scenario::Diagnostic& fault : read.error()) {
    RC_ASSERT(!fault.path.empty() && !fault.code.empty() && !fault.message.empty());
    RC_ASSERT(fault.line >= 1 && fault.column >= 1 && fault.end_column > fault.column);
    RC_ASSERT(scenario::text_of(fault).size() < 4000);
  }
}

}  // namespace

TEST_CASE("a damaged scenario is answered, never thrown at or run away from") {
  const Texts blocks = shipped_blocks();

  for (const auto& [name, text] : shipped_scenarios()) {
    const bool holds = rc::check(name, [&, &whole = text] {
      std::string damaged = whole;
      for (const Mutation& mutation :
           *rc::gen::container<std::vector<Mutation>>(*rc::gen::inRange(1, 5), a_mutation())) {
        damaged = mutated(std::move(damaged), mutation);
      }
      assert_answered(scenario::read_text(damaged, {}, blocks));
    });
    CHECK(holds);
  }
}

TEST_CASE("a damaged block is answered in its own file") {
  const Texts blocks = shipped_blocks();
  const std::string text = shipped_scenarios().at("meta-2024-03-05");

  for (const auto& [name, block] : blocks) {
    const bool holds = rc::check(name, [&, &key = name, &whole = block] {
      Texts damaged = blocks;
      damaged[key] = mutated(whole, *a_mutation());
      assert_answered(scenario::read_text(text, {}, damaged));
    });
    CHECK(holds);
  }
}

TEST_CASE("a damaged setting is answered") {
  const Texts blocks = shipped_blocks();
  const std::string text = shipped_scenarios().at("meta-2024-03-05");
  const std::vector<std::pair<std::string, std::string>> settings{
      {"services.feed.calls[auth.check].timeout", "5m"},
      {"populations.people.does.facebook.open-feed", "12/d"},
      {"strategies.rollback-then-ramp.steps.undo.takes", "{median: 6m, p90: 9m}"},
      {"apps.facebook.down", "success < 40% for 3m"}};

  CHECK(rc::check([&] {
    auto [path, value] = settings[*rc::gen::inRange<std::size_t>(0, settings.size())];
    if (*rc::gen::arbitrary<bool>()) path = mutated(path, *a_mutation());
    if (*rc::gen::arbitrary<bool>()) value = mutated(value, *a_mutation());
    assert_answered(scenario::read_text(text, {.set = {{path, value}}}, blocks));
  }));
}

TEST_CASE("what a damaged but accepted scenario is merged to describes the same world") {
  const Texts blocks = shipped_blocks();

  for (const auto& [name, text] : shipped_scenarios()) {
    const bool holds = rc::check(name, [&, &whole = text] {
      const auto read = scenario::read_text(mutated(whole, *a_mutation()), {}, blocks);
      if (!read) return;
      const auto again = scenario::read_text(read->merged_text);
      RC_ASSERT(again.has_value());
      RC_ASSERT(again->world == read->world);
      RC_ASSERT(again->merged_text == read->merged_text);
    });
    CHECK(holds);
  }
}
