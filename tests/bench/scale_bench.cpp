#include "tests/bench/scale_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/engine.hpp"
#include "engine/traffic/network.hpp"
#include "tests/bench/apart.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/promise.hpp"

namespace knockon::bench {
namespace {

constexpr double limit_ms = 50;
constexpr std::uint64_t replications = 16;

struct Struck {
  std::size_t service, blast;
  bool stops_users;
};

// The service whose blast radius is nearest to what is wanted.
std::optional<Struck> struck_in(const CallGraph& graph, std::size_t services, std::size_t wanted, bool stops_users) {
  std::optional<Struck> best;
  const auto distance = [wanted](const Struck& one) {
    return std::abs(static_cast<double>(one.blast) - static_cast<double>(wanted));
  };
  constexpr std::size_t tried = 700;  // services, evenly over all
  for (std::size_t s = 3; s < services; s += std::max<std::size_t>(1, services / tried)) {
    const std::vector<bool> fails = blast_of(graph, services, s);
    const Struck one{.service = s,
                     .blast = static_cast<std::size_t>(std::ranges::count(fails, true)),
                     .stops_users = fails[0] || fails[1] || fails[2]};
    if (one.stops_users != stops_users || (best && distance(*best) <= distance(one))) continue;
    best = one;
  }
  return best;
}

struct Cost {
  double network_s = 0, replication_ms = 0;
};

Cost cost_of(const CallGraph& graph, std::size_t services, const Struck& struck) {
  return apart([&] {
    const auto read = scenario::read_text(even_scenario(graph, services, struck.service));
    if (!read) throw std::runtime_error{scenario::text_of(read.error())};
    const double before = cpu_ms();
    const traffic::Network network{read->world};
    traffic::Flow flow{network};
    const double built = cpu_ms();
    simulation::Engine engine{read->world, network, flow};
    const simulation::Plan plan{.cause = *read->world.cause, .strategy = *read->world.strategy, .keep_events = false};
    std::vector<double> costs_ms;
    for (std::uint64_t index = 0; index < replications; ++index) {
      const double begins = cpu_ms();
      (void)engine.replicate(plan, index);
      costs_ms.push_back(cpu_ms() - begins);
    }
    std::sort(costs_ms.begin(), costs_ms.end());
    return Cost{.network_s = (built - before) / 1e3, .replication_ms = costs_ms[costs_ms.size() / 2]};
  });
}

bool measure_one(const CallGraph& graph, std::size_t services, const Struck& struck) {
  const Cost cost = cost_of(graph, services, struck);
  const bool is_kept = cost.replication_ms <= limit_ms;
  fmt::print("  {:>9}{:>15}{:>15}{:>14.2f} s{:>14.1f} ms   {}\n", services, struck.blast,
             struck.stops_users ? "yes" : "no", cost.network_s, cost.replication_ms, is_kept ? "kept" : "BROKEN");
  return is_kept;
}

}  // namespace

bool measure_scale() {
  const CallGraph graph = big_call_graph(1);
  const std::size_t all = graph.callees.size();
  fmt::print(
      "a replication on one core, median of sixteen, with one service down: at most {:g} ms while under 1 % of "
      "services "
      "fail with it\n"
      "  {:>9}{:>15}{:>15}{:>16}{:>17}\n",
      limit_ms, "services", "fail with it", "users fail", "network", "a replication");
  bool all_met = true;
  for (const std::size_t services : {std::size_t{1000}, std::size_t{4600}, all}) {
    if (const auto struck = struck_in(graph, services, 8, false)) all_met &= measure_one(graph, services, *struck);
  }
  for (const std::size_t blast : {std::size_t{1}, std::size_t{4}}) {
    if (const auto struck = struck_in(graph, all, blast, false)) all_met &= measure_one(graph, all, *struck);
  }
  for (const std::size_t blast : {std::size_t{40}, std::size_t{150}}) {
    if (const auto struck = struck_in(graph, all, blast, true)) all_met &= measure_one(graph, all, *struck);
  }
  return all_met;
}

}  // namespace knockon::bench
