#include "tests/bench/big_scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "engine/random/stream.hpp"

namespace knockon::bench {
namespace {

using random::Stream;
using Degrees = std::vector<std::size_t>;

constexpr std::size_t services = 18'571, calls_in_all = 202'286;

struct Quantiles {
  double least, median, p90, p99, most;
};
constexpr Quantiles fan_out{.least = .4, .median = 4, .p90 = 13, .p99 = 93, .most = 5865};
constexpr Quantiles fan_in{.least = .6, .median = 2, .p90 = 12, .p99 = 70, .most = 14084};

// Between two quantiles the logarithm goes straight; within the last hundredth it bends by `bend`, which is what the
// sum leaves open.
double degree_at(const Quantiles& quantiles, double share, double bend) {
  const auto between = [](double low, double high, double part) { return low * std::pow(high / low, part); };
  if (share < .5) return between(quantiles.least, quantiles.median, share / .5);
  if (share < .9) return between(quantiles.median, quantiles.p90, (share - .5) / .4);
  if (share < .99) return between(quantiles.p90, quantiles.p99, (share - .9) / .09);
  return between(quantiles.p99, quantiles.most, std::pow((share - .99) / .01, bend));
}

// In descending order; their sum is `calls_in_all` up to rounding.
Degrees degrees_with(const Quantiles& quantiles) {
  const auto all_with = [&](double bend) {
    Degrees degrees;
    for (std::size_t i = 0; i < services; ++i) {
      const double share = static_cast<double>(services - 1 - i) / static_cast<double>(services - 1);
      degrees.push_back(static_cast<std::size_t>(std::lround(degree_at(quantiles, share, bend))));
    }
    return degrees;
  };
  double low = .1, high = 100;  // the more it bends, the fewer calls
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2;
    const Degrees degrees = all_with(middle);
    (std::accumulate(degrees.begin(), degrees.end(), std::size_t{0}) > calls_in_all ? low : high) = middle;
  }
  return all_with(high);
}

// How much is left at each index, for drawing an index with the chance of what is left there (a Fenwick tree).
class Left {
 public:
  explicit Left(const Degrees& amounts) : sums_(amounts.size() + 1) {
    for (std::size_t i = 0; i < amounts.size(); ++i) add(i, static_cast<std::int64_t>(amounts[i]));
  }

  void add(std::size_t index, std::int64_t amount) {
    for (std::size_t i = index + 1; i < sums_.size(); i += i & (~i + 1)) sums_[i] += amount;
  }
  [[nodiscard]] std::int64_t before(std::size_t index) const {
    std::int64_t sum = 0;
    for (std::size_t i = index; i > 0; i -= i & (~i + 1)) sum += sums_[i];
    return sum;
  }
  [[nodiscard]] std::int64_t at(std::size_t index) const { return before(index + 1) - before(index); }
  // The index under the amount that stands behind `amount` of them. REQUIRES: amount < the sum.
  [[nodiscard]] std::size_t under(std::int64_t amount) const {
    std::size_t index = 0, step = 1;
    while (step * 2 < sums_.size()) step *= 2;
    for (; step > 0; step /= 2) {
      if (index + step < sums_.size() && sums_[index + step] <= amount) {
        index += step;
        amount -= sums_[index];
      }
    }
    return index;
  }

 private:
  std::vector<std::int64_t> sums_;
};

// A permutation in which a service with many callees comes early and one with many callers late, more or less.
std::vector<std::size_t> in_order_of(const std::vector<double>& keys) {
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  return order;
}

std::size_t drawn_below(Stream& stream, std::size_t count) {
  return static_cast<std::size_t>(stream.uniform() * static_cast<double>(count));
}

void shuffle(Degrees& degrees, Stream& stream) {
  for (std::size_t i = degrees.size(); i > 1; --i) std::swap(degrees[i - 1], degrees[drawn_below(stream, i)]);
}

// Gives every service the callees and callers that it should have, the most demanding first.
class Wiring {
 public:
  Wiring(Degrees outs, Degrees ins, Stream& stream)
      : stream_{stream}, outs_{outs}, ins_{ins}, out_left_{outs}, in_left_{ins}, callees_(outs.size()) {}

  CallGraph graph() {
    std::vector<std::pair<std::size_t, std::size_t>> ends;  // degree, 2 * service + whether it is about callers
    for (std::size_t i = 0; i < outs_.size(); ++i) {
      ends.emplace_back(outs_[i], 2 * i);
      ends.emplace_back(ins_[i], 2 * i + 1);
    }
    std::stable_sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [degree, end] : ends) end % 2 == 0 ? find_callees(end / 2) : find_callers(end / 2);
    add_missing();
    CallGraph graph;
    for (const auto& callees : callees_) graph.callees.emplace_back(callees.begin(), callees.end());
    return graph;
  }

 private:
  void find_callees(std::size_t caller) {
    const std::int64_t before = in_left_.before(caller + 1);
    draw_partners(in_left_, out_left_.at(caller), before, in_left_.before(outs_.size()),
                  [&](std::size_t callee) { return connect(caller, callee); });
  }
  void find_callers(std::size_t callee) {
    draw_partners(out_left_, in_left_.at(callee), 0, out_left_.before(callee),
                  [&](std::size_t caller) { return connect(caller, callee); });
  }

  // Partners with the chance of what each has left, none twice.
  template <class Connect>
  void draw_partners(Left& left, std::int64_t wanted, std::int64_t from, std::int64_t to, const Connect& connected) {
    std::vector<std::pair<std::size_t, std::int64_t>> set_aside;
    while (wanted > 0 && to > from) {
      const auto amount = from + static_cast<std::int64_t>(stream_.uniform() * static_cast<double>(to - from));
      const std::size_t partner = left.under(amount);
      to -= left.at(partner);
      if (connected(partner)) --wanted;
      const std::int64_t rest = left.at(partner);
      left.add(partner, -rest);
      set_aside.emplace_back(partner, rest);
    }
    for (const auto& [partner, rest] : set_aside) left.add(partner, rest);
  }

  bool connect(std::size_t caller, std::size_t callee) {
    if (!callees_[caller].insert(static_cast<std::uint32_t>(callee)).second) return false;
    out_left_.add(caller, -1);
    in_left_.add(callee, -1);
    ++calls_;
    return true;
  }

  // What could not be wired goes between services of the middle, where one call more changes no quantile.
  void add_missing() {
    while (calls_ < calls_in_all) {
      const std::size_t caller = drawn_below(stream_, outs_.size() - 1);
      const std::size_t callee = caller + 1 + drawn_below(stream_, outs_.size() - 1 - caller);
      const bool is_of_the_middle =
          outs_[caller] >= 20 && outs_[caller] <= 80 && ins_[callee] >= 20 && ins_[callee] <= 60;
      if (is_of_the_middle && callees_[caller].insert(static_cast<std::uint32_t>(callee)).second) ++calls_;
    }
  }

  Stream& stream_;
  Degrees outs_, ins_;
  Left out_left_, in_left_;
  std::vector<std::set<std::uint32_t>> callees_;
  std::size_t calls_ = 0;
};

// ---- text

constexpr std::array<std::string_view, 16> subjects{"feed",    "photo",   "search",  "ads",    "message", "graph",
                                                    "login",   "payment", "comment", "notify", "video",   "story",
                                                    "contact", "policy",  "group",   "event"};
constexpr std::array<std::string_view, 16> roles{"store",  "cache",  "index",  "ranker", "gateway", "queue",
                                                 "reader", "writer", "router", "filter", "tracker", "ledger",
                                                 "proxy",  "broker", "scorer", "mapper"};

std::string name_of(std::size_t service) {
  return fmt::format("{}-{}-{}", subjects[service % 16], roles[service / 16 % 16], service);
}

// Three of five by name alone, the others with what differs from the defaults.
std::string call_text(std::size_t callee, Stream& stream) {
  const std::string name = name_of(callee);
  switch (drawn_below(stream, 5)) {
    case 0:
    case 1:
    case 2:
      return fmt::format("    - {}\n", name);
    case 3:
      return fmt::format("    - {{to: {}, timeout: {}ms}}\n", name, 50 + drawn_below(stream, 900));
    default:
      return fmt::format("    - {{to: {}, kind: soft, timeout: {}ms, tries: {}}}\n", name,
                         50 + drawn_below(stream, 900), 1 + drawn_below(stream, 3));
  }
}

std::string service_text(std::size_t service, const std::vector<std::uint32_t>& callees, Stream& stream) {
  std::string text =
      fmt::format("  {}:\n    replicas: {}\n    latency: {{median: {}ms, p99: {}ms}}\n", name_of(service),
                  1 + drawn_below(stream, 400), 1 + drawn_below(stream, 9), 20 + drawn_below(stream, 80));
  if (callees.empty()) return text;
  text += "    calls:\n";
  for (const std::uint32_t callee : callees) text += call_text(callee, stream);
  return text;
}

constexpr std::string_view head = R"(knockon: 1
title: As many services as the largest graph that was published
starts: 2026-03-02T09:00:00Z
cause: gone
strategy: mend
regions:
  east: {users: 600M, clock: UTC+5:30}
  west: {users: 400M, clock: UTC-5}
)";

// Who uses the first services, and what happens to one of them. `curve` is of people's activity.
std::string use_and_outage(std::string_view curve, std::size_t struck, std::string_view watched) {
  return fmt::format(R"(apps:
  all:
    journeys:
      open: {{calls: [{0}]}}
      look: {{calls: [{1}, {2}]}}
populations:
  people: {{{3}does: {{all.open: 6/d, all.look: 12/d}}}}
causes:
  gone:
    faults:
      store-gone: {{do: down, target: {4}, ended_by: repair}}
teams:
  crew: {{people: 3}}
monitors:
  success: {{alert: success({5}) < 90% for 2m}}
strategies:
  mend:
    steps:
      mend-store: {{do: repair, target: {4}, team: crew, takes: 20m}}
)",
                     name_of(0), name_of(1), name_of(2), curve, name_of(struck), watched);
}

}  // namespace

std::size_t CallGraph::calls() const {
  std::size_t count = 0;
  for (const auto& of_one : callees) count += of_one.size();
  return count;
}

std::vector<std::size_t> CallGraph::fan_outs() const {
  Degrees degrees;
  for (const auto& of_one : callees) degrees.push_back(of_one.size());
  return degrees;
}

std::vector<std::size_t> CallGraph::fan_ins() const {
  Degrees degrees(callees.size());
  for (const auto& of_one : callees) {
    for (const std::uint32_t callee : of_one) ++degrees[callee];
  }
  return degrees;
}

CallGraph big_call_graph(std::uint64_t seed) {
  Stream stream{{.seed = seed}, "bench/big-scenario/graph"};
  Degrees outs = degrees_with(fan_out), ins = degrees_with(fan_in);
  shuffle(outs, stream);
  shuffle(ins, stream);
  // Chance, moved by what a service is: an entrance calls much, a foundation is called much.
  std::vector<double> keys;
  for (std::size_t i = 0; i < services; ++i) {
    const double entrance = std::log1p(static_cast<double>(outs[i])),
                 foundation = std::log1p(static_cast<double>(ins[i]));
    keys.push_back(stream.uniform() + foundation - entrance);
  }
  Degrees outs_in_order, ins_in_order;
  for (const std::size_t i : in_order_of(keys)) {
    outs_in_order.push_back(outs[i]);
    ins_in_order.push_back(ins[i]);
  }
  return Wiring{outs_in_order, ins_in_order, stream}.graph();
}

std::string big_scenario(std::uint64_t seed) {
  const CallGraph graph = big_call_graph(seed);
  Stream stream{{.seed = seed}, "bench/big-scenario/text"};
  std::string text{head};
  text += "services:\n";
  for (std::size_t i = 0; i < graph.callees.size(); ++i) text += service_text(i, graph.callees[i], stream);
  return text + use_and_outage("", services - 1, "all") + "promises:\n- p95 down(all) < 3h\n";
}

namespace {

bool is_soft(std::size_t caller, std::size_t callee) { return (caller + callee) % 5 == 0; }

}  // namespace

std::string even_scenario(const CallGraph& graph, std::size_t services_here, std::size_t struck) {
  std::string text{head};
  text += "services:\n";
  for (std::size_t caller = 0; caller < services_here; ++caller) {
    text += fmt::format("  {}: {{latency: 0s, calls: [", name_of(caller));
    for (const std::uint32_t callee : graph.callees[caller]) {
      if (callee < services_here)
        text += fmt::format("{{to: {}, kind: {}}}, ", name_of(callee), is_soft(caller, callee) ? "soft" : "hard");
    }
    text += "]}\n";
  }
  return text + use_and_outage("curve: flat, ", struck, name_of(struck));
}

std::vector<bool> blast_of(const CallGraph& graph, std::size_t services_here, std::size_t struck) {
  std::vector<bool> fails(services_here, false);
  fails[struck] = true;
  // Callers have the smaller index.
  for (std::size_t caller = struck; caller-- > 0;) {
    fails[caller] = std::ranges::any_of(graph.callees[caller], [&](std::uint32_t callee) {
      return callee < services_here && fails[callee] && !is_soft(caller, callee);
    });
  }
  return fails;
}

std::size_t quantile_of(std::vector<std::size_t> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

}  // namespace knockon::bench
