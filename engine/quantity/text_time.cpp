// Durations, clock offsets, hours of the day and dates as text.
#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>

#include "engine/quantity/number.hpp"
#include "engine/quantity/respelling.hpp"
#include "engine/quantity/text.hpp"

namespace knockon::quantity {
namespace {

// Ticks are 2^-20 s and units are decimal: 128 bits hold digits times unit times 2^20 exactly.
__extension__ typedef unsigned __int128 Wide;

struct Unit {
  std::string_view name;
  std::uint64_t microseconds;
};
constexpr std::array<Unit, 6> units{
    {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"m", 60'000'000}, {"s", 1'000'000}, {"ms", 1'000}, {"us", 1}}};
constexpr std::int64_t century_ticks = std::int64_t{36'525} * 86'400 * Duration::ticks_per_second;

struct Decimal {
  std::uint64_t digits = 0;
  std::uint64_t divisor = 1;
};

// Nothing when the number has more digits than 64 bits hold.
std::optional<Decimal> decimal_of(std::string_view number) {
  Decimal decimal;
  bool in_fraction = false;
  for (const char c : number) {
    if (c == '.') {
      in_fraction = true;
      continue;
    }
    if (decimal.digits > 99'999'999'999'999'999 || decimal.divisor > 99'999'999'999'999'999) return std::nullopt;
    decimal.digits = decimal.digits * 10 + static_cast<std::uint64_t>(c - '0');
    if (in_fraction) decimal.divisor *= 10;
  }
  return decimal;
}

// Rounded to the nearest tick; nothing beyond a century.
std::optional<std::int64_t> ticks_of(const Decimal& count, const Unit& unit) {
  const Wide divisor = Wide{count.divisor} * 1'000'000;
  // Checked before the product, which for 10^18 days would leave 128 bits.
  if (Wide{count.digits} * unit.microseconds / divisor > Wide{4'000'000'000}) return std::nullopt;
  const Wide product = Wide{count.digits} * unit.microseconds * static_cast<std::uint64_t>(Duration::ticks_per_second);
  const Wide ticks = (product + divisor / 2) / divisor;
  if (ticks > Wide{static_cast<std::uint64_t>(century_ticks)}) return std::nullopt;
  return static_cast<std::int64_t>(ticks);
}

// The unit whose name is the whole run of letters at the start of `text`: `ms` is never `m` and then `s`.
const Unit* unit_at(std::string_view text, const Unit* begin) {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= 'a' && text[length] <= 'z') ++length;
  for (const Unit* unit = begin; unit != units.data() + units.size(); ++unit) {
    if (unit->name == text.substr(0, length)) return unit;
  }
  return nullptr;
}

// Parts from large to small units; only the last may have a fraction.
std::optional<Duration> strict_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  Duration total;
  const Unit* allowed = units.data();
  bool had_fraction = false;
  while (!text.empty()) {
    const std::size_t length = number_length(text);
    const Unit* unit = unit_at(text.substr(length), allowed);
    if (length == 0 || unit == nullptr || had_fraction) return std::nullopt;
    const std::string_view number = text.substr(0, length);
    const auto decimal = decimal_of(number);
    const auto ticks = decimal ? ticks_of(*decimal, *unit) : std::nullopt;
    if (!ticks) return std::nullopt;
    total += Duration::of_ticks(*ticks);
    if (total.ticks() > century_ticks) return std::nullopt;
    had_fraction = number.find('.') != std::string_view::npos;
    allowed = unit + 1;
    text.remove_prefix(length + unit->name.size());
  }
  return total;
}

std::vector<std::string> duration_guesses(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.size() == 1 && is_number(pieces[0])) {
    if (pieces[0] == "0") return {"0s"};
    return {pieces[0] + "s or " + pieces[0] + "m"};
  }
  std::string guess;
  for (const auto& piece : pieces) guess += is_number(piece) ? piece : time_unit_meant(piece);
  // A unit that was not understood has vanished from the guess: it must not be offered.
  for (const auto& piece : pieces) {
    if (!is_number(piece) && time_unit_meant(piece).empty()) return {};
  }
  return {guess};
}

std::optional<Duration> strict_local_hour(std::string_view text) {
  const auto hour = strict_duration(text);
  return hour && *hour <= Duration::hours(24) ? hour : std::nullopt;
}

std::vector<std::string> local_hour_guesses(std::string_view text) {
  const auto pieces = pieces_of(text);
  if (pieces.size() == 1 && is_number(pieces[0])) return {pieces[0] + "h"};
  if (pieces.size() == 3 && pieces[1] == ":") return {pieces[0] + "h" + (pieces[2] == "0" ? "" : pieces[2] + "m")};
  return duration_guesses(text);
}

// Offsets in use run from UTC-12 to UTC+14.
std::optional<Duration> strict_clock(std::string_view text) {
  if (!text.starts_with("UTC")) return std::nullopt;
  text.remove_prefix(3);
  if (text.empty()) return Duration{};
  const bool west = text.front() == '-';
  if (!west && text.front() != '+') return std::nullopt;
  text.remove_prefix(1);
  const std::size_t colon = text.find(':');
  const std::string_view hours = text.substr(0, colon);
  if (hours.empty() || hours.size() > 2 || number_length(hours) != hours.size()) return std::nullopt;
  Duration offset = Duration::hours(std::stoi(std::string{hours}));
  if (colon != std::string_view::npos) {
    const std::string_view minutes = text.substr(colon + 1);
    if (minutes.size() != 2 || minutes[0] < '0' || minutes[0] > '5' || minutes[1] < '0' || minutes[1] > '9') {
      return std::nullopt;
    }
    offset += Duration::minutes((minutes[0] - '0') * 10 + (minutes[1] - '0'));
  }
  if (offset > (west ? Duration::hours(12) : Duration::hours(14))) return std::nullopt;
  // One spelling each: UTC is not UTC+0, and UTC+7 is not UTC+7:00.
  offset = west ? -offset : offset;
  const std::string spelled = text_of_clock(offset).substr(3);
  return !spelled.empty() && spelled.substr(1) == text ? std::optional{offset} : std::nullopt;
}

std::vector<std::string> clock_guesses(std::string_view text) {
  std::string sign;
  std::string hours;
  std::string minutes;
  const auto pieces = pieces_of(text);
  if (pieces.empty()) return {};
  for (const auto& piece : pieces) {
    if (piece == "+" || piece == "-")
      sign = piece;
    else if (is_number(piece))
      (hours.empty() ? hours : minutes) = piece;
    else if (const auto word = upper_case(piece); word != "UTC" && word != "GMT" && word != "Z" && word != ":")
      return {};
  }
  if (hours.empty() || (hours == "0" && minutes.empty())) return {"UTC"};
  if (sign.empty()) sign = "+";
  if (minutes.empty() || minutes == "0") return {"UTC" + sign + hours};
  return {"UTC" + sign + hours + ":" + (minutes.size() == 1 ? "0" : "") + minutes};
}

// The number that fills `text`, which must be digits alone.
std::optional<int> digits_value(std::string_view text) {
  int value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::int64_t> strict_date(std::string_view text) {
  constexpr std::string_view pattern = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != pattern.size()) return std::nullopt;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != 'd' && pattern[i] != text[i]) return std::nullopt;
  }
  const auto year = digits_value(text.substr(0, 4));
  const auto month = digits_value(text.substr(5, 2));
  const auto day = digits_value(text.substr(8, 2));
  const auto hour = digits_value(text.substr(11, 2));
  const auto minute = digits_value(text.substr(14, 2));
  const auto second = digits_value(text.substr(17, 2));
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days{date}.time_since_epoch().count();
  return ((days * 24 + *hour) * 60 + *minute) * 60 + *second;
}

// A date alone, a space for the T, no seconds, no Z: the front of `text` completed from midnight.
std::vector<std::string> date_guesses(std::string_view text) {
  constexpr std::string_view midnight = "0000-00-00T00:00:00Z";
  if (text.size() < 10 || text.size() > 32) return {};
  std::string guess{text};
  if (guess.size() > 10 && (guess[10] == ' ' || guess[10] == 't')) guess[10] = 'T';
  if (guess.back() == 'Z' || guess.back() == 'z') guess.pop_back();
  if (guess.size() < midnight.size()) guess += midnight.substr(guess.size());
  return {guess};
}

constexpr const char* duration_expected = "expected a duration such as 5m, 1h30m or 250ms, of at most 100 years";

// What is below a second, in the unit that needs the fewest digits.
std::string subsecond_text(std::int64_t ticks) {
  const auto reads_back = [ticks](const std::string& text) { return strict_duration(text)->ticks() == ticks; };
  const double microseconds = std::round(static_cast<double>(ticks) * 1e7 / Duration::ticks_per_second) / 10;
  const auto milliseconds = fmt::format("{:.0f}ms", microseconds / 1000);
  if (reads_back(milliseconds)) return milliseconds;
  const auto whole = fmt::format("{:.0f}us", microseconds);
  // A tick is 0.95 us, so a tenth of a microsecond always tells two ticks apart.
  return reads_back(whole) ? whole : fmt::format("{:.1f}us", microseconds);
}

// Seconds from 1 up to 60 with as many decimals as it takes (at most seven: a tick is 9.5e-7 s).
std::string seconds_text(std::int64_t ticks) {
  const double seconds = static_cast<double>(ticks) / Duration::ticks_per_second;
  for (int decimals = 0; decimals < 7; ++decimals) {
    auto text = fmt::format("{:.{}f}s", seconds, decimals);
    if (strict_duration(text)->ticks() == ticks) return text;
  }
  return fmt::format("{:.7f}s", seconds);
}

std::string two_parts(std::int64_t large, const char* large_unit, std::int64_t small, const char* small_unit) {
  return small == 0 ? fmt::format("{}{}", large, large_unit)
                    : fmt::format("{}{} {}{}", large, large_unit, small, small_unit);
}

}  // namespace

Parsed<Duration> parse_duration(std::string_view text) {
  return parsed_or_hint<Duration>(text, strict_duration, duration_expected, duration_guesses);
}

Parsed<Duration> parse_local_hour(std::string_view text) {
  return parsed_or_hint<Duration>(text, strict_local_hour,
                                  "expected a time of day from 0h to 24h, such as 9h or 17h30m", local_hour_guesses);
}

Parsed<Duration> parse_clock(std::string_view text) {
  return parsed_or_hint<Duration>(text, strict_clock, "expected a fixed offset such as UTC, UTC+7 or UTC-3:30",
                                  clock_guesses);
}

Parsed<std::int64_t> parse_date(std::string_view text) {
  return parsed_or_hint<std::int64_t>(text, strict_date, "expected a date in UTC such as 2024-03-05T15:00:00Z",
                                      date_guesses);
}

std::string text_of(Duration duration) {
  if (duration.is_infinite()) return "unlimited";
  if (duration < Duration{}) return "-" + text_of(-duration);
  if (duration == Duration{}) return "0s";
  constexpr std::int64_t minute = 60 * Duration::ticks_per_second;
  const std::int64_t ticks = duration.ticks();
  const std::int64_t days = ticks / (1440 * minute);
  const std::int64_t hours = ticks / (60 * minute) % 24;
  const std::int64_t minutes = ticks / minute % 60;
  const std::int64_t rest = ticks % minute;
  std::string text;
  if (days > 0) text += fmt::format("{}d", days);
  if (hours > 0) text += fmt::format("{}h", hours);
  if (minutes > 0) text += fmt::format("{}m", minutes);
  if (rest >= Duration::ticks_per_second)
    text += seconds_text(rest);
  else if (rest > 0)
    text += subsecond_text(rest);
  return text;
}

std::string text_of_clock(Duration offset) {
  if (offset == Duration{}) return "UTC";
  const char sign = offset < Duration{} ? '-' : '+';
  const auto minutes = static_cast<std::int64_t>(std::round(std::abs(offset.in_minutes())));
  if (minutes % 60 == 0) return fmt::format("UTC{}{}", sign, minutes / 60);
  return fmt::format("UTC{}{}:{:02}", sign, minutes / 60, minutes % 60);
}

std::string text_of_date(std::int64_t seconds_since_epoch) {
  const std::chrono::sys_seconds moment{std::chrono::seconds{seconds_since_epoch}};
  const auto midnight = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date{midnight};
  const std::int64_t second = (moment - midnight).count();
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), second / 3600,
                     second / 60 % 60, second % 60);
}

std::string rounded_text_of(Duration duration) {
  if (duration.is_infinite()) return "unlimited";
  if (duration < Duration{}) return "-" + rounded_text_of(-duration);
  const double seconds = duration.in_seconds();
  const auto whole = [](double count) { return static_cast<std::int64_t>(std::round(count)); };
  // Each limit lies half a step below the next unit, so that rounding never prints 60m or 1000ms.
  if (seconds == 0) return "0s";
  if (seconds < 0.9995e-3) return fmt::format("{}us", whole(seconds * 1e6));
  if (seconds < 0.9995) return fmt::format("{}ms", whole(seconds * 1e3));
  if (seconds < 9.95) return number_text(static_cast<double>(whole(seconds * 10)) / 10) + "s";
  if (seconds < 59.5) return fmt::format("{}s", whole(seconds));
  if (seconds < 599.5) return two_parts(whole(seconds) / 60, "m", whole(seconds) % 60, "s");
  const std::int64_t minutes = whole(seconds / 60);
  if (minutes < 60) return fmt::format("{}m", minutes);
  if (minutes < 1440) return two_parts(minutes / 60, "h", minutes % 60, "m");
  const std::int64_t hours = whole(seconds / 3600);
  return two_parts(hours / 24, "d", hours % 24, "h");
}

}  // namespace knockon::quantity
