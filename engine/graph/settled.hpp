// The world after some of it has failed and everything has settled, worked out over any algebra of truth: over words,
// for 256 cases at a time, or over decision diagrams, for all cases at once. The rules are those of dependence.hpp.
//
// An algebra has a type Value that can be compared, and always(), never(), both(a, b), either(a, b), inverse(a).
#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "engine/graph/dependence.hpp"

namespace knockon::graph {

// What still works. Groups are components of their own; Settled takes their members down with them.
template <class Value>
struct Working {
  std::vector<Value> components;  // by ComponentId
  std::vector<Value> instances;   // by Dependence::instance; empty: all
  std::vector<Value> nodes;       // by Dependence::node: an operation that is not all errors there; empty: all
};

template <class Algebra>
class Settled {
 public:
  using Value = typename Algebra::Value;
  struct Answer {
    Value any, full;  // there is an answer; it is nothing poorer than usual
  };
  using Tasks = std::vector<Dependence::Task>;

  // Works out the tasks in this order, again and again until needs and names that run in circles have settled.
  // REQUIRES: `order` holds all that is asked for later and all that it hangs on.
  Settled(const Dependence& dependence, Algebra& algebra, Working<Value> working, const Tasks& order)
      : dependence_{dependence},
        world_{dependence.world()},
        algebra_{algebra},
        working_{std::move(working)},
        up_(dependence.instances(), algebra.always()),
        nodes_(dependence.nodes(), Answer{algebra.always(), algebra.always()}),
        reach_(dependence.places()) {
    take_groups_down();
    constexpr int rounds_max = 64;
    for (int round = 0; round < rounds_max; ++round) {
      bool changed = false;
      for (const Dependence::Task& task : order) {
        changed = (task.is_service ? settle_service(task.index) : settle_operation(task.index)) || changed;
      }
      if (!changed || !dependence.has_circles()) break;
    }
  }

  // How a person's try in the region ends, by the journey's calls and its fallback; whether they are let in by their
  // session is in `journey`.
  [[nodiscard]] Answer calls_of(world::JourneyId id, world::RegionId region) const {
    const world::Journey& journey = world_[id];
    Answer answer = sequence(journey.calls, dependence_.users_of(region));
    if (stands_in(journey.fallback)) answer.any = algebra_.always();
    return answer;
  }
  [[nodiscard]] Answer journey(world::JourneyId id, world::RegionId region) const {
    Answer answer = calls_of(id, region);
    const auto& session = world_[id].session;
    if (!session) return answer;
    const Value held = works(dependence_.components().of(*session));
    const Value opens = opening(world_[*session], region);
    answer = both(answer, {held, algebra_.both(held, opens)});
    if (dependence_.runs_out(*session)) answer.any = algebra_.both(answer.any, opens);
    return answer;
  }
  // Whether somebody in the region can open a session of the kind.
  [[nodiscard]] Value opening(const world::SessionKind& kind, world::RegionId region) const {
    if (const auto* opened_by = std::get_if<world::JourneyId>(&kind.opened_by)) return journey(*opened_by, region).any;
    return attempt(std::get<world::OperationId>(kind.opened_by), dependence_.users_of(region)).any;
  }
  // Whether the target answers from one of these places (of what it is, at those of its sites that are meant).
  [[nodiscard]] Value usable(const world::Target& target, const std::vector<std::size_t>& from,
                             std::optional<world::SiteId> here = {}) const {
    std::vector<world::SiteId> only;
    if (target.place) only = world::sites_of(world_, *target.place, here);
    Serving serving{*this, target.place ? &only : nullptr, from, {}};
    return std::visit(serving, target.subject);
  }
  [[nodiscard]] Value is_met(const world::Need& need, const std::vector<std::size_t>& from,
                             std::optional<world::SiteId> here = {}) const {
    Value met = algebra_.never();
    for (const world::Target& target : need.any_of) met = algebra_.either(met, usable(target, from, here));
    return met;
  }

  // The parts of an answer, for explanations.
  [[nodiscard]] const Value& works(ComponentId id) const { return working_.components[id.index()]; }
  [[nodiscard]] const Value& is_up(world::ServiceId service, std::size_t position) const {
    return up_[dependence_.instance(service, position)];
  }
  [[nodiscard]] const Answer& node(world::OperationId operation, std::size_t position) const {
    return nodes_[dependence_.node(operation, position)];
  }
  [[nodiscard]] const Value& reach(std::size_t from_place, world::SiteId to) const {
    return reach_from(from_place)[to.index()];
  }
  // One call made from a place, with its own attempts and fallback.
  [[nodiscard]] Answer call(const world::Call& call, std::size_t place) const {
    if (call.form == world::Call::Form::parallel) return sequence(call.members, place);
    if (call.form == world::Call::Form::any_of) return enough_of(call, place);
    if (call.per_request <= 0) return {algebra_.always(), algebra_.always()};
    Answer answer = attempt(call.to, place);
    const bool is_missed_by_few = call.per_request <= 0.5;
    if (is_missed_by_few || stands_in(call.fallback) || call.kind != world::CallKind::hard) {
      answer.any = algebra_.always();
    }
    return answer;
  }
  // What one attempt from a place meets: the nearest instance that is up, found by its name.
  [[nodiscard]] Answer attempt(world::OperationId operation, std::size_t place) const {
    const Answer answer = seen(operation, place);
    const auto& name = world_[world_[operation].service].resolve;
    return name ? both(answer, seen(name->through, place)) : answer;
  }

 private:
  // What a subject means when it has to be usable.
  struct Serving {
    const Settled& settled;
    const std::vector<world::SiteId>* only;
    const std::vector<std::size_t>& from;
    std::set<world::GroupId> seen;

    [[nodiscard]] const world::World& world() const { return settled.world_; }
    [[nodiscard]] Algebra& algebra() const { return settled.algebra_; }
    [[nodiscard]] bool is_meant(world::SiteId site) const {
      return only == nullptr || std::binary_search(only->begin(), only->end(), site);
    }

    Value operator()(world::SiteId site) {
      Value met = algebra().never();
      if (!is_meant(site)) return met;
      for (const std::size_t place : from) met = algebra().either(met, settled.reach(place, site));
      return met;
    }
    Value operator()(world::RegionId region) {
      Value met = algebra().never();
      for (const world::SiteId site : world::sites_of(world(), region)) met = algebra().either(met, (*this)(site));
      return met;
    }
    Value operator()(world::LinkId link) { return settled.works(settled.dependence_.components().of(link)); }
    Value operator()(world::GroupId group) {
      Value met = algebra().never();
      if (!seen.insert(group).second) return met;
      for (const world::Entity& member : world()[group].members) met = algebra().either(met, std::visit(*this, member));
      return met;
    }
    Value operator()(world::ServiceId service) {
      Value met = algebra().never();
      for (const world::OperationId id : world()[service].operations) met = algebra().either(met, (*this)(id));
      return met;
    }
    Value operator()(world::OperationId operation) {
      const world::ServiceId service = world()[operation].service;
      Value met = algebra().never();
      for (std::size_t position = 0; position < world()[service].sites.size(); ++position) {
        const world::SiteId site = world()[service].sites[position];
        if (!is_meant(site)) continue;
        const Value good = algebra().both(settled.is_up(service, position), settled.node(operation, position).any);
        met = algebra().either(met, algebra().both(good, (*this)(site)));
      }
      return met;
    }
    Value operator()(world::SessionId session) { return (*this)(world()[session].store); }
    Value operator()(world::JourneyId journey) {
      Value met = algebra().never();
      for (std::size_t r = 0; r < world().regions.size(); ++r) {
        met = algebra().either(met, settled.journey(journey, world::RegionId{r}).any);
      }
      return met;
    }
    Value operator()(world::AppId app) {
      Value met = algebra().never();
      for (const world::JourneyId journey : world()[app].journeys) met = algebra().either(met, (*this)(journey));
      return met;
    }
    template <class Other>
    Value operator()(Other) {
      return algebra().always();  // the reader refuses them as needs
    }
  };

  [[nodiscard]] static bool stands_in(const std::optional<world::Fallback>& fallback) {
    return fallback && fallback->share.value() >= 0.5;
  }
  [[nodiscard]] Answer both(const Answer& a, const Answer& b) const {
    return {algebra_.both(a.any, b.any), algebra_.both(a.full, b.full)};
  }

  void take_groups_down() {
    const std::vector<Value> own = working_.components;
    for (std::size_t i = 0; i < own.size(); ++i) {
      for (const ComponentId group : dependence_.components().groups_of(ComponentId{i})) {
        working_.components[i] = algebra_.both(working_.components[i], own[group.index()]);
      }
    }
    network_is_healthy_ = true;
    for (std::size_t i = 0; i < world_.sites.size(); ++i) note_network(dependence_.components().of(world::SiteId{i}));
    for (std::size_t i = 0; i < world_.links.size(); ++i) note_network(dependence_.components().of(world::LinkId{i}));
  }
  void note_network(ComponentId id) { network_is_healthy_ = network_is_healthy_ && works(id) == algebra_.always(); }

  [[nodiscard]] Value carries(std::size_t place) const {
    if (place >= world_.sites.size()) return algebra_.always();
    return works(dependence_.components().of(world::SiteId{place}));
  }

  // Whether each site is reached from the place: the least solution, spread from the source until nothing changes.
  [[nodiscard]] const std::vector<Value>& reach_from(std::size_t source) const {
    std::vector<Value>& row = reach_[source];
    if (!row.empty()) return row;
    const std::size_t sites = world_.sites.size();
    if (network_is_healthy_) {
      row.assign(sites, algebra_.never());
      for (std::size_t i = 0; i < sites; ++i) {
        if (dependence_.latency_s(source, world::SiteId{i}) < 1e300) row[i] = algebra_.always();
      }
      return row;
    }
    std::vector<Value> reached(dependence_.places(), algebra_.never());
    std::vector<bool> is_queued(dependence_.places(), false);
    std::deque<std::size_t> queue{source};
    reached[source] = carries(source);
    while (!queue.empty()) {
      const std::size_t place = queue.front();
      queue.pop_front();
      is_queued[place] = false;
      for (const Dependence::Way& way : dependence_.ways_from(place)) {
        if (way.to >= sites) continue;  // users are never a way for others
        Value through = algebra_.both(reached[place], carries(way.to));
        if (way.link >= 0) {
          const world::LinkId link{static_cast<std::size_t>(way.link)};
          through = algebra_.both(through, works(dependence_.components().of(link)));
        }
        const Value now = algebra_.either(reached[way.to], through);
        if (now == reached[way.to]) continue;
        reached[way.to] = now;
        if (!is_queued[way.to]) queue.push_back(way.to);
        is_queued[way.to] = true;
      }
    }
    reached.resize(sites, algebra_.never());
    row = std::move(reached);
    return row;
  }

  bool settle_service(std::size_t index) {
    const world::ServiceId id{index};
    const world::Service& service = world_[id];
    bool changed = false;
    for (std::size_t position = 0; position < service.sites.size(); ++position) {
      const world::SiteId site = service.sites[position];
      Value up = works(dependence_.components().of(id));
      const std::size_t instance = dependence_.instance(id, position);
      if (!working_.instances.empty()) up = algebra_.both(up, working_.instances[instance]);
      for (const world::Need& need : service.needs) {
        up = algebra_.both(up, is_met(need, {dependence_.place_of(site)}, site));
      }
      changed = changed || !(up == up_[instance]);
      up_[instance] = up;
    }
    return changed;
  }

  bool settle_operation(std::size_t index) {
    const world::OperationId id{index};
    const world::Operation& operation = world_[id];
    const world::Service& service = world_[operation.service];
    bool changed = false;
    for (std::size_t position = 0; position < service.sites.size(); ++position) {
      const std::size_t place = dependence_.place_of(service.sites[position]);
      Answer answer = sequence(operation.calls, place);
      if (service.cache) answer = both(answer, misses(*service.cache, place));
      const std::size_t node = dependence_.node(id, position);
      if (!working_.nodes.empty()) answer = both(answer, {working_.nodes[node], working_.nodes[node]});
      if (stands_in(operation.fallback)) answer.any = algebra_.always();
      changed = changed || !(answer.any == nodes_[node].any && answer.full == nodes_[node].full);
      nodes_[node] = answer;
    }
    return changed;
  }

  [[nodiscard]] Answer sequence(const std::vector<world::Call>& calls, std::size_t place) const {
    Answer all{algebra_.always(), algebra_.always()};
    for (const world::Call& one : calls) all = both(all, call(one, place));
    return all;
  }

  // Members are asked in order until enough have answered; the answer is full when those were.
  [[nodiscard]] Answer enough_of(const world::Call& group, std::size_t place) const {
    const std::size_t wanted = group.at_least < 1 ? 0 : static_cast<std::size_t>(group.at_least);
    if (wanted > group.members.size()) return {algebra_.never(), algebra_.never()};
    std::vector<Value> counted(wanted + 1, algebra_.never());  // counted[n]: n or more have answered
    counted[0] = algebra_.always();
    Value full = algebra_.always();
    for (const world::Call& member : group.members) {
      const Answer one = call(member, place);
      const Value open = algebra_.inverse(counted[wanted]);
      const Value poor = algebra_.both(one.any, algebra_.inverse(one.full));
      full = algebra_.both(full, algebra_.inverse(algebra_.both(open, poor)));
      for (std::size_t n = wanted; n > 0; --n) {
        counted[n] = algebra_.either(counted[n], algebra_.both(counted[n - 1], one.any));
      }
    }
    return {counted[wanted], algebra_.both(counted[wanted], full)};
  }

  [[nodiscard]] Answer misses(const world::Cache& cache, std::size_t place) const {
    if (cache.hit.value() >= 1 && !cache.drop_on_error) return {algebra_.always(), algebra_.always()};
    Answer answer = attempt(cache.behind, place);
    if (!cache.drop_on_error && cache.hit.value() >= 0.5) answer.any = algebra_.always();
    return answer;
  }

  // Whether users who come from there have their home there: sites of a region share its users.
  [[nodiscard]] bool is_home(std::size_t place, world::SiteId site, world::SiteId nearest) const {
    const world::RegionId here = place < world_.sites.size() ? world_[world::SiteId{place}].region
                                                             : world::RegionId{place - world_.sites.size()};
    return world_[nearest].region == here ? world_[site].region == here : site == nearest;
  }

  // From the nearest instance that is up and reachable; from all of them where load is spread; from each user's home.
  [[nodiscard]] Answer seen(world::OperationId operation, std::size_t place) const {
    const world::ServiceId id = world_[operation].service;
    const world::Service& service = world_[id];
    const bool has_homes = service.balance == world::Balance::home;
    const bool is_spread = service.balance == world::Balance::spread || has_homes;
    Answer answer{algebra_.never(), algebra_.never()};
    Value left = algebra_.always(), no_poor = algebra_.always();
    for (const std::uint32_t position : dependence_.nearest(id, place)) {
      const world::SiteId site = service.sites[position];
      if (service.balance == world::Balance::local && place != dependence_.place_of(site)) continue;
      if (has_homes && !is_home(place, site, service.sites[dependence_.nearest(id, place).front()])) continue;
      const Value chosen = algebra_.both(left, algebra_.both(is_up(id, position), reach(place, site)));
      const Answer& here = node(operation, position);
      answer.any = algebra_.either(answer.any, algebra_.both(chosen, here.any));
      answer.full = algebra_.either(answer.full, algebra_.both(chosen, here.full));
      if (is_spread) {
        no_poor =
            algebra_.both(no_poor, has_homes ? algebra_.both(chosen, here.full)
                                             : algebra_.inverse(algebra_.both(chosen, algebra_.inverse(here.full))));
        continue;
      }
      left = algebra_.both(left, algebra_.inverse(chosen));
      if (left == algebra_.never()) break;
    }
    if (is_spread) answer.full = algebra_.both(answer.full, no_poor);
    return answer;
  }

  const Dependence& dependence_;
  const world::World& world_;
  Algebra& algebra_;
  Working<Value> working_;
  std::vector<Value> up_;
  std::vector<Answer> nodes_;
  bool network_is_healthy_ = true;
  mutable std::vector<std::vector<Value>> reach_;  // by source place, worked out when first asked for
};

}  // namespace knockon::graph
