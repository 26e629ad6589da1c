#include "engine/study/comparison.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/random/stream.hpp"
#include "engine/statistics/holm.hpp"
#include "engine/study/threads.hpp"

namespace knockon::study {
namespace {

using statistics::Bounds;
using statistics::Difference;
using statistics::Sample;

constexpr double significance = 0.05;

// --- the same days -------------------------------------------------------------------------------------------------

// A replication that died in one entry leaves all of them.
void keep_common_days(std::vector<Replications>& replications) {
  std::map<std::uint64_t, std::size_t> finished;
  for (const Replications& entry : replications) {
    for (const simulation::Outcome& outcome : entry.outcomes) ++finished[outcome.index];
  }
  for (Replications& entry : replications) {
    std::erase_if(entry.outcomes,
                  [&](const simulation::Outcome& outcome) { return finished.at(outcome.index) < replications.size(); });
  }
}

// --- pairs -----------------------------------------------------------------------------------------------------------

std::vector<std::pair<std::size_t, std::size_t>> couples_of(const Comparison& comparison) {
  std::vector<std::pair<std::size_t, std::size_t>> couples;
  const std::size_t count = comparison.entries.size();
  for (std::size_t a = 0; a < count; ++a) {
    if (!comparison.is_of_all_pairs) {
      if (a != comparison.baseline) couples.emplace_back(a, comparison.baseline);
      continue;
    }
    for (std::size_t b = a + 1; b < count; ++b) couples.emplace_back(a, b);
  }
  return couples;
}

// All pairs of one measure: Holm's procedure is about these together. A pair whose interval reaches over zero is never
// called significant, so that a verdict cannot contradict the interval beside it.
std::vector<Pair> pairs_by(const Comparison& comparison, std::size_t measure, statistics::Resamples& resamples) {
  std::vector<Sample> samples;
  for (std::size_t entry = 0; entry < comparison.entries.size(); ++entry) {
    samples.push_back(
        sample_of(comparison.measures[measure], comparison.entries[entry], comparison.results[entry].outcomes));
  }
  std::vector<Pair> pairs;
  std::vector<double> p_values;
  for (const auto& [a, b] : couples_of(comparison)) {
    const Difference difference =
        statistics::difference_of(samples[a], samples[b], comparison.measures[measure].nature, resamples);
    p_values.push_back(difference.p_value);
    pairs.push_back({.a = a, .b = b, .measure = measure, .difference = difference});
  }
  const std::vector<double> adjusted = statistics::holm_adjusted(p_values);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    pairs[i].is_significant = adjusted[i] <= significance && pairs[i].difference.excludes_zero();
  }
  return pairs;
}

// --- ranking ---------------------------------------------------------------------------------------------------------

constexpr std::size_t ranked_by = 0;  // people's minutes lost

std::vector<std::size_t> by_mean(const Comparison& comparison) {
  std::vector<std::size_t> order(comparison.entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto mean = [&](std::size_t entry) {
    return comparison.results[entry].incident.user_minutes_lost.mean.value_or(0);
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mean(a) < mean(b); });
  return order;
}

bool are_told_apart(const Comparison& comparison, std::size_t a, std::size_t b) {
  const auto pair = comparison.pair_of(a, b, ranked_by);
  return pair && pair->is_significant;
}

// A group is opened by its best, and takes whoever cannot be told apart from that one.
std::vector<std::vector<std::size_t>> ranked(const Comparison& comparison) {
  std::vector<std::vector<std::size_t>> groups;
  for (const std::size_t entry : by_mean(comparison)) {
    if (groups.empty() || are_told_apart(comparison, groups.back().front(), entry)) groups.emplace_back();
    groups.back().push_back(entry);
  }
  return groups;
}

// Where entries were compared with the baseline only: those better than it, those like it, those worse.
std::vector<std::vector<std::size_t>> ranked_around_baseline(const Comparison& comparison) {
  std::array<std::vector<std::size_t>, 3> groups;
  for (const std::size_t entry : by_mean(comparison)) {
    const auto pair = comparison.pair_of(entry, comparison.baseline, ranked_by);
    const bool is_apart = pair && pair->is_significant;
    groups[!is_apart ? 1 : pair->difference.mean < 0.0 ? 0 : 2].push_back(entry);
  }
  std::vector<std::vector<std::size_t>> filled;
  for (auto& group : groups) {
    if (!group.empty()) filled.push_back(std::move(group));
  }
  return filled;
}

// --- dominance -------------------------------------------------------------------------------------------------------

using Relation = std::map<std::pair<std::size_t, std::size_t>, std::set<std::size_t>>;  // (entry, by) → on

std::vector<std::size_t> prices_of(const Comparison& comparison) {
  std::vector<std::size_t> prices;
  for (std::size_t measure = 0; measure < comparison.measures.size(); ++measure) {
    const ComparedMeasure& known = comparison.measures[measure];
    if (!known.app.empty()) continue;
    if (known.name == "user_minutes_lost" || known.name == "money_lost" || known.name == "staff_hours")
      prices.push_back(measure);
  }
  return prices;
}

void look_for_dominance(const Comparison& comparison, std::size_t entry, std::size_t by, Relation& relation) {
  std::set<std::size_t> on;
  for (const std::size_t measure : prices_of(comparison)) {
    const auto pair = comparison.pair_of(entry, by, measure);
    if (!pair || !pair->difference.mean || *pair->difference.mean < 0) return;
    if (pair->is_significant) on.insert(measure);
  }
  if (!on.empty()) relation[{entry, by}] = on;
}

// Whoever is worse than something that is never better than a third is worse than the third. Averages keep this order;
// significance alone might not, for a wide difference may be less certain than a narrow one.
void close(Relation& relation, std::size_t entries) {
  for (std::size_t between = 0; between < entries; ++between) {
    for (std::size_t entry = 0; entry < entries; ++entry) {
      for (std::size_t by = 0; by < entries; ++by) {
        const auto first = relation.find({entry, between}), second = relation.find({between, by});
        if (first == relation.end() || second == relation.end()) continue;
        std::set<std::size_t> on = first->second;
        on.insert(second->second.begin(), second->second.end());
        relation[{entry, by}].merge(on);
      }
    }
  }
}

std::vector<Dominated> dominated_in(const Comparison& comparison) {
  Relation relation;
  for (std::size_t entry = 0; entry < comparison.entries.size(); ++entry) {
    for (std::size_t by = 0; by < comparison.entries.size(); ++by) {
      if (entry != by) look_for_dominance(comparison, entry, by, relation);
    }
  }
  close(relation, comparison.entries.size());
  std::vector<Dominated> dominated;
  for (const auto& [both, on] : relation) {
    dominated.push_back({.entry = both.first, .by = both.second, .on = {on.begin(), on.end()}});
  }
  return dominated;
}

}  // namespace

const char* text_of(Across across) {
  switch (across) {
    case Across::strategies:
      return "strategies";
    case Across::causes:
      return "causes";
    case Across::variants:
      return "variants";
    case Across::scenarios:
      return "scenarios";
  }
  return "";
}

Pair turned(const Pair& pair) {
  Pair other = pair;
  std::swap(other.a, other.b);
  Difference& difference = other.difference;
  std::swap(difference.a_better, difference.b_better);
  if (difference.mean) difference.mean = 0 - *difference.mean;
  if (difference.ci95) {
    const auto negative = [](const std::optional<double>& end) { return end ? std::optional{0 - *end} : std::nullopt; };
    difference.ci95 = Bounds{.low = negative(pair.difference.ci95->high), .high = negative(pair.difference.ci95->low)};
  }
  return other;
}

std::optional<Pair> Comparison::pair_of(std::size_t a, std::size_t b, std::size_t measure) const {
  for (const Pair& pair : pairs) {
    if (pair.measure != measure) continue;
    if (pair.a == a && pair.b == b) return pair;
    if (pair.a == b && pair.b == a) return turned(pair);
  }
  return std::nullopt;
}

Comparison compared(Across across, std::vector<Entry> entries, std::size_t baseline,
                    std::vector<Replications> replications, std::size_t threads) {
  quantity::require(entries.size() > 1 && entries.size() == replications.size() && baseline < entries.size(),
                    "a comparison has two entries or more, and one of them is the baseline");
  keep_common_days(replications);
  Comparison comparison{.across = across, .entries = std::move(entries), .baseline = baseline};
  comparison.results.resize(comparison.entries.size());
  on_threads(threads, comparison.entries.size(), [&](std::size_t entry) {
    const Entry& played = comparison.entries[entry];
    comparison.results[entry] = results_of(*played.world, played.subject, std::move(replications[entry]));
  });
  comparison.is_of_all_pairs = comparison.entries.size() <= all_pairs_max;
  comparison.measures = compared_measures(comparison.entries);
  // Resamples take a while to draw, and 8 bytes for each of 599 times the days: a few hands keep their own, each for
  // the measures that fall to it.
  constexpr std::size_t hands_max = 4;
  const std::size_t hands = std::clamp<std::size_t>(threads, 1, hands_max);
  std::vector<std::vector<Pair>> by_measure(comparison.measures.size());
  on_threads(hands, hands, [&](std::size_t hand) {
    statistics::Resamples resamples;
    for (std::size_t measure = hand; measure < by_measure.size(); measure += hands)
      by_measure[measure] = pairs_by(comparison, measure, resamples);
  });
  for (const std::vector<Pair>& pairs : by_measure)
    comparison.pairs.insert(comparison.pairs.end(), pairs.begin(), pairs.end());
  comparison.ranking = comparison.is_of_all_pairs ? ranked(comparison) : ranked_around_baseline(comparison);
  comparison.dominated = dominated_in(comparison);
  return comparison;
}

std::uint64_t fingerprint_of(const Comparison& comparison) {
  std::uint64_t hash = random::hash_of("comparison");
  for (const Results& results : comparison.results) hash = random::mixed(hash, results.fingerprint);
  return hash;
}

bool too_many_died(const Comparison& comparison) {
  std::set<std::uint64_t> lost;
  for (const Results& results : comparison.results) {
    for (const Died& died : results.died) lost.insert(died.index);
  }
  return lost.size() * 100 > comparison.results.front().requested;
}

}  // namespace knockon::study
