// Entries compared on the same bad days: replication i of each has the same seed and index, so whatever they share goes
// the same way, and what differs is due to what they do differently.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/statistics/paired.hpp"
#include "engine/study/compared_measures.hpp"
#include "engine/study/entry.hpp"
#include "engine/study/replications.hpp"
#include "engine/study/results.hpp"

namespace knockon::study {

enum class Across : std::uint8_t { strategies, causes, variants, scenarios };
[[nodiscard]] const char* text_of(Across across);

// Two entries by one measure; the positions are of Comparison::entries and ::measures.
struct Pair {
  std::size_t a = 0, b = 0, measure = 0;
  statistics::Difference difference;  // a minus b
  bool is_significant = false;        // by Holm's procedure over all pairs of the measure, and the interval agrees
};

// Never better than `by`, on average, in people's minutes, money or engineers' hours, and worse in `on`.
struct Dominated {
  std::size_t entry = 0, by = 0;
  std::vector<std::size_t> on;  // positions in Comparison::measures, ascending
};

struct Comparison {
  Across across = Across::strategies;
  std::vector<Entry> entries;
  std::size_t baseline = 0;
  std::vector<Results> results;  // parallel to `entries`, each of the days that all of them have
  std::vector<ComparedMeasure> measures;
  bool is_of_all_pairs = true;  // else every other entry against the baseline
  std::vector<Pair> pairs;      // by measure, then a, then b; a is before b, or is not the baseline and b is
  // The best first, by people's minutes lost; entries in one group are not told apart.
  std::vector<std::vector<std::size_t>> ranking;
  std::vector<Dominated> dominated;  // by entry, then by; whatever dominates what dominates an entry dominates it too

  // None: the two were not compared. Turned so that it is about a minus b.
  [[nodiscard]] std::optional<Pair> pair_of(std::size_t a, std::size_t b, std::size_t measure) const;
};

// More entries than this are compared with the baseline only.
inline constexpr std::size_t all_pairs_max = 6;

// On at most so many threads, which change nothing in what comes of it. REQUIRES: at least two entries; replications
// parallel to them; baseline < entries.
[[nodiscard]] Comparison compared(Across across, std::vector<Entry> entries, std::size_t baseline,
                                  std::vector<Replications> replications, std::size_t threads = 1);

// b minus a, of a minus b.
[[nodiscard]] Pair turned(const Pair& pair);

// Of all entries' fingerprints, in their order.
[[nodiscard]] std::uint64_t fingerprint_of(const Comparison& comparison);

// More than one day in a hundred is missing because a replication died in some entry.
[[nodiscard]] bool too_many_died(const Comparison& comparison);

}  // namespace knockon::study
