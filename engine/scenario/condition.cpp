#include "engine/scenario/condition.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/scenario/line.hpp"
#include "engine/scenario/sentence_words.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;
using world::Metric;
using world::State;

// Beyond this, parentheses and `not` are no longer a line that somebody reads.
constexpr int deepest = 40;

// What `burn` is measured over where its author says nothing: the longer window of the usual fast alert.
constexpr quantity::Duration burn_window = quantity::Duration::hours(1);

constexpr Kinds answering = Kinds::service | Kinds::operation | Kinds::app | Kinds::journey;

template <class Rows>
auto row_named(const Rows& rows, std::string_view text) -> decltype(&rows[0]) {
  for (const auto& row : rows) {
    if (row.text == text) return &row;
  }
  return nullptr;
}

std::vector<std::string_view> test_names() {
  std::vector<std::string_view> names;
  for (const MetricRow& row : metric_rows()) names.push_back(row.text);
  for (const StateRow& row : state_rows()) names.push_back(row.text);
  return names;
}

std::optional<double> local_hour_of(std::string_view text) {
  const auto hour = quantity::parse_local_hour(text);
  return hour ? std::optional{hour->in_seconds()} : std::nullopt;
}

Measured measured_in(Form unit, Metric metric) {
  Measured measured;
  measured.type.form = unit;
  if (metric == Metric::local_time) {
    measured.read = local_hour_of;
    measured.expected = "expected a local hour such as 9h or 17h30m";
  }
  const bool is_part = unit == Form::share && metric != Metric::load;
  if (is_part) measured.type.bound = Type::Bound::whole_share;
  return measured;
}

class ConditionReader {
 public:
  ConditionReader(const Node& node, const Scope& scope, Faults& faults)
      : scope_{scope}, faults_{faults}, line_{node, faults} {
    condition_.text = node.text;
  }

  std::optional<world::Condition> read() {
    if (!line_.is_broken() && line_.is_at_end())
      line_.refuse(line_.now(), "bad-condition", "an empty condition", example);
    if (!line_.is_broken()) read_or();
    if (!line_.is_broken() && !line_.is_at_end()) {
      const bool closes = line_.now().kind == Token::Kind::close;
      line_.refuse(
          line_.now(), "bad-condition",
          closes ? "this ) closes nothing"
                 : fmt::format("expected `and`, `or`, `for` or the end, not {}", scenario::quoted(line_.now().text)));
    }
    if (line_.is_broken() || is_unresolved_) return std::nullopt;
    return std::move(condition_);
  }

 private:
  using Kind = world::Condition::Kind;
  static constexpr const char* example = "write for example success(feed) < 90% for 2m";

  std::uint32_t add(world::Condition::Node node) {
    condition_.nodes.push_back(node);
    return static_cast<std::uint32_t>(condition_.nodes.size() - 1);
  }

  std::uint32_t read_or() {
    std::uint32_t left = read_and();
    while (!line_.is_broken() && line_.take_if("or")) {
      const std::uint32_t right = read_and();
      left = add({.kind = Kind::disjunction, .first = left, .second = right, .hold = {}});
    }
    return left;
  }

  std::uint32_t read_and() {
    std::uint32_t left = read_held();
    while (!line_.is_broken() && line_.take_if("and")) {
      const std::uint32_t right = read_held();
      left = add({.kind = Kind::conjunction, .first = left, .second = right, .hold = {}});
    }
    return left;
  }

  std::uint32_t read_held() {
    const std::uint32_t inner = read_negation();
    if (line_.is_broken() || !line_.take_if("for")) return inner;
    const Token word = line_.take_quantity();
    if (word.text.empty()) {
      line_.refuse(line_.now(), "bad-condition", "a duration is missing after `for`", "write for 2m");
      return inner;
    }
    Type duration;
    duration.form = Form::duration;
    if (const auto wrong = wrong_with(duration, word.text)) {
      line_.refuse(word, wrong->code, wrong->message, wrong->hint);
      return inner;
    }
    return add({.kind = Kind::held_for, .first = inner, .hold = *quantity::parse_duration(word.text)});
  }

  std::uint32_t read_negation() {
    if (!line_.is_at("not")) return read_primary();
    const Token word = line_.take();
    if (++depth_ > deepest) {
      line_.refuse(word, "too-deep", "a condition nested too deeply to be read");
      return 0;
    }
    const std::uint32_t inner = read_negation();
    --depth_;
    return add({.kind = Kind::negation, .first = inner, .hold = {}});
  }

  std::uint32_t read_primary() {
    if (line_.now().kind != Token::Kind::open) return read_test();
    const Token open = line_.take();
    if (++depth_ > deepest) {
      line_.refuse(open, "too-deep", "a condition nested too deeply to be read");
      return 0;
    }
    const std::uint32_t inner = read_or();
    --depth_;
    if (line_.is_broken()) return inner;
    if (line_.now().kind != Token::Kind::close) {
      line_.refuse(line_.is_at_end() ? open : line_.now(), "bad-condition",
                   line_.is_at_end()
                       ? "this ( is not closed"
                       : fmt::format("expected ) or `and` or `or`, not {}", scenario::quoted(line_.now().text)));
    }
    line_.take();
    return inner;
  }

  std::uint32_t read_test() {
    const Token word = line_.take();
    if (word.kind != Token::Kind::word) {
      line_.refuse(
          word, "bad-condition",
          word.kind == Token::Kind::end ? "the condition breaks off here" : "expected a metric or a state here",
          example);
      return 0;
    }
    const MetricRow* metric = row_named(metric_rows(), word.text);
    const StateRow* state = row_named(state_rows(), word.text);
    const bool has_name = line_.now().kind == Token::Kind::open;
    if (metric) return read_metric(word, *metric, has_name);
    if (state) return read_state(word, *state, has_name);
    const bool is_name = !has_name && scope_.names && scope_.names->find(answering, word.text);
    line_.refuse(word, "unknown-word", fmt::format("no metric or state called {}", scenario::quoted(word.text)),
                 is_name ? printable(fmt::format("write success({0}) < 90%", word.text))
                         : did_you_mean(word.text, test_names()));
    return 0;
  }

  std::uint32_t read_metric(const Token& word, const MetricRow& row, bool has_name) {
    world::MetricTest test{.metric = row.metric, .target = {world::Itself{}, {}}, .comparison = {}};
    if (row.metric == Metric::burn) test.window = burn_window;
    if (has_name && row.kinds == Kinds::none) {
      line_.refuse(line_.now(), "bad-condition",
                   fmt::format("{} is the same for everything; it takes no name", scenario::quoted(row.text)));
      return 0;
    }
    if (has_name) {
      const auto target = read_target(row.kinds, nullptr, row.metric == Metric::burn ? &test.window : nullptr);
      if (line_.is_broken()) return 0;
      if (target) test.target = *target;
      const auto* app = target ? std::get_if<world::AppId>(&target->subject) : nullptr;
      if (app != nullptr && row.metric == Metric::burn) refuse_aimless(word, *app);
    } else if (row.nameless == Nameless::never || (row.nameless == Nameless::in_app && !scope_.app)) {
      refuse_nameless(word, row.kinds);
      return 0;
    } else if (row.metric == Metric::burn) {
      refuse_aimless(word, *scope_.app);
    }
    const auto bounds = bounds_of(line_, measured_in(row.unit, row.metric), line_.text_from(word.offset));
    if (!bounds) return 0;
    test.comparison = bounds->comparison;
    test.low = bounds->low;
    test.high = bounds->high;
    condition_.metric_tests.push_back(test);
    return add(
        {.kind = Kind::metric, .first = static_cast<std::uint32_t>(condition_.metric_tests.size() - 1), .hold = {}});
  }

  std::uint32_t read_state(const Token& word, const StateRow& row, bool has_name) {
    if (!has_name) {
      refuse_nameless(word, row.kinds);
      return 0;
    }
    world::StateTest test{.state = row.state, .target = {world::Itself{}, {}}, .from = {}};
    const bool is_of_step = row.kinds == Kinds::step;
    if (is_of_step && !scope_.local) {
      line_.refuse(word, "unknown-name",
                   fmt::format("{} is known only inside the strategy that has the step", scenario::quoted(row.text)));
      return 0;
    }
    const auto target = read_target(row.kinds, row.state == State::reachable ? &test.from : nullptr);
    if (line_.is_broken()) return 0;
    if (target) test.target = *target;
    if (line_.now().kind == Token::Kind::comparison) {
      line_.refuse(line_.now(), "bad-condition",
                   fmt::format("{} holds or does not; it is not compared", scenario::quoted(row.text)),
                   "write `not` before it for the opposite");
      return 0;
    }
    condition_.state_tests.push_back(test);
    return add(
        {.kind = Kind::state, .first = static_cast<std::uint32_t>(condition_.state_tests.size() - 1), .hold = {}});
  }

  void refuse_nameless(const Token& word, Kinds kinds) {
    std::string_view noun = noun_of(kinds_in(kinds).front());
    line_.refuse(word, "missing-name", fmt::format("{} of what?", scenario::quoted(word.text)),
                 printable(fmt::format("write {}({})", word.text, noun == "region" ? "place" : noun)));
  }

  // The budget of an app without an objective cannot be spent.
  void refuse_aimless(const Token& word, world::AppId app) {
    if (!scope_.world || (*scope_.world)[app].slo_target) return;
    line_.refuse(
        word, "impossible-value",
        fmt::format("{} has no objective whose budget could be spent", scenario::quoted((*scope_.world)[app].name)),
        "add slo: {target: 99.9%} to the app");
  }

  // `over 1h`
  void read_window(quantity::Duration* window) {
    const Token word = line_.take();
    if (!window) {
      line_.refuse(word, "bad-condition", "only `burn` is measured over a time", "write for 5m behind the test");
      return;
    }
    const Token length = line_.take();
    Type duration;
    duration.form = Form::duration;
    duration.bound = Type::Bound::positive;
    if (length.kind != Token::Kind::word) {
      line_.refuse(length, "bad-condition", "a duration is missing after `over`", "write over 1h");
    } else if (const auto wrong = wrong_with(duration, length.text)) {
      line_.refuse(length, wrong->code, wrong->message, wrong->hint);
    } else {
      *window = *quantity::parse_duration(length.text);
    }
  }

  // `(NAME[@PLACE] [from PLACE] [over DURATION])`; a name that is not known is reported, and reading goes on.
  std::optional<world::Target> read_target(Kinds kinds, std::optional<world::Place>* from,
                                           quantity::Duration* window = nullptr) {
    const Token open = line_.take();
    const Token name = line_.take();
    if (name.kind != Token::Kind::word) {
      line_.refuse(name.kind == Token::Kind::end ? open : name, "bad-condition",
                   "a name is missing inside the parentheses");
      return std::nullopt;
    }
    const auto target = target_of(
        scope_, kinds, name.text,
        [&](std::size_t offset, std::size_t length) { return line_.span(name.offset + offset, length); }, faults_);
    if (!target) is_unresolved_ = true;
    if (line_.is_at("from")) {
      const Token word = line_.take();
      if (!from) {
        line_.refuse(word, "bad-condition", "only `reachable` is seen from a place");
        return std::nullopt;
      }
      const Token place = line_.take();
      if (place.kind != Token::Kind::word) {
        line_.refuse(place, "bad-condition", "a place is missing after `from`");
        return std::nullopt;
      }
      *from = place_of(scope_, place.text, line_.span(place), faults_);
      if (!*from) is_unresolved_ = true;
    }
    if (line_.is_at("over")) {
      read_window(window);
      if (line_.is_broken()) return std::nullopt;
    }
    if (line_.now().kind != Token::Kind::close) {
      line_.refuse(line_.is_at_end() ? open : line_.now(), "bad-condition",
                   line_.is_at_end() ? "this ( is not closed"
                                     : fmt::format("expected ), not {}", scenario::quoted(line_.now().text)));
    }
    line_.take();
    return target;
  }

  const Scope& scope_;
  Faults& faults_;
  Line line_;
  world::Condition condition_;
  bool is_unresolved_ = false;
  int depth_ = 0;
};

}  // namespace

std::optional<world::Condition> condition_of(const Node& node, const Scope& scope, Faults& faults) {
  return ConditionReader{node, scope, faults}.read();
}

}  // namespace knockon::scenario
