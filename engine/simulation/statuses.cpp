#include "engine/simulation/statuses.hpp"

#include <algorithm>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

constexpr Duration default_hold = Duration::minutes(1);
constexpr Duration ok_must_hold = Duration::minutes(15);

enum class State : std::uint8_t { ok, degraded, down };

struct Segment {
  State state;
  SimTime from, to;
};

bool is_within(const std::vector<Held>& held, SimTime date) {
  return std::any_of(held.begin(), held.end(), [date](const Held& h) { return h.from <= date && date < h.to; });
}

// The dates at which either condition turned, with the ends of what is measured.
std::vector<SimTime> turning_points(const std::vector<Held>& down, const std::vector<Held>& degraded, SimTime onset,
                                    SimTime horizon) {
  std::vector<SimTime> points;
  points.reserve(2 + 2 * (down.size() + degraded.size()));
  points.insert(points.end(), {onset, horizon});
  for (const auto* list : {&down, &degraded}) {
    for (const Held& held : *list) {
      if (held.from > onset && held.from < horizon) points.push_back(held.from);
      if (held.to > onset && held.to < horizon) points.push_back(held.to);
    }
  }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

// What follows on the same goes on with it.
void merge(std::vector<Segment>& segments) {
  auto last = segments.begin();
  for (auto segment = last; segment != segments.end(); ++segment) {
    if (segment->state == last->state) {
      last->to = segment->to;
    } else {
      *++last = *segment;
    }
  }
  if (!segments.empty()) segments.erase(last + 1, segments.end());
}

// A short state beside a down one was cut out of a longer one by it: neither condition held (or failed to hold) so
// shortly.
void take_out_remnants(std::vector<Segment>& segments) {
  for (std::size_t i = 1; i + 1 < segments.size(); ++i) {
    Segment& segment = segments[i];
    const State before = segments[i - 1].state, after = segments[i + 1].state;
    const bool is_short = segment.to - segment.from < default_hold;
    const bool is_cut = segment.state == State::degraded ? before == State::down || after == State::down
                                                         : segment.state == State::ok && before != after;
    if (is_short && is_cut) segment.state = before;
  }
  merge(segments);
}

bool asks_for_status(const world::Condition& condition) {
  return std::any_of(condition.state_tests.begin(), condition.state_tests.end(),
                     [](const world::StateTest& test) { return test.state == world::State::down; });
}

bool asks_for_status(const std::optional<world::Condition>& condition) {
  return condition && asks_for_status(*condition);
}

// Whether anything that acts reads `down(app)`: then apps have to go down and come up on the very date.
bool asks_for_status(const world::World& world) {
  const auto any = [](const auto& things, const auto& asks) { return std::any_of(things.begin(), things.end(), asks); };
  return any(world.faults,
             [](const auto& fault) { return asks_for_status(fault.when) || asks_for_status(fault.until); }) ||
         any(world.reactions,
             [](const auto& reaction) {
               return asks_for_status(reaction.when) || asks_for_status(reaction.until) ||
                      (reaction.effect.admission && asks_for_status(reaction.effect.admission->guard));
             }) ||
         any(world.monitors, [](const auto& monitor) { return asks_for_status(monitor.alert); }) ||
         any(world.strategies, [](const auto& strategy) { return asks_for_status(strategy.when); }) ||
         any(world.steps, [](const auto& step) {
           return asks_for_status(step.when) || asks_for_status(step.only_if) ||
                  (step.effect.admission && asks_for_status(step.effect.admission->guard));
         });
}

}  // namespace

void set_intervals(AppOutcome& outcome, const std::vector<Held>& down, const std::vector<Held>& degraded, SimTime onset,
                   SimTime horizon) {
  if (down.empty() && degraded.empty()) return;
  const std::vector<SimTime> points = turning_points(down, degraded, onset, horizon);
  std::vector<Segment> segments;
  segments.reserve(points.size());
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    const State state = is_within(down, points[i])       ? State::down
                        : is_within(degraded, points[i]) ? State::degraded
                                                         : State::ok;
    segments.push_back({.state = state, .from = points[i], .to = points[i + 1]});
  }
  merge(segments);
  take_out_remnants(segments);
  for (State state : {State::down, State::degraded}) {
    std::vector<Interval>& intervals = state == State::down ? outcome.down : outcome.degraded;
    const auto is_so = [state](const Segment& segment) { return segment.state == state; };
    intervals.reserve(intervals.size() + static_cast<std::size_t>(std::ranges::count_if(segments, is_so)));
    for (const Segment& segment : segments) {
      if (is_so(segment)) intervals.push_back({.from = segment.from - onset, .to = segment.to - onset});
    }
  }
}

void set_dates(AppOutcome& outcome, Duration end) {
  if (outcome.down.empty() && outcome.degraded.empty()) return;
  std::vector<Interval> not_ok(outcome.down.size() + outcome.degraded.size());
  std::ranges::merge(outcome.down, outcome.degraded, not_ok.begin(), {}, &Interval::from, &Interval::from);
  outcome.hit = true;
  outcome.first_impact = not_ok.front().from;
  for (std::size_t i = 1; i < not_ok.size(); ++i) {
    if (not_ok[i].from > not_ok[i - 1].to) ++outcome.dips;
  }
  if (!outcome.down.empty() && outcome.down.back().to < end) outcome.mitigated = outcome.down.back().to;
  if (not_ok.back().to + ok_must_hold <= end) outcome.restored = not_ok.back().to;
}

Statuses::Statuses(Scene& scene) : scene_{scene} {
  const world::World& world = scene.world;
  is_acted_upon_ = asks_for_status(world);
  judged_.reserve(world.apps.size() * (world.regions.size() + 1));  // listeners keep references
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    const world::AppId app{a};
    bool any = false;
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      const world::RegionId region{r};
      if (!scene.readings.has_users(app, region)) continue;
      judge(app, region);
      any = true;
    }
    if (any) judge(app, std::nullopt);
  }
}

void Statuses::judge(world::AppId app, std::optional<world::RegionId> region) {
  const world::App& layout = scene_.world[app];
  Judged& judged = judged_.emplace_back();
  judged.app = app;
  judged.region = region;
  const auto binding = [this, region](world::Subject subject) {
    Watches::Binding of{
        .itself = target_of(subject), .here = {}, .as_users_meet_it = true, .only_measured = !is_acted_upon_};
    if (region) of.itself.place = *region;
    return of;
  };
  judged.down = scene_.watches.add(layout.down, binding(app), default_hold);
  judged.degraded = scene_.watches.add(layout.degraded, binding(app), default_hold);
  for (const world::JourneyId journey : layout.journeys) {
    if (!scene_.readings.reads(journey)) continue;
    judged.journeys.push_back(scene_.watches.add(layout.down, binding(journey), default_hold));
  }
  const auto listen = [this, &judged](Watches::Id watch) {
    scene_.watches.on_turn(watch, [this, &judged] { turn(judged); });
    scene_.watches.activate(watch);
  };
  std::ranges::for_each(judged.journeys, listen);
  listen(judged.down);
  listen(judged.degraded);
}

void Statuses::note(std::vector<Held>& held, bool holds, SimTime since) const {
  const bool held_before = !held.empty() && held.back().to.is_never();
  if (holds == held_before) return;
  if (holds) {
    held.push_back({.from = since, .to = SimTime::never()});
  } else {
    held.back().to = std::max(since, held.back().from);
  }
}

void Statuses::turn(Judged& judged) {
  const Watches& watches = scene_.watches;
  const bool down = watches.holds(judged.down);
  bool degraded = watches.holds(judged.degraded);
  SimTime degraded_since = watches.since(judged.degraded);
  for (const Watches::Id journey : judged.journeys) {
    const bool holds = watches.holds(journey);
    const SimTime since = watches.since(journey);
    if (holds && degraded) degraded_since = std::min(degraded_since, since);
    if (holds && !degraded) degraded_since = since;
    if (!holds && !degraded) degraded_since = std::max(degraded_since, since);
    degraded = degraded || holds;
  }
  const SimTime down_since = watches.since(judged.down);
  note(judged.downs, down, down_since);
  note(judged.degradeds, degraded, degraded_since);

  const EventKind status = down ? EventKind::app_down : degraded ? EventKind::app_degraded : EventKind::app_ok;
  if (status == judged.status) return;
  judged.status = status;
  const SimTime since = down ? down_since : std::max(down_since, degraded_since);
  world::Target about = target_of(judged.app);
  if (judged.region) about.place = *judged.region;
  EventNumber cause = scene_.trace.latest_touching(scene_.cones.of(judged.app), since);
  // Nothing it hangs on was touched: others' people have flooded what it shares with them.
  if (cause == 0) cause = scene_.trace.latest_touching(scene_.cones.all(), since);
  const EventNumber event =
      scene_.trace.add({.at = since.since_start(), .kind = status, .about = about, .cause = cause});
  if (status == EventKind::app_ok) judged.last_ok = event;
  Situation::Fact& fact = scene_.situation.app_down(judged.app, judged.region);
  if (fact.holds != down) scene_.situation.set(fact, down, event);
}

void Statuses::fill(Outcome& outcome) const {
  const SimTime onset = *scene_.marks.onset;
  const SimTime horizon = scene_.horizon();
  for (const Judged& judged : judged_) {
    AppOutcome& app =
        judged.region
            ? outcome.apps_in_regions[judged.app.index() * scene_.world.regions.size() + judged.region->index()]
            : outcome.apps[judged.app.index()];
    set_intervals(app, judged.downs, judged.degradeds, onset, horizon);
    set_dates(app, horizon - onset);
  }
}

EventNumber Statuses::last_ok(world::AppId app, world::RegionId region) const {
  for (const Judged& judged : judged_) {
    if (judged.app == app && judged.region == region) return judged.last_ok;
  }
  return 0;
}

}  // namespace knockon::simulation
