#include "engine/scenario/type_words.hpp"

#include <fmt/format.h>

#include <vector>

#include "engine/scenario/faults.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

std::string quoted_words(const Type& type) {
  std::vector<std::string> words;
  for (const Word& word : type.words) words.push_back(fmt::format("`{}`", word.text));
  return one_of({words.begin(), words.end()});
}

std::string with_article(std::string_view noun) {
  const bool begins_with_vowel = std::string_view{"aeio"}.find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", begins_with_vowel ? "an" : "a", noun);
}

// "a region, a site or a group".
std::string kinds_in_words(Kinds kinds) {
  std::vector<std::string> nouns;
  for (const Kinds kind : kinds_in(kinds)) nouns.push_back(with_article(noun_of(kind)));
  if (nouns.size() > 9) return "anything";
  return one_of({nouns.begin(), nouns.end()});
}

std::string name_in_words(const Type& type) {
  return fmt::format("name of {}{}", kinds_in_words(type.kinds), type.is_placed ? ", also `name@place`" : "");
}

std::string many_in_words(const Type& type) {
  if (type.form != Form::record) return in_words(type);
  const Record& record = type.record();
  if (type.is_partial && record.section.empty()) return "pieces of " + std::string{record.name};
  return record.section.empty() ? fmt::format("{}s", record.name) : std::string{record.section};
}

std::string record_in_words(const Record& record) {
  if (record.name == templates_record().name) return "map from sections to entries";
  if (record.name == defaults_record().name) return "map from sections to keys";
  return std::string{record.name};
}

std::string keyed_in_words(const Type& type) {
  std::vector<std::string> keys;
  for (const Kinds kind : kinds_in(type.kinds)) keys.emplace_back(noun_of(kind));
  for (const Word& word : type.words) keys.push_back(fmt::format("`{}`", word.text));
  return fmt::format("map from {} to {}", one_of({keys.begin(), keys.end()}), in_words(type.of.front()));
}

std::string any_in_words(const Type& type) {
  std::string text;
  for (const Type& alternative : type.of) text += (text.empty() ? "" : ", or ") + in_words(alternative);
  return text;
}

}  // namespace

std::string in_words(const Type& type) {
  switch (type.form) {
    case Form::text:
      return "text";
    case Form::flag:
      return "`true` or `false`";
    case Form::whole:
      return "whole number";
    case Form::count:
      return "number";
    case Form::share:
      return "share";
    case Form::rate:
      return "rate";
    case Form::share_rate:
      return "share a time";
    case Form::duration:
      return "duration";
    case Form::money:
      return "money";
    case Form::money_rate:
      return "money a time";
    case Form::data_rate:
      return "data rate";
    case Form::data_size:
      return "size";
    case Form::settings:
      return "map from live parameters to values";
    case Form::clock:
      return "offset from UTC";
    case Form::hours:
      return "hours of the day";
    case Form::date:
      return "date";
    case Form::condition:
      return "condition";
    case Form::promise:
      return "promise";
    case Form::verb:
      return "verb";
    case Form::word:
      return quoted_words(type);
    case Form::reference:
      return name_in_words(type);
    case Form::distribution:
      return in_words(type.of.front()) + " or distribution";
    case Form::list:
      return in_words(type.of.front()) + "; or a list";
    case Form::entries:
      return "map from names to " + many_in_words(type.of.front());
    case Form::keyed:
      return keyed_in_words(type);
    case Form::record:
      return record_in_words(type.record());
    case Form::range:
      return "value or range";
    case Form::points:
      return fmt::format("map from local hours to {}", in_words(type.of.front()));
    case Form::observations:
      return "map from measures to values or ranges, or from names to milestones";
    case Form::any:
      return any_in_words(type);
    default:
      return "value";
  }
}

std::string default_in_words(const Key& key) {
  if (!key.fallback.empty()) return fmt::format("`{}`", key.fallback);
  return std::string{key.derived};
}

std::string_view noun_of(Use use) {
  switch (use) {
    case Use::fault:
      return "fault";
    case Use::reaction:
      return "reaction";
    case Use::step:
      return "step";
    case Use::harm:
      return "harm";
    case Use::none:
      break;
  }
  return "thing";
}

}  // namespace knockon::scenario
