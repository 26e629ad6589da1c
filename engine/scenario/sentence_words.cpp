#include "engine/scenario/sentence_words.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;
using world::Measure;
using world::Metric;
using world::State;
using world::Statistic;

constexpr Kinds answering = Kinds::service | Kinds::operation | Kinds::app | Kinds::journey;
constexpr Kinds standing = place_kinds | Kinds::link | Kinds::service;

}  // namespace

const std::vector<MetricRow>& metric_rows() {
  static const std::vector<MetricRow> rows{
      {"success", Metric::success, answering, Form::share, Nameless::in_app,
       "share of those asking now who would be answered, in full or from a fallback"},
      {"degraded", Metric::degraded, answering, Form::share, Nameless::in_app,
       "share of those asking now who would get a poorer answer"},
      {"stale", Metric::stale, answering, Form::share, Nameless::in_app, "share of successes that are old or partial"},
      {"turned_away", Metric::turned_away, answering, Form::share, Nameless::in_app,
       "share refused on purpose, by admission"},
      {"rate", Metric::rate, answering, Form::rate, Nameless::in_app, "requests or tries that arrive"},
      {"load", Metric::load, Kinds::service | Kinds::link, Form::share, Nameless::never,
       "what is offered, as a share of capacity; may pass 100%"},
      {"backlog", Metric::backlog, Kinds::service, Form::count, Nameless::never, "requests that wait in its queue"},
      {"age", Metric::age, Kinds::service, Form::duration, Nameless::never, "how long the oldest has waited"},
      {"wait", Metric::wait, Kinds::service, Form::duration, Nameless::never,
       "how long a request that arrives now will wait"},
      {"p50", Metric::p50, answering, Form::duration, Nameless::in_app, "half of the answers take less"},
      {"p99", Metric::p99, answering, Form::duration, Nameless::in_app, "99 answers in 100 take less"},
      {"capacity", Metric::capacity, Kinds::service, Form::rate, Nameless::never, "what it can answer now"},
      {"hit", Metric::hit, Kinds::service, Form::share, Nameless::never, "share of requests that a cache answers"},
      {"held", Metric::held, Kinds::session, Form::share, Nameless::never, "share of its holders who hold one"},
      {"reports", Metric::reports, Kinds::app, Form::rate, Nameless::anywhere, "people who report a failure"},
      {"burn", Metric::burn, Kinds::app, Form::count, Nameless::in_app,
       "how many times faster than allowed the objective's budget is spent"},
      {"time", Metric::time, Kinds::none, Form::duration, Nameless::anywhere, "since the scenario's start"},
      {"local_time", Metric::local_time, place_kinds, Form::hours, Nameless::in_app, "the hour of the local day"},
  };
  return rows;
}

const std::vector<StateRow>& state_rows() {
  static const std::vector<StateRow> rows{
      {"up", State::up, standing, "it works; a group does when any member does"},
      {"reachable", State::reachable, standing,
       "it can be reached by users, or by `reachable(NAME from PLACE)`; a group can when any member can"},
      {"usable", State::usable, standing | Kinds::operation, "reachable, and at least half of its requests succeed"},
      {"down", State::down, Kinds::app, "the app's own `down` condition holds"},
      {"active", State::active, Kinds::fault | Kinds::reaction, "it has begun and is not over"},
      {"alerted", State::alerted, Kinds::monitor, "it has seen its condition hold"},
      {"done", State::done, Kinds::step, "the step is done or was skipped"},
      {"failed", State::failed, Kinds::step, "the step did not work"},
  };
  return rows;
}

const std::vector<MeasureRow>& measure_rows() {
  using enum MeasureSubject;
  static const std::vector<MeasureRow> rows{
      {Measure::down, app, Form::duration, "time in which it was down"},
      {Measure::degraded, app, Form::duration, "time in which it was degraded and not down"},
      {Measure::first_impact, app, Form::duration, "from onset until it was first not ok"},
      {Measure::restored, either, Form::duration, "from onset until it was ok again for good; of an app or of all"},
      {Measure::user_minutes, either, Form::count, "minutes of use that were lost; of an app or of all"},
      {Measure::money, either, Form::money, "what was lost; of an app or of all"},
      {Measure::credits, app, Form::money, "what is owed for long outages"},
      {Measure::ever_down, app, Form::share, "share of runs in which it was down at all"},
      {Measure::detected, incident, Form::duration, "from onset until the first alert"},
      {Measure::acknowledged, incident, Form::duration, "from onset until a person took it"},
      {Measure::diagnosed, incident, Form::duration, "from onset until the fault was found"},
      {Measure::mitigated, incident, Form::duration, "from onset until nothing was down any more"},
      {Measure::announced, incident, Form::duration, "from onset until the public was told"},
      {Measure::staff_hours, incident, Form::duration, "hours that people worked, summed over people"},
      {Measure::data_lost, incident, Form::duration, "writes that were lost, as time"},
      {Measure::stuck, incident, Form::count, "steps that still wait at the horizon for what only they would mend"},
      {Measure::single_points, either, Form::count, "of the graph: what brings an app down alone"},
      {Measure::knots, either, Form::count, "of the graph: recoveries that need what they are to mend"},
  };
  return rows;
}

const std::vector<StatisticRow>& statistic_rows() {
  static const std::vector<StatisticRow> rows{
      {"mean", Statistic::mean, "of all runs"},
      {"median", Statistic::median, "half of the runs are below"},
      {"p05", Statistic::p05, "one run in 20 is below"},
      {"p95", Statistic::p95, "19 runs in 20 are below"},
  };
  return rows;
}

}  // namespace knockon::scenario
