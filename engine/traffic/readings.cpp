// What can be read from a Flow: success, the metrics and states of conditions, and the ledger.
#include <algorithm>
#include <cmath>

#include "engine/quantity/contract.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/state.hpp"

namespace knockon::traffic {
namespace {

using world::Metric;
using world::Subject;

// What conditions read of a service or some of its operations, at some of its sites.
struct Gathered {
  double arriving = 0, let_past = 0, ok = 0, total = 0;  // a second; let past by admission
  double nodes = 0, plain_ok = 0, plain_total = 0;       // each node once
  double load = 0, capacity = 0, able = 0, backlog = 0, fill = 0, instances = 0, longest_wait_s = 0, oldest_s = 0;
};

template <class Visit>
void for_each_instance(const Network::Parts& parts, world::ServiceId service, const std::vector<world::SiteId>* only,
                       const Visit& visit) {
  const auto& sites = (*parts.world)[service].sites;
  for (std::uint32_t position = 0; position < sites.size(); ++position) {
    if (only != nullptr && !std::binary_search(only->begin(), only->end(), sites[position])) continue;
    visit(parts.first_instance[service.index()] + position, position);
  }
}

void gather(const Flow::State& state, world::OperationId operation, const std::vector<world::SiteId>* only,
            Gathered& sum) {
  for_each_instance(*state.parts, (*state.parts->world)[operation].service, only,
                    [&](std::uint32_t, std::uint32_t position) {
                      const std::uint32_t node = state.parts->callers[operation.index()].first_node + position;
                      const Answer answer = state.circuit.answer(node);
                      const double arriving = state.circuit.arriving(node);
                      const double let_past = 1 - state.gates.refused(node);
                      sum.arriving += arriving;
                      sum.let_past += arriving * let_past;
                      sum.ok += arriving * answer.ok;
                      sum.total += arriving * answer.total;
                      sum.nodes += let_past;
                      sum.plain_ok += answer.ok;
                      sum.plain_total += answer.total;
                    });
}

void gather(const Flow::State& state, world::ServiceId service, const std::vector<world::SiteId>* only, Gathered& sum) {
  for_each_instance(*state.parts, service, only, [&](std::uint32_t instance, std::uint32_t) {
    const InstanceState& now = state.circuit.instance(instance);
    const double capacity = state.circuit.capacity(instance);
    sum.load += state.circuit.load(instance);
    sum.capacity += capacity;
    sum.backlog += now.backlog;
    sum.fill += now.fill;
    sum.instances += 1;
    if (now.is_up()) sum.able += capacity;
    sum.longest_wait_s = std::max(sum.longest_wait_s, state.longest_wait_s(instance));
    sum.oldest_s = std::max(sum.oldest_s, state.oldest_s(instance));
  });
}

Answer mean_answer(const Gathered& sum) {
  Answer mean;
  if (sum.let_past > 0) {
    mean = {sum.ok / sum.let_past, sum.total / sum.let_past};
  } else if (sum.nodes > 0) {
    mean = {sum.plain_ok / sum.nodes, sum.plain_total / sum.nodes};
  }
  // Those who are refused may be served a copy, too.
  return mean.total > 1 ? Answer{mean.ok / mean.total, 1} : mean;
}

std::optional<double> answer_metric(Metric metric, Answer answer) {
  if (metric == Metric::success) return answer.total;
  if (metric == Metric::degraded) return answer.degraded();
  return answer.total > 0 ? answer.degraded() / answer.total : 0;
}

bool is_of_latency(Metric metric) { return metric == Metric::p50 || metric == Metric::p99; }

std::optional<double> latency_metric(Metric metric, const AnswerTimes& answered) {
  if (answered.share() <= 0) return std::nullopt;
  return answered.quantile_s(metric == Metric::p50 ? 0.5 : 0.99);
}

// Of answers, by how many there are of each operation at each site; evenly where nothing is asked.
AnswerTimes answered_by(const Flow::State& state, const std::vector<world::OperationId>& operations,
                        const std::vector<world::SiteId>* only) {
  AnswerTimes asked, plain;
  for (const world::OperationId operation : operations) {
    for_each_instance(
        *state.parts, (*state.parts->world)[operation].service, only, [&](std::uint32_t, std::uint32_t position) {
          const AnswerTimes& answered = state.latencies.of_node(operation, position, state.latencies_now()).answered;
          const std::uint32_t node = state.parts->callers[operation.index()].first_node + position;
          asked.add(answered, state.circuit.arriving(node));
          plain.add(answered);
        });
  }
  return asked.share() > 0 ? asked : plain;
}

AnswerTimes answered_to(const Flow::State& state, const std::vector<world::JourneyId>& journeys,
                        std::optional<world::RegionId> only) {
  AnswerTimes asked, plain;
  for (const world::JourneyId journey : journeys) {
    for (std::size_t r = 0; r < state.parts->regions(); ++r) {
      if (only && only->index() != r) continue;
      const world::RegionId region{r};
      const AnswerTimes answered = state.latencies.of_journey(journey, region, state.latencies_now()).answered;
      asked.add(answered, state.parts->weight_of_outcome[state.parts->outcome_of(journey, region)]);
      plain.add(answered);
    }
  }
  return asked.share() > 0 ? asked : plain;
}

bool is_of_answers(Metric metric) {
  return metric == Metric::success || metric == Metric::degraded || metric == Metric::stale;
}

}  // namespace

// Of what arrives now.
double Flow::State::longest_wait_s(std::uint32_t instance) const {
  const std::uint32_t service = parts->service_of_instance[instance];
  if (graph::keeps_waiting(parts->world->services[service])) return waits.wait(instance, circuit).mean_s;
  const InstanceState& state = circuit.instance(instance);
  const double able = circuit.capacity(instance);
  if (state.backlog > 0) return state.backlog / able;
  return circuit.load(instance) > able ? parts->queue_s[service] : 0;
}

// Queues that move in seconds remember; in the others, whoever waits has come within that time.
double Flow::State::oldest_s(std::uint32_t instance) const {
  const std::optional<double> oldest = ages.oldest_s(instance, now.since_start().in_seconds());
  return oldest ? *oldest : longest_wait_s(instance);
}

std::vector<std::size_t> Flow::State::places_of(const world::Place& place, std::optional<world::SiteId> here) const {
  std::vector<std::size_t> places;
  for (const world::SiteId site : world::sites_of(*parts->world, place, here)) places.push_back(reach.place_of(site));
  return places;
}

namespace {

// Whether what a subject means serves someone at one of `from`: up, with a way to it, and (when `usable`) answering.
struct Serving {
  const Flow::State& state;
  const std::vector<world::SiteId>* only;
  const std::vector<std::size_t>& from;
  bool usable;

  [[nodiscard]] const world::World& world() const { return *state.parts->world; }
  [[nodiscard]] double least() const { return usable ? 0.5 : 1e-12; }

  bool operator()(world::SiteId site) const {
    if (only != nullptr && !std::binary_search(only->begin(), only->end(), site)) return false;
    return std::any_of(from.begin(), from.end(),
                       [&](std::size_t place) { return state.reach.latency_s(place, site) != Reach::no_way; });
  }
  bool operator()(world::RegionId region) const {
    for (std::size_t i = 0; i < world().sites.size(); ++i) {
      if (world().sites[i].region == region && (*this)(world::SiteId{i})) return true;
    }
    return false;
  }
  bool operator()(world::LinkId link) const { return state.reach.is_up(link); }
  bool operator()(world::GroupId group) const {
    return std::any_of(world()[group].members.begin(), world()[group].members.end(),
                       [&](const world::Entity& member) { return std::visit(*this, member); });
  }
  bool operator()(world::ServiceId service) const {
    const auto& operations = world()[service].operations;
    return std::any_of(operations.begin(), operations.end(), *this);
  }
  bool operator()(world::OperationId operation) const {
    const world::ServiceId service = world()[operation].service;
    bool found = false;
    for_each_instance(*state.parts, service, only, [&](std::uint32_t instance, std::uint32_t position) {
      if (found || !state.circuit.instance(instance).answers() || !(*this)(world()[service].sites[position])) return;
      found = !usable ||
              state.circuit.answer(state.parts->callers[operation.index()].first_node + position).total >= least();
    });
    return found;
  }
  bool operator()(world::SessionId session) const { return (*this)(world()[session].store); }
  bool operator()(world::AppId app) const {
    const auto& journeys = world()[app].journeys;
    return std::any_of(journeys.begin(), journeys.end(), *this);
  }
  bool operator()(world::JourneyId journey) const {
    double best = 0;
    for (std::size_t r = 0; r < state.parts->regions(); ++r) {
      best = std::max(best, state.success_among_admitted[state.parts->outcome_of(journey, world::RegionId{r})].total());
    }
    return best >= least();
  }
  template <class Other>
  bool operator()(Other) const {
    throw quantity::ContractError{"only things that exist in places can be reachable or usable"};
  }
};

struct Upness {
  const Flow::State& state;
  const std::vector<world::SiteId>* only;

  [[nodiscard]] const world::World& world() const { return *state.parts->world; }

  bool operator()(world::SiteId site) const { return state.reach.is_up(site); }
  bool operator()(world::LinkId link) const { return state.reach.is_up(link); }
  bool operator()(world::RegionId region) const {
    for (std::size_t i = 0; i < world().sites.size(); ++i) {
      if (world().sites[i].region == region && (*this)(world::SiteId{i})) return true;
    }
    return false;
  }
  bool operator()(world::GroupId group) const {
    return std::any_of(world()[group].members.begin(), world()[group].members.end(),
                       [&](const world::Entity& member) { return std::visit(*this, member); });
  }
  bool operator()(world::ServiceId service) const {
    bool up = false;
    for_each_instance(*state.parts, service, only, [&](std::uint32_t instance, std::uint32_t) {
      up = up || state.circuit.instance(instance).is_up();
    });
    return up;
  }
  bool operator()(world::OperationId operation) const { return (*this)(world()[operation].service); }
  bool operator()(world::SessionId session) const { return (*this)(world()[session].store); }
  // A member of a group.
  bool operator()(world::AppId app) const { return state.serves(app, nullptr, state.parts->all_users, false); }
  template <class Other>
  bool operator()(Other) const {
    throw quantity::ContractError{"only services, sessions, places and apps of a group are up"};
  }
};

}  // namespace

bool Flow::State::serves(const Subject& subject, const std::vector<world::SiteId>* only,
                         const std::vector<std::size_t>& from, bool usable) const {
  return std::visit(Serving{*this, only, from, usable}, subject);
}

Success Flow::success(world::JourneyId journey, world::RegionId region) const {
  return state_->success[state_->parts->outcome_of(journey, region)];
}

namespace {

struct SuccessInRegions {
  Lanes ok, degraded;
};

// Of an app in the regions of a block. Where nothing is critical, nothing fails.
inline SuccessInRegions success_of_app(const Network::Parts& parts, const Successes& successes, world::AppId app,
                                       Block block) {
  const std::vector<std::uint32_t>& journeys = parts.critical_journeys[app.index()];
  if (journeys.empty()) return {1, 0};
  const auto of_journey = [&](std::uint32_t journey) {
    const std::size_t outcome = journey * parts.regions() + block.first_region;
    return SuccessInRegions{Lanes::of_all(&successes.ok[outcome]), Lanes::of_all(&successes.degraded[outcome])};
  };
  if (journeys.size() == 1) return of_journey(journeys.front());
  SuccessInRegions sum;
  for (const std::uint32_t journey : journeys) {
    const SuccessInRegions one = of_journey(journey);
    const Lanes counts = parts.counts_in_region[journey * parts.blocks() + block.number];
    sum.ok += counts * one.ok;
    sum.degraded += counts * one.degraded;
  }
  const Lanes all = parts.all_count_in_region[app.index() * parts.blocks() + block.number];
  return {where(all > 0, sum.ok / all, 0), where(all > 0, sum.degraded / all, 0)};
}

// Of all regions, by visit(block, its success) in passing.
template <class Visit>
Success success_everywhere(const Network::Parts& parts, const Successes& successes, world::AppId app,
                           const Visit& visit) {
  Success sum;
  for (std::size_t b = 0; b < parts.blocks(); ++b) {
    const SuccessInRegions some = success_of_app(parts, successes, app, parts.block(b));
    const Lanes counts = parts.region_counts[app.index() * parts.blocks() + b];
    sum.ok += (counts * some.ok).sum();
    sum.degraded += (counts * some.degraded).sum();
    visit(b, some);
  }
  const double all = parts.all_regions_count[app.index()];
  return {sum.ok / all, sum.degraded / all};
}

Success success_of_app(const Network::Parts& parts, const Successes& successes, world::AppId app,
                       std::optional<world::RegionId> region) {
  if (!region) return success_everywhere(parts, successes, app, [](std::size_t, const SuccessInRegions&) {});
  const SuccessInRegions here = success_of_app(parts, successes, app, parts.block(region->index() / lanes));
  return {here.ok[region->index() % lanes], here.degraded[region->index() % lanes]};
}

}  // namespace

Success Flow::success(world::AppId app, world::RegionId region) const {
  return success_of_app(*state_->parts, state_->success, app, region);
}

Success Flow::success(world::AppId app) const {
  return success_of_app(*state_->parts, state_->success, app, std::nullopt);
}

void Flow::read(AppSuccesses& apps) const {
  const Network::Parts& parts = *state_->parts;
  const std::size_t cells = apps.all.size() * parts.blocks() * lanes;
  quantity::require(
      apps.all.size() == parts.critical_journeys.size() && apps.ok.size() == cells && apps.degraded.size() == cells,
      "there is room for every app in every region, and no more");
  for (std::size_t a = 0; a < apps.all.size(); ++a) {
    const auto keep = [&](std::size_t b, const SuccessInRegions& some) {
      some.ok.put_all(&apps.ok[(a * parts.blocks() + b) * lanes]);
      some.degraded.put_all(&apps.degraded[(a * parts.blocks() + b) * lanes]);
    };
    apps.all[a] = success_everywhere(parts, state_->success, world::AppId{a}, keep);
  }
}

std::optional<double> Flow::value(Metric metric, const world::Target& target, std::optional<world::SiteId> here) const {
  const State& state = *state_;
  const Network::Parts& parts = *state.parts;
  const world::World& world = *parts.world;
  std::vector<world::SiteId> sites;
  const std::vector<world::SiteId>* only = nullptr;
  std::optional<world::RegionId> region;
  if (target.place) {
    if (const auto* r = std::get_if<world::RegionId>(&*target.place)) region = *r;
    sites = world::sites_of(world, *target.place, here);
    if (!region && !sites.empty()) region = world[sites.front()].region;
    only = &sites;
  }
  if (metric == Metric::time) return state.now.since_start().in_seconds();
  if (metric == Metric::reports) return state.crowd.reports_per_s();

  if (const auto* app = std::get_if<world::AppId>(&target.subject)) {
    if (is_of_answers(metric)) {
      const Success now = success_of_app(parts, state.success_among_admitted, *app, region);
      return answer_metric(metric, {now.ok, now.total()});
    }
    if (is_of_latency(metric)) {
      std::vector<world::JourneyId> critical;
      std::copy_if(world[*app].journeys.begin(), world[*app].journeys.end(), std::back_inserter(critical),
                   [&](world::JourneyId journey) { return world[journey].critical; });
      return latency_metric(metric, answered_to(*state_, critical, region));
    }
    double tries = 0, away = 0;
    for (const world::JourneyId journey : world[*app].journeys) {
      for (std::size_t r = 0; r < parts.regions(); ++r) {
        if (region && region->index() != r) continue;
        tries += state.crowd.tries_per_s(parts.outcome_of(journey, world::RegionId{r}));
        away += state.crowd.turned_away_per_s(parts.outcome_of(journey, world::RegionId{r}));
      }
    }
    if (metric == Metric::rate) return tries;
    if (metric == Metric::turned_away) return tries + away > 0 ? std::optional{away / (tries + away)} : std::nullopt;
    return std::nullopt;
  }
  if (const auto* journey = std::get_if<world::JourneyId>(&target.subject)) {
    if (is_of_latency(metric)) return latency_metric(metric, answered_to(*state_, {*journey}, region));
    Answer sum, plain;
    double weights = 0, tries = 0, away = 0, count = 0;
    for (std::size_t r = 0; r < parts.regions(); ++r) {
      if (region && region->index() != r) continue;
      const std::uint32_t outcome = parts.outcome_of(*journey, world::RegionId{r});
      if (!is_of_answers(metric)) {
        tries += state.crowd.tries_per_s(outcome);
        away += state.crowd.turned_away_per_s(outcome);
        continue;
      }
      const double weight = parts.weight_of_outcome[outcome];
      const Success now = state.success_among_admitted[outcome];
      sum.ok += weight * now.ok;
      sum.total += weight * now.total();
      plain.ok += now.ok;
      plain.total += now.total();
      weights += weight;
      count += 1;
    }
    if (metric == Metric::rate) return tries;
    if (metric == Metric::turned_away) return tries + away > 0 ? std::optional{away / (tries + away)} : std::nullopt;
    if (!is_of_answers(metric) || count == 0) return std::nullopt;
    if (weights > 0) return answer_metric(metric, {sum.ok / weights, sum.total / weights});
    return answer_metric(metric, {plain.ok / count, plain.total / count});
  }
  if (const auto* session = std::get_if<world::SessionId>(&target.subject)) {
    if (metric == Metric::held) return state.held_share(*session, region);
    return std::nullopt;
  }
  if (const auto* link = std::get_if<world::LinkId>(&target.subject)) {
    return metric == Metric::load ? std::optional{state.link_use.load(*link)} : std::nullopt;
  }
  Gathered sum;
  world::ServiceId service;
  if (const auto* operation = std::get_if<world::OperationId>(&target.subject)) {
    if (is_of_latency(metric)) return latency_metric(metric, answered_by(*state_, {*operation}, only));
    service = world[*operation].service;
    gather(state, *operation, only, sum);
  } else if (const auto* named = std::get_if<world::ServiceId>(&target.subject)) {
    service = *named;
    if (is_of_latency(metric)) return latency_metric(metric, answered_by(*state_, world[service].operations, only));
    for (const world::OperationId operation_id : world[service].operations) gather(state, operation_id, only, sum);
  } else {
    return std::nullopt;
  }
  gather(state, service, only, sum);
  switch (metric) {
    case Metric::success:
    case Metric::degraded:
    case Metric::stale:
      return answer_metric(metric, mean_answer(sum));
    case Metric::rate:
      return sum.arriving;
    case Metric::load:
      return sum.capacity > 0 ? sum.load / sum.capacity : (sum.load > 0 ? std::optional<double>{} : 0);
    case Metric::turned_away:
      return sum.arriving > 0 ? std::optional{1 - sum.let_past / sum.arriving} : std::nullopt;
    case Metric::backlog:
      return sum.backlog;
    case Metric::wait:
      return sum.longest_wait_s;
    case Metric::age:
      return sum.oldest_s;
    case Metric::capacity:
      return sum.able;
    case Metric::hit: {
      const auto& cache = world[service].cache;
      return cache && sum.instances > 0 ? std::optional{cache->hit.value() * sum.fill / sum.instances} : std::nullopt;
    }
    default:
      return std::nullopt;
  }
}

bool Flow::is_up(const world::Target& target, std::optional<world::SiteId> here) const {
  std::vector<world::SiteId> sites;
  if (target.place) sites = world::sites_of(*state_->parts->world, *target.place, here);
  return std::visit(Upness{*state_, target.place ? &sites : nullptr}, target.subject);
}

bool Flow::is_reachable(const world::Target& target, const std::optional<world::Place>& from,
                        std::optional<world::SiteId> here) const {
  std::vector<world::SiteId> sites;
  if (target.place) sites = world::sites_of(*state_->parts->world, *target.place, here);
  const std::vector<world::SiteId>* const only = target.place ? &sites : nullptr;
  if (!from) return state_->serves(target.subject, only, state_->parts->all_users, false);
  return state_->serves(target.subject, only, state_->places_of(*from, here), false);
}

bool Flow::is_usable(const world::Target& target, const std::optional<world::Place>& from,
                     std::optional<world::SiteId> here) const {
  std::vector<world::SiteId> sites;
  if (target.place) sites = world::sites_of(*state_->parts->world, *target.place, here);
  const std::vector<world::SiteId>* const only = target.place ? &sites : nullptr;
  if (from) return state_->serves(target.subject, only, state_->places_of(*from, here), true);
  // From wherever it works best: next to each instance.
  return state_->serves(target.subject, only, state_->parts->all_sites, true);
}

bool Flow::is_met(const world::Need& need, const std::optional<world::Place>& from) const {
  return std::any_of(need.any_of.begin(), need.any_of.end(),
                     [&](const world::Target& target) { return is_usable(target, from); });
}

double Flow::people_failing() const { return state_->crowd.people_failing(); }
quantity::Rate Flow::reports() const { return quantity::Rate::per_second(state_->crowd.reports_per_s()); }

quantity::Rate Flow::tries(world::AppId app, world::RegionId region) const {
  double rate = 0;
  for (const world::JourneyId journey : (*state_->parts->world)[app].journeys) {
    rate += state_->crowd.tries_per_s(state_->parts->outcome_of(journey, region));
  }
  return quantity::Rate::per_second(rate);
}

Lanes Flow::failing_intents_per_s(world::AppId app, Block block) const {
  Lanes per_s;
  for (const std::uint32_t journey : state_->parts->journeys_of_app[app.index()])
    per_s += state_->crowd.ending_unanswered_per_s(world::JourneyId{journey}, block);
  return per_s;
}

Lanes Flow::level(world::CurveId curve, Block block) const { return state_->crowd.level(curve, block); }

double Flow::activity(world::PopulationId population, world::RegionId region) const {
  const world::Population& people = (*state_->parts->world)[population];
  const Block block = state_->parts->block(region.index() / lanes);
  return people.users[region.index()] * level(people.curve, block)[region.index() % lanes];
}

Ledger Flow::ledger() const {
  Ledger ledger;
  state_->crowd.add_to(ledger);
  ledger.attempts_offered = state_->attempts_offered;
  ledger.attempts_served = state_->attempts_served;
  ledger.attempts_refused = state_->attempts_refused;
  for (const std::uint32_t instance : state_->long_queues) ledger.backlog += state_->circuit.instance(instance).backlog;
  ledger.backlog += state_->waits.waiting(state_->circuit);
  state_->careful.add_to(ledger);
  state_->fleets.add_to(ledger);
  ledger.cache_filled = state_->cache_filled;
  ledger.cache_dropped = state_->cache_dropped;
  for (const std::uint32_t instance : state_->caches) {
    const world::World& world = *state_->parts->world;
    const world::Cache& cache = *world.services[state_->parts->service_of_instance[instance]].cache;
    ledger.cache_entries += state_->circuit.instance(instance).fill * cache.entries;
  }
  return ledger;
}

const world::World& Flow::world_now() const { return *state_->parts->world; }

std::size_t Flow::sweeps() const { return state_->circuit.sweeps(); }
std::size_t Flow::evaluations() const { return state_->circuit.evaluations(); }

quantity::DataRate Flow::left_for_moving(world::LinkId link) const { return state_->link_use.left_for_moving(link); }

std::optional<Flow::Way> Flow::way(world::SiteId from, world::SiteId to) const {
  const Reach& reach = state_->reach;
  auto links = reach.way(reach.place_of(from), to);
  if (!links) return std::nullopt;
  return Way{.links = *std::move(links),
             .latency = quantity::Duration::of_seconds(reach.latency_s(reach.place_of(from), to))};
}

}  // namespace knockon::traffic
