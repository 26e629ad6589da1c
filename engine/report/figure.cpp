#include "engine/report/figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/quantity/text.hpp"

namespace knockon::report {
namespace {

// `value` with three figures, without trailing zeros after the point.
std::string three_figures(double value) {
  const int before_point = value == 0 ? 1 : static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  std::string text = fmt::format("{:.{}f}", value, std::clamp(3 - before_point, 0, 9));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

double rounded_to_three_figures(double value) {
  if (value == 0 || !std::isfinite(value)) return value;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 2);
  return std::round(value / unit) * unit;
}

// "58m – 2h 41m"; a unit that both ends share is written once: "4.1M – 5.2M USD".
std::string range_text(const std::string& low, const std::string& high, const std::string& unit) {
  if (low == high) return low;
  const bool shared = !unit.empty() && low.ends_with(unit) && high.ends_with(unit);
  return (shared ? low.substr(0, low.size() - unit.size()) : low) + " – " + high;
}

std::string unit_after(study::Unit unit, const std::string& currency) {
  switch (unit) {
    case study::Unit::money:
      return " " + currency;
    case study::Unit::share:
      return " %";
    case study::Unit::hours:
      return " h";
    default:
      return {};
  }
}

}  // namespace

std::string fingerprint_text(std::uint64_t fingerprint) { return fmt::format("{:016x}", fingerprint); }

std::string minutes_text(double minutes) {
  return quantity::rounded_text_of(quantity::Duration::of_seconds(minutes * 60));
}

std::string count_text(double count) {
  constexpr std::array<const char*, 7> prefixes{"", "k", "M", "G", "T", "P", "E"};
  double rest = rounded_to_three_figures(count);
  std::size_t prefix = 0;
  for (; std::abs(rest) >= 999.5 && prefix + 1 < prefixes.size(); ++prefix) rest /= 1000;
  return three_figures(rest) + prefixes[prefix];
}

std::string share_text(quantity::Share share) {
  const double percent = share.value() * 100;
  if (percent == 0 || percent >= 9.95) {
    // 99.6 % must not read as always.
    return percent > 99 && percent < 100 ? fmt::format("{} %", three_figures(std::floor(percent * 10) / 10))
                                         : fmt::format("{:.0f} %", percent);
  }
  return percent < 0.01 ? "< 0.01 %" : fmt::format("{:.{}f} %", percent, percent < 0.0995 ? 2 : 1);
}

std::string value_text(double value, study::Unit unit, const std::string& currency) {
  switch (unit) {
    case study::Unit::minutes:
      return minutes_text(value);
    case study::Unit::share:
      return share_text(quantity::Share{value});
    default:
      return count_text(value) + unit_after(unit, currency);
  }
}

std::string quantile_text(const std::optional<statistics::Quantile>& quantile, study::Unit unit,
                          const std::string& currency) {
  if (!quantile) return "–";
  // Of what was lost by the horizon the amount itself is known; the time it took is not.
  const bool is_bound = quantile->censored && unit == study::Unit::minutes;
  return (is_bound ? "> " : "") + value_text(quantile->value, unit, currency);
}

std::string spread_text(const statistics::Statistic& statistic, study::Unit unit, const std::string& currency) {
  if (!statistic.p05 || !statistic.p95) return "–";
  const std::string low = quantile_text(statistic.p05, unit, currency);
  // Beyond one horizon lies only the other.
  if (statistic.p05->censored && unit == study::Unit::minutes) return low;
  return range_text(low, quantile_text(statistic.p95, unit, currency), unit_after(unit, currency));
}

std::string bounds_text(const statistics::Bounds& bounds, study::Unit unit, const std::string& currency) {
  const auto text = [&](double end) { return value_text(end, unit, currency); };
  if (bounds.low && bounds.high) return range_text(text(*bounds.low), text(*bounds.high), unit_after(unit, currency));
  if (bounds.low) return "> " + text(*bounds.low);
  if (bounds.high) return "< " + text(*bounds.high);
  return {};
}

}  // namespace knockon::report
