#include "engine/study/precision.hpp"

#include <algorithm>
#include <iterator>

#include "engine/statistics/statistic.hpp"
#include "engine/study/measures.hpp"

namespace knockon::study {
namespace {

constexpr double minutes_always_enough = 1;

bool is_precise(const statistics::Statistic& statistic, quantity::Share wanted) {
  if (!statistic.mean || !statistic.ci95) return false;
  const double half_width = (*statistic.ci95->high - *statistic.ci95->low) / 2;
  return half_width <= std::max(wanted.value() * *statistic.mean, minutes_always_enough);
}

template <class Item>
void append(std::vector<Item>& to, std::vector<Item>&& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void append(Replications& to, Replications&& from) {
  append(to.outcomes, std::move(from.outcomes));
  append(to.died, std::move(from.died));
  to.requested += from.requested;
  to.interrupted = from.interrupted;
}

}  // namespace

bool is_precise(const world::World& world, const std::vector<simulation::Outcome>& outcomes, quantity::Share wanted) {
  statistics::Estimator estimator;
  for (std::size_t app = 0; app < world.apps.size(); ++app) {
    statistics::Sample sample;
    for (const simulation::Outcome& outcome : outcomes)
      sample.push_back(reading_of(AppMeasure::down, outcome.apps[app], world.horizon - outcome.onset));
    if (!is_precise(estimator.summary(sample, nature_of(AppMeasure::down)), wanted)) return false;
  }
  return true;
}

std::vector<Replications> replicated_until(Request request, std::size_t entries, const ReplicateEntry& replicate,
                                           const std::function<bool(const std::vector<Replications>&)>& is_enough,
                                           const Watch& watch) {
  std::vector<Replications> all(entries);
  for (std::uint64_t look = first_look; look <= last_look; look *= 2) {
    request.first = all.front().requested;
    request.count = look - request.first;
    Watch since = watch;
    if (watch.progress) {
      since.progress = [&, before = request.first * entries](std::uint64_t done, std::uint64_t requested) {
        watch.progress(before + done, before + requested);
      };
    }
    std::vector<Replications> more = replicated_entries(request, entries, replicate, since);
    for (std::size_t entry = 0; entry < entries; ++entry) append(all[entry], std::move(more[entry]));
    if (all.front().interrupted || is_enough(all)) break;
  }
  return all;
}

}  // namespace knockon::study
