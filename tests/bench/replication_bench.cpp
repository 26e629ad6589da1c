// What a replication costs, beside an engine that does nothing but keep time for as many actors and events; and what
// the command makes of it. Prints a table; exits 1 when a promise about speed or memory is not met.
#include <fmt/format.h>

#include <algorithm>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/simulation/engine.hpp"
#include "engine/traffic/network.hpp"
#include "tests/bench/apart.hpp"
#include "tests/bench/big_scenario.hpp"
#include "tests/bench/command.hpp"
#include "tests/bench/company.hpp"
#include "tests/bench/coverage.hpp"
#include "tests/bench/graph_bench.hpp"
#include "tests/bench/import_bench.hpp"
#include "tests/bench/page_bench.hpp"
#include "tests/bench/pairing.hpp"
#include "tests/bench/promise.hpp"
#include "tests/bench/reading_bench.hpp"
#include "tests/bench/scale_bench.hpp"
#include "tests/bench/scenario.hpp"

namespace knockon::bench {
namespace {

constexpr std::size_t replications = 64;  // in one process: what they have in common is worked out in the first two
constexpr int repetitions = 7;            // odd: medians are values that were measured
// A core that is shared is measured again until so many replications had it for themselves, whose mean is then known to
// a hundredth; with fewer than the least what is judged is the mean of all.
constexpr int alone_wanted = 400, alone_least = 100, blocks_max = 60;

// Of a block of replications.
struct BlockCost {
  CostByCompany cpu;
  double actors = 0, events = 0;  // for each: actors created; times that the kernel's clock advanced
};

struct Load {
  double actors = 0, events = 0;
};

BlockCost replication_cost(const scenario::Read& scenario, int block) {
  const traffic::Network network{scenario.world};
  simulation::Engine engine{scenario.world, network};
  const simulation::Plan plan{
      .cause = *scenario.world.cause, .strategy = *scenario.world.strategy, .keep_events = false};
  std::uint64_t actors = 0, events = 0;
  simgrid::s4u::Actor::on_creation_cb([&actors](const simgrid::s4u::Actor&) { ++actors; });
  simgrid::s4u::Engine::on_time_advance_cb([&events](double) { ++events; });

  const CostByCompany cpu = cost_by_company(replications, [&](std::size_t i) {
    (void)engine.replicate(plan, static_cast<std::uint64_t>(block) * replications + i);
  });
  constexpr auto count = static_cast<double>(replications);
  return {.cpu = cpu, .actors = static_cast<double>(actors) / count, .events = static_cast<double>(events) / count};
}

// Actors that only sleep, at dates of their own, in an engine with a single host.
CostByCompany empty_engine_cost(const Load& load) {
  std::string name = "bench";
  std::vector<char*> arguments{name.data(), nullptr};
  int count = 1;
  simgrid::s4u::Engine engine{&count, arguments.data()};
  auto* zone = simgrid::s4u::create_full_zone("zone");
  auto* host = zone->create_host("people", 1e9);
  zone->seal();
  const int actors = std::max(1, static_cast<int>(load.actors + .5));
  const int naps = std::max(1, static_cast<int>(load.events / actors + .5));

  return cost_by_company(replications, [&](std::size_t) {
    for (int actor = 0; actor < actors; ++actor) {
      simgrid::s4u::Actor::create("sleeper", host, [actor, naps, actors] {
        simgrid::s4u::this_actor::sleep_for(actor / static_cast<double>(actors));
        for (int nap = 1; nap < naps; ++nap) simgrid::s4u::this_actor::sleep_for(1);
      });
    }
    engine.run();
  });
}

template <class Measure>
auto median_of(const Measure& measure) {
  std::vector<decltype(measure(0))> values;
  for (int i = 0; i < repetitions; ++i) values.push_back(measure(i));
  std::sort(values.begin(), values.end());
  return values[repetitions / 2];
}

// On a core of its own when it had one for long enough, else as it came.
CostByCompany::Some judged(const CostByCompany& cost) {
  return cost.alone.pieces >= alone_least ? cost.alone : cost.all();
}

bool measure(const std::string& name) {
  const scenario::Read scenario = read_scenario(name);
  CostByCompany cost, empty;
  Load load;
  for (int block = 0; block < repetitions || (block < blocks_max && cost.alone.pieces < alone_wanted); ++block) {
    const BlockCost some = apart([&] { return replication_cost(scenario, block); });
    cost += some.cpu;
    load = {.actors = some.actors, .events = some.events};
    empty += apart([&] { return empty_engine_cost(load); });
  }
  const bool is_alone = cost.alone.pieces >= alone_least;

  fmt::print("{}: {:.0f} actors and {:.0f} steps of the clock in a replication\n", name, load.actors, load.events);
  bool all_met = is_met({is_alone ? "a replication, on a core of its own" : "a replication, on a shared core",
                         judged(cost).mean_ms(), 2, "ms"});
  fmt::print("  {:<52}{:>9.3f} ms   ({:.0f} replications)\n", "  standard error of that mean", judged(cost).error_ms(),
             judged(cost).pieces);
  fmt::print("  {:<52}{:>9.3f} ms   ({:.1f} times as much goes into the outage)\n",
             "an empty engine with as many actors and steps", judged(empty).mean_ms(),
             judged(cost).mean_ms() / judged(empty).mean_ms());
  if (cost.beside.pieces > 0)
    fmt::print("  {:<52}{:>9.3f} ms   ({:.0f} replications)\n", "a replication beside a neighbour on the same core",
               cost.beside.mean_ms(), cost.beside.pieces);
  const std::vector<std::string> words{"run", name, "--jobs", "2", "--quiet"};
  all_met &= is_met({"200 replications, two workers, all in all",
                     median_of([&](int) { return command_cost(words, false).wall_s; }), 2, "s"});
  all_met &= is_met({"memory, the command and its workers together", command_cost(words, true).memory_mib, 200, "MiB"});
  return all_met;
}

// Five of its strategies: without the one that finds nothing out.
bool measure_compare() {
  const std::vector<std::string> words{
      "compare", "meta-2024-03-05", "--set", "strategies.restart-everything=~", "--replications", "500", "--jobs", "2",
      "-q"};
  return is_met({"compare 5 strategies of meta-2024-03-05, 500 runs each",
                 median_of([&](int) { return command_cost(words, false).wall_s; }), 5, "s"});
}

bool measure_replications() {
  bool all_met = true;
  for (const char* name : {"meta-2024-03-05", "facebook-2021-10-04"}) all_met &= measure(name);
  return all_met;
}

bool measure_all_pairing() {
  bool all_met = true;
  for (const char* name : {"meta-2024-03-05", "facebook-2021-10-04"}) all_met &= measure_pairing(name);
  const double worth = worth_of_pairing("meta-2024-03-05", "roll-back", "rollback-then-ramp");
  fmt::print("roll-back against rollback-then-ramp: {:.1f}, at least 3 is promised\n", worth);
  return all_met && worth >= 3;
}

bool measure_command() {
  fmt::print("the command itself\n");
  const auto seconds_of = [](const std::vector<std::string>& words) {
    return median_of([&](int) { return command_cost(words, false).wall_s; });
  };
  bool all_met = is_met({"from call to end, with nothing to do", seconds_of({"--version"}), 0.2, "s"});
  all_met &= is_met({"one replication of meta-2024-03-05, all in all",
                     seconds_of({"run", "meta-2024-03-05", "--replications", "1", "--quiet"}), 0.2, "s"});
  return all_met;
}

// In the order in which all are measured; coverage takes minutes, and is asked for by its name.
struct Part {
  const char* name;
  bool (*measure)();
  bool is_for_all = true;
};
constexpr Part parts[] = {{"reading", measure_reading},
                          {"import", measure_import},
                          {"replication", measure_replications},
                          {"command", measure_command},
                          {"graph", measure_graph},
                          {"scale", measure_scale},
                          {"page", measure_page},
                          {"compare", measure_compare},
                          {"pairing", measure_all_pairing},
                          {"coverage", measure_coverage, false}};

}  // namespace
}  // namespace knockon::bench

// With the name of a part it measures that alone; with the word `big-scenario` (and a seed) it prints that scenario
// instead.
int main(int count, char** arguments) {
  using namespace knockon::bench;
  const std::string wanted = count > 1 ? arguments[1] : "";
  if (wanted == "big-scenario") {
    fmt::print("{}", big_scenario(count > 2 ? std::stoull(arguments[2]) : 1));
    return 0;
  }
  bool is_known = false, all_met = true;
  for (const Part& part : parts) {
    if (wanted.empty() ? !part.is_for_all : wanted != part.name) continue;
    is_known = true;
    all_met &= part.measure();
  }
  if (is_known) return all_met ? 0 : 1;
  fmt::print(stderr, "bench: there is no part '{}'; the parts are", wanted);
  for (const Part& part : parts) fmt::print(stderr, " {}", part.name);
  fmt::print(stderr, "\n");
  return 2;
}
