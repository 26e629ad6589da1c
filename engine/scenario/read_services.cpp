// Services, their operations and calls.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/quantity/text.hpp"
#include "engine/scenario/reading.hpp"
#include "engine/scenario/reading_calls.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {

// ---- calls, fallbacks: also for journeys

std::optional<world::Fallback> fallback_of(Reading& reading, const Node* node) {
  if (!node || !node->is_map()) return std::nullopt;
  const Fields fields = reading.fields(fallback_record(), *node);
  return world::Fallback{.stale = fields.duration_if_any("stale"), .share = fields.share("share")};
}

void refuse_shrinking_pauses(Reading& reading, const Fields& fields, quantity::Duration first,
                             quantity::Duration up_to) {
  const Node* written = fields.written("up_to");
  if (!written) written = fields.written("first");
  if (written && up_to < first && up_to > quantity::Duration{})
    reading.faults.error(written->span, "impossible-value", "the longest pause is shorter than the first");
}

namespace {

world::Backoff backoff_of(Reading& reading, const Fields& call) {
  // What is not written is what world::Backoff begins with; most calls write nothing.
  const Node* node = call.written("backoff");
  if (!node || !node->is_map()) return {};
  const Fields fields = reading.fields(backoff_record(), *node);
  const world::Backoff backoff{.first = fields.duration("first"),
                               .factor = fields.count("factor"),
                               .up_to = fields.duration("up_to"),
                               .jitter = fields.share("jitter")};
  refuse_shrinking_pauses(reading, fields, backoff.first, backoff.up_to);
  return backoff;
}

std::optional<world::Breaker> breaker_of(Reading& reading, const Fields& call) {
  const Node* node = call.written("breaker");
  if (!node || !node->is_map()) return std::nullopt;
  const Fields fields = reading.fields(breaker_record(), *node);
  return world::Breaker{.errors = fields.share("errors"),
                        .window = fields.duration("window"),
                        .open = fields.duration("open"),
                        .probes = fields.whole("probes")};
}

world::Silent silent_of(const std::string& text) {
  if (text == "open") return world::Silent::open;
  if (text == "static") return world::Silent::last_answer;
  return world::Silent::closed;
}

// `key` was written where it means nothing: only `what` has it.
void refuse_stray(Reading& reading, const Fields& fields, std::string_view key, std::string_view what) {
  if (!fields.has(key)) return;
  reading.faults.error(fields.span_of(key), "wrong-argument",
                       fmt::format("{} makes sense only with `{}`", scenario::quoted(key), what));
}

// What retries make sense for, and how a caller guards itself against who does not answer.
void read_protections(Reading& reading, const Fields& fields, world::Call& call) {
  call.backoff = backoff_of(reading, fields);
  if (fields.has("retry_budget")) call.retry_budget = fields.share("retry_budget");
  call.breaker = breaker_of(reading, fields);
  if (fields.has("bulkhead")) call.bulkhead = fields.whole("bulkhead");
  call.hedge_after = fields.duration_if_any("hedge_after");
  call.deadline = fields.duration_if_any("deadline");
  if (fields.has("silent")) call.silent = silent_of(fields.text("silent"));
  if (fields.has("static_for")) call.static_for = fields.duration("static_for");
  call.late = fields.duration_if_any("late");
  if (call.kind != world::CallKind::async) refuse_stray(reading, fields, "late", "kind: async");
  if (call.silent != world::Silent::last_answer) refuse_stray(reading, fields, "static_for", "silent: static");
  if (call.hedge_after && *call.hedge_after >= call.timeout && call.timeout > quantity::Duration{}) {
    reading.faults.error(fields.written("hedge_after")->span, "impossible-value",
                         "a second attempt after the first has been given up",
                         fmt::format("expected less than the timeout of {}", quantity::text_of(call.timeout)));
  }
}

// Nothing when nobody knows whom it calls (which has been reported).
std::optional<world::Call> single_call(Reading& reading, const Fields& fields) {
  const auto to = reading.operation(fields.written("to"));
  if (!to) return std::nullopt;
  world::Call call;
  call.form = world::Call::Form::single;
  call.to = *to;
  const std::string kind = fields.text("kind");
  call.kind = kind == "soft" ? world::CallKind::soft : kind == "async" ? world::CallKind::async : world::CallKind::hard;
  call.per_request = fields.count("per_request");
  if (fields.has("bytes")) call.bytes = fields.data_size("bytes");
  call.timeout = fields.duration("timeout");
  call.tries = fields.whole("tries");
  call.fallback = fallback_of(reading, fields.written("fallback"));
  read_protections(reading, fields, call);
  return call;
}

std::optional<world::Call> call_of(Reading& reading, const Node& node) {
  const Fields fields = reading.fields(call_record(), node);
  if (!fields.has("any_of") && !fields.has("parallel")) return single_call(reading, fields);
  world::Call call;
  const bool is_any = fields.has("any_of");
  call.form = is_any ? world::Call::Form::any_of : world::Call::Form::parallel;
  const Node* members = fields.written(is_any ? "any_of" : "parallel");
  const std::size_t count = Reading::items_of(members).size();
  call.members = calls_of(reading, members);
  const Span where = fields.span_of(is_any ? "any_of" : "parallel");
  if (count == 0) reading.faults.error(where, "impossible-value", "a group of calls without calls");
  if (!is_any) return call;
  call.at_least = fields.whole("at_least");
  if (call.at_least > static_cast<int>(count) && count > 0) {
    const Node* written = fields.written("at_least");
    reading.faults.error(written ? written->span : where, "impossible-value",
                         fmt::format("at least {} of {} calls can never answer", call.at_least, count));
  }
  return call;
}

}  // namespace

std::vector<world::Call> calls_of(Reading& reading, const Node* node) {
  const std::vector<const Node*> items = Reading::items_of(node);
  std::vector<world::Call> calls;
  calls.reserve(items.size());
  for (const Node* item : items) {
    if (auto call = call_of(reading, *item)) calls.push_back(std::move(*call));
  }
  return calls;
}

namespace {

// ---- one service

world::Latency latency_of(const Node& node) {
  Type duration;
  duration.form = Type::Form::duration;
  const auto distribution = distribution_of(node, duration, nullptr);
  if (!distribution) return {};
  const auto* lognormal = std::get_if<random::Lognormal>(&distribution->shape());
  const bool is_bounded = distribution->min() || distribution->max();
  if ((!lognormal && !std::holds_alternative<random::Constant>(distribution->shape())) || is_bounded) {
    const random::DurationDistribution other{*distribution};
    return {.median = other.median(), .sigma = 0, .other = other};
  }
  if (lognormal) return {.median = quantity::Duration::of_seconds(std::exp(lognormal->mu)), .sigma = lognormal->sigma};
  return {.median = quantity::Duration::of_seconds(std::get<random::Constant>(distribution->shape()).value),
          .sigma = 0};
}

// Which policy each argument belongs to.
struct PolicyArgument {
  std::string_view key, policy;
  std::string_view example = {};  // of what the policy cannot do without
};
constexpr std::array<PolicyArgument, 8> policy_arguments{{{"limit", "queue"},
                                                          {"abandoned", "queue"},
                                                          {"order", "queue"},
                                                          {"expires", "queue"},
                                                          {"patience", "collapse"},
                                                          {"per_request", "slowdown", "10ms"},
                                                          {"from", "brownout"},
                                                          {"wait", "adaptive", "500ms"}}};

void refuse_arguments_of_others(Reading& reading, const Fields& fields, const std::string& policy) {
  if (policy.empty()) return;
  for (const PolicyArgument& argument : policy_arguments) {
    if (fields.has(argument.key) && argument.policy != policy) {
      reading.faults.error(fields.span_of(argument.key), "wrong-argument",
                           fmt::format("{} belongs to the policy {}, not to {}", scenario::quoted(argument.key),
                                       scenario::quoted(argument.policy), scenario::quoted(policy)));
    } else if (!argument.example.empty() && argument.policy == policy && !fields.has(argument.key)) {
      reading.faults.error(
          fields.span_of("policy"), "missing-key",
          fmt::format("the policy {} needs {}", scenario::quoted(policy), scenario::quoted(argument.key)),
          fmt::format("add {}: {}", argument.key, argument.example));
    }
  }
}

world::QueueOrder queue_order_of(const std::string& text) {
  if (text == "lifo") return world::QueueOrder::lifo;
  if (text == "codel") return world::QueueOrder::codel;
  return world::QueueOrder::fifo;
}

world::Overload policy_of(const Fields& fields, const std::string& policy) {
  if (policy == "shed") return world::Shed{};
  if (policy == "collapse") return world::Collapse{.patience = fields.duration("patience")};
  if (policy == "slowdown") return world::Slowdown{.per_request = fields.duration("per_request")};
  if (policy == "brownout") return world::Brownout{.from = fields.share("from")};
  if (policy == "adaptive") return world::Adaptive{.wait = fields.duration("wait")};
  return world::Queue{.limit = fields.duration("limit"),
                      .serves_abandoned = fields.text("abandoned") == "served",
                      .order = queue_order_of(fields.text("order")),
                      .expires = fields.duration_if_any("expires")};
}

void read_overload(Reading& reading, const Node& node, world::Service& service) {
  const auto policies = Reading::items_of(&node);
  if (policies.empty()) reading.faults.error(node.span, "impossible-value", "an empty list of overload policies");
  std::vector<std::string> seen;
  std::string own;  // the policy besides brownout
  for (const Node* item : policies) {
    const Fields fields = reading.fields(overload_record(), *item);
    const std::string policy = fields.text("policy");
    refuse_arguments_of_others(reading, fields, policy);
    if (std::find(seen.begin(), seen.end(), policy) != seen.end()) {
      reading.faults.error(item->span, "impossible-value",
                           fmt::format("the policy {} a second time", scenario::quoted(policy)));
    } else if (!own.empty() && policy != "brownout") {  // all but brownout answer one question, each in its own way
      reading.faults.error(item->span, "impossible-value",
                           fmt::format("{} and {} both say what becomes of work beyond capacity", scenario::quoted(own),
                                       scenario::quoted(policy)),
                           "keep one of them; brownout goes with any other");
    }
    const world::Overload read = policy_of(fields, policy);
    if (seen.empty()) {
      service.overload = read;
    } else if (own.empty() && policy != "brownout") {
      service.overload_besides.push_back(std::exchange(service.overload, read));
    } else {
      service.overload_besides.push_back(read);
    }
    if (policy != "brownout") own = policy;
    seen.push_back(policy);
  }
  if (std::holds_alternative<world::Slowdown>(service.overload) && service.per_replica)
    reading.faults.error(node.span, "wrong-argument",
                         "a size by `per_replica` and the policy 'slowdown' contradict each other",
                         "leave per_replica out: a replica answers no more than one request in `per_request`");
}

void refuse_priorities_of_who_refuses_nobody(Reading& reading, const Fields& fields, const world::Service& service) {
  const bool refuses_nobody = std::holds_alternative<world::Collapse>(service.overload) ||
                              std::holds_alternative<world::Slowdown>(service.overload);
  if (!service.priority_by_journey || !refuses_nobody) return;
  reading.faults.error(fields.span_of("priority_by_journey"), "wrong-argument",
                       "this service refuses nothing, so there is nothing to be refused first",
                       "write overload: shed, a queue with a limit, or adaptive");
}

// A number for each site, from `60` or `{dc-apac: 60, other: 10}`.
std::vector<double> replicas_of(Reading& reading, const Fields& fields, const std::vector<world::SiteId>& sites) {
  const Node* node = fields.at("replicas");
  if (!node->is_map()) return std::vector<double>(sites.size(), quantity::parse_count(node->text).value_or(0));
  std::vector<double> replicas(sites.size(), 0);
  for (const Entry& entry : node->entries) {
    const double count = quantity::parse_count(entry.value->text).value_or(0);
    if (entry.key == "other") {
      for (double& replica : replicas) replica = replica == 0 ? count : replica;
      continue;
    }
    const auto place = place_of(reading.scope(), entry.key, entry.key_span, reading.faults);
    if (!place) continue;
    bool is_there = false;
    for (const world::SiteId site : world::sites_of(reading.world, *place)) {
      const auto found = std::lower_bound(sites.begin(), sites.end(), site);
      if (found == sites.end() || *found != site) continue;
      replicas[static_cast<std::size_t>(found - sites.begin())] = count;
      is_there = true;
    }
    if (!is_there)
      reading.faults.error(entry.key_span, "not-there",
                           fmt::format("the service does not run at {}", scenario::quoted(entry.key)),
                           "its `in` says where it runs");
  }
  for (std::size_t i = 0; i < sites.size(); ++i) {
    if (replicas[i] > 0 || node->entries.empty()) continue;
    reading.faults.error(fields.span_of("replicas"), "missing-key",
                         fmt::format("no number of replicas for {}", scenario::quoted(reading.world[sites[i]].name)),
                         "name it, or add `other`");
    break;
  }
  if (node->entries.empty()) reading.faults.error(node->span, "impossible-value", "no number of replicas for any site");
  return replicas;
}

void read_cache(Reading& reading, const Node& node, world::Service& service) {
  const Fields fields = reading.fields(cache_record(), node);
  const auto behind = reading.operation(fields.written("behind"));
  if (!behind) return;
  service.cache = world::Cache{.behind = *behind,
                               .hit = fields.share("hit"),
                               .entries = fields.count("entries"),
                               .cold = fields.share("cold"),
                               .expires = fields.duration_if_any("expires"),
                               .drop_on_error = fields.flag("drop_on_error")};
}

void read_resolve(Reading& reading, const Node& node, world::Service& service) {
  const Fields fields = reading.fields(resolve_record(), node);
  const auto through = reading.operation(fields.written("through"));
  if (!through) return;
  service.resolve = world::Resolve{
      .through = *through, .ttl = fields.duration("ttl"), .negative_ttl = fields.duration("negative_ttl")};
}

world::Balance balance_of(const std::string& text) {
  if (text == "local") return world::Balance::local;
  if (text == "spread") return world::Balance::spread;
  if (text == "home") return world::Balance::home;
  return world::Balance::nearest;
}

// An operation's own keys over the service's.
world::Operation operation_of(Reading& reading, const Fields& service, const Fields* own, std::string name,
                              world::ServiceId id) {
  const auto either = [&](std::string_view key) {
    const Node* node = own ? own->written(key) : nullptr;
    return node ? node : service.at(key);
  };
  world::Operation operation;
  operation.service = id;
  operation.name = std::move(name);
  operation.cost = own ? own->count("cost") : 1;
  operation.latency = latency_of(*either("latency"));
  operation.calls = calls_of(reading, either("calls"));
  operation.fallback = fallback_of(reading, either("fallback"));
  return operation;
}

void read_operations(Reading& reading, const Entry& entry, const Fields& fields, world::Service& service) {
  const world::ServiceId id{reading.world.services.size()};
  const auto add = [&](world::Operation operation) {
    service.operations.emplace_back(reading.world.operations.size());
    reading.world.operations.push_back(std::move(operation));
  };
  const std::span<const Entry> own = Reading::entries_of(*entry.value, "operations");
  for (const Entry& inner : own) {
    const Fields inner_fields = reading.fields(operation_record(), *inner.value);
    add(operation_of(reading, fields, &inner_fields, fmt::format("{}.{}", entry.key, inner.key), id));
  }
  if (own.empty()) add(operation_of(reading, fields, nullptr, std::string{entry.key}, id));
}

std::optional<world::Autoscale> autoscale_of(Reading& reading, const Fields& service) {
  const Node* node = service.written("autoscale");
  if (!node || !node->is_map()) return std::nullopt;
  const Fields fields = reading.fields(autoscale_record(), *node);
  const world::Autoscale autoscale{.keep = fields.share("keep"),
                                   .from = fields.count("from"),
                                   .to = fields.count("to"),
                                   .every = fields.duration("every"),
                                   .delay = fields.duration("delay")};
  if (const Node* to = fields.written("to"); to && autoscale.to > 0 && autoscale.to < autoscale.from) {
    reading.faults.error(to->span, "impossible-value",
                         fmt::format("at most {} replicas, and at least {}", fields.text("to"), fields.text("from")),
                         "`from` is the fewest, `to` the most");
  }
  return autoscale;
}

// The sites of these places in the order written, each once.
std::vector<world::SiteId> restart_order_of(Reading& reading, const Node* node,
                                            const std::vector<world::SiteId>& sites) {
  std::vector<world::SiteId> order;
  for (const Node* item : Reading::items_of(node)) {
    if (!item->is_scalar()) continue;
    const auto place = place_of(reading.scope(), item->text, item->span, reading.faults);
    if (!place) continue;
    bool is_there = false;
    for (const world::SiteId site : world::sites_of(reading.world, *place)) {
      if (!std::binary_search(sites.begin(), sites.end(), site)) continue;
      is_there = true;
      if (std::find(order.begin(), order.end(), site) == order.end()) order.push_back(site);
    }
    if (!is_there)
      reading.faults.error(item->span, "not-there",
                           fmt::format("the service does not run at {}", scenario::quoted(item->text)),
                           "its `in` says where it runs");
  }
  return order;
}

world::Service service_of(Reading& reading, const Entry& entry, const Fields& fields) {
  world::Service service;
  service.name = entry.key;
  if (fields.has("in")) {
    service.sites = reading.sites(fields.written("in"));
    if (Reading::items_of(fields.written("in")).empty()) {
      reading.faults.error(fields.span_of("in"), "impossible-value", "a service that runs nowhere",
                           "leave `in` out for everywhere");
    }
  } else if (reading.has_room_for(reading.world.sites.size(), entry.key_span)) {
    for (std::size_t i = 0; i < reading.world.sites.size(); ++i) service.sites.emplace_back(i);
  }
  service.replicas = replicas_of(reading, fields, service.sites);
  if (fields.has("per_replica")) service.per_replica = fields.rate("per_replica");
  service.busy_at_peak = fields.share("busy_at_peak");
  read_overload(reading, *fields.at("overload"), service);
  service.priority_by_journey = fields.flag("priority_by_journey");
  refuse_priorities_of_who_refuses_nobody(reading, fields, service);
  service.balance = balance_of(fields.text("balance"));
  if (const Node* node = fields.written("warm_up"); node && node->is_map()) {
    const Fields warm_up = reading.fields(warm_up_record(), *node);
    service.warm_up = world::WarmUp{.from = warm_up.share("from"),
                                    .over = warm_up.duration("over"),
                                    .calls = calls_of(reading, warm_up.at("calls"))};
  }
  if (const Node* node = fields.written("restart"); node && node->is_map()) {
    const Fields restart = reading.fields(restart_record(), *node);
    service.restart_rate = restart.rate("rate");
    service.restart_order = restart_order_of(reading, restart.written("order"), service.sites);
  }
  service.autoscale = autoscale_of(reading, fields);
  service.scaled_by = reading.reference<world::SessionKind>(Kinds::session, fields.written("scaled_by"));
  if (fields.has("disk")) service.disk = fields.data_rate("disk");
  return service;
}

// ---- circles

// What an operation cannot answer without, by names.
class Circles {
 public:
  explicit Circles(Reading& reading) : reading_{reading}, world_{reading.world} {}

  void refuse() {
    edges_.resize(world_.operations.size());
    for (std::size_t i = 0; i < world_.operations.size(); ++i) {
      add_calls(edges_[i], world_.operations[i].calls);
      const world::Service& service = world_[world_.operations[i].service];
      if (service.cache) edges_[i].push_back({service.cache->behind.index(), By::call});
      if (service.resolve) edges_[i].push_back({service.resolve->through.index(), By::call});
      for (const world::Need& need : service.needs) add_need(edges_[i], need);
    }
    state_.assign(world_.operations.size(), State::new_here);
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      if (state_[i] == State::new_here) walk(i);
    }
  }

 private:
  enum class State : std::uint8_t { new_here, on_the_way, done };
  enum class By : std::uint8_t { call, handing_over, need };
  struct Edge {
    std::size_t to;
    By by;
  };
  struct Stop {
    std::size_t operation, next_edge = 0;
  };

  void add_calls(std::vector<Edge>& edges, const std::vector<world::Call>& calls) {
    for (const world::Call& call : calls) {
      const By by = call.kind == world::CallKind::async ? By::handing_over : By::call;
      if (call.form == world::Call::Form::single) edges.push_back({call.to.index(), by});
      add_calls(edges, call.members);
    }
  }

  void add_need(std::vector<Edge>& edges, const world::Need& need) {
    for (const world::Target& target : need.any_of) {
      if (const auto* operation = std::get_if<world::OperationId>(&target.subject))
        edges.push_back({operation->index(), By::need});
      const auto* service = std::get_if<world::ServiceId>(&target.subject);
      if (!service) continue;
      for (const world::OperationId operation : world_[*service].operations)
        edges.push_back({operation.index(), By::need});
    }
  }

  // Depth first without recursion: chains may be as long as the file.
  void walk(std::size_t start) {
    std::vector<Stop> way{{start}};
    state_[start] = State::on_the_way;
    while (!way.empty()) {
      Stop& here = way.back();
      if (here.next_edge == edges_[here.operation].size()) {
        state_[here.operation] = State::done;
        way.pop_back();
        continue;
      }
      const std::size_t to = edges_[here.operation][here.next_edge++].to;
      if (state_[to] == State::on_the_way) report(way, to);
      if (state_[to] != State::new_here) continue;
      state_[to] = State::on_the_way;
      way.push_back({to});
    }
  }

  void report(const std::vector<Stop>& way, std::size_t to) {
    auto stop = std::find_if(way.begin(), way.end(), [&](const Stop& one) { return one.operation == to; });
    std::string circle;
    By worst = By::call;
    for (; stop != way.end(); ++stop) {
      circle += world_.operations[stop->operation].name + " -> ";
      worst = std::max(worst, edges_[stop->operation][stop->next_edge - 1].by);
    }
    const std::size_t service = world_.operations[to].service.index();
    reading_.faults.error(reading_.section("services")[service].key_span, "circle",
                          fmt::format("services call each other in a circle: {}{}", circle, world_.operations[to].name),
                          why_not(worst));
  }

  static const char* why_not(By worst) {
    switch (worst) {
      case By::call:
        return "a request would come back to where it began, and never end; leave one of these calls out";
      case By::handing_over:
        return "work that is handed over would bring itself back without end; leave one of these calls out";
      case By::need:
        return "each would have to be up before the other; leave one of these calls or needs out";
    }
    return "";
  }

  Reading& reading_;
  const world::World& world_;
  std::vector<std::vector<Edge>> edges_;
  std::vector<State> state_;
};

}  // namespace

void read_services(Reading& reading) {
  const std::span<const Entry> entries = reading.section("services");
  reading.world.services.reserve(entries.size());
  for (const Entry& entry : entries) {
    const Fields fields = reading.fields(service_record(), *entry.value);
    world::Service service = service_of(reading, entry, fields);
    read_operations(reading, entry, fields, service);
    reading.world.services.push_back(std::move(service));
  }
  // What refers to other services at places needs to know where these run.
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Fields fields = reading.fields(service_record(), *entries[i].value);
    world::Service& service = reading.world.services[i];
    service.needs = reading.needs(fields.at("needs"));
    if (const Node* node = fields.written("cache"); node && node->is_map()) read_cache(reading, *node, service);
    if (const Node* node = fields.written("resolve"); node && node->is_map()) read_resolve(reading, *node, service);
  }
  Circles{reading}.refuse();
}

}  // namespace knockon::scenario
