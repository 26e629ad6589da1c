#include "engine/traffic/parts.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/quantity/contract.hpp"
#include "engine/traffic/changing_calls.hpp"

namespace knockon::traffic {
namespace {

std::uint32_t narrow(std::size_t index) { return static_cast<std::uint32_t>(index); }

// The session that a journey needs, the one that must be held to open that, and so on.
template <class Visit>
void for_each_session_of(const world::World& world, world::JourneyId journey, const Visit& visit) {
  std::optional<world::SessionId> session = world[journey].session;
  for (std::size_t n = 0; session && n < world.sessions.size(); ++n) {
    visit(*session);
    const auto* opening = std::get_if<world::JourneyId>(&world[*session].opened_by);
    session = opening != nullptr ? world[*opening].session : std::nullopt;
  }
}

// Whether someone of this population can hold the session: the population the author named, or whoever uses a journey
// with it, or with one behind it.
bool holds(const world::World& world, world::SessionId session, world::PopulationId population) {
  const world::Holders& holders = world[session].holders;
  if (std::holds_alternative<world::Machines>(holders)) return false;
  if (const auto* named = std::get_if<world::PopulationId>(&holders)) return *named == population;
  return std::any_of(
      world[population].does.begin(), world[population].does.end(), [&](const world::Population::Habit& habit) {
        bool is_needed = false;
        for_each_session_of(world, habit.journey, [&](world::SessionId one) { is_needed |= one == session; });
        return is_needed;
      });
}

// Lifetimes that differ are taken as so many.
constexpr int lifetimes_told_apart = 16;

std::vector<quantity::Duration> lifetimes_of(const world::SessionKind& kind) {
  if (!kind.lifetime) return {};
  if (kind.lifetime->seconds().is_constant()) return {kind.lifetime->median()};
  std::vector<quantity::Duration> lifetimes;
  for (int n = 0; n < lifetimes_told_apart; ++n)
    lifetimes.push_back(kind.lifetime->quantile((n + 0.5) / lifetimes_told_apart));
  return lifetimes;
}

bool is_of_latency(world::Metric metric) { return metric == world::Metric::p50 || metric == world::Metric::p99; }

// Of a cache: how full it is, even when it is as full as can be.
bool hangs_on_what_it_brings(const world::Service& service) {
  return service.cache && (service.cache->expires || service.cache->drop_on_error);
}

// Of a service that is far from its limit; else on how it answers.
bool hangs_on_how_much_is_asked(world::Metric metric) {
  using world::Metric;
  switch (metric) {
    case Metric::rate:
    case Metric::load:
    case Metric::turned_away:
    case Metric::backlog:
    case Metric::age:
    case Metric::wait:
    case Metric::hit:
      return true;
    default:
      return is_of_latency(metric);
  }
}

// Queues that fill and drain within seconds are taken as settled at once.
constexpr double short_queue_s = 10;
// What controlled delay lets stand (its authors' target).
constexpr double codel_wait_s = 0.005;

}  // namespace

double Holding::expires_per_s() const {
  double all_s = 0;
  for (const quantity::Duration lifetime : lifetimes) all_s += lifetime.in_seconds();
  return lifetimes.empty() || renewed_by ? 0 : static_cast<double>(lifetimes.size()) / all_s;
}

double patience_of_machines_s(const world::Service& service) {
  // As long as a person waits, unless the service says how patient its callers are.
  constexpr double usually_s = 10;
  const auto* collapse = std::get_if<world::Collapse>(&service.overload);
  return collapse != nullptr ? collapse->patience.in_seconds() : usually_s;
}

Network::Parts::Parts(const world::World& w)
    : world{&w},
      order{graph::evaluation_order(w)},
      reach{w},
      regions_{w.regions.size()},
      blocks_{blocks_of(regions_)},
      operations_{narrow(w.operations.size())} {
  for (std::size_t site = 0; site < w.sites.size(); ++site) all_sites.push_back(reach.place_of(world::SiteId{site}));
  for (std::size_t r = 0; r < w.regions.size(); ++r) all_users.push_back(reach.users_of(world::RegionId{r}));
  lay_out_callers();
  lay_out_leaves();
  lay_out_slots();
  lay_out_tasks();
  lay_out_patience();
  lay_out_services();
  lay_out_what_is_read();
  lay_out_journeys_above();
  lay_out_homes();
  lay_out_answer_times();
  lay_out_careful_calls();
  lay_out_people();
  lay_out_priorities();
  lay_out_arrivals();
  lay_out_plain_calls();
}

std::uint32_t Network::Parts::instance_at(world::ServiceId service, world::SiteId site) const {
  const std::uint32_t position = site_position[service.index() * world->sites.size() + site.index()];
  return position == nowhere ? nowhere : first_instance[service.index()] + position;
}

std::uint32_t Network::Parts::node_at(world::OperationId operation, world::SiteId site) const {
  const std::uint32_t position =
      site_position[(*world)[operation].service.index() * world->sites.size() + site.index()];
  return position == nowhere ? nowhere : callers[operation.index()].first_node + position;
}

std::size_t Network::Parts::place_of_caller(std::uint32_t caller, std::uint32_t place) const {
  if (caller >= world->operations.size()) return reach.users_of(world::RegionId{place});
  return reach.place_of((*world)[world->operations[caller].service].sites[place]);
}

void Network::Parts::lay_out_callers() {
  const auto add = [&](const std::vector<world::Call>& calls, std::uint32_t first_leaf, std::uint32_t last_leaf,
                       std::size_t places, std::uint32_t first_node) {
    Caller caller{.first_item = narrow(items.size()),
                  .last_item = 0,
                  .first_node = first_node,
                  .first_entry = first_node,
                  .places = narrow(places),
                  .first_leaf = first_leaf,
                  .last_leaf = last_leaf,
                  .finish_task = 0,
                  .service = 0,
                  .is_all_its_service_does = false,
                  .is_journey = callers.size() >= world->operations.size(),
                  .is_handed_work = false};
    for (std::uint32_t leaf = first_leaf; leaf < last_leaf;) {
      const std::uint32_t item = order.leaves[leaf].item;
      const std::uint32_t first = leaf;
      while (leaf < last_leaf && order.leaves[leaf].item == item) ++leaf;
      const world::Call* call = item < calls.size() ? &calls[item] : nullptr;
      const bool is_single = call == nullptr || call->form == world::Call::Form::single;
      const bool gates = call == nullptr || !is_single || call->kind == world::CallKind::hard;
      items.push_back({call, first, leaf, gates, is_single, 0});
    }
    caller.last_item = narrow(items.size());
    callers.push_back(caller);
  };
  const auto places_of = [this](std::size_t operation) {
    return (*world)[world->operations[operation].service].sites.size();
  };
  // What a sweep comes to next lies next to it.
  std::vector<std::uint32_t> first_node(world->operations.size());
  for (const graph::Task& task : order.tasks) {
    if (task.kind != graph::Task::Kind::arrive) continue;
    first_node[task.subject] = nodes;
    nodes += narrow(places_of(task.subject));
  }
  for (std::size_t i = 0; i < world->operations.size(); ++i) {
    add(world->operations[i].calls, order.first_leaf_of_operation[i], order.first_leaf_of_operation[i + 1],
        places_of(i), first_node[i]);
  }
  for (std::size_t i = 0; i < world->journeys.size(); ++i) {
    add(world->journeys[i].calls, order.first_leaf_of_journey[i], order.first_leaf_of_journey[i + 1], regions(),
        outcomes);
    outcomes += narrow(regions());
  }
}

void Network::Parts::lay_out_leaves() {
  for (Caller& caller : callers) caller.first_entry += caller.is_journey ? nodes : 0;
  leaves.resize(order.leaves.size());
  calls_to.resize(world->operations.size());
  for (std::uint32_t c = 0; c < callers.size(); ++c) {
    for (std::uint32_t i = callers[c].first_item; i < callers[c].last_item; ++i) {
      for (std::uint32_t leaf = items[i].first_leaf; leaf < items[i].last_leaf; ++leaf) {
        leaves[leaf].caller = c;
        leaves[leaf].item = i;
        leaves[leaf].places = callers[c].places;
        leaves[leaf].first_entry = callers[c].first_entry;
        leaves[leaf].first_node_of_callee = callers[order.leaves[leaf].callee.index()].first_node;
        const world::Call* call = order.leaves[leaf].call;
        if (call != nullptr && call->bytes.bytes() > 0 && !world->links.empty()) {
          leaves[leaf].wired = wired_slots;
          wired_slots += callers[c].places;
          wired.push_back({leaf, call->bytes.bytes()});
        }
        calls_to[order.leaves[leaf].callee.index()].push_back(leaf);
      }
    }
  }
}

void Network::Parts::lay_out_slots() {
  arrival_of.resize(world->operations.size());
  tasks = order.tasks;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const graph::Task& task = order.tasks[t];
    if (task.kind != graph::Task::Kind::arrive) continue;
    tasks[t].subject = arrival_of[task.subject] = narrow(arrivals.size());
    arrivals.push_back({.first_slot = slots, .first_call = narrow(entry_of_call.size()), .operation = task.subject});
    for (const std::uint32_t leaf : calls_to[task.subject]) {
      LeafLayout& layout = leaves[leaf];
      layout.first_slot = slots;
      entry_of_call.push_back(layout.first_entry);
      for (std::uint32_t place = 0; place < layout.places; ++place) {
        entry_of_slot.push_back(layout.first_entry + place);
        leaf_of_slot.push_back(leaf);
      }
      slots += layout.places;
    }
    arrivals.back().last_slot = slots;
  }
  std::uint32_t answers = 0;
  for (LeafLayout& layout : leaves) {
    layout.first_answer = answers;
    answers += layout.places;
  }
  for (Item& item : items) item.first_answer = leaves[item.first_leaf].first_answer;
}

void Network::Parts::lay_out_tasks() {
  arrive_task.resize(world->operations.size());
  answer_task.resize(world->operations.size());
  load_task.resize(world->services.size());
  outcome_task.resize(world->journeys.size());
  using Kind = graph::Task::Kind;
  for (std::uint32_t t = 0; t < order.tasks.size(); ++t) {
    const auto [kind, subject] = order.tasks[t];
    if (kind == Kind::arrive) arrive_task[subject] = t;
    if (kind == Kind::answer) answer_task[subject] = t;
    if (kind == Kind::load) load_task[subject] = t;
    if (kind == Kind::weigh) leaves[subject].weigh_task = t;
    if (kind == Kind::outcome) outcome_task[subject] = t;
  }
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf)
    leaves[leaf].arrive_task = arrive_task[order.leaves[leaf].callee.index()];
  const std::size_t operations = world->operations.size();
  for (const Arrival& arrival : arrivals) lay_out_masks(callers[arrival.operation]);
  for (std::size_t c = 0; c < callers.size(); ++c) {
    callers[c].finish_task = c < operations ? answer_task[c] : outcome_task[c - operations];
    if (callers[c].is_journey) {
      lay_out_masks(callers[c]);
      continue;
    }
    const world::ServiceId service = world->operations[c].service;
    callers[c].service = narrow(service.index());
    callers[c].is_all_its_service_does = (*world)[service].operations.size() == 1;
  }
  for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) {
    LeafLayout& layout = leaves[leaf];
    const Caller& caller = callers[layout.caller];
    const Item& item = items[layout.item];
    const world::Call* call = order.leaves[leaf].call;
    const bool tries_at_once = call != nullptr && call->tries > 1 && !graph::retries_wait(*world, *call);
    if (tries_at_once) layout.told.push_back(leaf);
    if (item.call != nullptr && item.call->form == world::Call::Form::any_of) {
      for (std::uint32_t later = leaf + 1; later < item.last_leaf; ++later) layout.told.push_back(later);
    }
    if (item.gates && layout.item + 1 < caller.last_item) {
      const Item& next = items[layout.item + 1];
      for (std::uint32_t later = next.first_leaf; later < next.last_leaf; ++later) layout.told.push_back(later);
    }
  }
}

void Network::Parts::lay_out_masks(Caller& caller) {
  caller.first_mask = narrow(masks.size());
  for (std::uint32_t leaf = caller.first_leaf; leaf < caller.last_leaf; ++leaf)
    add_to_masks(caller.first_mask, leaves[leaf].arrive_task);
  caller.last_mask = narrow(masks.size());
}

void Network::Parts::add_to_masks(std::uint32_t first, std::uint32_t task) {
  const std::uint32_t word = task / 64;
  const auto same =
      std::find_if(masks.begin() + first, masks.end(), [word](const TaskMask& mask) { return mask.word == word; });
  TaskMask& mask = same == masks.end() ? masks.emplace_back(TaskMask{word, 0}) : *same;
  mask.bits |= std::uint64_t{1} << task % 64;
}

void Network::Parts::lay_out_what_is_read() {
  for (std::size_t s = 0; s < world->services.size(); ++s) {
    const world::Service& service = world->services[s];
    service_layouts.push_back({.first_instance = first_instance[s],
                               .sites = narrow(service.sites.size()),
                               .first_resident = first_resident[s],
                               .last_resident = first_resident[s + 1],
                               .is_in_loop = relax_s[s] > 0,
                               .is_watched = service.autoscale || service.scaled_by || hangs_on_what_it_brings(service),
                               .answers_are_read = false,
                               .by_priority = false});
  }
  // How much room there is for machines that hold sessions.
  const auto asked_by_machines = [&](world::OperationId operation) {
    service_layouts[(*world)[operation].service.index()].is_watched = true;
  };
  for (const world::SessionKind& kind : world->sessions) {
    if (const auto* opening = std::get_if<world::OperationId>(&kind.opened_by)) asked_by_machines(*opening);
    if (kind.renewal) asked_by_machines(kind.renewal->by);
  }
  std::vector<std::uint32_t> timed;  // callers: how long their answers take is read
  for (const world::Condition* condition : world::conditions_of(*world)) {
    for (const world::MetricTest& test : condition->metric_tests) {
      const std::vector<std::uint32_t> read = callers_in(test.target.subject);
      if (is_of_latency(test.metric)) timed.insert(timed.end(), read.begin(), read.end());
      for (const std::uint32_t caller : read) {
        if (callers[caller].is_journey) continue;
        ServiceLayout& service = service_layouts[callers[caller].service];
        const bool is_mixed = service.last_resident - service.first_resident > 1;
        service.answers_are_read = true;
        service.is_watched = service.is_watched || is_mixed || hangs_on_how_much_is_asked(test.metric);
      }
    }
  }
  // An answer takes as long as whatever it waits for below.
  std::vector<bool> is_known(callers.size(), false);
  for (std::size_t next = 0; next < timed.size(); ++next) {
    const Caller& caller = callers[timed[next]];
    if (!caller.is_journey) service_layouts[caller.service].is_watched = true;
    for (std::uint32_t leaf = caller.first_leaf; leaf < caller.last_leaf; ++leaf) {
      const std::size_t callee = order.leaves[leaf].callee.index();
      if (is_known[callee]) continue;
      is_known[callee] = true;
      timed.push_back(narrow(callee));
    }
  }
}

// The journeys and operations of an app, a journey, a service or an operation; of anything else none.
std::vector<std::uint32_t> Network::Parts::callers_in(const world::Subject& subject) const {
  std::vector<std::uint32_t> found;
  if (const auto* app = std::get_if<world::AppId>(&subject)) {
    for (const world::JourneyId journey : (*world)[*app].journeys) found.push_back(caller_of(journey));
  }
  if (const auto* journey = std::get_if<world::JourneyId>(&subject)) found.push_back(caller_of(*journey));
  if (const auto* operation = std::get_if<world::OperationId>(&subject)) found.push_back(narrow(operation->index()));
  if (const auto* service = std::get_if<world::ServiceId>(&subject)) {
    for (const world::OperationId operation : (*world)[*service].operations) found.push_back(narrow(operation.index()));
  }
  return found;
}

void Network::Parts::lay_out_plain_calls() {
  for (std::size_t leaf = 0; leaf < leaves.size(); ++leaf) {
    LeafLayout& layout = leaves[leaf];
    const world::Call* call = order.leaves[leaf].call;
    layout.is_plain = call != nullptr && call->kind == world::CallKind::hard && call->tries == 1 &&
                      call->per_request == 1 && !call->fallback && layout.careful == nowhere &&
                      layout.name == nowhere && layout.wired == nowhere;
    const bool is_first = layout.item == callers[layout.caller].first_item;
    layout.is_weighed_simply = !layout.hit && layout.name == nowhere && layout.wired == nowhere &&
                               items[layout.item].is_single && (is_first || items[layout.item - 1].is_single);
    if (!layout.is_plain || !items[layout.item].is_single) continue;
    items[layout.item].plain_arrival = arrival_of[order.leaves[leaf].callee.index()];
    items[layout.item].first_node_of_callee = layout.first_node_of_callee;
  }
  other_calls_to.resize(world->operations.size());
  for (std::size_t operation = 0; operation < world->operations.size(); ++operation) {
    Caller& callee = callers[operation];
    callee.first_answer_mask = narrow(masks.size());
    for (const std::uint32_t leaf : calls_to[operation]) {
      if (items[leaves[leaf].item].plain_arrival == nowhere) {
        other_calls_to[operation].push_back(leaf);
        continue;
      }
      add_to_masks(callee.first_answer_mask, callers[leaves[leaf].caller].finish_task);
      for (const std::uint32_t told : leaves[leaf].told)
        add_to_masks(callee.first_answer_mask, leaves[told].weigh_task);
    }
    callee.last_answer_mask = narrow(masks.size());
  }
}

void Network::Parts::lay_out_arrivals() {
  for (Arrival& arrival : arrivals) {
    const Caller& callee = callers[arrival.operation];
    arrival.first_node = callee.first_node;
    arrival.places = callee.places;
    arrival.first_mask = callee.first_mask;
    arrival.last_mask = callee.last_mask;
    arrival.service = callee.service;
    arrival.load_task = load_task[callee.service];
    arrival.is_all_its_service_does = callee.is_all_its_service_does && !service_layouts[callee.service].by_priority;
    arrival.is_resent_to = !resending_calls_to[arrival.operation].empty();
    arrival.is_in_loop = service_layouts[callee.service].is_in_loop;
    arrival.is_watched = service_layouts[callee.service].is_watched;
    arrival.first_instance = first_instance[callee.service];
    arrival.cost = world->operations[arrival.operation].cost;
  }
}

void Network::Parts::lay_out_journeys_above() {
  constexpr std::size_t word = 64;
  journey_words = (world->journeys.size() + word - 1) / word;
  std::vector<std::uint64_t> above(callers.size() * journey_words, 0);
  for (std::size_t j = 0; j < world->journeys.size(); ++j)
    above[(world->operations.size() + j) * journey_words + j / word] |= std::uint64_t{1} << j % word;
  for (const graph::Task& task : order.tasks) {  // callers before whom they call
    if (task.kind != graph::Task::Kind::weigh) continue;
    const std::size_t callee = order.leaves[task.subject].callee.index(), caller = leaves[task.subject].caller;
    for (std::size_t n = 0; n < journey_words; ++n)
      above[callee * journey_words + n] |= above[caller * journey_words + n];
  }
  journeys_above.assign(world->services.size() * journey_words, 0);
  for (std::size_t o = 0; o < world->operations.size(); ++o) {
    const std::size_t service = world->operations[o].service.index();
    for (std::size_t n = 0; n < journey_words; ++n)
      journeys_above[service * journey_words + n] |= above[o * journey_words + n];
  }
}

void Network::Parts::lay_out_services() {
  site_position.assign(world->services.size() * world->sites.size(), nowhere);
  name_of_service.assign(world->services.size(), nowhere);
  relax_s.assign(world->services.size(), 0);
  queue_s.assign(world->services.size(), 0);
  room_s.assign(world->services.size(), 0);
  least_patience_s.assign(world->services.size(), 0);
  first_instance.resize(world->services.size());
  for (const graph::Task& task : order.tasks) {
    if (task.kind != graph::Task::Kind::load) continue;
    first_instance[task.subject] = instances;
    instances += narrow(world->services[task.subject].sites.size());
    service_of_instance.resize(instances, task.subject);
  }
  for (std::size_t s = 0; s < world->services.size(); ++s) {
    const world::Service& service = world->services[s];
    first_resident.push_back(narrow(residents.size()));
    for (const world::OperationId operation : service.operations) {
      residents.push_back({narrow(operation.index()), callers[operation.index()].first_node, (*world)[operation].cost});
    }
    for (std::size_t position = 0; position < service.sites.size(); ++position) {
      site_position[s * world->sites.size() + service.sites[position].index()] = narrow(position);
    }
    if (service.resolve) {
      name_of_service[s] = narrow(names.size());
      names.push_back({world::ServiceId{s}, service.resolve->through, service.resolve->ttl.in_seconds()});
    }
    double most_patient_s = 0;
    bool is_waited_for = true;  // by everybody who asks
    least_patience_s[s] = std::numeric_limits<double>::infinity();
    for (const world::OperationId operation : service.operations) {
      for (const std::uint32_t leaf : calls_to[operation.index()]) {
        const world::Call* call = order.leaves[leaf].call;
        const double waits_s = std::min(call == nullptr ? 1.0 : call->timeout.in_seconds(), patience_behind(leaf));
        most_patient_s = std::max(most_patient_s, waits_s);
        if (call != nullptr && call->kind == world::CallKind::async) {
          is_waited_for = false;
        } else {
          least_patience_s[s] = std::min(least_patience_s[s], waits_s);
        }
      }
    }
    for (const world::OperationId operation : service.operations) {
      if (!is_asked_by_machines(operation)) continue;
      most_patient_s = std::max(most_patient_s, patience_of_machines_s(service));
      least_patience_s[s] = std::min(least_patience_s[s], patience_of_machines_s(service));
    }
    if (order.service_in_loop[s]) {
      relax_s[s] = std::max(most_patient_s, 1.0);
      looping.push_back(narrow(s));
    }
    // Work whose caller has gone is taken out, so nothing waits longer than its most patient caller.
    if (const auto* queue = std::get_if<world::Queue>(&service.overload)) {
      const double limit_s = std::min(queue->limit, queue->expires.value_or(queue->limit)).in_seconds();
      const bool removes = !queue->serves_abandoned && is_waited_for && most_patient_s > 0;
      queue_s[s] = removes ? std::min(limit_s, most_patient_s) : limit_s;
      // Controlled delay keeps no queue standing.
      if (queue->order == world::QueueOrder::codel) queue_s[s] = std::min(queue_s[s], codel_wait_s);
      const bool is_in_order = queue->order == world::QueueOrder::fifo;
      if (is_in_order && (queue->serves_abandoned || queue_s[s] > short_queue_s)) room_s[s] = queue_s[s];
    }
    // These refuse nothing, however much they are asked.
    if (std::holds_alternative<world::Collapse>(service.overload) ||
        std::holds_alternative<world::Slowdown>(service.overload))
      room_s[s] = std::numeric_limits<double>::infinity();
    if (const auto* adaptive = std::get_if<world::Adaptive>(&service.overload))
      queue_s[s] = adaptive->wait.in_seconds();
  }
  first_resident.push_back(narrow(residents.size()));
  for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) {
    LeafLayout& layout = leaves[leaf];
    const graph::Leaf& made = order.leaves[leaf];
    layout.name = name_of_service[(*world)[made.callee].service.index()];
    layout.tries = made.call == nullptr ? 1 : made.call->tries;
    layout.per_request = made.call == nullptr ? 0 : made.call->per_request;
    if (callers[layout.caller].is_journey) continue;
    const world::ServiceId own = world->operations[layout.caller].service;
    layout.first_instance = first_instance[own.index()];
    if (made.call == nullptr) layout.hit = (*world)[own].cache->hit.value();
  }
  capacity.assign(instances, std::numeric_limits<double>::infinity());
  usual.assign(nodes, 0);
}

bool Network::Parts::is_asked_by_machines(world::OperationId operation) const {
  return std::any_of(world->sessions.begin(), world->sessions.end(), [operation](const world::SessionKind& kind) {
    return kind.opened_by == std::variant<world::JourneyId, world::OperationId>{operation} ||
           (kind.renewal && kind.renewal->by == operation);
  });
}

// Users are at home at one of their region's sites, as many at each; where there is none, at the nearest. A service
// that is not there keeps them at the nearest of its own sites.
void Network::Parts::lay_out_homes() {
  const auto has_homes = [](const world::Service& service) { return service.balance == world::Balance::home; };
  if (std::none_of(world->services.begin(), world->services.end(), has_homes)) return;
  const auto nearest = [this](std::size_t from, const std::vector<world::SiteId>& sites) {
    std::uint32_t found = nowhere;
    double nearest_s = Reach::no_way;
    for (std::uint32_t position = 0; position < sites.size(); ++position) {
      if (reach.latency_s(from, sites[position]) >= nearest_s) continue;
      nearest_s = reach.latency_s(from, sites[position]);
      found = position;
    }
    return found;
  };
  std::vector<world::SiteId> all;
  for (std::size_t i = 0; i < world->sites.size(); ++i) all.emplace_back(i);
  std::vector<std::vector<world::SiteId>> of_region(regions());
  for (const world::SiteId site : all) of_region[(*world)[site].region.index()].push_back(site);
  std::vector<bool> is_home(all.size(), false);
  for (std::size_t r = 0; r < regions(); ++r) {
    if (of_region[r].empty()) {
      const std::uint32_t site = nearest(reach.users_of(world::RegionId{r}), all);
      if (site != nowhere) of_region[r] = {all[site]};
    }
    for (const world::SiteId site : of_region[r]) is_home[site.index()] = true;
  }
  for (const world::SiteId site : all) {
    if (is_home[site.index()]) homes.sites.push_back(site);
  }
  homes.share.assign(regions() * homes.sites.size(), 0);
  for (std::size_t r = 0; r < regions(); ++r) {
    for (std::size_t h = 0; h < homes.sites.size(); ++h) {
      const bool lives_here = std::find(of_region[r].begin(), of_region[r].end(), homes.sites[h]) != of_region[r].end();
      if (lives_here) homes.share[r * homes.sites.size() + h] = 1 / static_cast<double>(of_region[r].size());
    }
  }
  homes.positions.resize(world->services.size());
  for (std::size_t s = 0; s < world->services.size(); ++s) {
    if (!has_homes(world->services[s])) continue;
    for (const world::SiteId home : homes.sites)
      homes.positions[s].push_back(nearest(reach.place_of(home), world->services[s].sites));
  }
}

// Calls one after the other add up, calls at once take as long as the longest of them.
AnswerTime Network::Parts::time_of_call(const world::Call& call) const {
  AnswerTime time;
  if (call.form == world::Call::Form::single) {
    if (call.kind == world::CallKind::async) return time;
    const AnswerTime once = answer_time[call.to.index()];
    return {call.per_request * once.mean_s, call.per_request * once.variance_s2};
  }
  int counted = 0;
  for (const world::Call& member : call.members) {
    const AnswerTime one = time_of_call(member);
    if (call.form == world::Call::Form::parallel) {
      if (one.mean_s > time.mean_s) time = one;
    } else if (counted++ < call.at_least) {
      time = {time.mean_s + one.mean_s, time.variance_s2 + one.variance_s2};
    }
  }
  return time;
}

void Network::Parts::lay_out_answer_times() {
  answer_time.resize(world->operations.size());
  own_answer_time.resize(world->operations.size());
  farthest_s.assign(world->operations.size(), 0);
  own_time.assign(world->services.size(), {});
  for (const graph::Task& task : order.tasks) {
    if (task.kind != graph::Task::Kind::answer) continue;
    const world::Operation& operation = world->operations[task.subject];
    const world::Service& service = (*world)[operation.service];
    AnswerTime time = own_answer_time[task.subject] = traffic::time_of(operation.latency);
    const double part = 1 / static_cast<double>(service.operations.size());
    AnswerTime& own = own_time[operation.service.index()];
    own = {own.mean_s + part * time.mean_s, own.variance_s2 + part * time.variance_s2};
    for (const world::Call& call : operation.calls) {
      const AnswerTime one = time_of_call(call);
      time = {time.mean_s + one.mean_s, time.variance_s2 + one.variance_s2};
    }
    if (service.cache) {
      const double misses = 1 - service.cache->hit.value();
      const AnswerTime one = answer_time[service.cache->behind.index()];
      time = {time.mean_s + misses * one.mean_s, time.variance_s2 + misses * one.variance_s2};
    }
    answer_time[task.subject] = time;
    double& farthest = farthest_s[task.subject];
    for (const world::Call& call : operation.calls) farthest += farthest_of(call, task.subject);
    if (service.cache)
      farthest += std::max(away_s(task.subject, service.cache->behind), farthest_s[service.cache->behind.index()]);
  }
}

// How long the way there and back may be at most; whoever is led away stays there with what they ask for.
double Network::Parts::farthest_of(const world::Call& call, std::uint32_t caller) const {
  if (call.form == world::Call::Form::single) {
    if (call.kind == world::CallKind::async) return 0;
    return call.per_request * std::max(away_s(caller, call.to), farthest_s[call.to.index()]);
  }
  double all = 0;
  for (const world::Call& member : call.members) {
    const double one = farthest_of(member, caller);
    all = call.form == world::Call::Form::parallel ? std::max(all, one) : all + one;
  }
  return all;
}

// There and back, from any place of the caller to any of the callee.
double Network::Parts::away_s(std::uint32_t caller, world::OperationId callee) const {
  const world::Service& service = (*world)[(*world)[callee].service];
  double farthest = 0;
  for (std::uint32_t place = 0; place < callers[caller].places; ++place) {
    const std::size_t from = place_of_caller(caller, place);
    for (const world::SiteId site : service.sites) {
      const double latency_s = reach.latency_s(from, site);
      if (service.balance == world::Balance::local && from != reach.place_of(site)) continue;
      if (std::isfinite(latency_s)) farthest = std::max(farthest, 2 * latency_s);
    }
  }
  return farthest;
}

namespace {

// However it ends, nobody waits longer for it: each attempt for its timeout, each pause at its longest.
double longest_wait_s(const world::Call& call) {
  if (call.form != world::Call::Form::single) {
    double all = 0;
    for (const world::Call& member : call.members) {
      const double one = longest_wait_s(member);
      all = call.form == world::Call::Form::parallel ? std::max(all, one) : all + one;
    }
    return all;
  }
  if (call.kind == world::CallKind::async) return 0;
  double all = call.timeout.in_seconds() * call.tries, pause_s = call.backoff.first.in_seconds();
  for (int again = 1; again < call.tries; ++again) {
    all += std::min(pause_s, call.backoff.up_to.in_seconds()) * (1 + call.backoff.jitter.value());
    pause_s *= call.backoff.factor;
  }
  const double deadline_s = call.deadline ? call.deadline->in_seconds() : std::numeric_limits<double>::infinity();
  return std::max(1.0, call.per_request) * std::min(all, deadline_s);
}

}  // namespace

// Who is answered, or told that nothing comes of it, before their patience ends has no need of any.
void Network::Parts::lay_out_patience() {
  for (const world::Journey& journey : world->journeys) {
    double longest_s = 0;
    for (const world::Call& call : journey.calls) longest_s += longest_wait_s(call);
    const double patience = journey.timeout.in_seconds();
    patience_s.push_back(longest_s > patience ? patience : std::numeric_limits<double>::infinity());
  }
}

double Network::Parts::patience_behind(std::uint32_t leaf) const {
  const std::uint32_t caller = leaves[leaf].caller;
  return callers[caller].is_journey ? patience_s[caller - world->operations.size()]
                                    : std::numeric_limits<double>::infinity();
}

// On a good day, in the journey that makes the call.
double Network::Parts::usual_time_before(std::uint32_t leaf) const {
  double before_s = 0;
  for (std::uint32_t i = callers[leaves[leaf].caller].first_item; i < leaves[leaf].item; ++i)
    before_s += time_of_call(*items[i].call).mean_s;
  return before_s;
}

// Deadlines travel down: an operation has the latest of those of its callers, and none when one of these has none.
void Network::Parts::lay_out_careful_calls() {
  constexpr double none = std::numeric_limits<double>::infinity();
  std::vector<double> deadline_of(world->operations.size(), none), deadline_of_leaf(leaves.size(), none);
  for (const graph::Task& task : order.tasks) {
    if (task.kind == graph::Task::Kind::arrive && !calls_to[task.subject].empty()) {
      double latest = 0;
      for (const std::uint32_t leaf : calls_to[task.subject]) latest = std::max(latest, deadline_of_leaf[leaf]);
      deadline_of[task.subject] = latest;
    }
    if (task.kind != graph::Task::Kind::weigh) continue;
    const LeafLayout& layout = leaves[task.subject];
    const world::Call* call = order.leaves[task.subject].call;
    double deadline_s = callers[layout.caller].is_journey ? none : deadline_of[layout.caller];
    if (call != nullptr && call->deadline) deadline_s = std::min(deadline_s, call->deadline->in_seconds());
    deadline_of_leaf[task.subject] = deadline_s;
  }
  changing_ = changing_calls(*this);
  for (std::uint32_t leaf = 0; leaf < leaves.size(); ++leaf) add_careful_call(leaf, deadline_of_leaf[leaf]);
  resending_calls_to.resize(world->operations.size());
  for (const CarefulCall& call : careful) {
    if (call.retries_wait) resending_calls_to[order.leaves[call.leaf].callee.index()].push_back(call.leaf);
  }
}

void Network::Parts::add_careful_call(std::uint32_t leaf, double deadline_s) {
  LeafLayout& layout = leaves[leaf];
  const world::OperationId callee = order.leaves[leaf].callee;
  const world::Service& service = (*world)[(*world)[callee].service];
  const world::Call* call = order.leaves[leaf].call;
  const bool is_async = call != nullptr && call->kind == world::CallKind::async;
  const double patience = patience_behind(leaf);
  CarefulCall made{.leaf = leaf,
                   .places = layout.places,
                   .first = careful_slots,
                   .call = call,
                   .timeout_s = std::min({call == nullptr ? 1 : call->timeout.in_seconds(), deadline_s, patience}),
                   .patience_s = patience,
                   .cost = (*world)[callee].cost,
                   .latency = answer_time[callee.index()],
                   .callee_waits = graph::keeps_waiting(service) || (is_async && call->late),
                   .refusals_are_late = false,
                   .dead_work_is_dropped = std::isfinite(deadline_s),
                   .browns_out = false,
                   .brownout_from = 1,
                   .retries_wait = call != nullptr && graph::retries_wait(*world, *call),
                   .pauses = {},
                   .late_retries = 0,
                   .early_retries = 0,
                   .again = 0};
  if (is_async) callers[callee.index()].is_handed_work = true;
  if (is_async) made.timeout_s = std::numeric_limits<double>::infinity();
  if (const auto* collapse = std::get_if<world::Collapse>(&service.overload); collapse != nullptr && !is_async)
    made.timeout_s = std::min(made.timeout_s, collapse->patience.in_seconds());
  if (const auto* queue = std::get_if<world::Queue>(&service.overload))
    made.refusals_are_late = queue->order == world::QueueOrder::lifo || queue->expires.has_value();
  if (!callers[layout.caller].is_journey && call != nullptr && call->kind != world::CallKind::hard) {
    const world::Service& own = (*world)[world->operations[layout.caller].service];
    const auto look = [&](const world::Overload& overload) {
      const auto* brownout = std::get_if<world::Brownout>(&overload);
      if (brownout == nullptr) return;
      made.browns_out = true;
      made.brownout_from = brownout->from.value();
    };
    look(own.overload);
    std::for_each(own.overload_besides.begin(), own.overload_besides.end(), look);
  }
  const auto is_careful = [&] {
    if (is_async || made.callee_waits || made.browns_out || made.retries_wait) return true;
    if (std::isfinite(deadline_s) || std::isfinite(patience)) return true;
    if (!changing_.empty() && changing_[leaf]) return true;
    // Even on a good day one in a million answers comes too late.
    const double farthest = std::max(away_s(layout.caller, callee), farthest_s[callee.index()]);
    if (!is_async && share_within(made.timeout_s - farthest, made.latency) < 1 - 1e-6) return true;
    return call != nullptr && (call->retry_budget || call->breaker || call->bulkhead || call->hedge_after ||
                               call->silent != world::Silent::closed || (call->fallback && call->fallback->stale));
  };
  if (!is_careful()) return;
  if (call != nullptr && call->tries > 1) {
    double pause_s = call->backoff.first.in_seconds(), late_s = 0, early_s = 0;
    const double left_s =
        std::isfinite(patience) ? std::min(deadline_s, patience - usual_time_before(leaf)) : deadline_s;
    const double jitter = call->backoff.jitter.value();
    const auto tries_again = static_cast<std::size_t>(call->tries - 1);
    const std::size_t pauses = std::min(tries_again, CarefulCall::pauses_max);
    for (std::size_t n = 0; n < pauses; ++n) {
      const double mean_s = std::min(pause_s, call->backoff.up_to.in_seconds());
      made.pauses.push_back({mean_s * (1 - jitter), mean_s * (1 + jitter)});
      late_s += made.timeout_s + mean_s;
      early_s += mean_s;
      if (late_s < left_s) made.late_retries = n + 1;
      if (early_s < left_s) made.early_retries = n + 1;
      pause_s *= call->backoff.factor;
    }
    const auto stands_for = static_cast<double>(tries_again - pauses + 1);
    made.again = (stands_for - 1) / stands_for;
    const std::size_t in_time = made.early_retries < pauses ? made.early_retries : tries_again;
    layout.tries = made.retries_wait ? 1 : static_cast<int>(in_time) + 1;
  }
  layout.careful = narrow(careful.size());
  careful_slots += layout.places;
  careful.push_back(std::move(made));
}

void Network::Parts::lay_out_priorities() {
  level_of_journey.assign(world->journeys.size(), 0);
  std::vector<int> priorities{0};
  bool any = false;
  for (const world::Journey& journey : world->journeys) priorities.push_back(journey.priority);
  std::sort(priorities.begin(), priorities.end(), std::greater{});
  priorities.erase(std::unique(priorities.begin(), priorities.end()), priorities.end());
  for (std::size_t s = 0; s < world->services.size(); ++s) {
    service_layouts[s].by_priority = world->services[s].priority_by_journey && priorities.size() > 1;
    any = any || service_layouts[s].by_priority;
  }
  if (!any) return;
  const auto level_of = [&](int priority) {
    return narrow(
        static_cast<std::size_t>(std::find(priorities.begin(), priorities.end(), priority) - priorities.begin()));
  };
  levels = priorities.size();
  usual_level = level_of(0);
  for (std::size_t j = 0; j < world->journeys.size(); ++j) level_of_journey[j] = level_of(world->journeys[j].priority);
}

// Who tries again alike climbs the same one.
std::uint32_t Network::Parts::ladder_of(const world::Retry& retry) {
  const auto known = std::ranges::find(retries_, retry);
  const auto ladder = narrow(static_cast<std::size_t>(known - retries_.begin()));
  if (known == retries_.end()) {
    retries_.push_back(retry);
    ladders.emplace_back(retry);
  }
  return ladder;
}

void Network::Parts::lay_out_people() {
  streams_of_journey.resize(world->journeys.size() * blocks());
  holdings_of_journey.resize(world->journeys.size() * blocks());
  weight_of_outcome.assign(outcomes + lanes, 0);
  for (std::uint32_t outcome = 0; outcome < outcomes; ++outcome) {
    journey_of_outcome.push_back(outcome / narrow(regions()));
    region_of_outcome.push_back(outcome % narrow(regions()));
  }
  for (const world::App& app : world->apps) {
    std::vector<std::uint32_t>& all = journeys_of_app.emplace_back();
    std::vector<std::uint32_t>& critical = critical_journeys.emplace_back();
    for (const world::JourneyId journey : app.journeys) {
      all.push_back(narrow(journey.index()));
      if ((*world)[journey].critical) critical.push_back(narrow(journey.index()));
    }
  }
  for (std::size_t p = 0; p < world->populations.size(); ++p) {
    for (std::size_t b = 0; b < blocks(); ++b) lay_out_people(world::PopulationId{p}, block(b));
  }
  lay_out_parts_of_apps();
  for (const std::vector<std::uint32_t>& of_journey : streams_of_journey) {
    Lanes all;
    for (const std::uint32_t s : of_journey) all += streams[s].per_s;
    for (const std::uint32_t s : of_journey) {
      Stream& stream = streams[s];
      stream.part_of_outcome = where(all > 0, stream.per_s / all, 0);
      if (stream.holding != nowhere)
        stream.for_each_opening = stream.per_user_s / holdings[stream.holding].per_holder_s;
    }
  }
}

void Network::Parts::lay_out_parts_of_apps() {
  counts_in_region.resize(world->journeys.size() * blocks());
  all_count_in_region.resize(world->apps.size() * blocks());
  region_counts.resize(all_count_in_region.size());
  for (std::size_t a = 0; a < world->apps.size(); ++a) {
    bool is_done_by_anybody = false;
    for (std::size_t r = 0; r < regions(); ++r) {
      const auto weight = [&](std::uint32_t journey) { return weight_of_outcome[journey * regions() + r]; };
      double all = 0;
      for (const std::uint32_t journey : critical_journeys[a]) all += weight(journey);
      is_done_by_anybody = is_done_by_anybody || all > 0;
      region_counts[a * blocks() + r / lanes].set(r % lanes, all);
      for (const std::uint32_t journey : critical_journeys[a])
        counts_in_region[journey * blocks() + r / lanes].set(r % lanes, all > 0 ? weight(journey) : 1);
    }
    double all = 0, most = 0;
    for (std::size_t b = 0; b < blocks(); ++b) {
      Lanes& counts = region_counts[a * blocks() + b];
      for (std::size_t lane = 0; !is_done_by_anybody && lane < block(b).regions; ++lane) counts.set(lane, 1);
      all += counts.sum();
      most = std::max(most, counts.most());
      for (const std::uint32_t journey : critical_journeys[a])
        all_count_in_region[a * blocks() + b] += counts_in_region[journey * blocks() + b];
    }
    // To the last bit what its only region says.
    if (all == most) {
      for (std::size_t b = 0; b < blocks(); ++b) {
        Lanes& counts = region_counts[a * blocks() + b];
        counts = where(counts > 0, 1, 0);
      }
      all = 1;
    }
    all_regions_count.push_back(all);
  }
}

void Network::Parts::lay_out_people(world::PopulationId id, Block block) {
  const world::Population& population = (*world)[id];
  const std::uint32_t ladder = ladder_of(population.retry);
  const std::uint32_t level = narrow(population.curve.index() * regions() + block.first_region);
  const Lanes users = at_least(0, Lanes::of(&population.users[block.first_region], block.regions));
  if (!any(users > 0)) return;
  const auto outcome_in_first = [&](world::JourneyId journey) {
    return outcome_of(journey, world::RegionId{block.first_region});
  };
  const auto add_weight = [&](std::uint32_t outcome, const Lanes& per_s) {
    for (std::uint32_t lane = 0; lane < block.regions; ++lane) weight_of_outcome[outcome + lane] += per_s[lane];
  };
  std::vector<std::uint32_t> holding_of_session(world->sessions.size(), nowhere);
  for (std::size_t s = 0; s < world->sessions.size(); ++s) {
    if (!holds(*world, world::SessionId{s}, id)) continue;
    const world::SessionKind& kind = world->sessions[s];
    holding_of_session[s] = narrow(holdings.size());
    Holding holding{.block = block,
                    .ladder = ladder,
                    .population = id,
                    .outcome = outcome_in_first(kind.opening_journey()),
                    .level = level,
                    .session = world::SessionId{s},
                    .holders = users,
                    .dormant = users * (1 - kind.held.value()),
                    .per_holder_s = 0,
                    .lifetimes = lifetimes_of(kind),
                    .notices_per_s = 1 / std::max(kind.notice.in_seconds(), 1e-3)};
    if (kind.renewal) holding.renewed_by = kind.renewal->by;
    add_weight(holding.outcome, (users - holding.dormant) * holding.expires_per_s());
    holdings_of_journey[kind.opening_journey().index() * blocks() + block.number].push_back(narrow(holdings.size()));
    holdings.push_back(std::move(holding));
  }
  for (const world::Population::Habit& habit : population.does) {
    const auto session = (*world)[habit.journey].session;
    const double per_user_s = habit.per_user.per_second();
    const std::uint32_t stream = narrow(streams.size());
    streams.push_back({.block = block,
                       .ladder = ladder,
                       .journey = habit.journey,
                       .population = id,
                       .outcome = outcome_in_first(habit.journey),
                       .level = level,
                       .per_user_s = per_user_s,
                       .users = users,
                       .per_s = users * per_user_s,
                       .part_of_outcome = {},
                       .holding = session ? holding_of_session[session->index()] : nowhere});
    if (per_user_s > 0) streams_of_journey[habit.journey.index() * blocks() + block.number].push_back(stream);
    add_weight(streams.back().outcome, streams.back().per_s);
    if (streams.back().holding == nowhere) continue;
    std::uint32_t inner = nowhere;
    for_each_session_of(*world, habit.journey, [&](world::SessionId one) {
      const std::uint32_t outer = holding_of_session[one.index()];
      if (inner != nowhere) holdings[inner].behind = outer;
      if (outer != nowhere) holdings[outer].per_holder_s += per_user_s;
      inner = outer;
    });
  }
}

}  // namespace knockon::traffic
