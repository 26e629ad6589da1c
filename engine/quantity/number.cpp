#include "engine/quantity/number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <system_error>

#include "engine/quantity/contract.hpp"

namespace knockon::quantity {
namespace {

struct Metric {
  std::string_view suffix;
  int power;
};
constexpr std::array<Metric, 5> metrics{{{"", 0}, {"k", 3}, {"M", 6}, {"G", 9}, {"T", 12}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digit_count(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  return count;
}

// Digits that a double holds exactly, times or by a power of ten that it holds exactly: one operation, rounded once
// (W. D. Clinger, "How to read floating point numbers accurately", 1990). Nothing for all others.
std::optional<double> small_value(std::string_view number, int power_of_ten) {
  static constexpr std::array<double, 23> powers{1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  constexpr std::size_t digits_at_most = 15;
  const std::size_t length = number.size();
  if (length == 0 || length > digits_at_most || digit_count(number) != length) return std::nullopt;
  std::int64_t digits = 0;
  for (const char c : number) digits = digits * 10 + (c - '0');
  const auto power = static_cast<std::size_t>(std::abs(power_of_ten));
  if (power >= powers.size()) return std::nullopt;
  const auto value = static_cast<double>(digits);
  return power_of_ten < 0 ? value / powers[power] : value * powers[power];
}

// `digits` with a point after the first `whole` of them; zeros fill what is missing on either side.
std::string pointed(const std::string& digits, int whole) {
  if (whole <= 0) return "0." + std::string(static_cast<std::size_t>(-whole), '0') + digits;
  const auto point = static_cast<std::size_t>(whole);
  if (point >= digits.size()) return digits + std::string(point - digits.size(), '0');
  return digits.substr(0, point) + "." + digits.substr(point);
}

}  // namespace

std::size_t number_length(std::string_view text) {
  const std::size_t whole = digit_count(text);
  if (whole == 0 || (whole > 1 && text[0] == '0')) return 0;
  if (whole == text.size() || text[whole] != '.') return whole;
  const std::size_t fraction = digit_count(text.substr(whole + 1));
  return fraction == 0 ? whole : whole + 1 + fraction;
}

std::optional<double> number_value(std::string_view number, int power_of_ten) {
  if (const auto value = small_value(number, power_of_ten)) return value;
  // One conversion of digits and power together: multiplying afterwards would round twice.
  const std::string scaled = std::string{number} + "e" + std::to_string(power_of_ten);
  double value = 0;
  const auto [end, error] = std::from_chars(scaled.data(), scaled.data() + scaled.size(), value);
  if (error != std::errc{} || end != scaled.data() + scaled.size()) return std::nullopt;
  return value;
}

std::string number_text(double value, int power_of_ten) {
  require(std::isfinite(value), "a printed number is finite");
  if (value == 0) return "0";
  if (value < 0) return "-" + number_text(-value, power_of_ten);
  std::array<char, 32> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view scientific{buffer.data(), written.ptr};
  const std::size_t mark = scientific.find('e');
  std::string digits{scientific.substr(0, 1)};
  if (mark > 1) digits += scientific.substr(2, mark - 2);
  // from_chars does not take the plus sign that to_chars writes.
  const std::size_t exponent_begin = mark + (scientific[mark + 1] == '+' ? 2 : 1);
  int exponent = 0;
  std::from_chars(scientific.data() + exponent_begin, scientific.data() + scientific.size(), exponent);
  return pointed(digits, exponent + 1 - power_of_ten);
}

std::optional<int> metric_power(std::string_view suffix) {
  for (const auto& metric : metrics) {
    if (metric.suffix == suffix) return metric.power;
  }
  return std::nullopt;
}

std::optional<double> metric_value(std::string_view text) {
  const std::size_t length = number_length(text);
  const auto power = metric_power(text.substr(length));
  if (length == 0 || !power) return std::nullopt;
  return number_value(text.substr(0, length), *power);
}

std::string metric_text(double value) {
  const Metric* best = &metrics.front();
  for (const auto& metric : metrics) {
    if (std::abs(value) >= *number_value("1", metric.power)) best = &metric;
  }
  return number_text(value, best->power) + std::string{best->suffix};
}

}  // namespace knockon::quantity
