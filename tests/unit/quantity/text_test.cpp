#include "engine/quantity/text.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "engine/quantity/contract.hpp"

using namespace knockon::quantity;

namespace {

struct Refused {
  const char* text;
  const char* hint;
};

template <class Parse, std::size_t count>
void check_refused(Parse parse, const char* expected, const Refused (&table)[count]) {
  for (const auto& [text, hint] : table) {
    CAPTURE(text);
    const auto parsed = parse(text);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().expected == expected);
    CHECK(parsed.error().hint == hint);
  }
}

}  // namespace

TEST_CASE("durations are read in every unit and in falling parts") {
  CHECK(parse_duration("5m") == Duration::minutes(5));
  CHECK(parse_duration("1h30m") == Duration::minutes(90));
  CHECK(parse_duration("1.5h") == Duration::minutes(90));
  CHECK(parse_duration("2d") == Duration::hours(48));
  CHECK(parse_duration("250ms") == Duration::of_seconds(0.25));
  CHECK(parse_duration("3us") == Duration::of_ticks(3));
  CHECK(parse_duration("0s") == Duration{});
  CHECK(parse_duration("1d2h3m4.5s") == Duration::of_seconds(93784.5));
  CHECK(parse_duration("36525d") == Duration::hours(36525 * 24));
}

TEST_CASE("what is no duration is refused with a spelling that would be one") {
  check_refused(parse_duration, "expected a duration such as 5m, 1h30m or 250ms, of at most 100 years",
                {{"5M", "did you mean 5m?"},
                 {"5 min", "did you mean 5m?"},
                 {"5 minutes", "did you mean 5m?"},
                 {"5µs", "did you mean 5us?"},
                 {"5", "did you mean 5s or 5m?"},
                 {"0", "did you mean 0s?"},
                 {"012m", "did you mean 12m?"},
                 {"1h 30m", "did you mean 1h30m?"},
                 {"1,5h", "did you mean 1.5h?"},
                 {".5h", "did you mean 0.5h?"},
                 {"5.h", "did you mean 5h?"},
                 {"+5m", "did you mean 5m?"},
                 {"1.5h30m", ""},
                 {"30m1h", ""},
                 {"5m5m", ""},
                 {"-5m", ""},
                 {"5w", ""},
                 {"", ""},
                 {"m", ""},
                 {"1e3s", ""},
                 {"inf", ""},
                 {"nan", ""},
                 {"infs", ""},
                 {"0x10s", ""},
                 {"5m\n", ""},
                 {"36525d1us", ""},
                 {"99999999999999999999999999s", ""},
                 {"0.00000000000000000000000001s", ""}});
}

TEST_CASE("texts of hostile length are refused without a hint") {
  const std::string digits(100'000, '9');

  CHECK(parse_duration(digits + "s").error().hint.empty());
  CHECK(parse_rate(digits + "/s").error().hint.empty());
  CHECK(parse_count(digits).error().hint.empty());
  CHECK(parse_share(std::string(100'000, ' ')).error().hint.empty());
  CHECK(parse_clock("UTC+" + digits).error().hint.empty());
  CHECK(parse_date(digits).error().hint.empty());
}

TEST_CASE("a number too small for a double is refused rather than read as zero") {
  CHECK_FALSE(parse_count("0." + std::string(400, '0') + "1").has_value());
}

TEST_CASE("shares are percentages") {
  CHECK(parse_share("85%") == Share{0.85});
  CHECK(parse_share("99.5%") == Share{0.995});
  CHECK(parse_share("250%") == Share{2.5});
  check_refused(parse_share, "expected a share such as 85% or 99.5%",
                {{"0.85", "did you mean 85%?"},
                 {"85", "did you mean 85%?"},
                 {"1", "did you mean 100%?"},
                 {"85 %", "did you mean 85%?"},
                 {"85 percent", "did you mean 85%?"},
                 {"012%", "did you mean 12%?"},
                 {"-1%", ""},
                 {"%", ""},
                 {"85%%", "did you mean 85%?"}});
}

TEST_CASE("rates say their time") {
  CHECK(parse_rate("20/s") == Rate::per_second(20));
  CHECK(parse_rate("1.2k/m") == Rate::per_second(20));
  CHECK(parse_rate("300/h") == Rate::per_hour(300));
  CHECK(parse_rate("12/d") == Rate::per_day(12));
  CHECK(parse_share_rate("15%/h") == Rate::per_hour(0.15));
  check_refused(parse_rate, "expected a rate such as 20/s, 1.3k/m or 12/d",
                {{"20", "did you mean 20/s?"},
                 {"20k", "did you mean 20k/s?"},
                 {"20rps", "did you mean 20/s?"},
                 {"20 req/s", "did you mean 20/s?"},
                 {"20 per minute", "did you mean 20/m?"},
                 {"20/sec", "did you mean 20/s?"},
                 {"20/ms", ""},
                 {"/s", ""},
                 {"20/", "did you mean 20/s?"},
                 {"20/fortnight", ""}});
  check_refused(parse_share_rate, "expected a share a time such as 15%/h",
                {{"15%", "did you mean 15%/h?"}, {"15/h", "did you mean 15%/h?"}, {"15%/hour", "did you mean 15%/h?"}});
}

TEST_CASE("counts take k, M, G and T") {
  CHECK(parse_count("60") == 60.0);
  CHECK(parse_count("0.2") == 0.2);
  CHECK(parse_count("1.3G") == 1.3e9);
  CHECK(parse_count("400M") == 4e8);
  check_refused(parse_count, "expected a number such as 60, 0.2, 400M or 1.3G",
                {{"012", "did you mean 12?"},
                 {"50K", "did you mean 50k?"},
                 {"1.3B", "did you mean 1.3G?"},
                 {"1.3 billion", "did you mean 1.3G?"},
                 {"1,000", "did you mean 1000?"},
                 {"1_000", "did you mean 1000?"},
                 {"1e6", "did you mean 1M?"},
                 {"60 users", "did you mean 60?"},
                 {"five", ""},
                 {"-3", ""},
                 {"1.2.3", ""},
                 {"inf", ""},
                 {"nan", ""}});
}

TEST_CASE("data is written with a space before its unit") {
  CHECK(parse_data_size("4 MiB") == DataSize{4.0 * 1024 * 1024});
  CHECK(parse_data_size("20 GB") == DataSize{20e9});
  CHECK(parse_data_rate("10 Gbit/s") == DataRate::bits_per_second(10e9));
  check_refused(parse_data_size, "expected a size such as 4 MiB or 20 GB",
                {{"4MiB", "did you mean 4 MiB?"},
                 {"4 mb", "did you mean 4 MB?"},
                 {"4 G", "did you mean 4 GB?"},
                 {"4  MB", "did you mean 4 MB?"},
                 {"4", "did you mean 4 MB or 4 MiB?"},
                 {"4 elephants", ""}});
  check_refused(parse_data_rate, "expected a data rate such as 10 Gbit/s or 500 Mbit/s",
                {{"10Gbps", "did you mean 10 Gbit/s?"},
                 {"10 Gb/s", "did you mean 10 Gbit/s?"},
                 {"10 GB/s", "did you mean 80 Gbit/s?"},
                 {"10 MBps", "did you mean 80 Mbit/s?"},
                 {"10", "did you mean 10 Mbit/s or 10 Gbit/s?"},
                 {"10 elephants", ""}});
}

TEST_CASE("money carries its currency") {
  const auto price = parse_money("0.08 USD");
  const auto worth = parse_money_rate("257k USD/m");
  const auto wage = parse_money_rate("90 EUR/h");

  REQUIRE(price.has_value());
  CHECK(price->money == Money{0.08});
  CHECK(price->currency == "USD");
  REQUIRE(worth.has_value());
  CHECK(worth->rate == MoneyRate::per_minute(257'000));
  REQUIRE(wage.has_value());
  CHECK(wage->rate == MoneyRate::per_minute(1.5));
  CHECK(wage->currency == "EUR");
  check_refused(parse_money, "expected an amount of money such as 0.08 USD or 3M EUR",
                {{"$0.08", "did you mean 0.08 USD?"},
                 {"€5", "did you mean 5 EUR?"},
                 {"USD 5", "did you mean 5 USD?"},
                 {"5 usd", "did you mean 5 USD?"},
                 {"5USD", "did you mean 5 USD?"},
                 {"5", "did you mean 5 USD?"},
                 {"5 dollars", ""}});
  check_refused(parse_money_rate, "expected money a minute or an hour such as 257k USD/m or 90 EUR/h",
                {{"257k USD", "did you mean 257k USD/m?"},
                 {"$257k per minute", "did you mean 257k USD/m?"},
                 {"257k USD/s", ""},
                 {"money", ""}});
}

TEST_CASE("clocks are fixed offsets, and no time-zone names") {
  CHECK(parse_clock("UTC") == Duration{});
  CHECK(parse_clock("UTC+5:30") == Duration::minutes(330));
  CHECK(parse_clock("UTC-3:30") == Duration::minutes(-210));
  CHECK(parse_clock("UTC+14") == Duration::hours(14));
  CHECK(parse_clock("UTC-0:30") == Duration::minutes(-30));
  check_refused(parse_clock, "expected a fixed offset such as UTC, UTC+7 or UTC-3:30",
                {{"UTC+07", "did you mean UTC+7?"},
                 {"UTC+07:00", "did you mean UTC+7?"},
                 {"UTC+0", "did you mean UTC?"},
                 {"utc", "did you mean UTC?"},
                 {"GMT-5", "did you mean UTC-5?"},
                 {"+5:30", "did you mean UTC+5:30?"},
                 {"UTC+15", ""},
                 {"UTC-13", ""},
                 {"UTC+5:60", ""},
                 {"Europe/Paris", ""}});
}

TEST_CASE("a time of day ends at midnight") {
  CHECK(parse_local_hour("0h") == Duration{});
  CHECK(parse_local_hour("17h30m") == Duration::minutes(1050));
  CHECK(parse_local_hour("24h") == Duration::hours(24));
  check_refused(
      parse_local_hour, "expected a time of day from 0h to 24h, such as 9h or 17h30m",
      {{"9", "did you mean 9h?"}, {"21:30", "did you mean 21h30m?"}, {"9:00", "did you mean 9h?"}, {"25h", ""}});
}

TEST_CASE("dates are in UTC and exist in the calendar") {
  CHECK(parse_date("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_date("2024-03-05T15:00:00Z") == 1'709'650'800);
  CHECK(parse_date("2024-02-29T23:59:59Z") == 1'709'251'199);
  CHECK(parse_date("1969-12-31T23:59:59Z") == -1);
  check_refused(parse_date, "expected a date in UTC such as 2024-03-05T15:00:00Z",
                {{"2024-03-05", "did you mean 2024-03-05T00:00:00Z?"},
                 {"2024-03-05 15:00", "did you mean 2024-03-05T15:00:00Z?"},
                 {"2024-03-05T15:00Z", "did you mean 2024-03-05T15:00:00Z?"},
                 {"2024-03-05t15:00:00z", "did you mean 2024-03-05T15:00:00Z?"},
                 {"2023-02-29T00:00:00Z", ""},
                 {"2024-13-01T00:00:00Z", ""},
                 {"2024-03-05T24:00:00Z", ""},
                 {"2024-03-05T15:00:60Z", ""},
                 {"5 March 2024", ""}});
}

TEST_CASE("quantities print in the spelling that authors use") {
  CHECK(text_of(Duration::minutes(90)) == "1h30m");
  CHECK(text_of(Duration::of_seconds(0.25)) == "250ms");
  CHECK(text_of(Duration::of_seconds(1.6)) == "1.6s");
  CHECK(text_of(Duration::hours(60 * 24)) == "60d");
  CHECK(text_of(Duration{}) == "0s");
  CHECK(text_of(Duration::minutes(-5)) == "-5m");
  CHECK(text_of(Duration::infinite()) == "unlimited");
  CHECK(text_of(Share{0.85}) == "85%");
  CHECK(text_of(Share{0.07}) == "7%");
  CHECK(text_of(Rate::per_second(20)) == "20/s");
  CHECK(text_of(Rate::per_day(12)) == "12/d");
  CHECK(text_of(DataRate::bits_per_second(10e9)) == "10 Gbit/s");
  CHECK(text_of(DataSize{20e9}) == "20 GB");
  CHECK(text_of_count(1.3e9) == "1.3G");
  CHECK(text_of_count(0.2) == "0.2");
  CHECK(text_of_clock(Duration::minutes(-210)) == "UTC-3:30");
  CHECK(text_of_date(1'709'650'800) == "2024-03-05T15:00:00Z");
}

TEST_CASE("for people a duration has at most two parts and no false precision") {
  CHECK(rounded_text_of(Duration{}) == "0s");
  CHECK(rounded_text_of(Duration::of_seconds(17e-6)) == "17us");
  CHECK(rounded_text_of(Duration::of_seconds(0.2504)) == "250ms");
  CHECK(rounded_text_of(Duration::of_seconds(3.21)) == "3.2s");
  CHECK(rounded_text_of(Duration::of_seconds(59.6)) == "1m");
  CHECK(rounded_text_of(Duration::of_seconds(270)) == "4m 30s");
  CHECK(rounded_text_of(Duration::of_seconds(599.6)) == "10m");
  CHECK(rounded_text_of(Duration::of_seconds(2710)) == "45m");
  CHECK(rounded_text_of(Duration::of_seconds(3599)) == "1h");
  CHECK(rounded_text_of(Duration::minutes(92)) == "1h 32m");
  CHECK(rounded_text_of(Duration::hours(49)) == "2d 1h");
  CHECK(rounded_text_of(Duration::minutes(-92)) == "-1h 32m");
  CHECK(rounded_text_of(Duration::infinite()) == "unlimited");
}

TEST_CASE("printing what is not a number breaks the contract") {
  CHECK_THROWS_AS(text_of(Share{std::nan("")}), ContractError);
  CHECK_THROWS_AS(text_of_count(std::nan("")), ContractError);
}
