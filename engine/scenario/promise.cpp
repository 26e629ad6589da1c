// Promises and the measures they and `observed` are about.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/scenario/condition.hpp"
#include "engine/scenario/line.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;
using world::Measure;
using world::Statistic;

const MeasureRow* measure_named(std::string_view text) {
  for (const MeasureRow& row : measure_rows()) {
    if (text == world::text_of(row.measure)) return &row;
  }
  return nullptr;
}

std::vector<std::string_view> measure_names() {
  std::vector<std::string_view> names;
  for (const MeasureRow& row : measure_rows()) names.push_back(world::text_of(row.measure));
  return names;
}

std::optional<double> amount_of(std::string_view text) {
  const auto money = quantity::parse_money(text);
  return money ? std::optional{money->money.amount()} : std::nullopt;
}

Measured measured_in(const MeasureRow& row) {
  Measured measured;
  measured.type.form = row.unit;
  if (row.unit == Form::share) measured.type.bound = Type::Bound::whole_share;
  if (row.unit == Form::money) {
    measured.read = amount_of;
    measured.expected = "expected an amount of money such as 20M USD";
  }
  return measured;
}

// From the distribution's unit to the measure's own.
double in_own_unit(const MeasureRow& row, double value) {
  if (row.unit != Form::duration) return value;
  return row.measure == Measure::staff_hours ? value / 3600 : value / 60;
}

// p99, max, average: what other tools offer before a measure.
bool looks_like_statistic(std::string_view word) {
  static constexpr std::string_view words[] = {"max", "min", "average", "avg", "maximum", "minimum", "mode", "every"};
  const bool is_percentile = word.size() > 1 && (word[0] == 'p' || word[0] == 'P') &&
                             word.find_first_not_of("0123456789.", 1) == std::string_view::npos;
  return is_percentile || std::find(std::begin(words), std::end(words), word) != std::end(words);
}

class MeasureReader {
 public:
  MeasureReader(Line& line, const Scope& scope, Faults& faults) : line_{line}, scope_{scope}, faults_{faults} {}

  const MeasureRow* read(world::MeasureOf& of) {
    const Token word = line_.take();
    const MeasureRow* row = word.kind == Token::Kind::word ? measure_named(word.text) : nullptr;
    if (!row) {
      if (looks_like_statistic(word.text)) {
        line_.refuse(word, "unknown-word", fmt::format("no statistic called {}", scenario::quoted(word.text)),
                     "it is mean, median, p05 or p95; without one, every single run must keep the promise");
        return nullptr;
      }
      const bool is_end = word.kind == Token::Kind::end;
      line_.refuse(
          word, "unknown-word",
          is_end ? "a measure is missing here" : fmt::format("no measure called {}", scenario::quoted(word.text)),
          is_end ? "write for example p95 down(facebook) < 3h" : did_you_mean(word.text, measure_names()));
      return nullptr;
    }
    of.measure = row->measure;
    if (line_.now().kind == Token::Kind::open) {
      read_app(word, *row, of);
    } else if (row->of == MeasureSubject::app) {
      line_.refuse(word, "missing-name", fmt::format("{} of which app?", scenario::quoted(word.text)),
                   fmt::format("write {}(app)", word.text));
    }
    return line_.is_broken() ? nullptr : row;
  }

  [[nodiscard]] bool is_unresolved() const { return is_unresolved_; }

 private:
  void read_app(const Token& word, const MeasureRow& row, world::MeasureOf& of) {
    const Token open = line_.take();
    if (row.of == MeasureSubject::incident) {
      line_.refuse(open, "bad-promise",
                   fmt::format("{} is of the whole incident; it takes no name", scenario::quoted(word.text)));
      return;
    }
    const Token name = line_.take();
    if (name.kind != Token::Kind::word) {
      line_.refuse(name.kind == Token::Kind::end ? open : name, "bad-promise",
                   "an app's name is missing inside the parentheses");
      return;
    }
    resolve(name, of);
    if (line_.now().kind != Token::Kind::close)
      line_.refuse(line_.is_at_end() ? open : line_.now(), "bad-promise", "expected ) after the name");
    line_.take();
  }

  void resolve(const Token& name, world::MeasureOf& of) {
    const auto span_of = [&](std::size_t offset, std::size_t length) {
      return line_.span(name.offset + offset, length);
    };
    const auto target = target_of(scope_, Kinds::app, name.text, span_of, faults_);
    is_unresolved_ = !target;
    if (!target) return;
    of.app = std::get<world::AppId>(target->subject);
    if (!target->place) return;
    const auto* region = std::get_if<world::RegionId>(&*target->place);
    if (!region) {
      const std::size_t at = name.text.find('@') + 1;
      faults_.error(
          span_of(at, name.text.size() - at), "wrong-kind",
          fmt::format("{} is not a region; apps are judged by region", scenario::quoted(name.text.substr(at))));
      is_unresolved_ = true;
      return;
    }
    of.region = *region;
  }

  Line& line_;
  const Scope& scope_;
  Faults& faults_;
  bool is_unresolved_ = false;
};

std::optional<WrittenCurrency> currency_in(const MeasureRow& row, std::string_view text, const Span& span) {
  if (row.unit != Form::money) return std::nullopt;
  const std::size_t space = text.rfind(' ');
  return space == std::string_view::npos ? std::nullopt
                                         : std::optional{WrittenCurrency{std::string{text.substr(space + 1)}, span}};
}

}  // namespace

std::optional<ReadPromise> promise_of(const Node& node, const Scope& scope, Faults& faults) {
  Line line{node, faults};
  if (line.is_broken()) return std::nullopt;
  ReadPromise read{
      .promise = {.text = std::string{node.text}, .statistic = Statistic::every, .of = {}, .comparison = {}},
      .currency = {}};
  for (const StatisticRow& statistic : statistic_rows()) {
    if (read.promise.statistic == Statistic::every && line.take_if(statistic.text))
      read.promise.statistic = statistic.statistic;
  }
  const std::size_t begin = line.now().offset;
  MeasureReader reader{line, scope, faults};
  const MeasureRow* row = reader.read(read.promise.of);
  if (!row) return std::nullopt;
  const auto bounds = bounds_of(line, measured_in(*row), line.text_from(begin));
  if (!bounds) return std::nullopt;
  if (!line.is_at_end()) {
    line.refuse(line.now(), "bad-promise",
                fmt::format("expected the promise to end before {}", scenario::quoted(line.now().text)),
                "one promise a line; `for`, `and` and `or` belong to conditions");
    return std::nullopt;
  }
  if (reader.is_unresolved()) return std::nullopt;
  read.promise.comparison = bounds->comparison;
  read.promise.low = in_own_unit(*row, bounds->low);
  read.promise.high = in_own_unit(*row, bounds->high);
  read.currency = currency_in(*row, node.text, node.span);
  return read;
}

bool looks_like_measure(std::string_view key) {
  return key.find('(') != std::string_view::npos || measure_named(key) != nullptr;
}

std::optional<ReadMeasure> measure_of(const Node& key, const Node& value, const Scope& scope, Faults& faults) {
  Line line{key, faults};
  if (line.is_broken()) return std::nullopt;
  ReadMeasure read{};
  MeasureReader reader{line, scope, faults};
  const MeasureRow* row = reader.read(read.of);
  if (!row) return std::nullopt;
  if (!line.is_at_end()) {
    line.refuse(line.now(), "bad-promise",
                fmt::format("expected the measure to end before {}", scenario::quoted(line.now().text)));
    return std::nullopt;
  }
  const auto range = range_of(value, 0, value.text, measured_in(*row), faults);
  if (!range || reader.is_unresolved()) return std::nullopt;
  read.low = in_own_unit(*row, range->first);
  read.high = in_own_unit(*row, range->second);
  read.currency = currency_in(*row, value.text, value.span);
  return read;
}

std::optional<std::pair<double, double>> minutes_of(const Node& value, Faults& faults) {
  Measured measured;
  measured.type.form = Form::duration;
  const auto range = range_of(value, 0, value.text, measured, faults);
  if (!range) return std::nullopt;
  return std::pair{range->first / 60, range->second / 60};
}

}  // namespace knockon::scenario
