#include "engine/scenario/complaint.hpp"

#include <cstdint>
#include <string>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/slips.hpp"

namespace knockon::scenario {
namespace {

// Where the fault is shown: where the parser noticed, or where what it was reading began.
enum class Where : std::uint8_t { noticed, began };

struct Meaning {
  std::string_view problem, context;  // what they begin with
  Where where;
  std::string_view message, hint;
};
// The first that fits.
constexpr Meaning meanings[] = {
    {"did not find expected ',' or", "", Where::began, "this bracket is not closed, or a comma is missing in it",
     "every { needs its }, every [ its ]"},
    {"found unexpected end of stream", "while scanning a quoted", Where::began, "this quote is not closed",
     "close it with the same quote"},
    {"found unexpected document indicator", "while scanning a quoted", Where::began, "this quote is not closed",
     "close it with the same quote"},
    {"found unknown escape", "", Where::noticed, "no such escape in a quoted text", "write \\\\ for a backslash"},
    {"found invalid Unicode", "", Where::noticed, "no such character", "write \\\\ for a backslash"},
    {"did not find expected hex", "", Where::noticed, "digits of an escape are missing", "write \\\\ for a backslash"},
    {"", "while scanning a block scalar", Where::noticed, "nothing of the text can stand in the line of its | or >",
     "put quotes around a text that begins with | or >"},
    {"found undefined tag handle", "", Where::noticed, "tags are not part of this language",
     "put quotes around a text that begins with !"},
    {"", "while scanning a tag", Where::began, "tags are not part of this language",
     "put quotes around a text that begins with !"},
    {"", "while parsing a tag", Where::began, "tags are not part of this language",
     "put quotes around a text that begins with !"},
    {"did not find expected key", "", Where::noticed, "this line does not fit the entries above it",
     "entries of one map stand in one column"},
    {"did not find expected '-' indicator", "", Where::noticed, "this line does not fit the list above it",
     "items of one list stand in one column"},
    {"mapping values are not allowed", "", Where::noticed, "a second ': ' in one line",
     "put quotes around a text that holds ': '"},
    {"mapping keys are not allowed", "", Where::noticed, "a key cannot begin here",
     "entries of one map stand in one column"},
    {"block sequence entries are not allowed", "", Where::noticed, "a list item cannot begin here",
     "put '- ' items on lines of their own"},
    {"could not find expected ':'", "", Where::began, "this should be a key, and no ': ' follows it",
     "write key: value"},
    {"found a tab character", "", Where::noticed, "a tab in the indentation", "indent with spaces"},
    {"found character that cannot start", "", Where::noticed, "a character that cannot begin a value",
     "put quotes around a text that begins with @, ` or %"},
    {"did not find expected node content", "", Where::noticed, "a value is missing before this", ""},
    {"did not find expected <document start>", "", Where::noticed, "nothing can stand here after what is above",
     "is a bracket or quote too many?"},
    {"did not find expected alphabetic", "", Where::noticed, "the name of an anchor or alias is missing",
     "put quotes around a text that begins with & or *"},
};

bool begins_with(std::string_view text, std::string_view begin) { return text.substr(0, begin.size()) == begin; }

// A tab before the first word of the line.
bool report_tab(const Span& span, Faults& faults) {
  const std::string_view line = span.source->line(span.line);
  const std::size_t tab = line.find('\t');
  if (tab == std::string_view::npos || tab > line.find_first_not_of(" \t")) return false;
  const auto column = static_cast<std::uint32_t>(tab) + 1;
  faults.error({span.source, span.line, column, column + 1}, "yaml-syntax", "a tab in the indentation",
               "indent with spaces");
  return true;
}

// What looks like a plain character and is another one: word processors and web pages put it there.
struct Lookalike {
  std::string_view bytes, name, plain;
};
constexpr Lookalike lookalikes[] = {
    {"\xC2\xA0", "a space that is none to YAML (U+00A0)", "type a plain space"},
    {"\xE2\x80\x83", "a space that is none to YAML (U+2003)", "type a plain space"},
    {"\xE3\x80\x80", "a space that is none to YAML (U+3000)", "type a plain space"},
    {"\xEF\xBC\x9A", "a wide colon that is none to YAML (U+FF1A)", "type a plain colon and a space"},
};

// In the line, or in the one above, with which the trouble may have begun.
bool report_lookalike(const Span& span, Faults& faults) {
  for (std::uint32_t number = span.line; number > 0 && number + 1 >= span.line; --number) {
    const std::string_view line = span.source->line(number);
    for (const Lookalike& lookalike : lookalikes) {
      const std::size_t at = line.find(lookalike.bytes);
      if (at == std::string_view::npos) continue;
      const auto column = static_cast<std::uint32_t>(characters_in(line.substr(0, at))) + 1;
      faults.error({span.source, number, column, column + 1}, "yaml-syntax", std::string{lookalike.name},
                   std::string{lookalike.plain});
      return true;
    }
  }
  return false;
}

// A bracket that closes nothing: the parser has had enough before it.
bool report_bracket(const Complaint& complaint, Faults& faults) {
  const bool is_about_entries = begins_with(complaint.problem, "did not find expected key") ||
                                begins_with(complaint.problem, "did not find expected '-' indicator") ||
                                begins_with(complaint.problem, "did not find expected <document start>");
  const std::string_view line = complaint.at.source->line(complaint.at.line);
  const auto is_within_character = [&](std::size_t byte) {
    return byte < line.size() && (static_cast<unsigned char>(line[byte]) & 0xC0) == 0x80;
  };
  std::size_t at = 0;
  for (std::uint32_t column = 1; column < complaint.at.column; ++column) {
    do ++at;
    while (is_within_character(at));
  }
  if (!is_about_entries || at >= line.size() || (line[at] != '}' && line[at] != ']')) return false;
  faults.error(complaint.at, "yaml-syntax", "this bracket closes nothing", "take it out, or open one before it");
  return true;
}

// Keys, values and documents that could not begin where they do: often a colon is missing before them.
bool report_slip_behind(const Complaint& complaint, Faults& faults) {
  if (begins_with(complaint.problem, "could not find expected ':'")) return report_slip(complaint.began_at, faults);
  const bool may_be_slip = begins_with(complaint.problem, "mapping values are not allowed") ||
                           begins_with(complaint.problem, "did not find expected key") ||
                           begins_with(complaint.problem, "did not find expected <document start>");
  return may_be_slip && report_slip(complaint.at, faults);
}

}  // namespace

void report(const Complaint& complaint, Faults& faults) {
  if (report_tab(complaint.at, faults) || report_lookalike(complaint.at, faults)) return;
  if (report_bracket(complaint, faults) || report_slip_behind(complaint, faults)) return;
  for (const Meaning& meaning : meanings) {
    if (begins_with(complaint.problem, meaning.problem) && begins_with(complaint.context, meaning.context)) {
      faults.error(meaning.where == Where::began ? complaint.began_at : complaint.at, "yaml-syntax",
                   std::string{meaning.message}, std::string{meaning.hint});
      return;
    }
  }
  faults.error(complaint.at, "yaml-syntax", "this is not YAML: " + printable(complaint.problem));
}

}  // namespace knockon::scenario
