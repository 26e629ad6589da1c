// Worlds drawn in a line, for tests: "app -> auth -> session-store; auth ~> risk".  -> is a hard call, ~> a soft one.
// The first name is an app with one journey, every other name a service with one operation in the one region. Tests
// then set what they are about.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/world/world.hpp"

namespace knockon::tests {

// The condition METRIC(Itself) OP bound, optionally held for a time.
inline world::Condition condition_of(world::Metric metric, world::Subject subject, world::Comparison comparison,
                                     double bound, quantity::Duration hold = {}) {
  world::Condition condition;
  condition.metric_tests.push_back({metric, {subject, {}}, comparison, bound, 0});
  condition.nodes.push_back({world::Condition::Kind::metric, 0, 0, {}});
  if (hold > quantity::Duration{}) condition.nodes.push_back({world::Condition::Kind::held_for, 0, 0, hold});
  condition.text = "drawn";
  return condition;
}

class Drawn {
 public:
  world::World world;

  explicit Drawn(std::string_view picture) {
    using quantity::Duration;
    world.name = "drawn";
    world.title = "drawn";
    world.horizon = Duration::hours(24);
    world.regions.push_back({"here", 1e6, {}});
    world.sites.push_back({"here", world::RegionId{0}});
    world.curves.push_back({"flat", {{{}, 1.0}}});
    world.populations.push_back({});
    world::Population& everybody = world.populations.back();
    everybody.name = "people";
    everybody.users = {1e6};
    everybody.retry.returns = random::DurationDistribution::constant(Duration::hours(1));
    while (!picture.empty()) {
      const std::size_t end = picture.find(';');
      add_chain(picture.substr(0, end));
      picture = end == std::string_view::npos ? std::string_view{} : picture.substr(end + 1);
    }
    world.populations[0].apps.push_back({world::AppId{0}, quantity::Share{1}, quantity::Share{1}});
    world.populations[0].does.push_back({world::JourneyId{0}, quantity::Rate::per_second(1e-3)});  // 1000/s in all
  }

  [[nodiscard]] world::ServiceId service(std::string_view name) const {
    for (std::size_t i = 0; i < world.services.size(); ++i) {
      if (world.services[i].name == name) return world::ServiceId{i};
    }
    throw std::out_of_range{std::string{name}};
  }
  [[nodiscard]] world::OperationId operation(std::string_view name) const {
    return world[service(name)].operations.front();
  }
  world::Service& operator[](std::string_view name) { return world.services[service(name).index()]; }
  // The call from one name (the app: its journey) to another.
  world::Call& call(std::string_view from, std::string_view to) {
    auto& calls =
        from == world.apps[0].name ? world.journeys[0].calls : world.operations[operation(from).index()].calls;
    for (world::Call& call : calls) {
      if (call.form == world::Call::Form::single && call.to == operation(to)) return call;
    }
    throw std::out_of_range{std::string{to}};
  }
  // The app's last call, which is to `gate`, becomes a journey of its own, by which people log in for the first one.
  void log_in_at(std::string_view gate, quantity::Share held) {
    world.journeys[0].calls.pop_back();
    world::Journey log_in;
    log_in.app = app;
    log_in.name = world.apps[0].name + ".log-in";
    log_in.critical = false;
    world::Call to_gate;
    to_gate.to = operation(gate);
    log_in.calls = {to_gate};
    world.journeys.push_back(log_in);
    world.apps[0].journeys.push_back(world::JourneyId{1});
    world::SessionKind session;
    session.name = "login";
    session.store = service(gate);
    session.opened_by = world::JourneyId{1};
    session.held = held;
    world.sessions.push_back(session);
    world.journeys[0].session = world::SessionId{0};
  }
  static constexpr world::AppId app{0};
  static constexpr world::JourneyId journey{0};
  static constexpr world::RegionId region{0};
  static constexpr world::SiteId site{0};
  static constexpr world::PopulationId people{0};

 private:
  static std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' '), last = text.find_last_not_of(' ');
    return first == std::string_view::npos ? std::string{} : std::string{text.substr(first, last - first + 1)};
  }

  void add_chain(std::string_view chain) {
    std::string from;
    world::CallKind kind = world::CallKind::hard;
    while (true) {
      const std::size_t arrow = chain.find('>');
      const std::string name = trimmed(chain.substr(0, arrow == std::string_view::npos ? arrow : arrow - 1));
      if (world.apps.empty()) {
        add_app(name);
      } else if (name != world.apps[0].name) {
        if (!has_service(name)) add_service(name);
      }
      if (!from.empty()) {
        world::Call call;
        call.to = operation(name);
        call.kind = kind;
        auto& calls =
            from == world.apps[0].name ? world.journeys[0].calls : world.operations[operation(from).index()].calls;
        calls.push_back(call);
      }
      if (arrow == std::string_view::npos) return;
      kind = chain[arrow - 1] == '~' ? world::CallKind::soft : world::CallKind::hard;
      from = name;
      chain = chain.substr(arrow + 1);
    }
  }
  [[nodiscard]] bool has_service(std::string_view name) const {
    for (const world::Service& one : world.services) {
      if (one.name == name) return true;
    }
    return false;
  }
  void add_app(const std::string& name) {
    using world::Comparison;
    using world::Metric;
    world::App one;
    one.name = name;
    one.journeys = {world::JourneyId{0}};
    one.down = condition_of(Metric::success, world::Itself{}, Comparison::less, 0.5, quantity::Duration::minutes(2));
    one.degraded = condition_of(Metric::success, world::Itself{}, Comparison::less, 0.99);
    world.apps.push_back(one);
    world::Journey use;
    use.app = world::AppId{0};
    use.name = name + ".use";
    world.journeys.push_back(use);
  }
  void add_service(const std::string& name) {
    world::Service one;
    one.name = name;
    one.sites = {world::SiteId{0}};
    one.replicas = {10};
    one.operations = {world::OperationId{world.operations.size()}};
    world::Operation answer;
    answer.service = world::ServiceId{world.services.size()};
    answer.name = name;
    world.services.push_back(one);
    world.operations.push_back(answer);
  }
};

}  // namespace knockon::tests
