#include "engine/scenario/lessons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/scenario/description.hpp"

namespace knockon::scenario {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What the author wrote, as far as a message repeats it: the first word in quotes.
std::string_view quoted_word(std::string_view message) {
  const std::size_t open = message.find('\'');
  const std::size_t close = open == std::string_view::npos ? open : message.find('\'', open + 1);
  return close == std::string_view::npos ? std::string_view{} : message.substr(open + 1, close - open - 1);
}

bool any(std::string_view) { return true; }
bool is_bare_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
}
bool ends_in_million(std::string_view word) { return word.size() > 1 && word.back() == 'M'; }
bool is_of_the_calendar(std::string_view word) {
  static constexpr std::string_view units[] = {"w", "week", "weeks", "mo", "month", "months", "y", "year", "years"};
  const std::size_t unit = word.find_first_not_of("0123456789. ");
  return unit != std::string_view::npos &&
         std::find(std::begin(units), std::end(units), word.substr(unit)) != std::end(units);
}
bool ends_in_times(std::string_view word) {
  return word.size() > 1 && (word.back() == 'x' || word.back() == 'X') && is_digit(word[word.size() - 2]);
}
bool has_bracket(std::string_view word) { return word.find_first_of("{[") != std::string_view::npos; }
bool has_capital(std::string_view word) {
  return std::any_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}
bool is_octal(std::string_view word) { return word.size() > 1 && word[0] == '0' && is_digit(word[1]); }

bool is_truth(std::string_view word) {
  static constexpr std::string_view words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

struct Lesson {
  std::string_view code;
  std::string_view says;               // somewhere in the message
  bool (*is_about)(std::string_view);  // the word that the message quotes first
  std::string_view text;
};

// The first that fits.
constexpr Lesson lessons[] = {
    {"bad-value", "expected a duration", is_of_the_calendar,
     "Weeks, months and years are counted in days (30d), because a month is not always as long."},
    {"bad-value", "expected a duration", ends_in_million,
     "Capital letters count (k, M, G and T are thousands and more); time is us, ms, s, m, h and d."},
    {"bad-value", "expected a duration", is_bare_number,
     "Units are always written: a bare number has been read as seconds by one and as minutes by another too often."},
    {"bad-value", "expected a share", any,
     "Shares are written in percent, so that nobody has to know whether 0.5 is half or half a percent."},
    {"bad-value", "expected a rate", is_bare_number, "A rate says for what time it counts: /s, /m, /h or /d."},
    {"bad-value", "expected a number", is_octal, "Some YAML parsers would take a number that begins with 0 for octal."},
    {"bad-value", "expected a number", ends_in_times, "Counts and factors are bare numbers: 3, not 3x."},
    {"bad-value", "expected money", any, "Money names its currency, and all of a scenario is in one."},
    {"bad-value", "neither true nor false", any,
     "YAML's versions disagree about yes, no, on and off; all of them agree about true and false."},
    {"bad-value", "expected a date in UTC", any,
     "Dates are in UTC, so that two people read one moment; what local time it is there, a region's clock says."},
    {"bad-value", "expected a fixed offset", any,
     "Names of time zones change their meaning by year and by machine; results must not."},
    {"bad-value", "is a range, not a distribution", any,
     "Between two bounds values may crowd anywhere; a distribution says where."},
    {"bad-name", "cannot be a name", has_bracket, "Is a colon missing before the bracket? NAME: {…}"},
    {"bad-name", "cannot be a name", has_capital,
     "One spelling for a name, everywhere: in the file, in conditions and on the command line."},
    {"bad-name", "cannot be a name", is_truth, "YAML 1.1 reads words such as on, off, yes and no as true and false."},
    {"duplicate-key", "", any, "YAML parsers keep one of the two in silence, and not all keep the same."},
    {"wrong-shape", "a map from names to", any,
     "What has a name is a map entry, so that a variant can change it by its name: NAME: {…}, not - name: NAME."},
    {"wrong-kind", "is an operation", any,
     "SERVICE.OPERATION is one kind of request; SERVICE alone is the software that answers it."},
    {"wrong-kind", "is a journey", any,
     "APP.JOURNEY is one thing people do; APP alone is judged by all its critical journeys."},
    {"wrong-kind", "is an app", any, "An app is what people name; what they do in it is a journey: APP.JOURNEY."},
    {"wrong-kind", "is a region", any, "The part of a thing at a place is written NAME@PLACE."},
    {"wrong-kind", "is a site", any, "The part of a thing at a place is written NAME@PLACE."},
    {"unknown-name", "to be like", any,
     "`like` copies from its own section; what several share stands under templates.SECTION."},
    {"missing-key", "the version of the language", any,
     "A later version can then say what changed, instead of guessing."},
    {"yaml-syntax", "tab in the indentation", any, "YAML counts columns, and a tab has no agreed number of them."},
    {"yaml-syntax", "this stands beneath", any,
     "A line belongs to the nearest line above that begins further left: count the spaces of both."},
    {"yaml-syntax", "does not fit the", any,
     "A line belongs to the nearest line above that begins further left: count the spaces of both."},
    {"yaml-merge-key", "", any,
     "`like` does the same within a section and keeps saying which line said what: shop: {like: web, replicas: 5}."},
    {"yaml-tag", "", any, "Every text has its type from where it stands, so there is nothing for a tag to say."},
    {"yaml-second-document", "", any, "Everything after --- would be lost on parsers that read only the first."},
    {"bad-condition", "`==`", any, "One sign for one thing: = compares, and nothing in a condition assigns."},
    {"bad-condition", "`&&`", any, "Conditions are read aloud: not, for, and, or, in this order of binding."},
    {"bad-condition", "`||`", any, "Conditions are read aloud: not, for, and, or, in this order of binding."},
    {"bad-condition", "a comma", any, "A condition is one line of words; several in a row are joined by and, or."},
    {"never-ended", "", any,
     "A fault without lasts and until stays until a step ends it, so here every run ends unrestored."},
    {"include-missing", "no file", any, "Blocks are looked for in models/, and then beside the scenario."},
};

// The records of the language that have such a key.
void note_owners(const Record& record, std::string_view key, std::vector<const Record*>& seen,
                 std::vector<std::string_view>& owners);

void note_owners(const Type& type, std::string_view key, std::vector<const Record*>& seen,
                 std::vector<std::string_view>& owners) {
  if (type.form == Type::Form::record) note_owners(type.record(), key, seen, owners);
  for (const Type& inner : type.of) note_owners(inner, key, seen, owners);
}

void note_owners(const Record& record, std::string_view key, std::vector<const Record*>& seen,
                 std::vector<std::string_view>& owners) {
  if (std::find(seen.begin(), seen.end(), &record) != seen.end()) return;
  seen.push_back(&record);
  // Templates and defaults hold every section once more.
  const bool is_mirror = &record == &templates_record() || &record == &defaults_record();
  if (!is_mirror && record.find(key) && std::find(owners.begin(), owners.end(), record.name) == owners.end())
    owners.push_back(record.name);
  for (const Key& own : record.keys) note_owners(own.type, key, seen, owners);
}

// "'timeout' is a key of a call or a journey": who knows the key knows why it stands in the wrong place.
std::string lesson_of_misplaced_key(std::string_view key) {
  std::vector<const Record*> seen;
  std::vector<std::string_view> owners;
  note_owners(scenario_record(), key, seen, owners);
  if (owners.empty() || owners.size() > 4) return {};
  return fmt::format("There is a key {} in: {}.", quoted(key), fmt::join(owners, ", "));
}

}  // namespace

std::string lesson_of(const Diagnostic& diagnostic) {
  const std::string_view message = diagnostic.message;
  const std::string_view word = quoted_word(message);
  for (const Lesson& lesson : lessons) {
    const bool fits = lesson.code == diagnostic.code && message.find(lesson.says) != std::string_view::npos;
    if (fits && lesson.is_about(word)) return std::string{lesson.text};
  }
  if (diagnostic.code != "unknown-key" || !diagnostic.hint.starts_with("it has")) return {};
  const std::size_t no_key = message.find("has no key ");
  return no_key == std::string_view::npos ? std::string{}
                                          : lesson_of_misplaced_key(quoted_word(message.substr(no_key)));
}

}  // namespace knockon::scenario
