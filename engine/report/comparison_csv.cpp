#include "engine/report/comparison_csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>

#include "engine/report/csv.hpp"

namespace knockon::report {
namespace {

std::string number(const std::optional<double>& value, double steps = 1000) {
  return value && std::isfinite(*value) ? fmt::format("{}", std::round(*value * steps) / steps + 0.0) : "";
}

// Scenarios may be given as paths: what holds a comma or a quotation mark is quoted.
std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\n") == std::string::npos) return name;
  std::string text = "\"";
  for (const char letter : name) text += letter == '"' ? std::string{"\"\""} : std::string{letter};
  return text + "\"";
}

// The rows of each entry's file, with a column more.
template <class CsvOf>
std::string stacked(const study::Comparison& comparison, const CsvOf& csv_of) {
  std::string all;
  for (std::size_t entry = 0; entry < comparison.entries.size(); ++entry) {
    const std::string csv = csv_of(comparison.results[entry]);
    const std::string name = quoted(comparison.entries[entry].name);
    bool is_heading = true;
    for (std::size_t from = 0; from < csv.size(); is_heading = false) {
      const std::size_t to = csv.find('\n', from) + 1;
      const std::string_view row = std::string_view{csv}.substr(from, to - from);
      if (!is_heading || entry == 0) all.append(is_heading ? "entry" : name).append(",").append(row);
      from = to;
    }
  }
  return all;
}

}  // namespace

std::string csv_of_pairs(const study::Comparison& comparison) {
  std::string csv = "a,b,measure,app,n,mean,ci95_low,ci95_high,a_better_share,tie_share,b_better_share,significant\n";
  for (const study::Pair& pair : comparison.pairs) {
    const study::ComparedMeasure& measure = comparison.measures[pair.measure];
    const statistics::Difference& difference = pair.difference;
    const auto share = [&](std::size_t days) {
      return difference.n == 0 ? "" : number(difference.share_of(days).value(), 1e6);
    };
    const auto bounds = difference.ci95.value_or(statistics::Bounds{});
    fmt::format_to(std::back_inserter(csv), "{},{},{},{},{},{},{},{},{},{},{},{}\n",
                   quoted(comparison.entries[pair.a].name), quoted(comparison.entries[pair.b].name), measure.name,
                   measure.app, difference.n, number(difference.mean), number(bounds.low), number(bounds.high),
                   share(difference.a_better), share(difference.tie), share(difference.b_better),
                   pair.is_significant ? 1 : 0);
  }
  return csv;
}

std::string csv_of_apps(const study::Comparison& comparison) {
  return stacked(comparison, [](const study::Results& results) { return csv_of_apps(results); });
}

std::string csv_of_incidents(const study::Comparison& comparison) {
  return stacked(comparison, [](const study::Results& results) { return csv_of_incidents(results); });
}

}  // namespace knockon::report
