#include "engine/world/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <type_traits>

namespace knockon::world {
namespace {

using quantity::Duration;
using quantity::Rate;
using quantity::Share;
using Found = std::optional<Parameter>;

// The first name of a path, and what comes behind its dot.
struct Split {
  std::string_view first, rest;
};
Split split(std::string_view path) {
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return {path, {}};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

Found in(Fallback& fallback, std::string_view path) {
  if (path == "share") return &fallback.share;
  if (path == "stale" && fallback.stale) return &*fallback.stale;
  return std::nullopt;
}
Found in(std::optional<Fallback>& fallback, std::string_view path) {
  return fallback ? in(*fallback, path) : std::nullopt;
}

Found in(Backoff& backoff, std::string_view path) {
  if (path == "first") return &backoff.first;
  if (path == "factor") return &backoff.factor;
  if (path == "up_to") return &backoff.up_to;
  if (path == "jitter") return &backoff.jitter;
  return std::nullopt;
}

Found in(Breaker& breaker, std::string_view path) {
  if (path == "errors") return &breaker.errors;
  if (path == "window") return &breaker.window;
  if (path == "open") return &breaker.open;
  if (path == "probes") return &breaker.probes;
  return std::nullopt;
}

// Whether there is a deadline, or a limit to lateness, says how a call is followed; where there is one, it may change.
Found in(Call& call, std::string_view path) {
  const auto [first, rest] = split(path);
  if (!rest.empty()) {
    if (first == "backoff") return in(call.backoff, rest);
    if (first == "breaker" && call.breaker) return in(*call.breaker, rest);
    if (first == "fallback") return in(call.fallback, rest);
    return std::nullopt;
  }
  if (path == "per_request") return &call.per_request;
  if (path == "timeout") return &call.timeout;
  if (path == "tries") return &call.tries;
  if (path == "retry_budget") return &call.retry_budget;
  if (path == "bulkhead") return &call.bulkhead;
  if (path == "hedge_after") return &call.hedge_after;
  if (path == "static_for") return &call.static_for;
  if (path == "deadline" && call.deadline) return &call.deadline;
  if (path == "late" && call.late) return &call.late;
  return std::nullopt;
}

// The nth of those to the callee, in the order written.
Call* call_to(const World& world, std::vector<Call>& calls, std::string_view name, int& nth) {
  for (Call& call : calls) {
    if (call.form == Call::Form::single && world[call.to].name == name && --nth == 0) return &call;
    if (Call* const member = call_to(world, call.members, name, nth)) return member;
  }
  return nullptr;
}

// `calls[auth.check].timeout`, `calls[auth.check:2].timeout`.
Call* call_at(const World& world, std::vector<Call>& calls, std::string_view path, std::string_view& rest) {
  constexpr std::string_view begin = "calls[";
  const std::size_t end = path.find("].");
  if (path.substr(0, begin.size()) != begin || end == std::string_view::npos) return nullptr;
  rest = path.substr(end + 2);
  const std::string_view item = path.substr(begin.size(), end - begin.size());
  const std::size_t colon = item.find(':');
  int nth = 1;
  if (colon != std::string_view::npos) std::from_chars(item.data() + colon + 1, item.data() + item.size(), nth);
  return call_to(world, calls, item.substr(0, colon), nth);
}

Found in_calls(const World& world, std::vector<Call>& calls, std::string_view path) {
  std::string_view rest;
  Call* const call = call_at(world, calls, path, rest);
  return call != nullptr ? in(*call, rest) : std::nullopt;
}

Found in(const World& world, Operation& operation, std::string_view path) {
  if (path == "cost") return &operation.cost;
  if (path == "latency") return &operation.latency;
  const auto [first, rest] = split(path);
  if (first == "fallback") return in(operation.fallback, rest);
  return in_calls(world, operation.calls, path);
}

Found in(Overload& overload, std::string_view path) {
  if (auto* const queue = std::get_if<Queue>(&overload)) {
    if (path == "limit") return &queue->limit;
    if (path == "expires" && queue->expires) return &*queue->expires;
  }
  if (auto* const collapse = std::get_if<Collapse>(&overload); collapse != nullptr && path == "patience")
    return &collapse->patience;
  if (auto* const slowdown = std::get_if<Slowdown>(&overload); slowdown != nullptr && path == "per_request")
    return &slowdown->per_request;
  if (auto* const brownout = std::get_if<Brownout>(&overload); brownout != nullptr && path == "from")
    return &brownout->from;
  if (auto* const adaptive = std::get_if<Adaptive>(&overload); adaptive != nullptr && path == "wait")
    return &adaptive->wait;
  return std::nullopt;
}

Found in(Autoscale& rule, std::string_view path) {
  if (path == "keep") return &rule.keep;
  if (path == "from") return &rule.from;
  if (path == "to") return &rule.to;
  if (path == "every") return &rule.every;
  if (path == "delay") return &rule.delay;
  return std::nullopt;
}

Found in(Cache& cache, std::string_view path) {
  if (path == "hit") return &cache.hit;
  if (path == "cold") return &cache.cold;
  if (path == "expires" && cache.expires) return &*cache.expires;
  if (path == "drop_on_error") return &cache.drop_on_error;
  return std::nullopt;
}

// Parts of a service that are there or not.
Found in_parts(Service& service, std::string_view first, std::string_view rest) {
  if (first == "overload") return in(service.overload, rest);
  if (first == "autoscale" && service.autoscale) return in(*service.autoscale, rest);
  if (first == "cache" && service.cache) return in(*service.cache, rest);
  if (first == "restart" && rest == "rate" && service.restart_rate) return &service.restart_rate;
  if (first == "warm_up" && service.warm_up) {
    if (rest == "from") return &service.warm_up->from;
    if (rest == "over") return &service.warm_up->over;
  }
  if (first == "resolve" && service.resolve) {
    if (rest == "ttl") return &service.resolve->ttl;
    if (rest == "negative_ttl") return &service.resolve->negative_ttl;
  }
  return std::nullopt;
}

Found in(World& world, Service& service, std::string_view path) {
  const bool is_slowed = std::holds_alternative<Slowdown>(service.overload);  // it is sized by what each request adds
  if (path == "per_replica" && !is_slowed) return &service.per_replica;
  if (path == "replicas" && !service.autoscale) return &service.replicas;
  const auto [first, rest] = split(path);
  if (const Found found = in_parts(service, first, rest)) return found;
  if (service.operations.size() != 1) return std::nullopt;
  Operation& only = world.operations[service.operations.front().index()];
  return only.name == service.name && path != "cost" ? in(world, only, path) : std::nullopt;
}

Found in(Population& population, std::string_view path) {
  if (path == "resolver_tries") return &population.resolver_tries;
  if (path == "retry.returns") return &population.retry.returns;
  return std::nullopt;
}

template <class Value>
void put_in(Value& place, double value) {
  if constexpr (std::is_same_v<Value, Duration>) {
    place = Duration::of_seconds(value);
  } else if constexpr (std::is_same_v<Value, Rate>) {
    place = Rate::per_second(value);
  } else if constexpr (std::is_same_v<Value, quantity::DataRate>) {
    place = quantity::DataRate::bytes_per_second(value);
  } else if constexpr (std::is_same_v<Value, Share>) {
    place = Share{value};
  } else if constexpr (std::is_same_v<Value, Latency>) {
    place = {.median = Duration::of_seconds(value), .sigma = 0, .other = {}};
  } else if constexpr (std::is_same_v<Value, random::DurationDistribution>) {
    place = random::DurationDistribution::constant(Duration::of_seconds(value));
  } else if constexpr (std::is_same_v<Value, std::vector<double>>) {
    std::fill(place.begin(), place.end(), value);
  } else {
    place = static_cast<Value>(value);
  }
}
template <class Value>
void put_in(std::optional<Value>& place, double value) {
  Value inner{};
  put_in(inner, value);
  place = inner;
}

void mark_calls(const World& world, std::vector<Call>& calls, const Effect& effect) {
  for (const Setting& setting : effect.values) {
    std::string_view rest;
    Call* const call = call_at(world, calls, setting.path, rest);
    if (call != nullptr && (rest == "tries" || split(rest).first == "backoff")) call->retries_change = true;
  }
}

}  // namespace

std::optional<Parameter> parameter_of(World& world, const Subject& subject, std::string_view path) {
  if (const auto* id = std::get_if<ServiceId>(&subject)) return in(world, world.services[id->index()], path);
  if (const auto* id = std::get_if<OperationId>(&subject)) return in(world, world.operations[id->index()], path);
  if (const auto* id = std::get_if<PopulationId>(&subject)) return in(world.populations[id->index()], path);
  if (const auto* id = std::get_if<LinkId>(&subject)) {
    if (path == "latency") return &world.links[id->index()].latency;
  }
  if (const auto* id = std::get_if<SessionId>(&subject)) {
    if (path == "notice") return &world.sessions[id->index()].notice;
  }
  if (const auto* id = std::get_if<JourneyId>(&subject)) {
    Journey& journey = world.journeys[id->index()];
    const auto [first, rest] = split(path);
    if (path == "timeout") return &journey.timeout;
    if (first == "fallback") return in(journey.fallback, rest);
    return in_calls(world, journey.calls, path);
  }
  return std::nullopt;
}

std::optional<Parameter> parameter_of(const World& world, std::vector<Call>& calls, std::string_view path) {
  return in_calls(world, calls, path);
}

std::optional<Parameter> parameter_of(Overload& policy, std::string_view path) { return in(policy, path); }

void put(Parameter parameter, double value) {
  std::visit([value](auto* place) { put_in(*place, value); }, parameter);
}

std::function<void()> as_it_is(Parameter parameter) {
  return std::visit([](auto* place) -> std::function<void()> { return [place, value = *place] { *place = value; }; },
                    parameter);
}

std::vector<const Effect*> effects_of(const World& world) {
  std::vector<const Effect*> effects;
  for (const Fault& fault : world.faults) effects.push_back(&fault.effect);
  for (const Reaction& reaction : world.reactions) effects.push_back(&reaction.effect);
  for (const Step& step : world.steps) {
    effects.push_back(&step.effect);
    if (step.harm) effects.push_back(&*step.harm);
  }
  return effects;
}

void note_changing_retries(World& world) {
  for (const Effect* effect : effects_of(world)) {
    if (effect->verb != Verb::set) continue;
    for (const Target& target : effect->targets) {
      if (const auto* id = std::get_if<JourneyId>(&target.subject))
        mark_calls(world, world.journeys[id->index()].calls, *effect);
      if (const auto* id = std::get_if<OperationId>(&target.subject))
        mark_calls(world, world.operations[id->index()].calls, *effect);
      if (const auto* id = std::get_if<ServiceId>(&target.subject)) {
        for (const OperationId operation : world[*id].operations)
          mark_calls(world, world.operations[operation.index()].calls, *effect);
      }
    }
  }
}

}  // namespace knockon::world
