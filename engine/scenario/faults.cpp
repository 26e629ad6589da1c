#include "engine/scenario/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/scenario/lessons.hpp"

namespace knockon::scenario {
namespace {

// Enough for any real file; a text of junk must not cost memory without bound.
constexpr std::size_t kept_at_most = 2000;
// Bytes of a source line that a diagnostic carries along.
constexpr std::size_t line_bytes_at_most = 4000;

std::tuple<std::uint32_t, std::uint32_t, std::uint32_t> place_of(const Span& span) {
  return {span.source ? span.source->order : 0, span.line, span.column};
}

std::string carried_line(const Span& span) {
  const std::string_view line = span.source->line(span.line);
  // A longer line would be cut around the caret anyhow; leaving it out keeps thousands of faults on one huge line
  // cheap.
  if (line.size() > line_bytes_at_most && span.column + 200 > line_bytes_at_most) return {};
  std::size_t end = std::min(line.size(), line_bytes_at_most);
  while (end < line.size() && end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80) --end;
  return printable(line.substr(0, end));
}

}  // namespace

void Faults::error(const Span& span, std::string code, std::string message, std::string hint) {
  add({span, Severity::error, std::move(code), std::move(message), std::move(hint)});
}

void Faults::warning(const Span& span, std::string code, std::string message, std::string hint) {
  add({span, Severity::warning, std::move(code), std::move(message), std::move(hint)});
}

void Faults::add(Fault fault) {
  if (fault.severity == Severity::error) ++errors_;
  if (faults_.size() >= kept_at_most) {
    ++dropped_;
    return;
  }
  const auto [order, line, column] = place_of(fault.span);
  const auto [said, is_new] = said_.try_emplace({order, line, column, fault.message}, faults_.size());
  if (is_new) {
    faults_.push_back(std::move(fault));
  } else if (fault.severity == Severity::error && faults_[said->second].severity == Severity::warning) {
    faults_[said->second] = std::move(fault);
  }
}

void Faults::add_all(const Faults& others) {
  for (const Fault& fault : others.faults_) add(fault);
}

void Faults::add_new(const Faults& others, const std::string& setting) {
  for (const Fault& fault : others.faults_) {
    const auto [order, line, column] = place_of(fault.span);
    const std::tuple known{order, line, column, fault.message};
    if (said_.count(known) > 0) continue;
    Fault in_setting = fault;
    in_setting.message = setting + fault.message;
    add(std::move(in_setting));
    said_.emplace(known, faults_.size() - 1);
  }
}

Diagnostics Faults::in_file_order() const {
  std::vector<Fault> sorted = faults_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Fault& a, const Fault& b) { return place_of(a.span) < place_of(b.span); });
  Diagnostics diagnostics;
  for (const Fault& fault : sorted) {
    Diagnostic diagnostic;
    diagnostic.line = static_cast<int>(fault.span.line);
    diagnostic.column = static_cast<int>(fault.span.column);
    diagnostic.end_column = static_cast<int>(fault.span.end_column);
    diagnostic.severity = fault.severity;
    diagnostic.code = fault.code;
    diagnostic.message = fault.message;
    diagnostic.hint = fault.hint;
    if (fault.span.source) {
      diagnostic.path = fault.span.source->path;
      diagnostic.source_line = carried_line(fault.span);
    }
    diagnostic.note = lesson_of(diagnostic);
    diagnostics.push_back(std::move(diagnostic));
  }
  if (dropped_ > 0 && !diagnostics.empty()) {
    Diagnostic more = diagnostics.back();
    more.code = "too-many-faults";
    more.message = fmt::format("and up to {} others like these; the first {} are shown", dropped_, kept_at_most);
    more.hint.clear();
    more.note.clear();
    diagnostics.push_back(std::move(more));
  }
  return diagnostics;
}

}  // namespace knockon::scenario
