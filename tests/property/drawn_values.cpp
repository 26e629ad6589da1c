#include "tests/property/drawn_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "engine/quantity/contract.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::tests {
namespace {

using scenario::Key;
using scenario::Kinds;
using scenario::Record;
using scenario::Type;
using Form = Type::Form;

constexpr std::string_view conditions[] = {"success(shop) < 90% for 2m",
                                           "load(web) > 80% and not up(store)",
                                           "success(web.check@r-a) < 50% or down(shop)",
                                           "time > 3h",
                                           "(reachable(store from r-a) or up(g-a)) for 1m",
                                           "alerted(watch)"};
constexpr std::string_view promises[] = {"p95 down(shop) < 3h", "down(shop) = 0s", "median restored in 1m..9h",
                                         "mean stuck < 2"};
constexpr std::string_view durations[] = {"250ms", "1s", "90s", "5m", "1h30m", "2h", "1d"};
constexpr std::string_view shares[] = {"1%", "12.5%", "50%", "85%", "100%"};
constexpr std::string_view overload_policies[] = {
    "shed",
    "{policy: queue, limit: 5s, abandoned: served, order: lifo}",
    "{policy: queue, order: codel, expires: 1m}",
    "{policy: collapse, patience: 20s}",
    "[{policy: brownout, from: 80%}, {policy: slowdown, per_request: 2ms}]",
    "{policy: adaptive, wait: 500ms}",
};
constexpr std::string_view grouped_calls[] = {"{any_of: [store, near], at_least: 1}",
                                              "{parallel: [store, {to: near, kind: async, late: 5m}]}"};
constexpr std::string_view counts[] = {"1", "2", "7", "1.5k", "3M"};

}  // namespace

std::string DrawnValues::name(Kinds kinds) {
  std::vector<std::string> possible;
  for (const auto& [kind, names] : names_) {
    if (scenario::includes(kinds, kind)) possible.insert(possible.end(), names.begin(), names.end());
  }
  return possible.empty() ? "nobody" : one_of(possible);
}

std::string DrawnValues::value(const Type& type, int depth) {
  switch (type.form) {
    case Form::text:
      return one_of(std::vector<std::string>{"a title", "\"it's: {quoted}, #1\"", "'x  y'", "\"t\\ttab \\\"q\\\"\""});
    case Form::flag:
      return with_chance(.5) ? "true" : "false";
    case Form::whole:
      return std::to_string(1 + below(9));
    case Form::count:
      return std::string{one_of(counts)};
    case Form::share:
      return std::string{one_of(shares)};
    case Form::rate:
      return fmt::format("{}/{}", 1 + below(90), one_of(std::string_view{"smhd"}));
    case Form::share_rate:
      return fmt::format("{}%/{}", 1 + below(90), one_of(std::string_view{"smhd"}));
    case Form::duration:
      return std::string{one_of(durations)};
    case Form::money:
      return fmt::format("{} USD", one_of(counts));
    case Form::money_rate:
      return fmt::format("{} USD/{}", one_of(counts), one_of(std::string_view{"mhd"}));
    case Form::data_rate:
      return fmt::format("{} {}bit/s", 1 + below(90), one_of(std::string_view{"kMG"}));
    case Form::data_size:
      return fmt::format("{} {}B", 1 + below(90), one_of(std::string_view{"kMG"}));
    case Form::settings:
      return fmt::format("{{latency: {}, busy_at_peak: {}}}", one_of(durations), one_of(shares));
    case Form::clock:
      return one_of(std::vector<std::string>{"UTC", "UTC+5:30", "UTC-8"});
    case Form::hours:
      return one_of(std::vector<std::string>{"9h..17h", "22h..6h", "0h..24h"});
    case Form::date:
      return "2026-03-02T10:30:00Z";
    case Form::condition:
      return std::string{one_of(conditions)};
    case Form::promise:
      return std::string{one_of(promises)};
    case Form::verb:
      return std::string{world::text_of(one_of(scenario::verb_rows()).verb)};
    case Form::word:
      return type.words.empty() ? "word" : std::string{one_of(type.words).text};
    case Form::reference:
      return name(type.kinds) + (type.is_placed && with_chance(.2) ? "@" + name(scenario::place_kinds) : "");
    case Form::distribution:
      return distribution(type.of.front(), depth);
    case Form::list:
      return list(type.of.front(), depth);
    case Form::entries:
      return fmt::format("{{one: {}, two: {}}}", value(type.of.front(), depth + 1), value(type.of.front(), depth + 1));
    case Form::keyed:
      return fmt::format(
          "{{{}: {}}}",
          !type.words.empty() && with_chance(.4) ? std::string{one_of(type.words).text} : name(type.kinds),
          value(type.of.front(), depth + 1));
    case Form::record:
      return record(type.record(), depth + 1);
    case Form::range:
      return with_chance(.5) ? "65m..127m" : "90m";
    case Form::points:
      return fmt::format("{{0h: {}, 12h30m: {}}}", value(type.of.front(), depth + 1),
                         value(type.of.front(), depth + 1));
    case Form::observations:
      return "{down(shop): 3h..4h, noticed: {when: success(shop) < 50%, value: 12m}}";
    case Form::any:  // mostly the first, which is the plainest
      return value(with_chance(.7) ? type.of.front() : one_of(type.of), depth);
  }
  throw quantity::ContractError{"every form of value can be drawn"};
}

std::string DrawnValues::list(const Type& type, int depth) {
  if (with_chance(.4)) return value(type, depth + 1);
  std::string text = "[";
  for (std::size_t i = below(4); i > 0; --i) text += value(type, depth + 1) + (i > 1 ? ", " : "");
  return text + "]";
}

std::string DrawnValues::ascending(const Type& type, int depth, std::size_t count) {
  if (type.form == Form::duration) {
    constexpr std::string_view steps[] = {"10s", "5m", "1h"};
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += std::string{i > 0 ? ", " : ""} + std::string{steps[i]};
    return text;
  }
  const std::string one = value(type, depth + 1);
  return count == 2 ? one + ", " + one : one + ", " + one + ", " + one;
}

std::string DrawnValues::distribution(const Type& type, int depth) {
  switch (below(7)) {
    case 0:
      return "{median: 4m, p90: 12m, max: 1h}";
    case 1:
      return fmt::format("{{uniform: [{}]}}", ascending(type, depth, 2));
    case 2:
      return fmt::format("{{exponential: {}}}", value(type, depth + 1));
    case 3:
      return fmt::format("{{triangular: [{}]}}", ascending(type, depth, 3));
    case 4:
      return fmt::format("{{weibull: {{scale: {}, shape: 1.5}}, min: {}}}", value(type, depth + 1),
                         value(type, depth + 1));
    case 5:
      return fmt::format("{{empirical: [{}]}}", ascending(type, depth, 3));
    default:
      return value(type, depth + 1);
  }
}

// A property that is drawn once a replication.
std::string DrawnValues::drawn(const Type& type, int depth) {
  switch (below(3)) {
    case 0:
      return fmt::format("{{uniform: [{}]}}", ascending(type, depth, 2));
    case 1:
      return fmt::format("{{exponential: {}, max: {}}}", value(type, depth + 1), value(type, depth + 1));
    default:
      return fmt::format("{{empirical: [{}]}}", ascending(type, depth, 3));
  }
}

std::string DrawnValues::record(const Record& record, int depth) {
  const Key* main = record.main.empty() ? nullptr : record.find(record.main);
  if (main && with_chance(.4)) return value(main->type, depth);
  // A verb and a target that are drawn apart rarely go together.
  if (record.use == scenario::Use::harm && with_chance(.8)) {
    for (const Key& key : record.keys) keys_.insert(fmt::format("{}.{}", record.name, key.name));
    return deed(record.use);
  }
  // As rarely a policy and the argument of another.
  if (&record == &scenario::overload_record() && with_chance(.8)) {
    for (const Key& key : record.keys) keys_.insert(fmt::format("{}.{}", record.name, key.name));
    return std::string{one_of(overload_policies)};
  }
  // And most keys of a call with what it is by chance.
  if (&record == &scenario::call_record() && with_chance(.2)) {
    for (const std::string_view key : {"any_of", "at_least", "parallel", "kind", "late"})
      keys_.insert(fmt::format("{}.{}", record.name, key));
    return std::string{one_of(grouped_calls)};
  }
  std::set<std::string_view> written;
  std::string text;
  const auto write = [&](const Key& key) {
    if (!written.insert(key.name).second) return;
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", key.name, value(record.name, key, depth + 1));
  };
  const std::string_view chosen = record.exactly_one.empty() ? std::string_view{} : one_of(record.exactly_one);
  const auto is_excluded = [&](std::string_view name) {
    return name != chosen &&
           std::find(record.exactly_one.begin(), record.exactly_one.end(), name) != record.exactly_one.end();
  };
  if (!chosen.empty() && record.find(chosen)) write(*record.find(chosen));
  for (const Key& key : record.keys) {
    if (is_excluded(key.name)) continue;
    const bool is_wanted = with_chance(depth > 3 ? .02 : .12);
    if (!key.is_required && key.name != record.main && !is_wanted) continue;
    if (!key.only_with.empty() && record.find(key.only_with)) write(*record.find(key.only_with));
    write(key);
  }
  return "{" + text + "}";
}

std::string DrawnValues::deed(scenario::Use use) {
  std::vector<const scenario::VerbRow*> possible;
  for (const scenario::VerbRow& row : scenario::verb_rows()) {
    if (row.can_be(use)) possible.push_back(&row);
  }
  const scenario::VerbRow& row = *one_of(possible);
  // Only what may change of a thing goes with it.
  if (row.verb == world::Verb::set && with_chance(.8)) {
    for (const Key& key : row.arguments) keys_.insert(fmt::format("set.{}", key.name));
    const std::string lasts = with_chance(.5) ? ", lasts: 10m" : "";
    return fmt::format("{{do: set, target: store, values: {{latency: {}}}{}}}", one_of(durations), lasts);
  }
  std::string text = fmt::format("{{do: {}", world::text_of(row.verb));
  text += row.target_rule == scenario::TargetRule::required
              ? ", target: " + name(row.targets) + (with_chance(.3) ? "@s-a" : "")
              : ", target: ~";
  for (const Key& key : row.arguments) {
    if (!key.is_required && with_chance(.5)) continue;
    text += fmt::format(", {}: {}", key.name, value(world::text_of(row.verb), key, 2));
  }
  return text + "}";
}

std::string DrawnValues::value(std::string_view record, const Key& key, int depth) {
  keys_.insert(fmt::format("{}.{}", record, key.name));
  if (scenario::is_drawable(key) && with_chance(.2)) return drawn(key.type, depth);
  return value(key.type, depth);
}

}  // namespace knockon::tests
