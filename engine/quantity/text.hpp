// Quantities as authors write them and as reports print them: one spelling for each unit, and the unit is always
// written. Durations us ms s m h d (also 1h30m), rates 20/s 12/d, shares 85%, counts with k M G T, sizes 4 MiB, data
// rates 10 Gbit/s, money 0.08 USD, 257k USD/m, offsets UTC+5:30, dates 2024-03-05T15:00:00Z.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"

namespace knockon::quantity {

// Why a text is not the quantity that was asked for: a sentence saying what was expected, and a suggestion or nothing.
struct TextFault {
  std::string expected;  // "expected a duration such as 5m, 1h30m or 250ms"
  std::string hint;      // "did you mean 5m?" or empty
};

template <class Quantity>
using Parsed = tl::expected<Quantity, TextFault>;

// Money with the currency that stood beside it ("USD").
struct PricedMoney {
  Money money;
  std::string currency;
};
struct PricedMoneyRate {
  MoneyRate rate;
  std::string currency;
};

[[nodiscard]] Parsed<Duration> parse_duration(std::string_view text);   // not negative; finite; at most 100 years
[[nodiscard]] Parsed<Share> parse_share(std::string_view text);         // 0 % or more; the caller bounds it above
[[nodiscard]] Parsed<Rate> parse_rate(std::string_view text);           // events: 20/s, 1.3k/m, 12/d
[[nodiscard]] Parsed<Rate> parse_share_rate(std::string_view text);     // a share a time: 15%/h is .15 an hour
[[nodiscard]] Parsed<double> parse_count(std::string_view text);        // 60, 0.2, 1.3G, 400M
[[nodiscard]] Parsed<DataSize> parse_data_size(std::string_view text);  // B kB MB GB TB KiB MiB GiB TiB
[[nodiscard]] Parsed<DataRate> parse_data_rate(std::string_view text);  // bit/s kbit/s Mbit/s Gbit/s Tbit/s
[[nodiscard]] Parsed<PricedMoney> parse_money(std::string_view text);
[[nodiscard]] Parsed<PricedMoneyRate> parse_money_rate(std::string_view text);  // USD/m, USD/h
[[nodiscard]] Parsed<Duration> parse_clock(std::string_view text);  // UTC, UTC+7, UTC-3:30: the offset, may be negative
[[nodiscard]] Parsed<Duration> parse_local_hour(std::string_view text);  // 0h to 24h: a time of day
[[nodiscard]] Parsed<std::int64_t> parse_date(std::string_view text);    // seconds since 1970-01-01T00:00:00Z

[[nodiscard]] std::string text_of(Duration duration);   // the shortest exact spelling that parse_duration reads: 1h30m
[[nodiscard]] std::string text_of(Share share);         // 85%, 99.5%
[[nodiscard]] std::string text_of(Rate rate);           // 20/s
[[nodiscard]] std::string text_of(DataRate rate);       // 10 Gbit/s
[[nodiscard]] std::string text_of(DataSize size);       // 20 GB
[[nodiscard]] std::string text_of_count(double count);  // 1.3G
[[nodiscard]] std::string text_of_clock(Duration offset);
[[nodiscard]] std::string text_of_date(std::int64_t seconds_since_epoch);  // 2024-03-05T15:00:00Z

// For people: at most three significant figures, "1h 32m", "45m", "3.2s".
[[nodiscard]] std::string rounded_text_of(Duration duration);

}  // namespace knockon::quantity
