// The language, described once: every section's keys with their types, defaults and what they mean. The reader checks
// and reads by it, suggestions come from it, and whatever else describes the language to people or editors is made from
// it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/world/incident.hpp"

namespace knockon::scenario {

// Kinds of things that have names, as a set.
enum class Kinds : std::uint32_t {
  none = 0,
  region = 1U << 0U,
  site = 1U << 1U,
  link = 1U << 2U,
  group = 1U << 3U,
  service = 1U << 4U,
  operation = 1U << 5U,
  session = 1U << 6U,
  app = 1U << 7U,
  journey = 1U << 8U,
  population = 1U << 9U,
  curve = 1U << 10U,
  cause = 1U << 11U,
  fault = 1U << 12U,
  reaction = 1U << 13U,
  monitor = 1U << 14U,
  team = 1U << 15U,
  strategy = 1U << 16U,
  step = 1U << 17U,
};
constexpr Kinds operator|(Kinds a, Kinds b) {
  return static_cast<Kinds>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}
constexpr bool includes(Kinds kinds, Kinds kind) {
  return (static_cast<std::uint32_t>(kinds) & static_cast<std::uint32_t>(kind)) != 0;
}
inline constexpr Kinds place_kinds = Kinds::region | Kinds::site | Kinds::group;

// One word of a closed list.
struct Word {
  std::string_view text, doc;
};

struct Record;

// What may stand behind a key.
struct Type {
  enum class Form : std::uint8_t {
    text,
    flag,
    whole,
    count,
    share,
    rate,
    share_rate,
    duration,
    money,
    money_rate,
    data_rate,
    data_size,
    clock,
    hours,
    date,
    condition,
    promise,
    verb,          // which verbs: by the record it stands in
    word,          // one of `words`
    reference,     // the name of one of `kinds`, with @place where `is_placed`
    distribution,  // of `of`: a duration, a rate, a count or a share
    list,          // of `of`; a single one needs no brackets
    entries,       // names of the author's choice -> `of`
    keyed,         // names of `kinds`, or one of `words` -> `of`
    record,        // fixed keys
    range,         // a value of the measure that stands before it, or two with .. between
    points,        // local hours -> `of`
    settings,      // paths of live parameters of the target -> values of theirs
    observations,  // measures, or names of milestones -> `of`
    any,           // one of the types in `of`, told apart by the way it is written
  };
  enum class Bound : std::uint8_t { none, positive, whole_share, positive_whole_share };

  Form form = Form::text;
  Bound bound = Bound::none;
  // In the unit that number_of (values.hpp) gives; 0: as its form allows.
  double least = 0, most = 0;
  Kinds kinds = Kinds::none;
  bool is_placed = false;
  bool is_partial = false;  // record: nothing is required (templates, defaults, variants)
  std::vector<Word> words;
  const Record& (*record)() = nullptr;
  std::vector<Type> of;
};

struct Key {
  std::string_view name = {};
  Type type = {};
  std::string_view fallback = {};  // the default, in the language's own text; empty: none, or `derived`
  std::string_view derived = {};   // a default that depends on others, said in words
  std::string_view doc = {};
  bool is_required = false;
  std::string_view only_with = {};  // makes sense only beside this key
  std::string_view not_drawn = {};  // why it cannot differ from one replication to the next; empty: it can
};

// Where a verb may stand.
enum class Use : std::uint8_t { none, fault, reaction, step, harm };

struct Record {
  std::string_view name = {};     // "service": how messages call it
  std::string_view section = {};  // "services": the name under defaults and templates; empty: has none
  std::string_view doc = {};
  std::string_view main = {};  // the key that a bare value stands for; empty: none
  std::vector<Key> keys = {};
  std::vector<std::string_view> exactly_one = {};  // of these keys, when not empty
  std::vector<std::string_view> at_most_one = {};
  Use use = Use::none;  // has a verb, whose arguments are keys too

  [[nodiscard]] const Key* find(std::string_view key) const;
};

// Whether a verb's target must, may or must not be written.
enum class TargetRule : std::uint8_t { required, refused };

struct VerbRow {
  world::Verb verb;
  std::vector<Use> uses;
  Kinds targets = Kinds::none;
  TargetRule target_rule = TargetRule::required;
  std::vector<Key> arguments = {};
  std::string_view doc = {};
  [[nodiscard]] bool can_be(Use use) const;
};

[[nodiscard]] const Record& scenario_record();  // the whole file
[[nodiscard]] const Record& region_record();
[[nodiscard]] const Record& site_record();
[[nodiscard]] const Record& link_record();
[[nodiscard]] const Record& group_record();
[[nodiscard]] const Record& service_record();
[[nodiscard]] const Record& operation_record();
[[nodiscard]] const Record& call_record();
[[nodiscard]] const Record& need_record();
[[nodiscard]] const Record& fallback_record();
[[nodiscard]] const Record& backoff_record();
[[nodiscard]] const Record& breaker_record();
[[nodiscard]] const Record& overload_record();
[[nodiscard]] const Record& warm_up_record();
[[nodiscard]] const Record& restart_record();
[[nodiscard]] const Record& cache_record();
[[nodiscard]] const Record& resolve_record();
[[nodiscard]] const Record& autoscale_record();
[[nodiscard]] const Record& session_record();
[[nodiscard]] const Record& app_record();
[[nodiscard]] const Record& journey_record();
[[nodiscard]] const Record& objective_record();
[[nodiscard]] const Record& credit_record();
[[nodiscard]] const Record& population_record();
[[nodiscard]] const Record& retry_record();
[[nodiscard]] const Record& curve_record();
[[nodiscard]] const Record& cause_record();
[[nodiscard]] const Record& fault_record();
[[nodiscard]] const Record& spread_record();
[[nodiscard]] const Record& rollout_record();
[[nodiscard]] const Record& flaps_record();
[[nodiscard]] const Record& nodes_record();
[[nodiscard]] const Record& reaction_record();
[[nodiscard]] const Record& monitor_record();
[[nodiscard]] const Record& team_record();
[[nodiscard]] const Record& strategy_record();
[[nodiscard]] const Record& step_record();
[[nodiscard]] const Record& way_record();
[[nodiscard]] const Record& harm_record();
[[nodiscard]] const Record& milestone_record();
[[nodiscard]] const Record& templates_record();
[[nodiscard]] const Record& defaults_record();
[[nodiscard]] const Record& distribution_record();  // its keys' values have the distribution's own unit

// The table of verbs, in the order of world::Verb.
[[nodiscard]] const std::vector<VerbRow>& verb_rows();
[[nodiscard]] const VerbRow& row_of(world::Verb verb);

// Built-in demand curves, usable without being declared.
inline constexpr std::string_view evening_curve = "evening", flat_curve = "flat";

// "a service or a group".
[[nodiscard]] std::string_view noun_of(Kinds kind);  // one kind: "service"
[[nodiscard]] std::vector<Kinds> kinds_in(Kinds kinds);

}  // namespace knockon::scenario
