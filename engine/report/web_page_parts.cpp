#include "engine/report/web_page_parts.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/quantity/text.hpp"
#include "engine/report/event_text.hpp"
#include "engine/report/graph_layout.hpp"
#include "engine/simulation/hits.hpp"

namespace knockon::report {
namespace {

using quantity::Duration;
using simulation::Event;
using simulation::Outcome;
using study::Band;
using world::World;

constexpr std::size_t values_max = 400;
constexpr std::size_t events_max = 3000;

Json minutes(Duration duration) { return json_number(duration.in_minutes(), thousandths); }

Json intervals(const std::vector<simulation::Interval>& intervals) {
  Json list = Json::array();
  for (const auto& interval : intervals) list.push_back(Json::array({minutes(interval.from), minutes(interval.to)}));
  return list;
}

Json of_app(const simulation::AppOutcome& app) {
  return {{"down", intervals(app.down)}, {"degraded", intervals(app.degraded)}};
}

// Three figures are what a picture shows: shorter to write than a double's seventeen.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double scale = std::pow(10, 3 - std::floor(std::log10(std::abs(value))));
  return std::round(value * scale) / scale;
}

Json amounts(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) {
    const double shown = rounded(value);
    // Without ".0", which would double the length of small whole numbers.
    if (std::abs(shown) < 1e15 && shown == std::floor(shown)) {
      list.push_back(static_cast<std::int64_t>(shown));
    } else {
      list.push_back(shown);
    }
  }
  return list;
}

template <class Number>
Json thousandth_parts(const Number* values, std::size_t count) {
  Json list = Json::array();
  for (std::size_t i = 0; i < count; ++i) list.push_back(std::lround(static_cast<double>(values[i]) * 1000));
  return list;
}

Json shares_of(const Band& band) {
  return {{"p05", thousandth_parts(band.p05.data(), band.p05.size())},
          {"p50", thousandth_parts(band.p50.data(), band.p50.size())},
          {"p95", thousandth_parts(band.p95.data(), band.p95.size())}};
}

Json amounts_of(const Band& band) {
  return {{"p05", amounts(band.p05)}, {"p50", amounts(band.p50)}, {"p95", amounts(band.p95)}};
}

// What an effect strikes, as places in the drawing.
class Struck {
 public:
  Struck(const World& world, const Drawing& drawing)
      : world_{world}, services_(world.services.size(), none), sessions_(world.sessions.size(), none) {
    for (std::size_t i = 0; i < drawing.vertices.size(); ++i) {
      const Drawing::Vertex& vertex = drawing.vertices[i];
      if (vertex.kind == Drawing::Vertex::Kind::service) services_[vertex.index] = i;
      if (vertex.kind == Drawing::Vertex::Kind::session) sessions_[vertex.index] = i;
    }
  }

  [[nodiscard]] Json by(const Event& event) const {
    std::set<std::size_t> vertices;
    const world::Effect* effect = effect_of(event);
    if (effect != nullptr) {
      const simulation::Hits hits = simulation::hits_of(world_, effect->targets);
      for (const auto& instance : simulation::instances_of(world_, hits))
        vertices.insert(services_[instance.service.index()]);
      for (const auto& answerer : hits.operations)
        vertices.insert(services_[world_[answerer.operation].service.index()]);
      for (const world::SessionId session : hits.sessions) vertices.insert(sessions_[session.index()]);
    }
    vertices.erase(none);
    return Json(std::vector<std::size_t>(vertices.begin(), vertices.end()));
  }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  [[nodiscard]] const world::Effect* effect_of(const Event& event) const {
    if (const auto* fault = std::get_if<world::FaultId>(&event.about.subject)) return &world_[*fault].effect;
    // A reaction that stands at several places acts at one of them, which its event names.
    if (const auto* reaction = std::get_if<world::ReactionId>(&event.about.subject))
      return world_[*reaction].per.empty() ? &world_[*reaction].effect : nullptr;
    if (const auto* step = std::get_if<world::StepId>(&event.about.subject)) return &world_[*step].effect;
    return nullptr;
  }

  const World& world_;
  std::vector<std::size_t> services_, sessions_;  // places in the drawing
};

// The events that are shown: all, or when they are too many those that led somewhere and then the first ones.
std::vector<simulation::EventNumber> shown_events(const study::Explanation& day) {
  std::set<simulation::EventNumber> shown;
  for (const auto& chain : day.chains) shown.insert(chain.events.begin(), chain.events.end());
  for (const auto& stretch : day.stretches) {
    if (stretch.ended_by != 0) shown.insert(stretch.ended_by);
  }
  for (std::size_t i = 0; i < day.outcome().events.size() && shown.size() < events_max; ++i)
    shown.insert(static_cast<simulation::EventNumber>(i + 1));
  return {shown.begin(), shown.end()};
}

Json events_of(const study::Explanation& day, const Drawing& drawing) {
  const Outcome& outcome = day.outcome();
  const Struck struck{day.world(), drawing};
  Json list = Json::array();
  for (const simulation::EventNumber number : shown_events(day)) {
    const Event& event = outcome.events[number - 1];
    list.push_back({{"event", number},
                    {"minute", minutes(event.at - outcome.onset)},
                    {"change", simulation::text_of(event.kind)},
                    {"subject", subject_of(day.world(), event)},
                    {"text", sentence_of(day.world(), event)},
                    {"cause", event.cause == 0 ? Json(nullptr) : Json(event.cause)},
                    {"strikes", struck.by(event)}});
  }
  return list;
}

Json dates_of(const simulation::IncidentOutcome& incident) {
  const auto date = [](const std::optional<Duration>& at) { return at ? minutes(*at) : Json(nullptr); };
  return {{"detected", date(incident.detected)},   {"acknowledged", date(incident.acknowledged)},
          {"announced", date(incident.announced)}, {"diagnosed", date(incident.diagnosed)},
          {"mitigated", date(incident.mitigated)}, {"restored", date(incident.restored)}};
}

Json phases_of(const study::Explanation& day) {
  const Duration onset = day.outcome().onset;
  Json list = Json::array();
  for (const auto& stretch : day.stretches) {
    if (stretch.to <= stretch.from) continue;
    list.push_back({{"phase", simulation::text_of(stretch.phase)},
                    {"from", minutes(stretch.from - onset)},
                    {"to", minutes(stretch.to - onset)},
                    {"ended_by", stretch.ended_by == 0 ? Json(nullptr) : Json(stretch.ended_by)}});
  }
  return list;
}

Json spells(const std::vector<simulation::Spell>& spells) {
  Json list = Json::array();
  for (const auto& spell : spells) list.push_back(Json::array({minutes(spell.from), static_cast<int>(spell.health)}));
  return list;
}

// By vertex of the drawing; apps have intervals instead.
Json spells_of(const simulation::Course& course, const Drawing& drawing) {
  Json list = Json::array();
  for (const Drawing::Vertex& vertex : drawing.vertices) {
    const bool is_service = vertex.kind == Drawing::Vertex::Kind::service;
    const auto& things = is_service ? course.services : course.sessions;
    const bool is_known = vertex.kind != Drawing::Vertex::Kind::app && vertex.index < things.size();
    list.push_back(is_known ? spells(things[vertex.index]) : Json::array());
  }
  return list;
}

Json of_course(const World& world, const simulation::Course& course) {
  Json success = Json::array(), tries = Json::array();
  for (std::size_t cell = 0; cell < world.apps.size() * world.regions.size(); ++cell) {
    const float* row = course.success.data() + cell * course.points;
    success.push_back(thousandth_parts(row, course.points));
    const float* load = course.tries_per_s.data() + cell * course.points;
    tries.push_back(amounts({load, load + course.points}));
  }
  return {{"step_minutes", course.step.in_minutes()},
          {"points", course.points},
          {"success", std::move(success)},
          {"tries_per_s", std::move(tries)},
          {"user_minutes_lost", amounts(course.user_minutes_lost)},
          {"money_lost", amounts(course.money_lost)}};
}

}  // namespace

Json page_json_of(const World& world) {
  Json json = Json::object();
  json["title"] = world.title.empty() ? world.name : world.title;
  json["currency"] = world.currency;
  json["regions"] = Json::array();
  for (const world::Region& region : world.regions) {
    json["regions"].push_back(
        {{"name", region.name}, {"clock_minutes", minutes(region.clock)}, {"users", rounded(region.users)}});
  }
  json["apps"] = Json::array();
  for (const world::App& app : world.apps) json["apps"].push_back(app.name);
  return json;
}

Json page_json_of(const World& world, const Outcome& outcome) {
  Json apps = Json::array();
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    Json app = of_app(outcome.apps[a]);
    app["regions"] = Json::array();
    for (std::size_t r = 0; r < world.regions.size(); ++r)
      app["regions"].push_back(of_app(outcome.of(world::AppId{a}, world::RegionId{r}, world.regions.size())));
    apps.push_back(std::move(app));
  }
  Json json = Json::object();
  json["replication"] = outcome.index;
  json["onset"] = quantity::text_of_date(world.starts + static_cast<std::int64_t>(outcome.onset.in_seconds()));
  json["end_minute"] = minutes(world.horizon - outcome.onset);
  json["apps"] = std::move(apps);
  return json;
}

Json page_json_of(const World& world, const study::Series& series, const std::vector<std::size_t>& shown) {
  Json apps = Json::array();
  for (const std::size_t a : shown) {
    Json success = Json::array(), tries = Json::array();
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      const std::size_t cell = a * world.regions.size() + r;
      success.push_back(shares_of(series.success[cell]));
      tries.push_back(amounts_of(series.tries_per_s[cell]));
    }
    apps.push_back({{"app", a}, {"success", std::move(success)}, {"tries_per_s", std::move(tries)}});
  }
  return {{"step_minutes", series.step.in_minutes()},
          {"points", series.points},
          {"replications", series.replications},
          {"apps_left_out", series.points > 0 ? world.apps.size() - shown.size() : 0},
          {"apps", std::move(apps)},
          {"user_minutes_lost", amounts_of(series.user_minutes_lost)},
          {"money_lost", amounts_of(series.money_lost)}};
}

Json page_json_of(const statistics::Sample& sample) {
  std::vector<double> values;
  std::size_t censored = 0;
  for (const statistics::Reading& reading : sample) {
    if (reading.is_undefined()) continue;
    values.push_back(reading.value());
    censored += reading.is_censored() ? 1 : 0;
  }
  std::sort(values.begin(), values.end());
  Json list = Json::array();
  const std::size_t count = std::min(values.size(), values_max);
  for (std::size_t i = 0; i < count; ++i) {
    // In the middle of each of `count` equal parts of the ranks.
    const std::size_t rank = count == values.size() ? i : (2 * i + 1) * values.size() / (2 * count);
    list.push_back(json_number(rounded(values[rank]), thousandths));
  }
  return {{"n", values.size()}, {"of", sample.size()}, {"censored", censored}, {"values", std::move(list)}};
}

Json page_json_of(const Drawing& drawing, std::size_t omitted) {
  const std::vector<Position> positions = layout_of(drawing);
  Json vertices = Json::array(), edges = Json::array();
  for (std::size_t i = 0; i < drawing.vertices.size(); ++i) {
    const Drawing::Vertex& vertex = drawing.vertices[i];
    vertices.push_back({{"kind", text_of(vertex.kind)},
                        {"name", vertex.name},
                        {"index", vertex.index},
                        {"x", positions[i].x},
                        {"y", positions[i].y}});
  }
  for (const Drawing::Edge& edge : drawing.edges)
    edges.push_back(Json::array({edge.from, edge.to, graph::text_of(edge.kind)}));
  return {{"omitted", omitted}, {"vertices", std::move(vertices)}, {"edges", std::move(edges)}};
}

Json page_json_of_day(const study::Explanation& day, const Drawing& drawing) {
  const Outcome& outcome = day.outcome();
  Json json = page_json_of(day.world(), outcome);
  json["dates"] = dates_of(outcome.incident);
  json["phases"] = phases_of(day);
  json["events_in_all"] = outcome.events.size();
  json["events"] = events_of(day, drawing);
  json["spells"] = spells_of(outcome.course, drawing);
  json["course"] = outcome.course.points > 0 ? of_course(day.world(), outcome.course) : Json(nullptr);
  return json;
}

Drawing plain_drawing_of(const World& world) {
  graph::Components components{world};
  std::vector<graph::Relation> relations = graph::relations_of(world, components);
  const graph::Findings findings{
      .world = &world, .components = std::move(components), .relations = std::move(relations)};
  return *drawing_of(findings, std::nullopt);
}

}  // namespace knockon::report
