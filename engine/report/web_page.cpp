#include "engine/report/web_page.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/report/comparison_json.hpp"
#include "engine/report/explanation_json.hpp"
#include "engine/report/graph_layout.hpp"
#include "engine/report/headline.hpp"
#include "engine/report/json.hpp"
#include "engine/report/web_page_parts.hpp"
#include "engine/report/web_page_template.hpp"
#include "engine/study/compared_measures.hpp"
#include "engine/study/measures.hpp"
#include "engine/study/series.hpp"

namespace knockon::report {
namespace {

using simulation::Outcome;
using study::Results;
using world::World;

// So many rows of curves are a page that nobody reads to its end; those that lost most are shown.
constexpr std::size_t curves_max = 120;
// Days of a comparison that can be looked at side by side.
constexpr std::size_t days_max = 9;

// The result in the contract's own words, and beside it what only the page needs.
std::string page(const char* kind, const std::string& result, const Json& more) {
  std::string rest = text_of(more);
  rest.erase(rest.find_last_not_of('\n') + 1);
  return std::string{"{\"page\":\""} + kind + "\",\"result\":" + result.substr(0, result.find_last_not_of('\n') + 1) +
         "," + rest.substr(1);
}

template <class Measure>
Json sample_of(const Results& results, const Measure& reading) {
  statistics::Sample sample;
  for (const Outcome& outcome : results.outcomes) sample.push_back(reading(outcome));
  return page_json_of(sample);
}

Json app_samples(const Results& results, study::AppMeasure measure) {
  const World& world = *results.world;
  const auto end_of = [&](const Outcome& outcome) { return world.horizon - outcome.onset; };
  Json apps = Json::array();
  for (std::size_t a = 0; a < world.apps.size(); ++a) {
    Json regions = Json::array();
    for (std::size_t r = 0; r < world.regions.size(); ++r) {
      regions.push_back(sample_of(results, [&](const Outcome& outcome) {
        return study::reading_of(measure, outcome.of(world::AppId{a}, world::RegionId{r}, world.regions.size()),
                                 end_of(outcome));
      }));
    }
    Json all = sample_of(
        results, [&](const Outcome& outcome) { return study::reading_of(measure, outcome.apps[a], end_of(outcome)); });
    apps.push_back({{"all", std::move(all)}, {"regions", std::move(regions)}});
  }
  return apps;
}

Json incident_samples(const Results& results) {
  const study::Reader reader{*results.world, results.subject.strategy};
  const auto of = [&](study::IncidentMeasure measure) {
    return sample_of(results, [&](const Outcome& outcome) { return reader.reading_of(measure, outcome); });
  };
  using study::IncidentMeasure;
  return {{"restored_minute", of(IncidentMeasure::restored)},
          {"down_minutes", of(IncidentMeasure::down)},
          {"user_minutes_lost", of(IncidentMeasure::user_minutes_lost)},
          {"money_lost", of(IncidentMeasure::money_lost)},
          {"staff_hours", of(IncidentMeasure::staff_hours)}};
}

// In the world's order.
std::vector<std::size_t> apps_with_curves(const Results& results) {
  const World& world = *results.world;
  std::vector<std::size_t> apps(world.apps.size());
  for (std::size_t i = 0; i < apps.size(); ++i) apps[i] = i;
  const std::size_t apps_max = std::max<std::size_t>(1, curves_max / std::max<std::size_t>(1, world.regions.size()));
  if (apps.size() <= apps_max) return apps;
  const auto lost = [&](std::size_t app) { return results.apps[app].all.user_minutes_lost.mean.value_or(0); };
  std::stable_sort(apps.begin(), apps.end(), [&](std::size_t a, std::size_t b) { return lost(a) > lost(b); });
  apps.resize(apps_max);
  std::sort(apps.begin(), apps.end());
  return apps;
}

std::pair<Drawing, std::size_t> shown_of(const Drawing& whole) {
  Drawing drawing = nearest_of(whole, drawn_max);
  const std::size_t omitted = whole.vertices.size() - drawing.vertices.size();
  return {std::move(drawing), omitted};
}

// Even ranks of the baseline's days by what people lost, so that good and bad days can be looked at, the median among
// them.
std::vector<std::size_t> days_of(const study::Comparison& comparison) {
  const std::vector<Outcome>& outcomes = comparison.results[comparison.baseline].outcomes;
  std::vector<std::size_t> ranked(outcomes.size());
  for (std::size_t i = 0; i < ranked.size(); ++i) ranked[i] = i;
  std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) {
    return outcomes[a].incident.user_minutes_lost < outcomes[b].incident.user_minutes_lost;
  });
  if (ranked.size() <= days_max) return ranked;
  std::vector<std::size_t> days;
  for (std::size_t i = 0; i < days_max; ++i) days.push_back(ranked[i * (ranked.size() - 1) / (days_max - 1)]);
  return days;
}

Json days_json(const study::Comparison& comparison) {
  Json days = Json::array();
  for (const std::size_t day : days_of(comparison)) {
    Json entries = Json::array();
    for (const Results& results : comparison.results)
      entries.push_back(page_json_of(*results.world, results.outcomes[day]));
    const Outcome& outcome = comparison.results[comparison.baseline].outcomes[day];
    days.push_back({{"replication", outcome.index},
                    {"user_minutes_lost", json_number(outcome.incident.user_minutes_lost, thousandths)},
                    {"entries", std::move(entries)}});
  }
  return days;
}

}  // namespace

std::string filled_template(const std::string& json) {
  const std::string_view whole = web_page_template();
  const std::size_t mark = whole.find(web_page_mark);
  quantity::require(mark != std::string_view::npos, "the template of web pages has a place for what is shown");
  std::string text{whole.substr(0, mark)};
  text.reserve(whole.size() + json.size() + json.size() / 16);
  // In JSON this sign stands in texts only. Escaped, nothing in a text can end the script that holds it, or begin a
  // comment there.
  for (const char c : json) {
    if (c == '<') {
      text += "\\u003c";
    } else if (c != '\n') {
      text += c;
    }
  }
  text += whole.substr(mark + web_page_mark.size());
  return text;
}

std::string web_page_of(const Results& results, const study::Explanation* day) {
  const World& world = *results.world;
  Json more = Json::object();
  more["world"] = page_json_of(world);
  more["headline"] = results.finished > 0 ? headline_of(results) : "No run finished.";
  more["samples"] = {{"down_minutes", app_samples(results, study::AppMeasure::down)},
                     {"incident", incident_samples(results)}};
  const study::Series series = study::series_of(world, results.outcomes);
  more["series"] =
      page_json_of(world, series, series.points > 0 ? apps_with_curves(results) : std::vector<std::size_t>{});
  const auto [drawing, omitted] = shown_of(plain_drawing_of(world));
  more["graph"] = page_json_of(drawing, omitted);
  more["day"] = day != nullptr ? page_json_of_day(*day, drawing) : Json(nullptr);
  return filled_template(page("run", json_of(results), more));
}

std::string web_page_of(const study::Comparison& comparison) {
  Json more = Json::object();
  more["world"] = page_json_of(*comparison.results[comparison.baseline].world);
  const bool is_empty = comparison.results[comparison.baseline].outcomes.empty();
  more["headline"] = is_empty ? "No run finished in all of them." : headline_of(comparison);
  more["worlds"] = Json::array();
  more["samples"] = Json::array();
  for (const Results& results : comparison.results) {
    more["worlds"].push_back(page_json_of(*results.world));
    more["samples"].push_back(incident_samples(results));
  }
  more["days"] = days_json(comparison);
  return filled_template(page("compare", json_of(comparison), more));
}

std::string web_page_of(const study::Explanation& explanation, const std::string& which) {
  Json more = Json::object();
  more["which"] = which;
  more["world"] = page_json_of(explanation.world());
  const auto [drawing, omitted] = shown_of(plain_drawing_of(explanation.world()));
  more["graph"] = page_json_of(drawing, omitted);
  more["day"] = page_json_of_day(explanation, drawing);
  return filled_template(page("explain", json_of(explanation), more));
}

std::string web_page_of(const graph::Findings& findings, const GraphSubject& subject) {
  Json more = Json::object();
  more["world"] = page_json_of(*findings.world);
  const auto [drawing, omitted] = shown_of(*drawing_of(findings, std::nullopt));
  more["graph"] = page_json_of(drawing, omitted);
  return filled_template(page("graph", json_of(findings, subject), more));
}

}  // namespace knockon::report
