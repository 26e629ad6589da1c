#include "engine/graph/severity.hpp"

#include <algorithm>

#include "engine/graph/words.hpp"

namespace knockon::graph {
namespace {

using world::Condition;
using world::World;

// What an app's conditions can read here: shares of people, in one region.
struct Standing {
  double success = 1, degraded = 0;
  [[nodiscard]] double stale() const { return success > 0 ? degraded / success : 0; }
};

bool holds(const world::MetricTest& test, world::AppId app, const Standing& standing) {
  const auto& subject = test.target.subject;
  const auto* named = std::get_if<world::AppId>(&subject);
  if (!std::holds_alternative<world::Itself>(subject) && !(named != nullptr && *named == app)) return false;
  double value = 0;
  switch (test.metric) {
    case world::Metric::success:
      value = standing.success;
      break;
    case world::Metric::degraded:
      value = standing.degraded;
      break;
    case world::Metric::stale:
      value = standing.stale();
      break;
    default:
      return false;
  }
  return test.is_true_of(value);
}

bool holds(const Condition& condition, world::AppId app, const Standing& standing) {
  std::vector<bool> value;
  for (const Condition::Node& node : condition.nodes) {
    switch (node.kind) {
      case Condition::Kind::metric:
        value.push_back(holds(condition.metric_tests[node.first], app, standing));
        break;
      case Condition::Kind::state:
        value.push_back(false);
        break;
      case Condition::Kind::negation:
        value.push_back(!value[node.first]);
        break;
      case Condition::Kind::conjunction:
        value.push_back(value[node.first] && value[node.second]);
        break;
      case Condition::Kind::disjunction:
        value.push_back(value[node.first] || value[node.second]);
        break;
      case Condition::Kind::held_for:
        value.push_back(value[node.first]);
        break;
    }
  }
  return !value.empty() && value.back();
}

Severity severity_of(const Dependence& dependence, world::AppId id, world::RegionId region, const Fates& fates) {
  const World& world = dependence.world();
  const world::App& app = world[id];
  Standing standing{.success = 0, .degraded = 0};
  bool any_critical = false, any_down = false, all_ok = true;
  for (const world::JourneyId journey : app.journeys) {
    if (!world[journey].critical) continue;
    any_critical = true;
    const Severity severity = fates.of(journey, region);
    const double weight = dependence.weight(journey, region);
    all_ok = all_ok && severity == Severity::ok;
    any_down = any_down || severity == Severity::down;
    if (severity != Severity::down) standing.success += weight;
    if (severity == Severity::degraded) standing.degraded += weight;
  }
  if (!any_critical || all_ok) return Severity::ok;
  // Weights add up to one but for rounding; a threshold of exactly that much must not tell the difference.
  if (!any_down) standing.success = 1;
  if (holds(app.down, id, standing)) return Severity::down;
  return any_down || holds(app.degraded, id, standing) ? Severity::degraded : Severity::ok;
}

// One walk: as many cases as a value has bits.
class Walk {
 public:
  Walk(const Dependence& dependence, std::size_t first, std::size_t count,
       const std::function<Failures(std::size_t)>& failures)
      : dependence_{dependence}, settled_{dependence, words_, working(first, count, failures), dependence.order()} {
    const World& world = dependence.world();
    for (std::size_t j = 0; j < world.journeys.size(); ++j) {
      for (std::size_t r = 0; r < world.regions.size(); ++r) {
        answers_.push_back(settled_.journey(world::JourneyId{j}, world::RegionId{r}));
      }
    }
  }

  void read(std::size_t lane, Fates& fates) const {
    const World& world = dependence_.world();
    fates.regions = world.regions.size();
    fates.journeys.resize(answers_.size());
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      const bool any = answers_[i].any.holds(lane), full = answers_[i].full.holds(lane);
      fates.journeys[i] = !any ? Severity::down : full ? Severity::ok : Severity::degraded;
    }
    fates.apps.clear();
    for (std::size_t a = 0; a < world.apps.size(); ++a) {
      for (std::size_t r = 0; r < world.regions.size(); ++r) {
        fates.apps.push_back(severity_of(dependence_, world::AppId{a}, world::RegionId{r}, fates));
      }
    }
  }

 private:
  Working<Words::Value> working(std::size_t first, std::size_t count,
                                const std::function<Failures(std::size_t)>& failures) const {
    Working<Words::Value> working;
    working.components.assign(dependence_.components().size(), Words::always());
    for (std::size_t lane = 0; lane < count; ++lane) {
      const Failures failed = failures(first + lane);
      for (const ComponentId id : failed.components) working.components[id.index()].clear(lane);
      if (!failed.instances.empty() && working.instances.empty()) {
        working.instances.assign(dependence_.instances(), Words::always());
      }
      for (const std::size_t instance : failed.instances) working.instances[instance].clear(lane);
    }
    return working;
  }

  const Dependence& dependence_;
  Words words_;
  Settled<Words> settled_;
  std::vector<Settled<Words>::Answer> answers_;
};

}  // namespace

const char* text_of(Severity severity) {
  return severity == Severity::down ? "down" : severity == Severity::degraded ? "degraded" : "ok";
}

void for_each_case(const Dependence& dependence, std::size_t count,
                   const std::function<Failures(std::size_t)>& failures,
                   const std::function<void(std::size_t, const Fates&)>& look) {
  Fates fates;
  for (std::size_t first = 0; first < count; first += Words::lanes) {
    const std::size_t lanes = std::min(Words::lanes, count - first);
    const Walk walk{dependence, first, lanes, failures};
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      walk.read(lane, fates);
      look(first + lane, fates);
    }
  }
}

Fates fates_of(const Dependence& dependence, const Failures& failures) {
  Fates found;
  for_each_case(
      dependence, 1, [&](std::size_t) { return failures; }, [&](std::size_t, const Fates& fates) { found = fates; });
  return found;
}

}  // namespace knockon::graph
