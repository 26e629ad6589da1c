#include "engine/scenario/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "engine/scenario/type_words.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using Json = nlohmann::ordered_json;
using Form = Type::Form;
using Bound = Type::Bound;

// What may lie below a map decides what it must say itself.
enum class Standing : std::uint8_t {
  piece,   // in templates, defaults and variants: nothing is required, and no name is looked up
  merged,  // in the file: blocks, `like` and `defaults` may bring what is missing
  item,    // of a list whose items have defaults: nothing else lies below it
  alone,   // of a list whose items have none: it says everything itself
};

Standing of_items(Standing standing, const Type& item) {
  if (standing == Standing::piece || standing == Standing::alone) return standing;
  const bool has_defaults = item.form == Form::record && !item.record().section.empty();
  return has_defaults ? Standing::item : Standing::alone;
}

// What stands inside a map that stands so.
Standing of_parts(Standing standing) { return standing == Standing::item ? Standing::merged : standing; }

// ---- scalars

constexpr const char* number = "(0|[1-9][0-9]*)(\\.[0-9]+)?";
constexpr const char* name = "[a-z][a-z0-9-]*";

Json text_like(const std::string& pattern, std::string_view expected) {
  return {{"type", "string"}, {"pattern", "^" + pattern + "$"}, {"patternErrorMessage", expected}};
}

// Bare numbers arrive from a YAML parser as numbers, those with a letter behind them as text.
Json number_like(const std::string& pattern, std::string_view expected) {
  Json json = text_like(pattern, expected);
  json["type"] = {"number", "string"};
  json["minimum"] = 0;
  return json;
}

Json any_scalar() { return {{"type", {"string", "number", "boolean"}}}; }

std::string duration_pattern() { return fmt::format("({}(d|h|ms|m|us|s))+", number); }

std::string alternatives(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? "" : "|") + std::string{word};
  return "(" + text + ")";
}

constexpr const char* comparison = "(<=|>=|<|>|=)\\s*";
constexpr const char* named = "\\s*(\\([^()]*\\))?\\s*";

// The shape of a condition: words it knows in a possible order. Whether parentheses match is the reader's.
std::string condition_pattern() {
  constexpr const char* quantity = "[0-9][^\\s()<>=,&|!;]*";
  std::vector<std::string_view> metrics, states;
  for (const MetricRow& row : metric_rows()) metrics.push_back(row.text);
  for (const StateRow& row : state_rows()) states.push_back(row.text);
  const std::string of_metric =
      fmt::format("{}{}({}{}|\\bin\\s+{})", alternatives(metrics), named, comparison, quantity, quantity);
  const std::string of_state = alternatives(states) + "\\s*\\([^()]*\\)";
  return fmt::format("[\\s(]*(not\\b[\\s(]*)*({0}|{1})({0}|{1}|for\\s+{2}|not\\b|and\\b|or\\b|[()]|\\s)*", of_metric,
                     of_state, quantity);
}

std::string promise_pattern() {
  constexpr const char* quantity = "[0-9][^()<>=,&|!;]*";
  std::vector<std::string_view> measures, statistics;
  for (const MeasureRow& row : measure_rows()) measures.push_back(world::text_of(row.measure));
  for (const StatisticRow& row : statistic_rows()) statistics.push_back(row.text);
  return fmt::format("\\s*({}\\s+)?{}{}({}{}|\\bin\\s+{})", alternatives(statistics), alternatives(measures), named,
                     comparison, quantity, quantity);
}

Json share_like(Bound bound) {
  const bool is_bounded = bound == Bound::whole_share || bound == Bound::positive_whole_share;
  return is_bounded
             ? text_like("(100(\\.0[0-9]*)?|[1-9]?[0-9](\\.[0-9]+)?)%", "expected a share of at most 100%, such as 85%")
             : text_like(fmt::format("{}%", number), "expected a share such as 85%");
}

Json whole_number() {
  return {{"type", {"integer", "string"}},
          {"minimum", 0},
          {"pattern", "^(0|[1-9][0-9]*)$"},
          {"patternErrorMessage", "expected a whole number such as 1 or 30"}};
}

// `true` is a boolean to a YAML parser, and 'true' a text; the reader takes both.
Json flag() { return {{"anyOf", {{{"type", "boolean"}}, {{"type", "string"}, {"pattern", "^(true|false)$"}}}}}; }

Json reference() {
  return text_like(fmt::format("{0}(\\.{0})?(@{0})?", name), "expected a name, such as auth, auth.login or auth@emea");
}

// Nothing where the form is no scalar of one spelling.
Json scalar(const Type& type) {
  switch (type.form) {
    case Form::flag:
      return flag();
    case Form::whole:
      return whole_number();
    case Form::count:
      return number_like(fmt::format("{}[kMGT]?", number), "expected a number such as 60, 0.2, 400M or 1.3G");
    case Form::share:
      return share_like(type.bound);
    case Form::rate:
      return text_like(fmt::format("{}[kMGT]?/[smhd]", number), "expected a rate such as 20/s, 1.3k/m or 12/d");
    case Form::share_rate:
      return text_like(fmt::format("{}%/[smhd]", number), "expected a share a time such as 15%/h");
    case Form::duration:
      return text_like(duration_pattern(), "expected a duration such as 5m, 1h30m or 250ms");
    case Form::money:
      return text_like(fmt::format("{}[kMGT]? [A-Z]{{3}}", number), "expected money such as 0.08 USD or 3M EUR");
    case Form::money_rate:
      return text_like(fmt::format("{}[kMGT]? [A-Z]{{3}}/[mh]", number),
                       "expected money a minute or an hour such as 257k USD/m or 90 EUR/h");
    case Form::data_rate:
      return text_like(fmt::format("{} [kMGT]?bit/s", number), "expected a data rate such as 10 Gbit/s");
    case Form::data_size:
      return text_like(fmt::format("{} (([kMGT]|[KMGT]i)?B)", number), "expected a size such as 4 MiB or 20 GB");
    case Form::clock:
      return text_like("UTC([+-][0-9]{1,2}(:[0-9]{2})?)?", "expected a fixed offset such as UTC, UTC+7 or UTC-3:30");
    case Form::hours:
      return text_like(fmt::format("{0}\\.\\.{0}", duration_pattern()), "expected hours such as 9h..17h or 22h..6h");
    case Form::date:
      return text_like("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z",
                       "expected a date in UTC such as 2024-03-05T15:00:00Z");
    case Form::range:
      return number_like("[0-9].*", "expected a value or a range such as 65m..127m");
    case Form::condition:
      return text_like(condition_pattern(), "expected a condition such as success(feed) < 90% for 2m");
    case Form::promise:
      return text_like(promise_pattern(), "expected a promise such as p95 down(facebook) < 3h");
    case Form::reference:
      return reference();
    default:
      return any_scalar();
  }
}

bool is_looked_up(Form form) {
  return form == Form::condition || form == Form::promise || form == Form::reference || form == Form::range;
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Json word_schema(const std::vector<Word>& words) {
  Json values = Json::array(), descriptions = Json::array();
  std::vector<std::string_view> numbers;
  for (const Word& word : words) {
    if (is_digits(word.text)) numbers.push_back(word.text);
    values.push_back(is_digits(word.text) ? Json(std::stoi(std::string{word.text})) : Json(word.text));
    descriptions.push_back(word.doc);
  }
  Json json{{"enum", values}, {"enumDescriptions", descriptions}};
  if (numbers.empty()) return json;
  return {{"anyOf", {json, text_like(alternatives(numbers), "expected " + std::string{numbers.front()})}}};
}

// ---- the whole

class Schema {
 public:
  Json whole() {
    Json json{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "knockon scenario, version 1"}};
    const Json root = record_schema(scenario_record(), Standing::merged);
    for (const auto& [key, value] : root.items()) json[key] = value;
    // Every file says it, a block too; what else is missing may be said by another.
    json["required"] = {"knockon"};
    json["definitions"] = Json::object();
    for (auto& [key, value] : definitions_) json["definitions"][key] = std::move(value);
    return json;
  }

 private:
  Json defined(const std::string& key, Json schema) {
    definitions_[key] = std::move(schema);
    return {{"$ref", "#/definitions/" + key}};
  }

  // `~` takes away what is merged below, wherever it stands. Said so that editors do not offer the word null, which is
  // not a value of the language.
  Json removal() {
    return defined("removal", {{"$comment", "~ takes away what is merged below"},
                               {"not", {{"type", {"object", "array", "string", "number", "boolean"}}}}});
  }

  Json one_of_these(std::vector<Json> schemas) {
    Json any = Json::array();
    for (Json& schema : schemas) {
      if (schema.size() == 1 && schema.contains("anyOf")) {
        for (Json& inner : schema["anyOf"]) {
          if (std::find(any.begin(), any.end(), inner) == any.end()) any.push_back(inner);
        }
      } else if (std::find(any.begin(), any.end(), schema) == any.end()) {
        any.push_back(std::move(schema));
      }
    }
    return any.size() == 1 ? any.front() : Json{{"anyOf", any}};
  }

  Json removable(Json schema) { return one_of_these({std::move(schema), removal()}); }

  // ---- types

  Json schema_of(const Type& type, Standing standing) {
    if (type.is_partial) standing = Standing::piece;
    switch (type.form) {
      case Form::record:
        return record_or_short_form(type.record(), standing);
      case Form::entries:
        return entries_schema(type, of_parts(standing));
      case Form::keyed:
        return {{"type", "object"}, {"additionalProperties", removable(schema_of(type.of.front(), standing))}};
      case Form::points:
        return points_schema(type, standing);
      case Form::observations:
        return {{"type", "object"}, {"additionalProperties", removable(schema_of(type.of.front(), standing))}};
      case Form::list:
        return list_schema(type.of.front(), standing);
      case Form::any:
        return any_schema(type, standing);
      case Form::distribution:
        return distribution_schema(type.of.front(), standing);
      case Form::settings:
        return {{"type", "object"}, {"additionalProperties", any_scalar()}};
      case Form::word:
        return word_schema(type.words);
      case Form::verb:  // what ends something, which only steps do
        return verb_schema(standing == Standing::piece ? Use::none : Use::step);
      default:
        return scalar_schema(type, standing);
    }
  }

  Json scalar_schema(const Type& type, Standing standing) {
    if (standing == Standing::piece && is_looked_up(type.form)) return any_scalar();
    if (type.form == Form::text) return any_scalar();
    const bool is_part = type.form == Form::share && type.bound != Bound::none;
    static const std::map<Form, std::string> names{
        {Form::flag, "flag"},           {Form::whole, "whole-number"},      {Form::count, "number"},
        {Form::rate, "rate"},           {Form::share_rate, "share-a-time"}, {Form::duration, "duration"},
        {Form::money, "money"},         {Form::money_rate, "money-a-time"}, {Form::data_rate, "data-rate"},
        {Form::data_size, "data-size"}, {Form::clock, "offset-from-utc"},   {Form::hours, "hours-of-the-day"},
        {Form::date, "date"},           {Form::range, "value-or-range"},    {Form::condition, "condition"},
        {Form::promise, "promise"},     {Form::reference, "reference"}};
    if (type.form == Form::share) return defined(is_part ? "share" : "level", scalar(type));
    const auto known = names.find(type.form);
    return known == names.end() ? scalar(type) : defined(known->second, scalar(type));
  }

  Json any_schema(const Type& type, Standing standing) {
    std::vector<Json> schemas;
    for (const Type& alternative : type.of) schemas.push_back(schema_of(alternative, standing));
    return one_of_these(std::move(schemas));
  }

  Json list_schema(const Type& item, Standing standing) {
    const Json items = removable(schema_of(item, of_items(standing, item)));
    return one_of_these({schema_of(item, of_parts(standing)), {{"type", "array"}, {"items", items}}});
  }

  Json entry_names() {
    return {{"pattern", fmt::format("^{}$", name)},
            {"patternErrorMessage", "names are of a-z, 0-9 and -, and begin with a letter"},
            {"not", {{"enum", {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}}}}};
  }

  Json entries_schema(const Type& type, Standing standing) {
    return {{"type", "object"},
            {"propertyNames", entry_names()},
            {"additionalProperties", removable(schema_of(type.of.front(), standing))}};
  }

  Json points_schema(const Type& type, Standing standing) {
    return {{"type", "object"},
            {"propertyNames",
             {{"pattern", fmt::format("^{}$", duration_pattern())},
              {"patternErrorMessage", "expected a local hour from 0h to 23h59m"}}},
            {"additionalProperties", removable(schema_of(type.of.front(), standing))}};
  }

  // ---- distributions

  Json distribution_schema(const Type& value, Standing standing) {
    const Json one = scalar_schema(value, standing);
    const bool is_alone = standing == Standing::alone;
    const bool is_level = value.form == Form::share && value.bound == Bound::none;
    std::string of = is_level ? "level" : in_words(value);
    std::replace(of.begin(), of.end(), ' ', '-');
    const std::string key = fmt::format("distribution-of-{}{}", of, is_alone ? "" : "-or-a-change-to-one");
    Json json{{"type", "object"},
              {"description", distribution_record().doc},
              {"properties", Json::object()},
              {"additionalProperties", false}};
    for (const Key& part : distribution_record().keys) {
      json["properties"][std::string{part.name}] = described_part(part, distribution_part(part.name, one));
    }
    if (is_alone) json["anyOf"] = distribution_shapes();
    return one_of_these({one, defined(key, std::move(json))});
  }

  Json described_part(const Key& part, Json schema) {
    Json json{{"description", part.doc}};
    const Json possible = removable(std::move(schema));
    for (const auto& [key, value] : possible.items()) json[key] = value;
    return json;
  }

  Json distribution_part(std::string_view part, const Json& one) {
    const auto list = [&](int least, int most) {
      Json json{{"type", "array"}, {"items", one}, {"minItems", least}};
      if (most > 0) json["maxItems"] = most;
      return json;
    };
    if (part == "uniform") return list(2, 2);
    if (part == "triangular") return list(3, 3);
    if (part == "empirical") return list(1, 0);
    if (part != "weibull") return one;
    return {{"type", "object"},
            {"properties",
             {{"scale", removable(one)}, {"shape", removable(defined("number", scalar(Type{.form = Form::count})))}}},
            {"additionalProperties", removal()}};
  }

  static Json distribution_shapes() {
    Json shapes = Json::array();
    for (const char* quantile : {"p75", "p90", "p95", "p99"}) shapes.push_back({{"required", {"median", quantile}}});
    for (const char* shape : {"constant", "uniform", "exponential", "triangular", "weibull", "empirical"})
      shapes.push_back({{"required", {shape}}});
    return shapes;
  }

  // ---- records

  Json record_or_short_form(const Record& record, Standing standing) {
    const Json map = record_reference(record, standing);
    if (record.main.empty()) return map;
    return one_of_these({schema_of(record.find(record.main)->type, of_parts(standing)), map});
  }

  static std::string definition_name(const Record& record, Standing standing) {
    std::string text{record.name};
    std::replace(text.begin(), text.end(), ' ', '-');
    const bool is_whole = standing == Standing::item || standing == Standing::alone;
    return text + (standing == Standing::piece ? "-piece" : is_whole ? "-in-a-list" : "");
  }

  Json record_reference(const Record& record, Standing standing) {
    const std::string key = definition_name(record, standing);
    // Reserved before its parts are described: records hold each other.
    if (described_.insert(key).second) definitions_[key] = record_schema(record, standing);
    return {{"$ref", "#/definitions/" + key}};
  }

  Json record_schema(const Record& record, Standing standing) {
    Json json{{"type", "object"}, {"description", record.doc}, {"properties", Json::object()}};
    Json& properties = json["properties"];
    const bool is_piece = standing == Standing::piece;
    if (!record.section.empty() && record.main.empty() && standing != Standing::alone)
      properties["like"] = like(is_piece);
    for (const Key& key : record.keys) properties[std::string{key.name}] = property(record, key, standing);
    json["additionalProperties"] = false;
    if (record.use != Use::none) add_verbs(json, record, standing);
    if (!is_piece) add_choices(json, record, standing == Standing::item || standing == Standing::alone);
    return json;
  }

  Json like(bool is_piece) {
    Json json{{"description",
               "the name of another, beside it or in templates, that this one takes everything from "
               "that it does not say itself"}};
    if (is_piece) return json;  // looked up only when the piece is used
    const Json possible = removable(scalar_schema(Type{.form = Form::reference}, Standing::merged));
    for (const auto& [key, value] : possible.items()) json[key] = value;
    return json;
  }

  Json property(const Record& record, const Key& key, Standing standing) {
    Json json{{"description", hover(key)}};
    // A variant's own version has no meaning, and is not looked at.
    if (standing == Standing::piece && record.name == scenario_record().name && key.name == "knockon") return json;
    if (const Json value = default_of(key); !value.is_null()) json["default"] = value;
    const bool is_verb = key.type.form == Form::verb;
    const Json possible = removable(is_verb            ? verb_schema(record.use)
                                    : is_drawable(key) ? distribution_schema(key.type, of_parts(standing))
                                                       : schema_of(key.type, of_parts(standing)));
    for (const auto& [word, value] : possible.items()) json[word] = value;
    return json;
  }

  // Editors show the text as it stands, without Markdown.
  static std::string hover(const Key& key) {
    std::string text = std::string{key.doc} + "\n\n" + in_words(key.type);
    if (const std::string value = default_in_words(key); !value.empty()) text += "; default: " + value;
    text.erase(std::remove(text.begin(), text.end(), '`'), text.end());
    return text;
  }

  // What an editor fills in; maps and lists are left to the author.
  static Json default_of(const Key& key) {
    if (key.fallback.empty() || key.fallback.front() == '{' || key.fallback.front() == '[') return nullptr;
    if (const auto flag = flag_of(key.fallback)) return *flag;
    if (is_digits(key.fallback)) return std::stoi(std::string{key.fallback});
    return key.fallback;
  }

  static void add_choices(Json& json, const Record& record, bool is_whole) {
    Json all = json.contains("allOf") ? json["allOf"] : Json::array();
    for (const auto& keys : {record.exactly_one, record.at_most_one}) {
      for (std::size_t i = 0; i < keys.size(); ++i) {
        for (std::size_t j = i + 1; j < keys.size(); ++j) all.push_back(not_both(keys[i], keys[j]));
      }
    }
    if (!all.empty()) json["allOf"] = all;
    if (!is_whole) return;
    Json required = Json::array();
    for (const Key& key : record.keys) {
      if (key.is_required) required.push_back(key.name);
    }
    if (!required.empty()) json["required"] = required;
    Json one = Json::array();
    for (const std::string_view key : record.exactly_one) one.push_back({{"required", {key}}});
    if (!one.empty()) json["anyOf"] = one;
  }

  // Both with values: one of them may be there to be removed.
  static Json not_both(std::string_view a, std::string_view b) {
    const Json value{{"type", {"object", "array", "string", "number", "boolean"}}};
    return {{"not", {{"required", {a, b}}, {"properties", {{std::string{a}, value}, {std::string{b}, value}}}}}};
  }

  // ---- verbs

  Json verb_schema(Use use) {
    Json values = Json::array(), descriptions = Json::array();
    for (const VerbRow& row : verb_rows()) {
      if (use != Use::none && !row.can_be(use)) continue;
      values.push_back(world::text_of(row.verb));
      descriptions.push_back(row.doc);
    }
    const std::string key = use == Use::none ? "verb" : fmt::format("verb-of-a-{}", noun_of(use));
    return defined(key, {{"enum", values}, {"enumDescriptions", descriptions}});
  }

  static std::vector<const VerbRow*> verbs_of(Use use) {
    std::vector<const VerbRow*> rows;
    for (const VerbRow& row : verb_rows()) {
      if (row.can_be(use)) rows.push_back(&row);
    }
    return rows;
  }

  // Keys and all arguments are known; beside a verb, its own arguments alone may have values.
  void add_verbs(Json& json, const Record& record, Standing standing) {
    std::vector<std::string> arguments;
    for (const VerbRow* row : verbs_of(record.use)) {
      for (const Key& key : row->arguments) {
        const bool is_new = std::find(arguments.begin(), arguments.end(), key.name) == arguments.end();
        if (is_new && !record.find(key.name)) arguments.emplace_back(key.name);
      }
    }
    for (const std::string& argument : arguments) json["properties"][argument] = {{"doNotSuggest", true}};
    // Verbs that take the same are said together.
    std::map<std::string, std::pair<Json, Json>> groups;
    std::vector<std::string> order;
    for (const VerbRow* row : verbs_of(record.use)) {
      Json properties = verb_properties(*row, record, arguments, standing);
      const std::string same = properties.dump();
      if (groups.find(same) == groups.end()) order.push_back(same);
      auto& [verbs, schema] = groups[same];
      verbs.push_back(world::text_of(row->verb));
      schema = std::move(properties);
    }
    for (const std::string& same : order) {
      const auto& [verbs, properties] = groups[same];
      json["allOf"].push_back({{"if", {{"properties", {{"do", {{"enum", verbs}}}}}, {"required", {"do"}}}},
                               {"then", {{"properties", properties}}}});
    }
  }

  Json verb_properties(const VerbRow& row, const Record& record, const std::vector<std::string>& arguments,
                       Standing standing) {
    Json properties = Json::object();
    for (const Key& key : row.arguments) properties[std::string{key.name}] = property(record, key, standing);
    for (const std::string& argument : arguments) {
      if (!properties.contains(argument)) properties[argument] = not_here();
    }
    if (row.target_rule == TargetRule::refused && standing != Standing::piece) properties["target"] = not_here();
    return properties;
  }

  // An argument of other verbs: it may be taken away, when the entry is like one that has it.
  Json not_here() {
    return defined("not-here",
                   {{"type", "null"}, {"errorMessage", "this verb does not take it"}, {"doNotSuggest", true}});
  }

  std::map<std::string, Json> definitions_;
  std::set<std::string> described_;
};

}  // namespace

std::string schema_text() { return Schema{}.whole().dump(1) + "\n"; }

}  // namespace knockon::scenario
