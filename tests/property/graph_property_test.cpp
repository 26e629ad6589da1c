// What must hold of the answers about any graph: algorithms agree with looking at every case, and the single points are
// those that really take the flow of traffic down.
#include <rapidcheck.h>

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "engine/graph/availability.hpp"
#include "engine/graph/dominators.hpp"
#include "engine/graph/fault_tree.hpp"
#include "engine/graph/impact.hpp"
#include "engine/random/stream.hpp"
#include "engine/traffic/flow.hpp"
#include "tests/incident.hpp"

using namespace knockon;
using graph::ComponentId;
using graph::Components;
using graph::Dependence;
using graph::Severity;
using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using tests::Drawn;
using tests::Incident;

namespace {

bool chance(int in) { return *rc::gen::inRange(0, in) == 0; }

// Random worlds of at most 14 components: five or six services at one or two sites, gates of every kind.
class RandomWorld {
 public:
  explicit RandomWorld(bool with_minorities) : services_{*rc::gen::inRange(4, 7)}, with_minorities_{with_minorities} {
    std::string picture = "app -> s0";
    for (int i = 1; i < services_; ++i) picture += "; app ~> s" + std::to_string(i);
    drawn = Incident{picture};
    drawn.world.journeys[0].calls.clear();
    for (world::Service& service : drawn.world.services) service.per_replica = Rate::per_second(1e9);
    if (chance(2)) add_second_site();
    for (int i = 0; i < services_; ++i) lay_out(i);
    drawn.world.journeys[0].calls = calls_beyond(-1);
    if (drawn.world.journeys[0].calls.empty()) drawn.world.journeys[0].calls.push_back(call_to(0));
    if (chance(2)) add_group();
    if (chance(4)) add_session();
  }

  Incident drawn{"app -> s0"};

 private:
  [[nodiscard]] int callee_beyond(int caller) const { return *rc::gen::inRange(caller + 1, services_); }
  [[nodiscard]] world::Call call_to(int service) const {
    world::Call call;
    call.to = world::OperationId{static_cast<std::size_t>(service)};
    if (chance(4)) call.kind = chance(2) ? world::CallKind::soft : world::CallKind::async;
    if (chance(6)) call.fallback = world::Fallback{std::nullopt, Share{1}};
    if (with_minorities_ && chance(6)) call.per_request = 0.2;
    return call;
  }
  std::vector<world::Call> calls_beyond(int caller) {
    std::vector<world::Call> calls;
    if (caller + 1 >= services_) return calls;
    const int items = *rc::gen::inRange(caller < 0 ? 1 : 0, 3);
    for (int i = 0; i < items; ++i) {
      if (!chance(2)) {
        calls.push_back(call_to(callee_beyond(caller)));
        continue;
      }
      world::Call group;
      group.form = chance(4) ? world::Call::Form::parallel : world::Call::Form::any_of;
      const int members = *rc::gen::inRange(2, 4);
      for (int m = 0; m < members; ++m) group.members.push_back(call_to(callee_beyond(caller)));
      group.at_least = *rc::gen::inRange(1, members + 1);
      calls.push_back(group);
    }
    return calls;
  }
  void lay_out(int i) {
    world::Operation& operation = drawn.world.operations[static_cast<std::size_t>(i)];
    world::Service& service = drawn.world.services[static_cast<std::size_t>(i)];
    operation.calls = calls_beyond(i);
    if (chance(6)) operation.fallback = world::Fallback{std::nullopt, Share{*rc::gen::element(0.3, 1.0)}};
    if (i + 1 >= services_) return;
    if (chance(5)) {
      world::Need need;
      for (int n = *rc::gen::inRange(1, 3); n > 0; --n) {
        need.any_of.push_back({world::ServiceId{static_cast<std::size_t>(callee_beyond(i))}, {}});
      }
      service.needs = {need};
    }
    if (chance(6)) service.resolve = world::Resolve{world::OperationId{static_cast<std::size_t>(callee_beyond(i))}};
    if (chance(8)) {
      service.cache = world::Cache{
          .behind = world::OperationId{static_cast<std::size_t>(callee_beyond(i))}, .hit = Share{0.9}, .entries = 1e6};
    }
  }
  void add_second_site() {
    const world::SiteId there = drawn.add_site("there");
    for (world::Service& service : drawn.world.services) {
      if (!chance(2)) continue;
      service.sites = {chance(2) ? there : Drawn::site};
      service.replicas = {10};
    }
    if (chance(2)) return;
    drawn.add_link("to-here", world::RegionId{0}, Drawn::site);
    drawn.add_link("to-there", world::RegionId{0}, there);
    drawn.world.links[1].latency = Duration::of_seconds(0.1);
    if (chance(2)) drawn.add_link("between", Drawn::site, there);
  }
  void add_group() {
    world::Group group{"together", {}};
    for (int i = 0; i < services_; ++i) {
      if (chance(3)) group.members.emplace_back(world::ServiceId{static_cast<std::size_t>(i)});
    }
    if (chance(3)) group.members.emplace_back(Drawn::site);
    drawn.world.groups.push_back(group);
  }
  void add_session() {
    world::Journey opening;
    opening.app = Drawn::app;
    opening.name = "app.log-in";
    opening.critical = false;
    opening.calls = {call_to(callee_beyond(-1))};
    drawn.world.journeys.push_back(opening);
    drawn.world.apps[0].journeys.emplace_back(1);
    drawn.world.sessions.push_back(
        {.name = "ticket", .store = world::ServiceId{0}, .opened_by = world::JourneyId{1}, .lifetime = {}});
    drawn.world.journeys[0].session = world::SessionId{0};
  }

  int services_;
  bool with_minorities_;
};

// One case, worked out the plain way: what has failed is a set of bits, and everything is asked recursively.
class Plain {
 public:
  Plain(const world::World& world, const Components& components, std::uint32_t failed)
      : world_{world}, components_{components}, failed_{failed} {}

  [[nodiscard]] bool is_down() const {
    const world::Journey& journey = world_.journeys[0];
    if (journey.session && !works(components_.of(*journey.session))) return true;
    return !all(journey.calls, world_.sites.size());
  }

 private:
  [[nodiscard]] bool works(ComponentId id) const {
    if ((failed_ >> id.index() & 1U) != 0) return false;
    for (const ComponentId group : components_.groups_of(id)) {
      if ((failed_ >> group.index() & 1U) != 0) return false;
    }
    return true;
  }
  [[nodiscard]] bool carries(std::size_t place) const {
    return place == world_.sites.size() || works(components_.of(world::SiteId{place}));
  }
  // At most three places: a way is direct, or over the other site.
  [[nodiscard]] bool is_tied(std::size_t a, std::size_t b) const {
    if (!carries(a) || !carries(b)) return false;
    if (a == b || world_.links.empty()) return true;
    const auto place = [&](const world::Endpoint& end) {
      const auto* site = std::get_if<world::SiteId>(&end);
      return site != nullptr ? site->index() : world_.sites.size();
    };
    for (std::size_t i = 0; i < world_.links.size(); ++i) {
      const std::size_t from = place(world_.links[i].from), to = place(world_.links[i].to);
      const bool joins = (from == a && to == b) || (from == b && to == a);
      if (joins && works(components_.of(world::LinkId{i}))) return true;
    }
    return false;
  }
  [[nodiscard]] bool reaches(std::size_t from, std::size_t to) const {
    if (is_tied(from, to)) return true;
    for (std::size_t over = 0; over < world_.sites.size(); ++over) {
      if (is_tied(from, over) && is_tied(over, to)) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_up(world::ServiceId id, std::size_t site) const {
    if (!works(components_.of(id))) return false;
    for (const world::Need& need : world_[id].needs) {
      bool met = false;
      for (const world::Target& target : need.any_of) {
        const auto service = std::get<world::ServiceId>(target.subject);
        for (const world::SiteId at : world_[service].sites) {
          met = met || (reaches(site, at.index()) && is_up(service, at.index()) &&
                        answers(world_[service].operations[0], at.index()));
        }
      }
      if (!met) return false;
    }
    return true;
  }
  [[nodiscard]] bool answers(world::OperationId id, std::size_t site) const {
    const world::Operation& operation = world_[id];
    if (operation.fallback && operation.fallback->share.value() >= 0.5) return true;
    return all(operation.calls, site);  // a cache that hits nine times of ten gets along
  }
  [[nodiscard]] bool seen(world::OperationId id, std::size_t place) const {
    const world::ServiceId service = world_[id].service;
    std::vector<world::SiteId> sites = world_[service].sites;
    if (place == 1) std::reverse(sites.begin(), sites.end());  // the second site is nearest to itself
    for (const world::SiteId site : sites) {
      if (reaches(place, site.index()) && is_up(service, site.index())) return answers(id, site.index());
    }
    return false;
  }
  [[nodiscard]] bool attempt(world::OperationId id, std::size_t place) const {
    const auto& name = world_[world_[id].service].resolve;
    return seen(id, place) && (!name || seen(name->through, place));
  }
  [[nodiscard]] bool answered(const world::Call& call, std::size_t place) const {
    if (call.form == world::Call::Form::single) {
      const bool is_optional = call.kind != world::CallKind::hard || call.fallback || call.per_request < 0.5;
      return is_optional || attempt(call.to, place);
    }
    const auto good = std::count_if(call.members.begin(), call.members.end(),
                                    [&](const world::Call& member) { return answered(member, place); });
    return good >= (call.form == world::Call::Form::parallel ? static_cast<int>(call.members.size()) : call.at_least);
  }
  [[nodiscard]] bool all(const std::vector<world::Call>& calls, std::size_t place) const {
    return std::all_of(calls.begin(), calls.end(), [&](const world::Call& call) { return answered(call, place); });
  }

  const world::World& world_;
  const Components& components_;
  std::uint32_t failed_;
};

std::vector<bool> down_in_every_case(const Dependence& dependence) {
  std::vector<bool> down;
  for (std::uint32_t failed = 0; failed < 1U << dependence.components().size(); ++failed) {
    down.push_back(Plain{dependence.world(), dependence.components(), failed}.is_down());
  }
  return down;
}

// Those that fail and of which no part does, as bits.
std::vector<std::uint32_t> minimal_cases(const std::vector<bool>& down, std::size_t components) {
  std::vector<bool> holds_failing(down.size(), false);
  std::vector<std::uint32_t> minimal;
  for (std::uint32_t failed = 0; failed < down.size(); ++failed) {
    for (std::size_t bit = 0; bit < components; ++bit) {
      const std::uint32_t part = failed & ~(1U << bit);
      if (part != failed && (down[part] || holds_failing[part])) holds_failing[failed] = true;
    }
    if (down[failed] && !holds_failing[failed]) minimal.push_back(failed);
  }
  return minimal;
}

double probability(const std::vector<bool>& down, const std::vector<double>& gone) {
  double sum = 0;
  for (std::size_t failed = 0; failed < down.size(); ++failed) {
    if (!down[failed]) continue;
    double chance_of = 1;
    for (std::size_t bit = 0; bit < gone.size(); ++bit) {
      chance_of *= (failed >> bit & 1U) != 0 ? gone[bit] : 1 - gone[bit];
    }
    sum += chance_of;
  }
  return sum;
}

std::vector<double> random_chances(std::size_t count) {
  std::vector<double> chances;
  for (std::size_t i = 0; i < count; ++i) chances.push_back(*rc::gen::element(0.01, 0.1, 0.3, 0.5));
  return chances;
}

std::vector<double> by_variable(const graph::FaultTree& tree, const std::vector<double>& gone) {
  std::vector<double> chances;
  for (const ComponentId id : tree.components()) chances.push_back(gone[id.index()]);
  return chances;
}

constexpr int worlds_a_case = 12;  // a hundred cases: 1,200 worlds

}  // namespace

TEST_CASE("cut sets, probabilities and importance equal looking at every case") {
  const bool holds = rc::check([] {
    for (int i = 0; i < worlds_a_case; ++i) {
      const RandomWorld random{true};
      const Dependence dependence{random.drawn.world};
      const std::size_t components = dependence.components().size();
      const std::vector<bool> down = down_in_every_case(dependence);
      const graph::FaultTree tree{dependence, Drawn::journey};
      RC_ASSERT(tree.is_complete());

      const auto cuts = tree.cut_sets(Drawn::region, {.size = 14});
      std::vector<std::uint32_t> found;
      for (const auto& set : cuts.sets) {
        std::uint32_t bits = 0;
        for (const ComponentId id : set) bits |= 1U << id.index();
        found.push_back(bits);
      }
      std::sort(found.begin(), found.end());
      RC_ASSERT(cuts.complete);
      RC_ASSERT(found == minimal_cases(down, components));

      const std::vector<double> gone = random_chances(components);
      const std::vector<double> chances = by_variable(tree, gone);
      const double expected = probability(down, gone);
      const double exact = graph::probability_of(tree.diagrams(), tree.down(Drawn::region), chances);
      RC_ASSERT(std::abs(exact - expected) < 1e-12);

      for (const auto& one : graph::importances_of(tree.diagrams(), tree.down(Drawn::region), chances)) {
        const std::size_t bit = tree.components()[one.variable].index();
        std::vector<double> surely = gone, never = gone;
        surely[bit] = 1;
        never[bit] = 0;
        RC_ASSERT(std::abs(one.birnbaum - (probability(down, surely) - probability(down, never))) < 1e-12);
      }
    }
  });
  CHECK(holds);
}

TEST_CASE("single points are the cut sets of one, whichever way they are found") {
  const bool holds = rc::check([] {
    for (int i = 0; i < worlds_a_case; ++i) {
      const RandomWorld random{true};
      const Dependence dependence{random.drawn.world};
      const auto impact = graph::impact_of(dependence);
      std::vector<ComponentId> points, ones;
      for (const auto& point : impact.single_points) {
        if (point.journey == Drawn::journey) points.push_back(point.component);
      }
      for (const auto& set : graph::FaultTree{dependence, Drawn::journey}.cut_sets(Drawn::region).sets) {
        if (set.size() == 1) ones.push_back(set.front());
      }
      RC_ASSERT(points == ones);
    }
  });
  CHECK(holds);
}

TEST_CASE("drawing cases at random agrees with the diagram within three standard errors") {
  int beyond = 0;
  const bool holds = rc::check([&] {
    const RandomWorld random{true};
    const Dependence dependence{random.drawn.world};
    const std::vector<double> gone = random_chances(dependence.components().size());
    const graph::FaultTree tree{dependence, Drawn::journey};
    const double exact = graph::probability_of(tree.diagrams(), tree.down(Drawn::region), by_variable(tree, gone));
    random::Stream stream{{}, "monte-carlo/" + std::to_string(*rc::gen::arbitrary<int>())};
    constexpr std::size_t cases = 12'800;
    std::size_t down = 0;
    graph::for_each_case(
        dependence, cases,
        [&](std::size_t) {
          graph::Failures failures;
          for (std::size_t c = 0; c < gone.size(); ++c) {
            if (stream.uniform() < gone[c]) failures.components.emplace_back(c);
          }
          return failures;
        },
        [&](std::size_t, const graph::Fates& fates) {
          down += fates.of(Drawn::journey, Drawn::region) == Severity::down ? 1 : 0;
        });
    const double error = std::sqrt(exact * (1 - exact) / cases);
    const double distance = std::abs(static_cast<double>(down) / cases - exact);
    if (distance > 3 * error + 1e-12) ++beyond;
    RC_ASSERT(distance <= 5 * error + 1e-12);
  });
  CHECK(holds);
  CHECK(beyond <= 3);  // 0.27 in a hundred are expected
}

TEST_CASE("where operations ask alternatives, single points of one target are its dominators") {
  const bool holds = rc::check([] {
    const int count = *rc::gen::inRange(4, 12);
    std::string picture = "app ~> s0";
    for (int i = 1; i < count; ++i) picture += "; app ~> s" + std::to_string(i);
    Drawn drawn{picture};
    const auto alternatives_beyond = [&](int caller) {
      world::Call group;
      group.form = world::Call::Form::any_of;
      for (int m = *rc::gen::inRange(1, 4); m > 0; --m) {
        group.members.emplace_back().to =
            world::OperationId{static_cast<std::size_t>(*rc::gen::inRange(caller + 1, count))};
      }
      return std::vector<world::Call>{group};
    };
    drawn.world.journeys[0].calls = alternatives_beyond(-1);
    for (int i = 0; i + 1 < count; ++i) {
      drawn.world.operations[static_cast<std::size_t>(i)].calls = alternatives_beyond(i);
    }
    const Dependence dependence{drawn.world};

    std::vector<world::OperationId> points;
    for (const auto& point : graph::impact_of(dependence).single_points) {
      const graph::Component component = dependence.components()[point.component];
      if (component.kind == graph::Component::Kind::service) points.emplace_back(component.index);
    }

    RC_ASSERT(points == graph::dominators_of(drawn.world, Drawn::journey).back());
  });
  CHECK(holds);
}

TEST_CASE("a call that no way has ever led to fails, in the graph and in the flow of traffic") {
  Incident drawn{"app -> web -> store"};
  const world::SiteId there = drawn.add_site("there");
  drawn["web"].sites = {Drawn::site};
  drawn["web"].replicas = {10};
  drawn["store"].sites = {there};
  drawn["store"].replicas = {10};
  drawn.add_link("only-way", world::RegionId{0}, Drawn::site);

  const traffic::Network network{drawn.world};
  traffic::Flow flow{network};
  flow.begin();

  CHECK(flow.success(Drawn::journey, Drawn::region).total() == 0);
  CHECK(graph::fates_of(Dependence{drawn.world}, {}).of(Drawn::journey, Drawn::region) == Severity::down);
}

TEST_CASE("what alone takes a journey down does so in the flow of traffic, and nothing else does") {
  const bool holds = rc::check([] {
    const RandomWorld random{false};
    const world::World& world = random.drawn.world;
    const Dependence dependence{world};
    const traffic::Network network{world};
    for (std::size_t i = 0; i < dependence.components().size(); ++i) {
      const graph::Component component = dependence.components()[ComponentId{i}];
      if (component.kind == graph::Component::Kind::group || component.kind == graph::Component::Kind::session) {
        continue;
      }
      traffic::Flow flow{network};
      flow.begin();
      if (component.kind == graph::Component::Kind::service) {
        const world::ServiceId service{component.index};
        for (const world::SiteId site : world[service].sites) flow.set_service_up(service, site, false);
      } else if (component.kind == graph::Component::Kind::site) {
        flow.set_site_up(world::SiteId{component.index}, false);
      } else {
        flow.set_link_up(world::LinkId{component.index}, false);
      }
      flow.settle();
      while (flow.now() < quantity::SimTime{} + Duration::minutes(30)) {
        flow.advance(std::min(flow.next_date(), quantity::SimTime{} + Duration::minutes(30)));
        flow.settle();
      }
      const bool is_down = flow.success(Drawn::journey, Drawn::region).total() < 0.5;
      const Severity severity =
          graph::fates_of(dependence, {.components = {ComponentId{i}}}).of(Drawn::journey, Drawn::region);
      RC_LOG() << "without " << name_of(world, component);
      RC_ASSERT(is_down == (severity == Severity::down));
    }
  });
  CHECK(holds);
}
