#include "tools/command_line/shared_options.hpp"

#include <charconv>
#include <limits>
#include <string_view>
#include <utility>

#include "engine/quantity/text.hpp"
#include "tools/command_line/options.hpp"
#include "tools/command_line/processors.hpp"

namespace knockon::command_line {
namespace {

constexpr std::uint64_t replications_max = 10'000'000;
constexpr std::uint64_t jobs_max = 1024;

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// "7" or "3-9": the first index, and how many.
std::optional<std::pair<std::uint64_t, std::uint64_t>> range_in(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto from = number(text.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : number(text.substr(dash + 1));
  if (!from || !to || *to < *from || *to - *from >= replications_max || *to >= UINT64_MAX / 2) return std::nullopt;
  return std::pair{*from, *to - *from + 1};
}

}  // namespace

void add_scenario(Options& options, Wanted& wanted, const char* about) {
  options.operand("SCENARIO", wanted.scenario, about);
}

void add_alterations(Options& options, Wanted& wanted) {
  const auto add_variant = [&wanted](const std::string& name) {
    wanted.variants.push_back(name);
    return std::string{};
  };
  const auto add_setting = [&wanted](const std::string& setting) {
    const std::size_t sign = setting.find('=');
    if (sign == std::string::npos || sign == 0) return std::string{"expected PATH=VALUE"};
    wanted.set.emplace_back(setting.substr(0, sign), setting.substr(sign + 1));
    return std::string{};
  };
  options.read_each("--variant", add_variant, "a what-if of the scenario (repeatable)");
  options.read_each("--set", add_setting, "PATH=VALUE in the scenario's language (repeatable)");
}

void add_wish(Options& options, Wish& wish) {
  options.text("--strategy", wish.strategy, "the plan people follow (default: the scenario's own)");
  options.text("--cause", wish.cause, "what goes wrong (default: the scenario's own)");
}

void add_run_count(Options& options, Repetition& repetition, const char* about) {
  repetition.jobs = processors();
  options.number("--replications", repetition.count, 1, replications_max, about);
  options.number("--seed", repetition.seed, 0, std::numeric_limits<std::uint64_t>::max(), "which random numbers");
  options.number("--jobs", repetition.jobs, 1, jobs_max, "worker processes, at first one for each core");
}

void add_repetition(Options& options, Repetition& repetition) {
  const auto take_range = [&repetition](const std::string& text) {
    const auto range = range_in(text);
    if (!range) return std::string{"expected an index such as 7, or a range such as 0-19"};
    repetition.first = range->first;
    repetition.count = range->second;
    return std::string{};
  };
  add_run_count(options, repetition, "how many runs");
  options.read("--only", take_range, "INDEX or FROM-TO: these replications alone, counted from 0");
  options.exclude("--only", "--replications");
}

void add_precision(Options& options, Repetition& repetition) {
  const auto take_share = [&repetition](const std::string& text) {
    const auto share = quantity::parse_share(text);
    if (!share || share->value() <= 0 || share->value() >= 1) return std::string{"expected a share such as 5%"};
    repetition.precision = *share;
    return std::string{};
  };
  options.read("--precision", take_share,
               "run until minutes down are known to within this share, or a minute: looks after 200 runs, 400, 800 …");
  options.exclude("--precision", "--replications");
  options.exclude("--precision", "--only");
}

void add_json(Options& options, std::optional<std::string>& json, const char* about) {
  options.text("--json", json, about);
}

void add_report(Options& options, std::optional<std::string>& report) {
  const auto take_file = [&report](const std::string& text) {
    if (text.empty() || text == "-") return std::string{"expected a file such as outage.html"};
    report = text;
    return std::string{};
  };
  options.read("--report", take_file,
               "write a page to look at to FILE.html: it opens from disk and needs nothing else");
}

void add_pictures(Options& options, std::optional<std::string>& folder, const char* about) {
  options.text("--svg", folder, about);
}

void add_colour(Options& options, Colour& colour) {
  const auto take_colour = [&colour](const std::string& text) {
    if (text != "auto" && text != "always" && text != "never") return std::string{"expected auto, always or never"};
    colour = text == "always" ? Colour::always : text == "never" ? Colour::never : Colour::automatic;
    return std::string{};
  };
  options.read("--color", take_colour, "auto, always or never (default: auto, on a terminal)");
}

void add_voices(Options& options, Voices& voices) {
  options.flag("-v", voices.verbose, "say on standard error what is being done");
  options.flag("-q,--quiet", voices.quiet, "nothing on standard error but errors");
  options.exclude("--quiet", "-v");
}

}  // namespace knockon::command_line
