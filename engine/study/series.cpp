#include "engine/study/series.hpp"

#include <algorithm>
#include <array>

#include "engine/statistics/quantile.hpp"

namespace knockon::study {
namespace {

using quantity::Duration;
using simulation::Course;
using simulation::Outcome;

constexpr std::int64_t points_wanted = 240;
constexpr std::size_t bytes_max = std::size_t{96} << 20;
constexpr std::uint64_t courses_least = 20, courses_most = 1000;

double quantile(std::vector<double>& values, int percent) {
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(statistics::quantile_rank(values.size(), percent) - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

// `value(course, point)` over all courses.
template <class Value>
Band band_of(const std::vector<const Course*>& courses, std::size_t points, const Value& value) {
  Band band;
  std::vector<double> values(courses.size());
  for (std::size_t point = 0; point < points; ++point) {
    for (std::size_t i = 0; i < courses.size(); ++i) values[i] = value(*courses[i], point);
    band.p05.push_back(quantile(values, 5));
    band.p50.push_back(quantile(values, 50));
    band.p95.push_back(quantile(values, 95));
  }
  return band;
}

}  // namespace

Series series_of(const world::World& world, const std::vector<Outcome>& outcomes) {
  std::vector<const Course*> courses;
  for (const Outcome& outcome : outcomes) {
    if (outcome.course.points > 0) courses.push_back(&outcome.course);
  }
  Series series;
  if (courses.empty()) return series;
  series.step = courses.front()->step;
  series.replications = courses.size();
  series.points = courses.front()->points;
  for (const Course* course : courses) series.points = std::min(series.points, course->points);
  const std::size_t cells = world.apps.size() * world.regions.size();
  for (std::size_t cell = 0; cell < cells; ++cell) {
    series.success.push_back(band_of(courses, series.points, [cell](const Course& course, std::size_t point) {
      return static_cast<double>(course.success[cell * course.points + point]);
    }));
    series.tries_per_s.push_back(band_of(courses, series.points, [cell](const Course& course, std::size_t point) {
      return static_cast<double>(course.tries_per_s[cell * course.points + point]);
    }));
  }
  series.user_minutes_lost = band_of(
      courses, series.points, [](const Course& course, std::size_t point) { return course.user_minutes_lost[point]; });
  series.money_lost =
      band_of(courses, series.points, [](const Course& course, std::size_t point) { return course.money_lost[point]; });
  return series;
}

Duration course_step(const world::World& world) {
  constexpr std::array<std::int64_t, 11> seconds{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900};
  for (auto step = seconds.rbegin(); step != seconds.rend(); ++step) {
    if (world.horizon.ticks() / Duration::seconds(*step).ticks() < points_wanted) continue;
    // Beyond days of quarters of an hour, as many points as are wanted.
    if (step != seconds.rbegin()) return Duration::seconds(*step);
    return std::max(Duration::seconds(*step), Duration::of_ticks(world.horizon.ticks() / (2 * points_wanted)));
  }
  return Duration::seconds(seconds.front());
}

std::uint64_t courses_max(const world::World& world) {
  const std::size_t points = static_cast<std::size_t>(world.horizon.ticks() / course_step(world).ticks()) + 1;
  const std::size_t bytes =
      points * (world.apps.size() * world.regions.size() * 2 * sizeof(float) + 2 * sizeof(double));
  return std::clamp<std::uint64_t>(bytes_max / bytes, courses_least, courses_most);
}

}  // namespace knockon::study
