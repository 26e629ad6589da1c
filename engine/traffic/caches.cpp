// How full caches are: misses that the store answers bring entries, errors may delete them, and they expire.
#include <algorithm>
#include <cmath>

#include "engine/traffic/state.hpp"

namespace knockon::traffic {

// Entries expire a life after they were brought: those from before the start are of every age alike, those that were
// brought together go together. What else has taken entries away, or put some in, is seen by how many there are.
double Flow::State::share_expired(std::size_t cache, double step) {
  const std::uint32_t instance = caches[cache];
  const double life_s =
      (*parts->world)[world::ServiceId{parts->service_of_instance[instance]}].cache->expires->in_seconds();
  const double fill = circuit.instance(instance).fill, from_s = now.since_start().in_seconds();
  DelayLine& entries = entries_by_age[cache];
  const DelayLine::Delay life{life_s, life_s};
  const bool is_new = entries.is_empty() && now.since_start().ticks() == 0;
  if (is_new) entries.join({from_s - life_s, from_s}, fill, life);
  const double missing = fill - entries.waiting();
  if (missing < 0) entries.keep(fill / entries.waiting());
  if (missing > 1e-12) entries.join({from_s, from_s}, missing, life);
  return entries.leave({from_s, from_s + step});
}

// A warm cache whose entries expire gains on average as many as it loses: at the day's usual rate
// asked hit (fullest - 1) = entries / life.
double Flow::State::fullest_cache(std::uint32_t instance) const {
  const world::ServiceId service{parts->service_of_instance[instance]};
  const world::Cache& cache = *(*parts->world)[service].cache;
  if (!cache.expires) return 1;
  double asked = 0;
  for (const world::OperationId operation : (*parts->world)[service].operations) {
    asked +=
        parts->usual[parts->callers[operation.index()].first_node + instance - parts->first_instance[service.index()]];
  }
  const double hits = asked * cache.hit.value();
  if (hits <= 0) return 1;
  return std::min(1 + cache.entries / cache.expires->in_seconds() / hits, 1 / cache.hit.value());
}

void Flow::State::move_caches(double step) {
  for (std::size_t n = 0; n < caches.size(); ++n) {
    const std::uint32_t instance = caches[n];
    const world::ServiceId service{parts->service_of_instance[instance]};
    const world::Cache& cache = *(*parts->world)[service].cache;
    const bool stays_warm = !cache.expires && !cache.drop_on_error && circuit.instance(instance).fill == 1;
    if (stays_warm) continue;
    const std::uint32_t place = instance - parts->first_instance[service.index()];
    double asked = 0, answered = 0, sent = 0;
    for (const world::OperationId operation : (*parts->world)[service].operations) {
      asked += circuit.passed(parts->callers[operation.index()].first_node + place);
      const std::uint32_t leaf = parts->order.first_leaf_of_operation[operation.index() + 1] - 1;
      const double misses = circuit.sent(leaf, place);
      sent += misses;
      double answers = 0, ways = 0;
      circuit.for_each_way(leaf, place, [&](std::uint32_t node) {
        answers += circuit.answer(node).total;
        ways += 1;
      });
      if (ways > 0) answered += misses * answers / ways;
    }
    const double expired = cache.expires && cache.entries > 0 ? share_expired(n, step) : 0;
    if (cache.entries <= 0 || (asked <= 0 && expired <= 0)) continue;
    const double fill = circuit.instance(instance).fill;
    // Of requests, hit x (1 - fill) are for entries that would be there in a warm cache; each answered one brings its
    // entry back. Where entries expire, a warm cache is one that gains as many as it loses: it could be a little
    // fuller.
    const double store_answers = sent > 0 ? answered / sent : 1;
    const double gained_per_s = asked * cache.hit.value() * store_answers / cache.entries;
    const double dropped_per_s = cache.drop_on_error ? (sent - answered) / cache.entries : 0;
    const double both = gained_per_s + dropped_per_s;
    const double level = both > 0 ? fullest[n] * gained_per_s / both : 0;
    // What expires does so evenly over the step: (1 - e^-x) / x of it is still missing at the end, as what was brought.
    const double x = both * step;
    const double left = std::exp(-x), part = x > 1e-9 ? (1 - left) / x : 1;
    const double filled = level + (fill - level) * left - expired * part;
    if (filled == fill && expired == 0) continue;
    // At the source: what misses brought and errors deleted over the step, from the integral of the fill.
    const double fill_s = both > 0 ? (level * x + fill - filled - expired) / both : fill * step - expired * step / 2;
    const double gained = gained_per_s * (fullest[n] * step - fill_s);
    const double dropped = dropped_per_s * fill_s;
    cache_filled += gained * cache.entries;
    cache_dropped += (dropped + expired) * cache.entries;
    if (cache.expires) {
      const double from_s = now.since_start().in_seconds(), life_s = cache.expires->in_seconds();
      DelayLine& entries = entries_by_age[n];
      if (entries.waiting() > 0) entries.keep(std::max(0.0, 1 - dropped / entries.waiting()));
      entries.join({from_s, from_s + step}, gained, {life_s, life_s});
    }
    circuit.change_instance(service, instance).fill = std::max(0.0, filled);
  }
}

}  // namespace knockon::traffic
