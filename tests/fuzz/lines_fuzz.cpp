// Whatever bytes come as a condition, a promise or a measure: the reader answers, points into the line, and what it
// accepts is a whole tree with finite bounds. The first byte chooses among the three; the rest is the line.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/reading.hpp"
#include "tests/fuzz/held.hpp"

using namespace knockon;
using fuzz::hold;

namespace {

constexpr const char* world_text = R"(knockon: 1
title: what lines are about
starts: 2026-03-02T09:00:00Z
regions: {north: {}, south: {}}
sites: {n1: {in: north}, n2: {in: north}, s1: {in: south}}
links: {cable: {between: [n1, s1]}}
groups: {both: {has: [n1, s1]}}
services: {web: {calls: [auth.check]}, auth: {in: north, operations: {check: {}, login: {}}}}
sessions: {login: {store: auth, opened_by: shop.open}}
apps: {shop: {journeys: {open: {calls: [web]}, buy: {calls: [web]}}}}
populations: {people: {does: {shop.open: 1/d}}}
causes: {storm: {faults: {cut: {do: down, target: cable}}}}
monitors: {watch: {alert: success(shop) < 90%}}
)";

// The names of that world, declared once.
struct Surroundings {
  scenario::SourceText source{"world", world_text, 0};
  scenario::Nodes nodes;
  scenario::Faults faults;
  scenario::NodePtr root = scenario::parsed(source, nodes, faults);
  scenario::Reading reading{.root = *root, .faults = faults};

  Surroundings() {
    hold(scenario::declare_names(reading), "the world around the lines is small");
    scenario::read_places(reading);
    scenario::read_services(reading);
    scenario::read_sessions_and_apps(reading);
    hold(!faults.any_errors(), "the world around the lines has no fault", text_of(faults.in_file_order()));
  }
};

scenario::Node node_of(const scenario::SourceText& source) {
  scenario::Node node;
  node.text = source.text;
  node.verbatim = source.line_starts.size() == 1;
  node.span = {&source, 1, 1, 2};
  return node;
}

void check(const scenario::Faults& faults, const scenario::SourceText& source, bool is_accepted) {
  hold(is_accepted || faults.any_errors(), "a refusal has a reason", source.text);
  const auto length = static_cast<int>(scenario::characters_in(source.text));
  for (const scenario::Diagnostic& fault : faults.in_file_order()) {
    const std::string text = scenario::text_of(fault);
    hold(fault.line == 1 && fault.column >= 1 && fault.column <= length + 1, "a diagnostic points into the line", text);
    hold(fault.end_column > fault.column && fault.end_column <= length + 2, "a diagnostic ends in the line", text);
    hold(text.size() < 4000, "a diagnostic is short", text);
  }
}

bool has_finite_bounds(double low, double high) { return std::isfinite(low) && std::isfinite(high) && low <= high; }

// Each node but the last is used by exactly one later node; each test by exactly one node.
void check_tree(const world::Condition& condition) {
  using Kind = world::Condition::Kind;
  std::vector<int> users(condition.nodes.size()), of_metrics(condition.metric_tests.size()),
      of_states(condition.state_tests.size());
  for (std::size_t i = 0; i < condition.nodes.size(); ++i) {
    const auto& node = condition.nodes[i];
    const auto use = [&](std::uint32_t operand) {
      hold(operand < i, "operands stand before operators", condition.text);
      ++users[operand];
    };
    if (node.kind == Kind::metric) {
      ++of_metrics.at(node.first);
    } else if (node.kind == Kind::state) {
      ++of_states.at(node.first);
    } else {
      use(node.first);
      if (node.kind == Kind::conjunction || node.kind == Kind::disjunction) use(node.second);
    }
    hold(node.kind != Kind::held_for || node.hold >= quantity::Duration{},
         "a condition is held for no less than no time", condition.text);
  }
  hold(!users.empty() && users.back() == 0, "the last node is the whole", condition.text);
  users.pop_back();
  for (const auto& counts : {users, of_metrics, of_states}) {
    for (const int count : counts) hold(count == 1, "every part of a condition is used once", condition.text);
  }
  for (const auto& test : condition.metric_tests)
    hold(has_finite_bounds(test.low, test.comparison == world::Comparison::within ? test.high : test.low),
         "bounds are finite", condition.text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static Surroundings surroundings;
  if (size == 0) return 0;
  const std::string_view line{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  const scenario::SourceText source{"line", std::string{line}, 1};
  const scenario::Node node = node_of(source);
  scenario::Faults faults;
  scenario::Scope scope = surroundings.reading.scope();
  bool is_accepted = false;
  if (bytes[0] == 'p') {
    const auto promise = scenario::promise_of(node, scope, faults);
    is_accepted = promise.has_value();
    if (is_accepted)
      hold(has_finite_bounds(promise->promise.low, promise->promise.high), "bounds are finite", source.text);
  } else if (bytes[0] == 'm') {
    scenario::Node value;
    value.text = "1h..2h";
    value.span = {&source, 1, 1, 2};
    is_accepted = scenario::measure_of(node, value, scope, faults).has_value();
  } else {
    if (bytes[0] == 'a') scope.app = world::AppId{0};
    scope.has_here = bytes[0] == 'h';
    const auto condition = scenario::condition_of(node, scope, faults);
    is_accepted = condition.has_value();
    if (is_accepted) check_tree(*condition);
  }
  check(faults, source, is_accepted);
  return 0;
}
