// Shares, rates, counts, data and money as text.
#include "engine/quantity/text.hpp"

#include <array>
#include <cmath>
#include <optional>

#include "engine/quantity/number.hpp"
#include "engine/quantity/respelling.hpp"

namespace knockon::quantity {
namespace {

struct Period {
  std::string_view name;
  double seconds;
};
constexpr std::array<Period, 4> periods{{{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}}};

struct Scale {
  std::string_view name;
  int power_of_ten;
  double factor;  // on top of the power of ten
};
constexpr std::array<Scale, 9> sizes{{{"B", 0, 1},
                                      {"kB", 3, 1},
                                      {"MB", 6, 1},
                                      {"GB", 9, 1},
                                      {"TB", 12, 1},
                                      {"KiB", 0, 0x1p10},
                                      {"MiB", 0, 0x1p20},
                                      {"GiB", 0, 0x1p30},
                                      {"TiB", 0, 0x1p40}}};
constexpr std::array<Scale, 5> speeds{
    {{"bit/s", 0, 1}, {"kbit/s", 3, 1}, {"Mbit/s", 6, 1}, {"Gbit/s", 9, 1}, {"Tbit/s", 12, 1}}};

// ---- reading, strictly

std::optional<double> strict_count(std::string_view text) { return metric_value(text); }

std::optional<Share> strict_share(std::string_view text) {
  const std::size_t length = number_length(text);
  if (length == 0 || text.substr(length) != "%") return std::nullopt;
  const auto value = number_value(text.substr(0, length), -2);
  return value ? std::optional{Share{*value}} : std::nullopt;
}

// `per_second` of what stands before the slash; `count` reads that part.
template <class Count>
std::optional<Rate> rate_of(std::string_view text, Count count) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::optional<double> value = count(text.substr(0, slash));
  if (!value) return std::nullopt;
  for (const auto& period : periods) {
    if (period.name == text.substr(slash + 1)) return Rate::per_second(*value / period.seconds);
  }
  return std::nullopt;
}

std::optional<Rate> strict_rate(std::string_view text) { return rate_of(text, metric_value); }

std::optional<Rate> strict_share_rate(std::string_view text) {
  return rate_of(text, [](std::string_view share) -> std::optional<double> {
    const auto value = strict_share(share);
    return value ? std::optional{value->value()} : std::nullopt;
  });
}

// A number, one space, a unit of `scales`.
template <std::size_t size>
std::optional<double> scaled_value(std::string_view text, const std::array<Scale, size>& scales) {
  const std::size_t length = number_length(text);
  if (length == 0 || length == text.size() || text[length] != ' ') return std::nullopt;
  for (const auto& scale : scales) {
    if (scale.name != text.substr(length + 1)) continue;
    const auto value = number_value(text.substr(0, length), scale.power_of_ten);
    if (!value || !std::isfinite(*value * scale.factor)) return std::nullopt;
    return *value * scale.factor;
  }
  return std::nullopt;
}

std::optional<DataSize> strict_data_size(std::string_view text) {
  const auto bytes = scaled_value(text, sizes);
  return bytes ? std::optional{DataSize{*bytes}} : std::nullopt;
}

std::optional<DataRate> strict_data_rate(std::string_view text) {
  const auto bits = scaled_value(text, speeds);
  return bits ? std::optional{DataRate::bits_per_second(*bits)} : std::nullopt;
}

bool is_currency(std::string_view text) {
  if (text.size() != 3) return false;
  for (const char c : text) {
    if (c < 'A' || c > 'Z') return false;
  }
  return true;
}

std::optional<PricedMoney> strict_money(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos || !is_currency(text.substr(space + 1))) return std::nullopt;
  const auto amount = metric_value(text.substr(0, space));
  if (!amount) return std::nullopt;
  return PricedMoney{.money = Money{*amount}, .currency = std::string{text.substr(space + 1)}};
}

std::optional<PricedMoneyRate> strict_money_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto money = strict_money(text.substr(0, slash));
  const std::string_view period = text.substr(slash + 1);
  if (!money || (period != "m" && period != "h")) return std::nullopt;
  const double amount = money->money.amount();
  return PricedMoneyRate{.rate = period == "m" ? MoneyRate::per_minute(amount) : MoneyRate::per_hour(amount),
                         .currency = money->currency};
}

// ---- guessing what was meant

// A number and the multiple after it, taken off the front of `pieces`; empty when they do not begin with a number.
std::string taken_count(std::vector<std::string>& pieces) {
  if (pieces.empty() || !is_number(pieces.front())) return {};
  std::string count = pieces.front();
  pieces.erase(pieces.begin());
  if (!pieces.empty() && !metric_meant(pieces.front()).empty()) {
    count += metric_meant(pieces.front());
    pieces.erase(pieces.begin());
  }
  return count;
}

std::vector<std::string> count_guesses(std::string_view text) {
  auto pieces = pieces_of(text);
  const std::string count = taken_count(pieces);
  if (pieces.empty() || is_counted_noun(pieces.front())) return {count};
  const bool has_exponent =
      pieces.size() >= 2 && lower_case(pieces[0]) == "e" && is_number(pieces[1]) && pieces[1].size() < 3;
  if (!has_exponent) return {};
  const auto value = number_value(count, std::stoi(pieces[1]));
  return value ? std::vector{text_of_count(*value)} : std::vector<std::string>{};
}

std::vector<std::string> share_guesses(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.empty() || !is_number(pieces[0])) return {};
  if (pieces.size() > 1) return {pieces[0] + "%"};
  const auto value = number_value(pieces[0]);
  // 0.85 is a share already; 85 lacks only its sign.
  if (value && *value > 0 && *value <= 1) return {number_text(*value, -2) + "%"};
  return {pieces[0] + "%"};
}

// The period among what follows a count: `/ sec`, `per minute`, `rps`. A second when nothing says.
std::string period_meant(const std::vector<std::string>& pieces) {
  for (const auto& piece : pieces) {
    const std::string word = lower_case(piece);
    if (word == "rps" || word == "qps" || word == "tps") return "s";
    if (word == "rpm") return "m";
    if (const auto unit = time_unit_meant(word); !unit.empty()) return unit;
  }
  return {};
}

std::vector<std::string> rate_guesses(std::string_view text) {
  auto pieces = pieces_of(text);
  if (pieces.empty() || !is_number(pieces[0])) return {};
  // Only `k`, `M`, `G`, `T` directly: in `5 m` the m is more likely a minute than a million.
  const std::string number = pieces[0];
  pieces.erase(pieces.begin());
  std::string multiple;
  if (!pieces.empty() && pieces[0] != "m" && !metric_meant(pieces[0]).empty()) {
    multiple = metric_meant(pieces[0]);
    pieces.erase(pieces.begin());
  }
  const std::string period = period_meant(pieces);
  const bool says_nothing = pieces.empty() || pieces == std::vector<std::string>{"/"} || is_counted_noun(pieces[0]);
  if (period.empty() && !says_nothing) return {};
  return {number + multiple + "/" + (period.empty() ? "s" : period)};
}

std::vector<std::string> share_rate_guesses(std::string_view text) {
  auto pieces = pieces_of(text);
  if (pieces.empty() || !is_number(pieces[0])) return {};
  const std::string number = pieces[0];
  pieces.erase(pieces.begin());
  const std::string period = period_meant(pieces);
  return {number + "%/" + (period.empty() ? "h" : period)};
}

// `mb` and `MB`, `gib` and `GiB`, `gbit` and `Gbit/s` differ in case only, or in a tail that was left out.
template <std::size_t size>
std::string scale_meant(std::string_view word, const std::array<Scale, size>& scales) {
  for (const auto& scale : scales) {
    if (lower_case(scale.name) == lower_case(word)) return std::string{scale.name};
  }
  return {};
}

std::vector<std::string> data_size_guesses(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.empty() || !is_number(pieces[0]) || pieces.size() > 2) return {};
  if (pieces.size() == 1) return {pieces[0] + " MB or " + pieces[0] + " MiB"};
  std::string scale = scale_meant(pieces[1], sizes);
  if (scale.empty()) scale = scale_meant(pieces[1] + "B", sizes);
  if (scale.empty()) return {};
  return {pieces[0] + " " + scale};
}

std::vector<std::string> data_rate_guesses(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.empty() || !is_number(pieces[0])) return {};
  if (pieces.size() == 1) return {pieces[0] + " Mbit/s or " + pieces[0] + " Gbit/s"};
  const std::string& word = pieces[1];
  std::string stem = lower_case(word);
  if (stem.ends_with("ps")) stem.resize(stem.size() - 2);
  // Storage people write bytes a second: the same speed in bits, if they clearly did (a capital B).
  if (word.ends_with('B') || word.ends_with("Bps")) {
    const auto bytes = number_value(pieces[0]);
    stem.pop_back();
    return bytes ? std::vector{number_text(*bytes * 8) + " " + scale_meant(stem + "bit/s", speeds)}
                 : std::vector<std::string>{};
  }
  for (const char* tail : {"/s", "it/s", "bit/s"}) {
    if (const auto scale = scale_meant(stem + tail, speeds); !scale.empty()) return {pieces[0] + " " + scale};
  }
  return {};
}

std::string currency_meant(std::string_view word) {
  if (word == "$") return "USD";
  if (word == "€") return "EUR";
  if (word == "£") return "GBP";
  const std::string upper = upper_case(word);
  return is_currency(upper) ? upper : std::string{};
}

struct MoneyMeant {
  std::string money;
  std::vector<std::string> rest;
};

// `0.08`, `$0.08`, `USD 0.08`, `5 k usd`: the amount and its currency, and what follows them.
MoneyMeant money_meant(std::string_view text) {
  auto pieces = pieces_of(text);
  std::string currency;
  const auto take_currency = [&] {
    if (pieces.empty() || currency_meant(pieces.front()).empty()) return;
    currency = currency_meant(pieces.front());
    pieces.erase(pieces.begin());
  };
  take_currency();
  const std::string count = taken_count(pieces);
  if (currency.empty()) take_currency();
  if (count.empty()) return {};
  return {.money = count + " " + (currency.empty() ? "USD" : currency), .rest = pieces};
}

std::vector<std::string> money_guesses(std::string_view text) {
  const auto meant = money_meant(text);
  return meant.rest.empty() ? std::vector{meant.money} : std::vector<std::string>{};
}

std::vector<std::string> money_rate_guesses(std::string_view text) {
  const auto meant = money_meant(text);
  const std::string period = period_meant(meant.rest);
  return {meant.money + "/" + (period.empty() ? "m" : period)};
}

// ---- printing

// With the largest unit that leaves something before the point.
template <std::size_t size>
std::string scaled_text(double value, const std::array<Scale, size>& scales) {
  if (std::isinf(value)) return "unlimited";
  const Scale* best = &scales.front();
  for (const auto& scale : scales) {
    if (scale.factor == 1 && std::abs(value) >= *number_value("1", scale.power_of_ten)) best = &scale;
  }
  return number_text(value, best->power_of_ten) + " " + std::string{best->name};
}

}  // namespace

Parsed<Share> parse_share(std::string_view text) {
  return parsed_or_hint<Share>(text, strict_share, "expected a share such as 85% or 99.5%", share_guesses);
}

Parsed<Rate> parse_rate(std::string_view text) {
  return parsed_or_hint<Rate>(text, strict_rate, "expected a rate such as 20/s, 1.3k/m or 12/d", rate_guesses);
}

Parsed<Rate> parse_share_rate(std::string_view text) {
  return parsed_or_hint<Rate>(text, strict_share_rate, "expected a share a time such as 15%/h", share_rate_guesses);
}

Parsed<double> parse_count(std::string_view text) {
  return parsed_or_hint<double>(text, strict_count, "expected a number such as 60, 0.2, 400M or 1.3G", count_guesses);
}

Parsed<DataSize> parse_data_size(std::string_view text) {
  return parsed_or_hint<DataSize>(text, strict_data_size, "expected a size such as 4 MiB or 20 GB", data_size_guesses);
}

Parsed<DataRate> parse_data_rate(std::string_view text) {
  return parsed_or_hint<DataRate>(text, strict_data_rate, "expected a data rate such as 10 Gbit/s or 500 Mbit/s",
                                  data_rate_guesses);
}

Parsed<PricedMoney> parse_money(std::string_view text) {
  return parsed_or_hint<PricedMoney>(text, strict_money, "expected an amount of money such as 0.08 USD or 3M EUR",
                                     money_guesses);
}

Parsed<PricedMoneyRate> parse_money_rate(std::string_view text) {
  return parsed_or_hint<PricedMoneyRate>(
      text, strict_money_rate, "expected money a minute or an hour such as 257k USD/m or 90 EUR/h", money_rate_guesses);
}

std::string text_of(Share share) { return number_text(share.value(), -2) + "%"; }

std::string text_of(Rate rate) {
  std::string shortest = metric_text(rate.per_second()) + "/s";
  for (const auto& period : periods) {
    auto text = metric_text(rate.per_second() * period.seconds) + "/" + std::string{period.name};
    if (text.size() < shortest.size() && strict_rate(text) == rate) shortest = std::move(text);
  }
  return shortest;
}

std::string text_of(DataRate rate) { return scaled_text(rate.bytes_per_second() * 8, speeds); }

std::string text_of(DataSize size) { return scaled_text(size.bytes(), sizes); }

std::string text_of_count(double count) { return metric_text(count); }

}  // namespace knockon::quantity
