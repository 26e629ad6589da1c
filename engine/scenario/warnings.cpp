#include "engine/scenario/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "engine/quantity/text.hpp"

namespace knockon::scenario {
namespace {

using quantity::Duration;
using world::World;

// ---- queues

// The most patient single call to each operation.
void note_patience(const std::vector<world::Call>& calls, const std::string& caller,
                   std::map<world::OperationId, std::pair<Duration, std::string>>& most_patient) {
  for (const world::Call& call : calls) {
    note_patience(call.members, caller, most_patient);
    if (call.form != world::Call::Form::single || call.kind == world::CallKind::async) continue;
    const auto [place, is_new] = most_patient.try_emplace(call.to, call.timeout, caller);
    if (!is_new && place->second.first < call.timeout) place->second = {call.timeout, caller};
  }
}

// Only where somebody wrote a limit: the defaults are nobody's mistake.
void warn_of_queues(Reading& reading) {
  const World& world = reading.world;
  std::map<world::OperationId, std::pair<Duration, std::string>> most_patient;
  for (const world::Operation& operation : world.operations)
    note_patience(operation.calls, operation.name, most_patient);
  for (const world::Journey& journey : world.journeys) note_patience(journey.calls, journey.name, most_patient);
  for (std::size_t i = 0; i < world.services.size(); ++i) {
    const auto* queue = std::get_if<world::Queue>(&world.services[i].overload);
    const Node& service = *reading.section("services")[i].value;
    const Entry* overload = service.is_map() ? service.find("overload") : nullptr;
    if (!queue || !overload) continue;
    const Node* policy = Reading::items_of(overload->value).front();
    const Entry* limit = policy->is_map() ? policy->find("limit") : nullptr;
    std::optional<std::pair<Duration, std::string>> longest;
    for (const world::OperationId operation : world.services[i].operations) {
      const auto found = most_patient.find(operation);
      if (found != most_patient.end() && (!longest || longest->first < found->second.first)) longest = found->second;
    }
    if (!limit || !longest || queue->limit <= longest->first) continue;
    reading.faults.warning(
        limit->value->span, "callee-outwaits-caller",
        fmt::format("work may wait here for {}, and nobody who asks {} waits longer than {} ({})",
                    quantity::rounded_text_of(queue->limit), scenario::quoted(world.services[i].name),
                    quantity::rounded_text_of(longest->first), longest->second),
        fmt::format("a limit below {} spares answers that nobody is waiting for",
                    quantity::rounded_text_of(longest->first)));
  }
}

// ---- monitors

// Services without which an operation cannot answer.
class Foundations {
 public:
  explicit Foundations(const World& world) : world_{world} {}

  void add(world::ServiceId service) {
    std::vector<world::ServiceId> open{service};
    while (!open.empty()) {
      const world::ServiceId next = open.back();
      open.pop_back();
      if (!services_.insert(next).second) continue;
      for (const world::OperationId operation : world_[next].operations) add_hard_calls(world_[operation].calls, open);
      for (const world::Need& need : world_[next].needs) add_need(need, open);
    }
  }
  void add(const world::Need& need) {
    std::vector<world::ServiceId> open;
    add_need(need, open);
    for (const world::ServiceId service : open) add(service);
  }
  [[nodiscard]] bool has(world::ServiceId service) const { return services_.count(service) > 0; }

 private:
  void add_hard_calls(const std::vector<world::Call>& calls, std::vector<world::ServiceId>& open) {
    for (const world::Call& call : calls) {
      if (call.form == world::Call::Form::parallel) add_hard_calls(call.members, open);
      const bool is_vital =
          call.form == world::Call::Form::single && call.kind == world::CallKind::hard && !call.fallback;
      if (is_vital) open.push_back(world_[call.to].service);
    }
  }

  // One of several is no foundation.
  void add_need(const world::Need& need, std::vector<world::ServiceId>& open) {
    if (need.any_of.size() != 1) return;
    if (const auto* service = std::get_if<world::ServiceId>(&need.any_of.front().subject)) open.push_back(*service);
    if (const auto* operation = std::get_if<world::OperationId>(&need.any_of.front().subject))
      open.push_back(world_[*operation].service);
  }

  const World& world_;
  std::set<world::ServiceId> services_;
};

std::optional<world::ServiceId> service_in(const World& world, const world::Subject& subject) {
  if (const auto* service = std::get_if<world::ServiceId>(&subject)) return *service;
  if (const auto* operation = std::get_if<world::OperationId>(&subject)) return world[*operation].service;
  return std::nullopt;
}

// A watched service that the monitor itself cannot do without.
std::optional<world::ServiceId> blind_spot(const World& world, const world::Monitor& monitor) {
  Foundations foundations{world};
  for (const world::Need& need : monitor.needs) foundations.add(need);
  std::vector<world::Subject> watched;
  for (const world::MetricTest& test : monitor.alert.metric_tests) watched.push_back(test.target.subject);
  for (const world::StateTest& test : monitor.alert.state_tests) watched.push_back(test.target.subject);
  for (const world::Subject& subject : watched) {
    const auto service = service_in(world, subject);
    if (service && foundations.has(*service)) return service;
  }
  return std::nullopt;
}

// A blind monitor among others is a story worth telling; if all are blind, nobody would ever find out.
void warn_of_blindness(Reading& reading) {
  const World& world = reading.world;
  std::vector<std::optional<world::ServiceId>> spots;
  for (const world::Monitor& monitor : world.monitors) spots.push_back(blind_spot(world, monitor));
  if (std::any_of(spots.begin(), spots.end(), [](const auto& spot) { return !spot; })) return;
  for (std::size_t i = 0; i < spots.size(); ++i) {
    const Entry& monitor = reading.section("monitors")[i];
    const std::string& name = world[*spots[i]].name;
    reading.faults.warning(
        monitor.value->find("alert")->value->span, "blind-alert",
        fmt::format("this watches {0}, and the monitor needs {0} to see: when it fails, nobody is told",
                    scenario::quoted(name)),
        "let its needs not rest on what it watches, or add a monitor that needs nothing, such as one of reports");
  }
}

// ---- the horizon

Duration ramp_of(const world::Step& step) {
  if (!step.effect.admission) return {};
  const world::Admission& admission = *step.effect.admission;
  const auto stages_of = [](double from, double to, double by) { return by > 0 ? (to - from) / by : 0; };
  const auto& rates = admission.rates;
  const double stages = rates ? stages_of(rates->from.per_second(), rates->to.per_second(), rates->by.per_second())
                              : stages_of(admission.from.value(), admission.to.value(), admission.by.value());
  return Duration::of_seconds(std::max(0.0, std::ceil(stages)) * admission.every.in_seconds());
}

// When the last step of a strategy is over if each takes its median, nothing fails and nobody waits.
Duration plan_of(const World& world, const world::Strategy& strategy) {
  std::map<world::StepId, Duration> over;
  Duration last;
  // A step may come before those it follows: again until nothing moves.
  for (bool moves = true; moves;) {
    moves = false;
    for (const world::StepId id : strategy.steps) {
      const world::Step& step = world[id];
      const world::Way& way = step.ways.front();
      Duration end = way.takes.median() + ramp_of(step);
      for (const world::StepId before : step.after)
        end = std::max(end, over[before] + way.takes.median() + ramp_of(step));
      const auto team = way.team ? way.team : step.team;
      if (team && step.after.empty()) end = end + world[*team].acknowledge.median();
      moves = moves || over[id] < end;
      over[id] = std::max(over[id], end);
      last = std::max(last, end);
    }
  }
  return last;
}

struct Expected {
  Duration restoration;
  std::string source;
};

// What really happened, where the scenario says; else the plan.
std::optional<Expected> expected_restoration(const World& world) {
  std::optional<Expected> longest;
  for (const world::Observed& observed : world.observed) {
    const bool is_restoration = !observed.of || observed.of->measure == world::Measure::restored;
    const Duration value = Duration::of_seconds(observed.low * 60);
    if (is_restoration && (!longest || longest->restoration < value))
      longest = Expected{value, fmt::format("at which {} was observed", observed.text)};
  }
  if (longest) return longest;
  if (!world.strategy || world[*world.strategy].steps.empty()) return std::nullopt;
  const world::Strategy& strategy = world[*world.strategy];
  return Expected{plan_of(world, strategy), fmt::format("which the steps of {} take in the median", strategy.name)};
}

void warn_of_horizon(Reading& reading) {
  const World& world = reading.world;
  const Entry* written = reading.root.find("horizon");
  const auto expected = expected_restoration(world);
  if (!expected || world.horizon >= expected->restoration * 2) return;
  reading.faults.warning(
      written ? written->value->span : reading.root.span, "short-horizon",
      fmt::format("the horizon of {} is less than twice the {} {}: many replications would end unrestored",
                  quantity::rounded_text_of(world.horizon), quantity::rounded_text_of(expected->restoration),
                  expected->source),
      "give the slow ones time to end");
}

// ---- promises

struct Reach {
  double low, high;
};

// Between which values a measure must lie whatever happens.
Reach reach_of(const World& world, const world::MeasureOf& of) {
  constexpr double endless = std::numeric_limits<double>::infinity();
  const double horizon = world.horizon.in_seconds() / 60;
  switch (of.measure) {
    case world::Measure::down:
    case world::Measure::degraded:
      return {0, horizon};
    case world::Measure::ever_down:
      return {0, 1};
    default:
      return {0, endless};
  }
}

// Whether the comparison holds for all values within reach, and whether for none.
struct Outlook {
  bool is_certain, is_hopeless;
};
Outlook outlook_of(const world::Promise& promise, const Reach& reach) {
  switch (promise.comparison) {
    case world::Comparison::less:
      return {reach.high < promise.low, reach.low >= promise.low};
    case world::Comparison::at_most:
      return {reach.high <= promise.low, reach.low > promise.low};
    case world::Comparison::greater:
      return {reach.low > promise.low, reach.high <= promise.low};
    case world::Comparison::at_least:
      return {reach.low >= promise.low, reach.high < promise.low};
    case world::Comparison::equal:
      return {false, promise.low < reach.low || promise.low > reach.high};
    case world::Comparison::within:
      return {promise.low <= reach.low && reach.high <= promise.high,
              promise.high < reach.low || promise.low > reach.high};
  }
  return {false, false};
}

void warn_of_promises(Reading& reading) {
  const Entry* written = reading.root.find("promises");
  if (!written) return;
  const auto nodes = Reading::items_of(written->value);
  for (std::size_t i = 0; i < nodes.size() && i < reading.world.promises.size(); ++i) {
    const world::Promise& promise = reading.world.promises[i];
    const Outlook outlook = outlook_of(promise, reach_of(reading.world, promise.of));
    const char* measure = world::text_of(promise.of.measure);
    if (outlook.is_certain)
      reading.faults.warning(nodes[i]->span, "certain-promise",
                             fmt::format("this promise cannot be broken: {} is never outside it", measure),
                             "promise something that a bad day could break");
    if (outlook.is_hopeless)
      reading.faults.warning(nodes[i]->span, "hopeless-promise",
                             fmt::format("this promise cannot be kept: {} never comes within it", measure),
                             "is its comparison the right way round?");
  }
}

}  // namespace

void warn_of_regrets(Reading& reading) {
  warn_of_queues(reading);
  warn_of_blindness(reading);
  warn_of_horizon(reading);
  warn_of_promises(reading);
}

}  // namespace knockon::scenario
