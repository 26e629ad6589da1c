#include "engine/simulation/course_recorder.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::SimTime;

constexpr double answered_well = .98;                 // of attempts, in full
constexpr double held_well = .95, held_by_half = .5;  // of the sessions usually held

double between(double from, double to, double share) { return from + (to - from) * share; }

void add_spell(std::vector<Spell>& spells, Duration at, Health health) {
  if (spells.empty() || spells.back().health != health) spells.push_back({.from = at, .health = health});
}

}  // namespace

const char* text_of(Health health) {
  switch (health) {
    case Health::ok:
      return "ok";
    case Health::degraded:
      return "degraded";
    case Health::down:
      return "down";
  }
  return "";
}

CourseRecorder::CourseRecorder(const Scene& scene, const Losses& losses)
    : scene_{scene}, losses_{losses}, regions_{scene.world.regions.size()} {}

void CourseRecorder::begin() {
  const Recording& recording = scene_.plan.recording;
  if (recording.step <= Duration{}) return;
  const world::World& world = scene_.world;
  has_begun_ = true;
  onset_ = last_ = scene_.now();
  course_.step = recording.step;
  capacity_ = static_cast<std::size_t>((scene_.horizon() - onset_).ticks() / recording.step.ticks()) + 1;
  const std::size_t cells = world.apps.size() * regions_;
  course_.success.resize(cells * capacity_);
  course_.tries_per_s.resize(cells * capacity_);
  read(before_);
  if (recording.keeps_spells) {
    course_.services.resize(world.services.size());
    course_.sessions.resize(world.sessions.size());
    for (std::size_t i = 0; i < world.sessions.size(); ++i) usually_held_.push_back(held(world::SessionId{i}));
  }
  now_ = before_;
  add_point(0);
}

void CourseRecorder::look_left(SimTime now) {
  if (!has_begun_) return;
  read(now_);
  add_points(now);
  std::swap(before_, now_);
  last_ = now;
}

void CourseRecorder::look_right() {
  if (has_begun_) read(before_);
}

Course CourseRecorder::taken() {
  if (has_begun_) {
    now_ = before_;
    add_points(scene_.horizon());
  }
  return std::move(course_);
}

void CourseRecorder::read(Sample& sample) const {
  const std::size_t cells = scene_.world.apps.size() * regions_;
  sample.success.resize(cells);
  sample.tries_per_s.resize(cells);
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const world::AppId app{cell / regions_};
    const world::RegionId region{cell % regions_};
    sample.success[cell] = scene_.readings.success(app, region);
    sample.tries_per_s[cell] = scene_.flow.tries(app, region).per_second();
  }
  sample.toll = losses_.toll();
}

void CourseRecorder::add_points(SimTime until) {
  const double length = (until - last_).in_seconds();
  while (course_.points < capacity_) {
    const SimTime date = onset_ + Duration::of_ticks(course_.step.ticks() * static_cast<std::int64_t>(course_.points));
    if (date > until) return;
    add_point(length > 0 ? (date - last_).in_seconds() / length : 1);
  }
}

void CourseRecorder::add_point(double share) {
  const std::size_t point = course_.points;
  for (std::size_t cell = 0; cell < before_.success.size(); ++cell) {
    const std::size_t place = cell * capacity_ + point;
    course_.success[place] = static_cast<float>(between(before_.success[cell], now_.success[cell], share));
    course_.tries_per_s[place] = static_cast<float>(between(before_.tries_per_s[cell], now_.tries_per_s[cell], share));
  }
  course_.user_minutes_lost.push_back(between(before_.toll.user_minutes, now_.toll.user_minutes, share));
  course_.money_lost.push_back(between(before_.toll.money, now_.toll.money, share));
  add_spells();
  ++course_.points;
}

// What is so now stands for the point of the grid just passed: nothing has jumped since.
void CourseRecorder::add_spells() {
  const Duration at = Duration::of_ticks(course_.step.ticks() * static_cast<std::int64_t>(course_.points));
  for (std::size_t i = 0; i < course_.services.size(); ++i)
    add_spell(course_.services[i], at, health_of(world::ServiceId{i}));
  for (std::size_t i = 0; i < course_.sessions.size(); ++i)
    add_spell(course_.sessions[i], at, health_of(world::SessionId{i}));
}

Health CourseRecorder::health_of(world::ServiceId service) const {
  const traffic::Flow& flow = scene_.flow;
  if (!flow.is_usable(target_of(service), std::nullopt)) return Health::down;
  for (const world::SiteId site : scene_.world[service].sites) {
    if (!flow.is_usable({.subject = service, .place = site}, std::nullopt)) return Health::degraded;
  }
  const auto success = flow.value(world::Metric::success, target_of(service));
  const auto poorly = flow.value(world::Metric::degraded, target_of(service));
  return success && *success - poorly.value_or(0) < answered_well ? Health::degraded : Health::ok;
}

double CourseRecorder::held(world::SessionId session) const {
  return scene_.flow.value(world::Metric::held, target_of(session)).value_or(0);
}

Health CourseRecorder::health_of(world::SessionId session) const {
  const double usually = usually_held_[session.index()];
  const double now = held(session);
  return now < held_by_half * usually ? Health::down : now < held_well * usually ? Health::degraded : Health::ok;
}

}  // namespace knockon::simulation
