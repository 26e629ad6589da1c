#include "engine/simulation/effects.hpp"

#include <algorithm>
#include <cmath>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Share;
using quantity::SimTime;
using world::Verb;

// A cache that an effect empties refills in between; emptied this often it stays as good as empty.
constexpr Duration caches_emptied_every = Duration::minutes(1);

bool strikes_in_units(Verb verb) {
  return verb == Verb::down || verb == Verb::unreachable || verb == Verb::stale || verb == Verb::switch_off ||
         verb == Verb::fail_over || verb == Verb::drain;
}

// Mean and variance in seconds, over evenly spaced quantiles.
std::pair<double, double> moments_of(const random::DurationDistribution& distribution) {
  if (distribution.seconds().is_constant()) return {distribution.median().in_seconds(), 0};
  constexpr int points = 2000;
  double sum = 0, squares = 0;
  for (int n = 0; n < points; ++n) {
    const double value = distribution.seconds().quantile((n + 0.5) / points);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / points;
  return {mean, std::max(0.0, squares / points - mean * mean)};
}

bool opens_sessions_of_machines(const world::World& world, world::OperationId operation) {
  return std::any_of(world.sessions.begin(), world.sessions.end(), [operation](const world::SessionKind& session) {
    const auto* by = std::get_if<world::OperationId>(&session.opened_by);
    return by != nullptr && *by == operation && std::holds_alternative<world::Machines>(session.holders);
  });
}

bool is_sticky(const world::Effect& effect) {
  return effect.verb == Verb::errors && (effect.of == world::Of::users || effect.of == world::Of::keys);
}

}  // namespace

Effects::Effects(const world::World& world, const Cones& cones, traffic::Flow& flow, Clockwork& clockwork,
                 Alarms& alarms, Trace& trace)
    : world_{world},
      cones_{cones},
      flow_{flow},
      clockwork_{clockwork},
      alarms_{alarms},
      trace_{trace},
      links_down_(world.links.size(), 0),
      sites_down_(world.sites.size(), 0),
      caches_alarm_{alarms.add()} {}

ComponentSet Effects::touched_by(const world::Effect& effect, std::optional<world::SiteId> here) const {
  return cones_.touched_by(hits_of(world_, effect.targets, here));
}

void Effects::divide_users(const std::vector<const world::Effect*>& effects) {
  for (const world::Effect* effect : effects) {
    if (!is_sticky(*effect) || sticky_.size() == traffic::Flow::sticky_bits) continue;
    flow_.set_sticky_share(static_cast<int>(sticky_.size()), effect->share);
    sticky_.push_back(effect);
  }
}

// -1: errors of tries. An effect beyond the classes that there are is taken as errors of tries.
int Effects::sticky_bit_of(const world::Effect& effect) const {
  const auto found = std::find(sticky_.begin(), sticky_.end(), &effect);
  return found == sticky_.end() ? -1 : static_cast<int>(found - sticky_.begin());
}

// --- the life of an effect -------------------------------------------------------------------------------------------

Effects::Id Effects::begin(const world::Effect& effect, std::optional<world::SiteId> here, double level,
                           EventNumber cause, Duration over, Way way) {
  const auto id = static_cast<Id>(active_.size());
  active_.push_back({.effect = &effect,
                     .here = here,
                     .hits = hits_of(world_, effect.targets, here),
                     .over = over,
                     .way = way,
                     .is_active = true});
  resolve(active_.back());
  apply(id, level, cause);
  return id;
}

// An operation has no life apart from its service: without it, it answers errors only.
void Effects::resolve(Active& active) const {
  const Verb verb = active.effect->verb;
  switch (verb) {
    case Verb::errors:
    case Verb::slow:
    case Verb::admit:
      active.answerers = answerers_of(world_, active.hits);
      break;
    case Verb::down:
    case Verb::unreachable:
    case Verb::switch_off:
      active.answerers = active.hits.operations;
      break;
    case Verb::log_out:
      active.sessions = sessions_of(world_, active.hits);
      break;
    default:
      break;
  }
  const bool spares_sites = verb == Verb::down || verb == Verb::switch_off;  // a site goes down as a whole
  active.instances = spares_sites ? active.hits.instances : instances_of(world_, active.hits);
  if (spares_sites || verb == Verb::unreachable) {
    for (const world::SessionId session : active.hits.sessions) {
      for (const world::SiteId site : world_[world_[session].store].sites) {
        active.instances.push_back({world_[session].store, site});
      }
    }
  }
  if (active.way == Way::site_by_site) {
    const auto by_site = [](const auto& a, const auto& b) { return a.site < b.site; };
    std::stable_sort(active.instances.begin(), active.instances.end(), by_site);
    std::stable_sort(active.answerers.begin(), active.answerers.end(), by_site);
  }
  active.units = active.hits.links.size() + (spares_sites ? active.hits.sites.size() : 0) + active.instances.size() +
                 active.answerers.size() + active.hits.doors.size();
}

namespace {

std::vector<world::SiteId> sites_of(const std::vector<Instance>& instances, const std::vector<Answerer>& answerers) {
  std::vector<world::SiteId> sites;
  for (const Instance& instance : instances) sites.push_back(instance.site);
  for (const Answerer& answerer : answerers) sites.push_back(answerer.site);
  std::sort(sites.begin(), sites.end());
  sites.erase(std::unique(sites.begin(), sites.end()), sites.end());
  return sites;
}

}  // namespace

std::size_t Effects::sites_struck_by(const world::Effect& effect) const {
  Active once{.effect = &effect, .hits = hits_of(world_, effect.targets, {}), .over = {}};
  resolve(once);
  return std::max(sites_of(once.instances, once.answerers).size(), once.hits.sites.size());
}

// Whether what has come so far has come to this site.
bool Effects::reaches(const Active& active, world::SiteId site, double level) const {
  const std::vector<world::SiteId> sites = sites_of(active.instances, active.answerers);
  const auto place = std::lower_bound(sites.begin(), sites.end(), site) - sites.begin();
  return static_cast<double>(place) < level * static_cast<double>(sites.size()) - 1e-9;
}

void Effects::set_level(Id id, double level, EventNumber cause) {
  if (active_[id].is_active && active_[id].level != level) apply(id, level, cause);
}

void Effects::end(Id id, EventNumber cause) {
  Active& active = active_[id];
  if (!active.is_active) return;
  apply(id, 0, cause);
  active.is_active = false;
}

void Effects::apply(Id id, double level, EventNumber cause) {
  Active& active = active_[id];
  const world::Effect& effect = *active.effect;
  const double was = std::exchange(active.level, level);
  const double share = effect.share.value() * level;
  changed_ = true;
  if (strikes_in_units(effect.verb)) {
    const double struck = share * static_cast<double>(active.units);
    strike_units(id, static_cast<std::size_t>(std::ceil(struck - 1e-9)), cause);
    return;
  }
  // Site by site, a site has all of it or nothing.
  const bool by_site = active.way == Way::site_by_site;
  const auto is_struck = [&](world::SiteId site, double reached) {
    return by_site ? reaches(active, site, reached) : reached > 0;
  };
  const auto share_at = [&](world::SiteId site) {
    return !by_site ? share : is_struck(site, level) ? effect.share.value() : 0;
  };
  switch (effect.verb) {
    case Verb::errors:
      if (const int bit = sticky_bit_of(effect); bit >= 0) {
        for (const Answerer& answerer : active.answerers) {
          const bool is_now = is_struck(answerer.site, level);
          if (is_struck(answerer.site, was) != is_now) put_sticky_errors(bit, answerer, is_now ? 1 : -1);
        }
      } else {
        for (const Answerer& answerer : active.answerers)
          put_errors(id, answerer, in_replicas(effect, answerer, share_at(answerer.site)));
      }
      for (const Door& door : active.hits.doors) block(id, door, share);
      break;
    case Verb::lose_capacity:
      for (const Instance& instance : active.instances) put_capacity(id, instance, 1 - share_at(instance.site));
      break;
    case Verb::lose_bandwidth:
      for (const world::LinkId link : active.hits.links) put_bandwidth(id, link, 1 - share);
      break;
    case Verb::add_capacity:
      for (const Instance& instance : active.instances)
        put_capacity(id, instance, level > 0 ? times_capacity(effect, instance, active.here) : 1);
      break;
    case Verb::lose_cache:
      lose_caches(active);
      if (level > 0)
        alarms_.set(caches_alarm_, std::min(alarms_.date(caches_alarm_), flow_.now() + caches_emptied_every));
      break;
    case Verb::load:
      put_load(id, level > 0);
      break;
    case Verb::slow:
      for (const Answerer& answerer : active.answerers)
        flow_.set_slower(answerer.operation, answerer.site,
                         slower_with(slow_answers_, id, answerer, is_struck(answerer.site, level)));
      for (const world::LinkId link : active.hits.links)
        flow_.set_slower(link, slower_with(slow_links_, id, link, level > 0));
      break;
    case Verb::empty_record:
      for (const Instance& instance : active.hits.instances) {
        int& count = empty_records_[instance.service];
        if ((level > 0) != (was > 0)) count += level > 0 ? 1 : -1;
        flow_.set_record_empty(instance.service, count > 0);
      }
      break;
    case Verb::set:
      put_settings(id, level > 0);
      break;
    case Verb::log_out:
      if (level > 0 && was <= 0) {
        for (const world::SessionId session : active.sessions) {
          active.log_outs.push_back(flow_.begin_log_out(session, effect.share, active.over, effect.again_after));
        }
      } else if (level <= 0) {
        for (const traffic::Flow::LogOut log_out : active.log_outs) flow_.end_log_out(log_out);
        active.log_outs.clear();
      }
      break;
    case Verb::admit:
      for (const Door& door : active.hits.doors) block(id, door, level);  // the share that is turned away
      for (const Answerer& answerer : active.answerers) {
        unblocked_at_[answerer] = level > 0 ? open_at_.put(answerer, id, 1 - level) : open_at_.take(answerer, id);
        set_gate(answerer);
      }
      break;
    default:
      break;  // no change to the world of its own
  }
}

// --- effects that strike one target after another --------------------------------------------------------------------

void Effects::strike_units(Id id, std::size_t struck, EventNumber cause) {
  Active& active = active_[id];
  for (; active.units_struck < struck; ++active.units_struck) strike(id, active.units_struck, true, cause);
  while (active.units_struck > struck) strike(id, --active.units_struck, false, cause);
}

// Units are counted through links, sites, instances, operations and doors, in this order.
void Effects::strike(Id id, std::size_t unit, bool struck, EventNumber cause) {
  const Active& active = active_[id];
  const Verb verb = active.effect->verb;
  const int change = struck ? 1 : -1;
  if (unit < active.hits.links.size()) return strike_link(active.hits.links[unit], change, cause);
  unit -= active.hits.links.size();
  if (verb == Verb::down || verb == Verb::switch_off) {
    if (unit < active.hits.sites.size()) return strike_site(active.hits.sites[unit], change);
    unit -= active.hits.sites.size();
  }
  if (unit < active.instances.size()) {
    const Instance& instance = active.instances[unit];
    if (verb == Verb::unreachable) return count_unreachable(instance, change);
    if (verb == Verb::stale) return count_stale(instance, change);
    return count_down(instance, change);
  }
  unit -= active.instances.size();
  if (unit < active.answerers.size()) return put_errors(id, active.answerers[unit], struck ? 1 : 0);
  block(id, active.hits.doors[unit - active.answerers.size()], struck ? 1 : 0);
}

void Effects::strike_link(world::LinkId link, int change, EventNumber cause) {
  int& count = links_down_[link.index()];
  const bool was_up = count == 0;
  count += change;
  const bool is_up = count == 0;
  if (was_up == is_up) return;
  flow_.set_link_up(link, is_up);
  clockwork_.turn(link, is_up);
  ComponentSet touched = cones_.none();
  touched.insert(cones_.component(link));
  trace_.add({.at = flow_.now().since_start(),
              .kind = is_up ? EventKind::link_on : EventKind::link_off,
              .about = {.subject = link, .place = {}},
              .cause = cause},
             &touched);
}

void Effects::strike_site(world::SiteId site, int change) {
  int& count = sites_down_[site.index()];
  count += change;
  flow_.set_site_up(site, count == 0);
  clockwork_.turn(site, count == 0);
}

void Effects::count_down(const Instance& instance, int change) {
  int& count = down_[instance];
  count += change;
  flow_.set_service_up(instance.service, instance.site, count == 0);
}

void Effects::count_unreachable(const Instance& instance, int change) {
  int& count = unreachable_[instance];
  count += change;
  flow_.set_reachable(instance.service, instance.site, count == 0);
}

void Effects::count_stale(const Instance& instance, int change) {
  int& count = stale_[instance];
  count += change;
  flow_.set_serves_stale(instance.service, instance.site, count > 0);
}

// --- effects that come to a product ----------------------------------------------------------------------------------

void Effects::put_errors(Id id, const Answerer& answerer, double share) {
  const double answered = share > 0 ? answered_.put(answerer, id, 1 - share) : answered_.take(answerer, id);
  flow_.set_errors(answerer.operation, answerer.site, Share{1 - answered});
}

// Of whole replicas, at least one.
double Effects::in_replicas(const world::Effect& effect, const Answerer& answerer, double share) const {
  if (effect.of != world::Of::replicas || share <= 0) return share;
  const double replicas = world_[world_[answerer.operation].service].replicas_at(answerer.site);
  return replicas > 0 ? std::min(1.0, std::max(1.0, std::ceil(share * replicas - 1e-9)) / replicas) : share;
}

template <class Key>
traffic::Flow::Slower Effects::slower_with(Slowness<Key>& slowness, Id id, const Key& key, bool present) {
  const world::Effect& effect = *active_[id].effect;
  traffic::Flow::Slower slower;
  slower.times = present ? slowness.times.put(key, id, effect.times) : slowness.times.take(key, id);
  auto& added = slowness.added[key];
  added.erase(id);
  if (present) added[id] = moments_of(effect.slower);
  double added_s = 0;
  for (const auto& [other, moments] : added) {
    added_s += moments.first;
    slower.variance_s2 += moments.second;
  }
  slower.added = Duration::of_seconds(added_s);
  return slower;
}

// Of several settings of one parameter the latest holds.
void Effects::put_settings(Id id, bool present) {
  const Active& active = active_[id];
  for (const world::Target& target : active.effect->targets) {
    for (const world::Setting& setting : active.effect->values) {
      auto found = std::find_if(settings_.begin(), settings_.end(), [&](const Standing& standing) {
        return standing.subject == target.subject && standing.path == setting.path;
      });
      if (found == settings_.end()) found = settings_.insert(found, {target.subject, setting.path, {}});
      auto& values = found->values;
      std::erase_if(values, [id](const auto& value) { return value.first == id; });
      if (present) values.emplace_back(id, setting.value);
      flow_.set_parameter(found->subject, found->path,
                          values.empty() ? std::nullopt : std::optional{values.back().second});
    }
  }
}

void Effects::put_sticky_errors(int bit, const Answerer& answerer, int change) {
  int& count = sticky_counts_[{bit, answerer}];
  count += change;
  flow_.set_sticky_errors(bit, answerer.operation, answerer.site, count > 0);
}

void Effects::put_capacity(Id id, const Instance& instance, double factor) {
  const double left = factor == 1 ? capacity_.take(instance, id) : capacity_.put(instance, id, factor);
  flow_.set_capacity(instance.service, instance.site, Share{left});
}

void Effects::put_bandwidth(Id id, world::LinkId link, double factor) {
  flow_.set_bandwidth(link, Share{factor == 1 ? bandwidth_.take(link, id) : bandwidth_.put(link, id, factor)});
}

void Effects::put_load(Id id, bool present) {
  const Active& active = active_[id];
  const bool adds = active.effect->added.per_second() > 0;
  const double times = active.effect->times;
  for (const Answerer& answerer : answerers_of(world_, active.hits)) {
    const world::OperationId operation = answerer.operation;
    auto& added = added_load_[operation];
    added.erase(id);
    if (adds && present) added[id] = active.effect->added.per_second();
    const double product =
        !adds && present ? operation_load_.put(operation, id, times) : operation_load_.take(operation, id);
    double sum = 0;
    for (const auto& [effect, rate] : added) sum += rate;
    flow_.set_load(operation, product, quantity::Rate::per_second(sum));
  }
  for (const Door& door : active.hits.doors) {
    flow_.set_load(door.journey,
                   present ? journey_load_.put(door.journey, id, times) : journey_load_.take(door.journey, id));
  }
  for (const world::PopulationId population : active.hits.populations) {
    flow_.set_load(population,
                   present ? population_load_.put(population, id, times) : population_load_.take(population, id));
  }
}

void Effects::block(Id id, const Door& door, double share) {
  unblocked_[door] = share > 0 ? open_.put(door, id, 1 - share) : open_.take(door, id);
  set_door(door);
}

void Effects::set_door(const Door& door) {
  const auto admitted = admitted_.find(door);
  const auto unblocked = unblocked_.find(door);
  flow_.set_admission(door.journey, door.region,
                      Share{(admitted == admitted_.end() ? 1 : admitted->second) *
                            (unblocked == unblocked_.end() ? 1 : unblocked->second)});
}

// --- caches ----------------------------------------------------------------------------------------------------------

void Effects::lose_caches(const Active& active) {
  for (const Instance& instance : active.instances) {
    if (world_[instance.service].cache) flow_.lose_cache(instance.service, instance.site, active.effect->share);
  }
}

void Effects::empty_caches(const world::Effect& effect) {
  Active once{.effect = &effect, .hits = hits_of(world_, effect.targets, {}), .over = {}};
  resolve(once);
  lose_caches(once);
  changed_ = true;
}

void Effects::pass(SimTime now) {
  if (!alarms_.take(caches_alarm_, now)) return;
  bool any = false;
  for (const Active& active : active_) {
    if (!active.is_active || active.effect->verb != Verb::lose_cache || active.level <= 0) continue;
    lose_caches(active);
    any = changed_ = true;
  }
  if (any) alarms_.set(caches_alarm_, now + caches_emptied_every);
}

// --- what steps do for good ------------------------------------------------------------------------------------------

void Effects::admit(const Hits& hits, Share share) {
  release_from_caps(hits);
  for (const Door& door : hits.doors) {
    admitted_[door] = share.value();
    set_door(door);
  }
  for (const Answerer& answerer : answerers_of(world_, hits)) {
    admitted_at_[answerer] = share.value();
    set_gate(answerer);
  }
  changed_ = true;
}

void Effects::set_gate(const Answerer& answerer) {
  const auto admitted = admitted_at_.find(answerer);
  const auto unblocked = unblocked_at_.find(answerer);
  const Share share{(admitted == admitted_at_.end() ? 1 : admitted->second) *
                    (unblocked == unblocked_at_.end() ? 1 : unblocked->second)};
  // Where machines open their sessions it is they who are let in or not; elsewhere nobody knows who asks.
  if (opens_sessions_of_machines(world_, answerer.operation)) {
    flow_.set_admission(answerer.operation, answerer.site, share);
  } else {
    flow_.set_gate(answerer.operation, answerer.site, share);
  }
}

void Effects::release_from_caps(const Hits& hits) {
  const std::vector<Answerer> answerers = answerers_of(world_, hits);
  for (Capped& capped : caps_) {
    if (!capped.for_good) continue;
    for (const Door& door : hits.doors) std::erase(capped.places.doors, std::pair{door.journey, door.region});
    for (const Answerer& one : answerers) std::erase(capped.places.operations, std::pair{one.operation, one.site});
    flow_.set_cap(capped.id, capped.places, capped.most);
  }
}

Effects::Cap Effects::cap(const Hits& hits, bool for_good) {
  if (for_good) admit(hits, Share{1});
  // One that was lifted is taken again: what flaps would make more and more of them.
  auto free =
      std::find_if(caps_.begin(), caps_.end(), [](const Capped& capped) { return !capped.for_good && !capped.most; });
  if (free == caps_.end())
    free = caps_.insert(free, Capped{.id = flow_.add_cap(), .for_good = false, .places = {}, .most = {}});
  Capped& capped = *free;
  capped.for_good = for_good;
  capped.places = {};
  for (const Door& door : hits.doors) capped.places.doors.emplace_back(door.journey, door.region);
  for (const Answerer& one : answerers_of(world_, hits)) capped.places.operations.emplace_back(one.operation, one.site);
  return capped.id;
}

void Effects::set_cap(Cap cap, std::optional<quantity::Rate> most) {
  for (Capped& capped : caps_) {
    if (capped.id != cap) continue;
    capped.most = most;
    flow_.set_cap(cap, capped.places, most);
  }
  changed_ = true;
}

Effects::Drain Effects::drain(const Hits& hits, const std::optional<world::Place>& to,
                              std::optional<world::SiteId> here) {
  const auto id = static_cast<Drain>(led_to_.size());
  led_to_.push_back(to ? world::sites_of(world_, *to, here) : std::vector<world::SiteId>{});
  for (const Instance& instance : instances_of(world_, hits)) {
    flow_.set_detour(instance.service, instance.site, led_to_[id]);
    std::vector<Drain>& drains = drained_[instance];
    if (drains.empty()) count_down(instance, 1);
    drains.push_back(id);
  }
  changed_ = true;
  return id;
}

void Effects::lead_back(const Instance& instance) {
  flow_.set_detour(instance.service, instance.site, {});
  count_down(instance, -1);
}

void Effects::undrain(const Hits& hits) {
  for (const Instance& instance : instances_of(world_, hits)) {
    std::vector<Drain>& drains = drained_[instance];
    if (drains.empty()) continue;
    drains.clear();
    lead_back(instance);
  }
  changed_ = true;
}

void Effects::end_drain(Drain drain) {
  for (auto& [instance, drains] : drained_) {
    if (std::erase(drains, drain) == 0) continue;
    if (drains.empty()) {
      lead_back(instance);
    } else {
      flow_.set_detour(instance.service, instance.site, led_to_[drains.back()]);
    }
  }
  changed_ = true;
}

void Effects::restart(const Instance& instance, Share of_replicas) {
  flow_.restart(instance.service, instance.site, of_replicas);
  changed_ = true;
}

void Effects::purge(const std::vector<Instance>& instances, Share share) {
  for (const Instance& instance : instances) flow_.drop_backlog(instance.service, instance.site, share);
  changed_ = true;
}

double Effects::backlog(const Instance& instance) const {
  return flow_.value(world::Metric::backlog, {instance.service, instance.site}).value_or(0);
}

double Effects::fill(const Instance& instance) const {
  const auto& cache = world_[instance.service].cache;
  if (!cache || cache->hit.value() <= 0) return 1;
  return flow_.value(world::Metric::hit, {instance.service, instance.site}).value_or(0) / cache->hit.value();
}

void Effects::warm(const Instance& instance, Share at_least) {
  if (!world_[instance.service].cache) return;
  flow_.fill_cache(instance.service, instance.site, at_least);
  changed_ = true;
}

// Added replicas are spread evenly over the places of the service that are meant.
double Effects::times_capacity(const world::Effect& effect, const Instance& instance,
                               std::optional<world::SiteId> here) const {
  if (effect.replicas <= 0) return effect.times;
  const std::vector<Instance> all = instances_of(world_, hits_of(world_, effect.targets, here));
  const auto places =
      std::count_if(all.begin(), all.end(), [&](const Instance& other) { return other.service == instance.service; });
  const double replicas = world_[instance.service].replicas_at(instance.site);
  if (replicas <= 0 || places == 0) return 1;
  return 1 + effect.replicas / static_cast<double>(places) / replicas;
}

}  // namespace knockon::simulation
