#include "engine/scenario/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/scenario/examples.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "engine/scenario/type_words.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

constexpr std::string_view beginning = R"(# The scenario language

<!-- Written by the program from its own description of the language: change engine/scenario/, then run tools/approve. -->

A scenario is one YAML file that reads like a post-mortem: a world, what may go wrong in it, and what may be done about it. This page lists
every key. For a first scenario, step by step, read the [tutorial](tutorial.md); for what the words mean, the
[vocabulary](../vocabulary.md).

[Rules](#rules) · [The file](#the-file) · [Places](#places) · [Services](#services) · [Sessions, apps, people](#sessions-apps-and-people) ·
[What goes wrong](#what-goes-wrong) · [Recovery](#recovery) · [Verbs](#verbs) · [Conditions](#conditions) ·
[Promises and what was observed](#promises-and-what-was-observed) · [Quantities](#quantities) · [Distributions](#distributions)

## Rules

- **What has a name is an entry of a map**, and the section says what kind of thing it is. Lists hold what has no name. Order matters in `calls`,
  in `ways` and in `steps`.
- **Names** are of `a-z`, `0-9` and `-`, and begin with a letter. Regions, sites, links, groups, services, sessions and apps share one name
  space. What is inside another is named with a dot (`auth.login`, `shop.buy`); the part of a thing at a place, with an at sign
  (`session-store@apac`).
- **Short forms.** Where a table marks a key with a star, its bare value stands for the whole entry: `calls: [auth]` is `calls: [{to: auth}]`. A
  list of one needs no brackets.
- **Layers.** First comes what the file `extends`, then the blocks it `use`s, in order, then the file itself, then each `--variant`, then each
  `--set PATH=VALUE`. Maps merge by key; anything else is replaced; `~` takes away what is below.
- **`like: NAME`** makes an entry like another of its section, or like one in `templates`; what the entry says itself goes first. Last of
  all, `defaults` fill what is still open. Each entry that has a section of its own may be `like` another.
- **Units are always written**, in one spelling each ([quantities](#quantities)). Bare numbers are counts and factors.
- Each scalar is read as text and gets its type from the place where it stands: `'5'` and `5` are the same.
- Unknown keys, names that are not there and keys given twice are errors. `knockon check` shows all of them at once, each with its line,
  its column and what was probably meant. Editors that know JSON Schema complete and check keys with what `knockon schema` prints.

)";

constexpr std::string_view condition_rules = R"(
A condition is one line, without commas:

```
test = METRIC(NAME) < QUANTITY | METRIC(NAME) in LOW..HIGH | STATE(NAME)
```

Tests are joined with `not`, `for DURATION`, `and` and `or`, which bind in this order, and with parentheses. Comparisons are `<`, `<=`, `>`, `>=`
and `=`. `for 2m` delays both ends: the condition holds once its test has held for two minutes, and ends once it has not held for two.

`NAME@PLACE` is the part there, and without a place all of them together; `@here` is a reaction's own site. Inside an app's `down` and `degraded`,
a metric without a name is the app's. `reachable(NAME from PLACE)` looks from there, else from where users are.
`burn(APP over 6h)` is measured over that time, `burn(APP)` over an hour: how many times faster than its `slo` allows failures came.

Examples: `success(auth) < 90% for 2m`, `not reachable(dns from emea) and load(edge) > 120%`, `alerted(sales) or reports(shop) > 5/s`,
`burn(shop over 1h) > 14.4 and burn(shop over 5m) > 14.4`.
)";

constexpr std::string_view promise_rules = R"(
A promise is `[STATISTIC] MEASURE(APP@REGION) < QUANTITY`, or `in LOW..HIGH`. Without a statistic it must hold in every run. What was observed
has the same measures, or a milestone: a name, the condition that marks the moment, and when it was.

Examples: `p95 down(shop) < 3h`, `median restored(shop@emea) in 65m..127m`, `ever_down(bank) = 0%`.
)";

struct Spelling {
  std::string_view quantity, units, examples;
};
constexpr std::array<Spelling, 14> spellings{{
    {"number", "`k` `M` `G` `T`, or nothing", "`60`, `0.2`, `400M`, `1.3G`"},
    {"whole number", "", "`3`"},
    {"share", "`%`", "`85%`, `99.95%`"},
    {"duration", "`us` `ms` `s` `m` `h` `d`, large before small", "`250ms`, `5m`, `1h30m`"},
    {"rate", "a number and `/s` `/m` `/h` `/d`", "`20/s`, `1.3k/m`, `12/d`"},
    {"share a time", "a share and `/s` `/m` `/h` `/d`", "`15%/h`"},
    {"money", "a number, a space, a currency; one in a scenario", "`0.08 USD`, `3M EUR`"},
    {"money a time", "money and `/m` or `/h`", "`257k USD/m`, `90 EUR/h`"},
    {"data size", "a number, a space, `B` `kB` `MB` `GB` `TB` `KiB` `MiB` `GiB` `TiB`", "`4 MiB`, `20 GB`"},
    {"data rate", "a number, a space, `bit/s` `kbit/s` `Mbit/s` `Gbit/s` `Tbit/s`", "`10 Gbit/s`"},
    {"offset from UTC", "hours, or hours and minutes", "`UTC`, `UTC+7`, `UTC-3:30`"},
    {"hours of the day", "two local hours", "`9h..17h`, `22h..6h`"},
    {"date", "in UTC", "`2024-03-05T15:00:00Z`"},
    {"value or range", "one quantity, or two with `..` between", "`5m`, `65m..127m`"},
}};

constexpr std::string_view distribution_rules = R"(
Where a distribution may stand, a bare value stands for `{constant: value}`. Steps, delays and the like are drawn anew each time they happen.

Any other number, share, rate, data rate or duration that stands alone behind a key may be a distribution too: `per_replica: {median: 400/s, p90: 600/s}`,
`share: {uniform: [20%, 60%]}`. It is drawn once in each run, before anything happens, and is the same for every strategy and variant. Draws beyond
what the key may hold are moved to its bound, as those beyond `min` and `max` are. Hardware that is sized by its busiest hour is sized by medians.

Plain values only take: whole numbers, values in maps (`does`, `replicas: {…}`), factors of pauses and times between looks or turns, what was
promised (`slo`, `credit`), and how far a cause is believed (`weight`).
)";

// ---- Markdown

std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c == '\n' ? ' ' : c;
  }
  return result;
}

std::string code(std::string_view text) { return text.empty() ? std::string{} : fmt::format("`{}`", cell(text)); }

std::string row(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const std::string& one : cells) text += fmt::format(" {} |", one);
  return text + "\n";
}

std::string heading_row(const std::vector<std::string>& cells) {
  return "\n" + row(cells) + row(std::vector<std::string>(cells.size(), "---"));
}

std::string sentence(std::string_view text) {
  std::string result{text};
  if (!result.empty() && result.front() >= 'a' && result.front() <= 'z')
    result.front() = static_cast<char>(result.front() - 'a' + 'A');
  return result;
}

// ---- records

std::string words_listed(const Type& type) {
  std::string text;
  for (const Word& word : type.words) {
    if (word.doc.empty()) continue;
    text += fmt::format("<br>{}: {}", code(word.text), cell(word.doc));
  }
  for (const Type& part : type.of) text += words_listed(part);
  return text;
}

std::string default_cell(const Record& record, const Key& key) {
  const auto is_one_of = [&](const std::vector<std::string_view>& keys) {
    return std::find(keys.begin(), keys.end(), key.name) != keys.end();
  };
  if (key.is_required) return "required";
  if (is_one_of(record.exactly_one)) return "one of these";
  return cell(default_in_words(key));
}

std::string name_cell(const Record& record, const Key& key) {
  return code(key.name) + (key.name == record.main ? " \\*" : "");
}

std::string explanation(const Key& key) {
  std::string text = cell(key.doc) + words_listed(key.type);
  if (!key.only_with.empty()) text += fmt::format("; beside {}", code(key.only_with));
  return text;
}

std::string table_of(const Record& record, const std::vector<Key>& keys) {
  std::string text = heading_row({"key", "what stands there", "default", "example", "meaning"});
  for (const Key& key : keys) {
    const std::string example = example_of(record, key);
    text += row(
        {name_cell(record, key), cell(in_words(key.type)), default_cell(record, key), code(example), explanation(key)});
  }
  return text;
}

std::string keys_listed(const std::vector<std::string_view>& keys) {
  std::vector<std::string> quoted;
  for (const std::string_view key : keys) quoted.push_back(code(key));
  return one_of({quoted.begin(), quoted.end()});
}

std::string choices_of(const Record& record) {
  std::string text;
  if (!record.exactly_one.empty()) text += fmt::format(" Exactly one of {}.", keys_listed(record.exactly_one));
  if (!record.at_most_one.empty()) text += fmt::format(" At most one of {}.", keys_listed(record.at_most_one));
  return text;
}

std::string record_text(const Record& record, std::string_view marks) {
  const std::string title = record.section.empty() ? std::string{record.name} : std::string{record.section};
  return fmt::format("\n{} {}\n\n{}.{}\n", marks, title, sentence(record.doc), choices_of(record)) +
         table_of(record, record.keys);
}

// The records inside a record that have no section among `elsewhere`, in the order in which they are met.
void add_parts(const Type& type, const std::vector<const Record*>& elsewhere, std::vector<const Record*>& parts) {
  if (type.record) {
    const Record& record = type.record();
    const bool is_known = std::find(parts.begin(), parts.end(), &record) != parts.end() ||
                          std::find(elsewhere.begin(), elsewhere.end(), &record) != elsewhere.end();
    if (is_known) return;
    parts.push_back(&record);
    for (const Key& key : record.keys) add_parts(key.type, elsewhere, parts);
  }
  for (const Type& part : type.of) add_parts(part, elsewhere, parts);
}

class Page {
 public:
  Page() : told_{&scenario_record(), &templates_record(), &defaults_record()} {}

  // A chapter of sections; what their entries hold follows each, where it was not told before.
  std::string chapter(std::string_view title, const std::vector<const Record*>& sections) {
    std::string text = fmt::format("\n## {}\n", title);
    for (const Record* section : sections) told_.push_back(section);
    for (const Record* section : sections) {
      text += record_text(*section, "###");
      std::vector<const Record*> parts;
      for (const Key& key : section->keys) add_parts(key.type, told_, parts);
      for (const Record* part : parts) {
        text += record_text(*part, "####");
        told_.push_back(part);
      }
    }
    return text;
  }

 private:
  std::vector<const Record*> told_;
};

std::string file_chapter() {
  return "\n## The file\n\n`knockon: 1` is the first line of every file, of a block too.\n" +
         table_of(scenario_record(), scenario_record().keys);
}

// ---- verbs

std::string targets_of(const VerbRow& verb) {
  if (verb.target_rule == TargetRule::refused) return "none";
  std::vector<std::string_view> nouns;
  for (const Kinds kind : kinds_in(verb.targets)) nouns.push_back(noun_of(kind));
  return nouns.size() > 9 ? "anything" : one_of(nouns);
}

std::string arguments_of(const VerbRow& verb) {
  std::string text;
  for (const Key& key : verb.arguments) text += (text.empty() ? "" : ", ") + code(key.name);
  return text;
}

std::string verbs_table(Use use) {
  std::string text = heading_row({"`do`", "target", "arguments", "what it does"});
  for (const VerbRow& verb : verb_rows()) {
    if (!verb.can_be(use)) continue;
    text += row({code(world::text_of(verb.verb)), targets_of(verb), arguments_of(verb), cell(verb.doc)});
  }
  return text;
}

std::string arguments_table() {
  std::string text = heading_row({"`do`", "argument", "what stands there", "default", "meaning"});
  for (const VerbRow& verb : verb_rows()) {
    for (const Key& key : verb.arguments) {
      text += row({code(world::text_of(verb.verb)), code(key.name), cell(in_words(key.type)),
                   cell(default_in_words(key)), explanation(key)});
    }
  }
  return text;
}

std::string verbs_chapter() {
  return "\n## Verbs\n\nWhat a fault, a reaction or a step does stands behind `do`; its arguments are keys beside it. "
         "A step ends a fault "
         "when its verb is in the\nfault's `ended_by` and its target is, or contains, the fault's: a service contains "
         "its operations and the "
         "sessions it stores, a place what runs\nthere, a group its members.\n"
         "\n### Of faults\n" +
         verbs_table(Use::fault) + "\n### Of reactions\n" + verbs_table(Use::reaction) + "\n### Of steps\n" +
         verbs_table(Use::step) + "\n### Their arguments\n" + arguments_table();
}

// ---- conditions, promises, quantities, distributions

std::string kinds_cell(Kinds kinds) {
  std::vector<std::string_view> nouns;
  for (const Kinds kind : kinds_in(kinds)) nouns.push_back(noun_of(kind));
  return nouns.empty() ? "no name" : one_of(nouns);
}

std::string unit_in_words(Type::Form unit) {
  Type type;
  type.form = unit;
  return unit == Form::hours ? "local hour" : in_words(type);
}

std::string conditions_chapter() {
  std::string text = "\n## Conditions\n";
  text += condition_rules;
  text += heading_row({"metric", "of", "compared with", "meaning"});
  for (const MetricRow& metric : metric_rows()) {
    text += row({code(metric.text), kinds_cell(metric.kinds), unit_in_words(metric.unit), cell(metric.doc)});
  }
  text += heading_row({"state", "of", "meaning"});
  for (const StateRow& state : state_rows()) text += row({code(state.text), kinds_cell(state.kinds), cell(state.doc)});
  return text;
}

std::string_view subject_in_words(MeasureSubject of) {
  if (of == MeasureSubject::app) return "an app";
  return of == MeasureSubject::incident ? "the incident" : "an app, or the incident";
}

std::string promises_chapter() {
  std::string text = "\n## Promises and what was observed\n";
  text += promise_rules;
  text += heading_row({"measure", "of", "compared with", "meaning"});
  for (const MeasureRow& measure : measure_rows()) {
    text += row({code(world::text_of(measure.measure)), std::string{subject_in_words(measure.of)},
                 unit_in_words(measure.unit), cell(measure.doc)});
  }
  text += heading_row({"statistic", "meaning"});
  for (const StatisticRow& statistic : statistic_rows()) text += row({code(statistic.text), cell(statistic.doc)});
  return text;
}

std::string quantities_chapter() {
  std::string text = "\n## Quantities\n";
  text += heading_row({"quantity", "unit", "examples"});
  for (const Spelling& spelling : spellings)
    text += row({std::string{spelling.quantity}, std::string{spelling.units}, std::string{spelling.examples}});
  return text;
}

std::string_view distribution_example(std::string_view key) {
  if (key == "uniform") return "{uniform: [5m, 15m]}";
  if (key == "exponential") return "{exponential: 10m}";
  if (key == "triangular") return "{triangular: [2m, 5m, 20m]}";
  if (key == "weibull") return "{weibull: {scale: 1h, shape: 1.5}}";
  if (key == "empirical") return "{empirical: [4m, 9m, 31m]}";
  if (key == "constant") return "{constant: 5m}";
  if (key == "min" || key == "max") return "{exponential: 10m, min: 1m, max: 1h}";
  if (key == "median") return "{median: 25m, p90: 60m}";
  return {};
}

std::string distributions_chapter() {
  std::string text = "\n## Distributions\n";
  text += distribution_rules;
  text += heading_row({"key", "example", "meaning"});
  for (const Key& key : distribution_record().keys)
    text += row({name_cell(distribution_record(), key), code(distribution_example(key.name)), cell(key.doc)});
  return text;
}

}  // namespace

std::string reference_text() {
  Page page;
  std::string text{beginning};
  text += file_chapter();
  text += page.chapter("Places", {&region_record(), &site_record(), &link_record(), &group_record()});
  text += page.chapter("Services", {&service_record(), &operation_record(), &call_record()});
  text += page.chapter("Sessions, apps and people",
                       {&session_record(), &app_record(), &journey_record(), &population_record(), &curve_record()});
  text += page.chapter("What goes wrong", {&cause_record(), &fault_record(), &reaction_record()});
  text += page.chapter("Recovery", {&monitor_record(), &team_record(), &strategy_record(), &step_record()});
  text += verbs_chapter();
  text += conditions_chapter();
  text += promises_chapter();
  text += quantities_chapter();
  text += distributions_chapter();
  return text;
}

}  // namespace knockon::scenario
