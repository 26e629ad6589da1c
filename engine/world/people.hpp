// People: the apps and journeys they use, populations and their hours, and the teams that repair.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/retry.hpp"
#include "engine/world/service.hpp"

namespace knockon::world {

struct Journey {
  AppId app;
  std::string name;                  // "facebook.open-feed"
  std::vector<Call> calls;           // made from the user's region, in order
  std::optional<SessionId> session;  // must be held, else the person has to open one first
  bool critical = true;
  int priority = 0;  // where services shed by journey, those of lower priority are shed first
  quantity::Duration timeout = quantity::Duration::seconds(10);
  std::optional<Fallback> fallback;
  friend bool operator==(const Journey&, const Journey&) = default;
};

// Owed when an app was down for longer than `after` in one outage.
struct Credit {
  quantity::Duration after;
  quantity::Money pays;
  friend bool operator==(const Credit&, const Credit&) = default;
};

struct App {
  std::string name;
  std::vector<JourneyId> journeys;
  Condition down, degraded;  // judged per region
  std::optional<quantity::Share> slo_target;
  quantity::Duration slo_window = quantity::Duration::hours(30L * 24);
  std::vector<Credit> credits;  // the highest tier passed is owed
  friend bool operator==(const App&, const App&) = default;
};

// Level over 24 local hours, linear between points and around midnight; scaled so that the day's mean is 1.
struct Curve {
  std::string name;
  struct Point {
    quantity::Duration local;  // since local midnight, in [0h, 24h)
    double level;
    friend bool operator==(const Point&, const Point&) = default;
  };
  std::vector<Point> points;  // ascending, at least one
  // A straight piece of it, from one of its points to the next.
  struct Leg {
    quantity::Duration begins, length;  // of any day
    double level = 0, rise = 0;         // at its begin, and over it
    [[nodiscard]] bool contains(quantity::Duration local) const {
      return gone(local) >= 0 && gone(local) < length.ticks();
    }
    [[nodiscard]] double at(quantity::Duration local) const {
      return level + rise * static_cast<double>(gone(local)) / static_cast<double>(length.ticks());
    }
    [[nodiscard]] std::int64_t gone(quantity::Duration local) const { return local.ticks() - begins.ticks(); }
  };
  // The one that contains that date, counted from any local midnight.
  [[nodiscard]] Leg leg_at(quantity::Duration local) const;
  [[nodiscard]] double level(quantity::Duration local) const { return leg_at(local).at(local); }
  friend bool operator==(const Curve&, const Curve&) = default;
};

struct Population {
  std::string name;
  std::vector<double> users;  // people, per region (indexed by RegionId)
  CurveId curve, worth_curve;
  struct Habit {
    JourneyId journey;
    quantity::Rate per_user;  // the day's mean
    friend bool operator==(const Habit&, const Habit&) = default;
  };
  std::vector<Habit> does;
  Retry retry;
  int resolver_tries = 1;
  quantity::Rate reports;     // of those failing: reports per person
  quantity::MoneyRate worth;  // all of them, nothing working, the day's average
  quantity::Share deferred;   // of the value lost: made up for later
  struct AppShare {
    AppId app;
    quantity::Share uses;  // of the population
    quantity::Share time;  // of its time; sums to 1 over the apps
    friend bool operator==(const AppShare&, const AppShare&) = default;
  };
  std::vector<AppShare> apps;  // those it `does` something in, in World's order of apps
  friend bool operator==(const Population&, const Population&) = default;
};

struct Team {
  std::string name;
  int people = 1;
  random::DurationDistribution acknowledge;
  std::optional<Place> place;  // none: nowhere; no fault cuts them off but the needs of their steps
  quantity::Duration hours_from, hours_to = quantity::Duration::hours(24);  // UTC offset of their place, or UTC
  std::optional<random::DurationDistribution> off_hours;  // acknowledging outside their hours; none: as inside
  std::optional<TeamId> escalates_to;                     // called when nobody acknowledges; never in a circle
  quantity::Duration escalate_after = quantity::Duration::minutes(30);
  quantity::MoneyRate cost;  // a person
  friend bool operator==(const Team&, const Team&) = default;
};

}  // namespace knockon::world
