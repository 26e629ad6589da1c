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

std::string name_in_words(const Type& type) {
  std::vector<std::string_view> nouns;
  for (const Kinds kind : kinds_in(type.kinds)) nouns.push_back(noun_of(kind));
  const std::string of = nouns.size() > 9 ? "anything" : one_of(nouns);
  return fmt::format("name of {}{}{}", nouns.size() > 9 ? "" : "a ", of, type.is_placed ? ", also `name@place`" : "");
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
      return fmt::format("map from names to {}", in_words(type.of.front()));
    case Form::keyed:
      return keyed_in_words(type);
    case Form::record:
      return std::string{type.record().name};
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
    case Use::none:
      break;
  }
  return "thing";
}

}  // namespace knockon::scenario
