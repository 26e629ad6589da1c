#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/foreign/readers.hpp"
#include "engine/quantity/respelling.hpp"

namespace knockon::foreign {
namespace {

struct Cell {
  std::string text;
  std::uint32_t line = 1;
  std::size_t begin = 0, size = 0;  // bytes of the line
};
using Row = std::vector<Cell>;

constexpr std::size_t cells_max = 100;  // of a row: no column that is known stands farther right

// Rows as RFC 4180 has them: quotes around what holds a separator, two for one inside, and lines that go on in quotes.
class Table {
 public:
  Table(Material& material, char separator) : material_{material}, text_{material.source.text}, separator_{separator} {}

  // An empty row for an empty line; none at the end, or when a quote stays open (which is said).
  std::optional<Row> next() {
    if (at_ >= text_.size()) return std::nullopt;
    Row row;
    for (;;) {
      auto one = cell();
      if (!one) return std::nullopt;
      if (row.size() < cells_max) row.push_back(std::move(*one));
      const char c = at_ < text_.size() ? text_[at_] : '\n';
      if (at_ < text_.size()) move_on();
      if (c == separator_) continue;
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') move_on();
      break;
    }
    return row;
  }

 private:
  void move_on() {
    const bool is_end = ends_line(text_, at_);
    ++at_;
    if (!is_end) return;
    ++line_;
    line_begin_ = at_;
  }
  [[nodiscard]] bool is_at_end_of_cell() const {
    return at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r';
  }

  std::optional<Cell> cell() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    Cell cell{.text = {}, .line = line_, .begin = at_ - line_begin_, .size = 1};
    if (at_ < text_.size() && text_[at_] == '"') {
      if (!take_quoted(cell)) return std::nullopt;
    } else {
      const std::size_t begin = at_;
      while (!is_at_end_of_cell()) ++at_;
      cell.text = text_.substr(begin, at_ - begin);
    }
    while (!cell.text.empty() && cell.text.back() == ' ') cell.text.pop_back();
    if (line_ == cell.line) cell.size = std::max<std::size_t>(1, at_ - line_begin_ - cell.begin);
    return cell;
  }

  bool take_quoted(Cell& cell) {
    move_on();
    for (;;) {
      if (at_ >= text_.size()) {
        material_.faults.error(span_of(material_.source, cell.line, cell.begin, 1), "csv-syntax",
                               "a quote that is not closed");
        return false;
      }
      if (text_[at_] == '"') {
        move_on();
        if (at_ >= text_.size() || text_[at_] != '"') break;
      }
      cell.text += text_[at_];
      move_on();
    }
    if (is_at_end_of_cell()) return true;
    material_.faults.error(
        span_of(material_.source, line_, at_ - line_begin_, 1), "csv-syntax",
        fmt::format("expected '{}' or the end of the line behind a closing quote", separator_name()));
    return false;
  }
  [[nodiscard]] std::string separator_name() const { return separator_ == '\t' ? "tab" : std::string{separator_}; }

  Material& material_;
  std::string_view text_;
  char separator_;
  std::size_t at_ = 0, line_begin_ = 0;
  std::uint32_t line_ = 1;
};

constexpr std::size_t nowhere = SIZE_MAX;

struct Columns {
  std::size_t from = 0, to = 1, calls = 2, kind = nowhere, per_request = nowhere;
};

std::string plain(std::string_view text) {
  std::string result;
  for (const char c : quantity::lower_case(text)) {
    if (c != ' ' && c != '_' && c != '-') result += c;
  }
  return result;
}

// What tables call a column that we know.
std::size_t column(const Row& heading, std::initializer_list<std::string_view> names) {
  for (std::size_t i = 0; i < heading.size(); ++i) {
    if (std::find(names.begin(), names.end(), plain(heading[i].text)) != names.end()) return i;
  }
  return nowhere;
}

// None when the first row is no heading.
std::optional<Columns> columns_in(const Row& row) {
  const Columns columns{
      .from = column(row, {"from", "source", "src", "caller", "parent", "client", "upstream"}),
      .to = column(row, {"to", "target", "dst", "dest", "destination", "callee", "child", "server", "downstream"}),
      .calls = column(row, {"calls", "callcount", "count", "requests", "times", "weight"}),
      .kind = column(row, {"kind", "type"}),
      .per_request = column(row, {"perrequest"})};
  return columns.from == nowhere && columns.to == nowhere ? std::nullopt : std::optional{columns};
}

class EdgeList {
 public:
  EdgeList(Material& material, char separator) : material_{material}, table_{material, separator} {}

  void read() {
    bool is_first = true;
    while (const auto row = table_.next()) {
      if (std::all_of(row->begin(), row->end(), [](const Cell& cell) { return cell.text.empty(); })) continue;
      if (row->front().text.starts_with('#')) continue;
      if (!std::exchange(is_first, false) || !read_heading(*row)) read_row(*row);
      if (material_.graph.is_too_large()) return;
    }
  }

 private:
  bool read_heading(const Row& row) {
    const auto columns = columns_in(row);
    if (!columns) return false;
    columns_ = *columns;
    if (columns_.from != nowhere && columns_.to != nowhere) return true;
    refuse(row.front(), columns_.from == nowhere
                            ? "expected a column 'from', the service that calls, in the heading"
                            : "expected a column 'to', the service that is called, in the heading");
    columns_ = {};
    return true;
  }

  void refuse(const Cell& cell, const std::string& expectation) {
    material_.faults.error(span_of(material_.source, cell.line, cell.begin, cell.size), "csv-syntax", expectation);
  }
  static const Cell* cell_in(const Row& row, std::size_t place) {
    return place < row.size() && !row[place].text.empty() ? &row[place] : nullptr;
  }

  void read_row(const Row& row) {
    const Cell *const from = cell_in(row, columns_.from), *const to = cell_in(row, columns_.to);
    if (!from) return refuse(row.front(), "expected the service that calls, found an empty cell");
    const Origin origin = material_.origin(from->line);
    const std::size_t caller = material_.graph.service(from->text, origin);
    if (!to) return;  // a service that calls nobody
    Call call;
    call.origin = origin;
    call.from = material_.graph.operation(caller);
    call.to = material_.graph.operation(material_.graph.service(to->text, origin));
    call.times = number(row, columns_.calls).value_or(0);
    call.per_request = number(row, columns_.per_request);
    if (call.per_request && *call.per_request == 0) call.per_request.reset();
    call.kind = kind_of(cell_in(row, columns_.kind));
    material_.graph.add_call(call);
  }

  std::optional<double> number(const Row& row, std::size_t place) {
    const Cell* const cell = cell_in(row, place);
    if (!cell) return std::nullopt;
    const auto count = count_in(cell->text);
    if (!count) refuse(*cell, fmt::format("expected a number of zero or more, found {}", scenario::quoted(cell->text)));
    return count;
  }

  world::CallKind kind_of(const Cell* cell) {
    if (!cell || cell->text == "hard") return world::CallKind::hard;
    if (cell->text == "soft") return world::CallKind::soft;
    if (cell->text == "async") return world::CallKind::async;
    refuse(*cell, fmt::format("expected hard, soft or async, found {}", scenario::quoted(cell->text)));
    return world::CallKind::hard;
  }

  Material& material_;
  Table table_;
  Columns columns_;
};

// The one that the first line with something in it has the most of.
char separator_in(const scenario::SourceText& source) {
  std::string_view line;
  for (std::uint32_t i = 1; i <= source.line_starts.size() && line.empty(); ++i) {
    if (!source.line(i).starts_with('#')) line = source.line(i);
  }
  char best = ',';
  for (const char c : {';', '\t'}) {
    if (std::count(line.begin(), line.end(), c) > std::count(line.begin(), line.end(), best)) best = c;
  }
  return best;
}

}  // namespace

void read_edge_list(Material& material) { EdgeList{material, separator_in(material.source)}.read(); }

}  // namespace knockon::foreign
