#include "engine/scenario/line.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

constexpr std::size_t longest = 10'000;
constexpr std::string_view spaces = " \t\n";
constexpr std::string_view not_in_words = " \t\n()<>=,&|!;";

std::size_t comparison_length(std::string_view text) {
  if (text.substr(0, 2) == "<=" || text.substr(0, 2) == ">=") return 2;
  return text[0] == '<' || text[0] == '>' || text[0] == '=' ? 1 : 0;
}

struct Slip {
  std::string_view text, message, hint;
};
constexpr Slip slips[] = {
    {"==", "`==` is not used here", "write ="},
    {"=<", "`=<` is not used here", "write <="},
    {"=>", "`=>` is not used here", "write >="},
    {"≤", "`≤` is not used here", "write <="},
    {"≥", "`≥` is not used here", "write >="},
    {"≠", "`≠` is not used here", "write `not x = y`"},
    {"!=", "`!=` is not used here", "write `not x = y`"},
    {"&&", "`&&` is not used here", "write `and`"},
    {"||", "`||` is not used here", "write `or`"},
    {"!", "`!` is not used here", "write `not`"},
    {",", "a comma cannot stand here", "YAML cuts lines at commas inside braces; write `and`"},
    {"&", "`&` is not used here", "write `and`"},
    {"|", "`|` is not used here", "write `or`"},
    {";", "a semicolon cannot stand here", "write `and`"},
};

}  // namespace

Line::Line(const Node& node, Faults& faults) : node_{node}, faults_{faults} {
  const std::string_view text{node.text};
  if (text.size() > longest)
    refuse({Token::Kind::word, text, 0}, "too-large", fmt::format("a line of more than {} bytes", longest));
  std::size_t at = 0;
  while ((at = text.find_first_not_of(spaces, at)) != std::string_view::npos && !is_broken_) {
    const std::string_view rest = text.substr(at);
    for (const Slip& slip : slips) {
      if (!is_broken_ && rest.substr(0, slip.text.size()) == slip.text) {
        refuse({Token::Kind::word, rest.substr(0, slip.text.size()), at}, "bad-condition", std::string{slip.message},
               std::string{slip.hint});
      }
    }
    Token token{Token::Kind::word, rest.substr(0, rest.find_first_of(not_in_words)), at};
    if (const std::size_t length = comparison_length(rest); length > 0) {
      token = {Token::Kind::comparison, rest.substr(0, length), at};
    } else if (rest[0] == '(' || rest[0] == ')') {
      token = {rest[0] == '(' ? Token::Kind::open : Token::Kind::close, rest.substr(0, 1), at};
    }
    at += std::max<std::size_t>(1, token.text.size());
    tokens_.push_back(token);
  }
  tokens_.push_back({Token::Kind::end, {}, text.size()});
}

Token Line::take() {
  const Token token = now();
  if (next_ + 1 < tokens_.size()) ++next_;
  return token;
}

bool Line::take_if(std::string_view word) {
  if (!is_at(word)) return false;
  take();
  return true;
}

void Line::refuse(const Token& token, std::string code, std::string message, std::string hint) {
  if (!is_broken_) faults_.error(span(token), std::move(code), std::move(message), std::move(hint));
  is_broken_ = true;
}

std::string_view Line::text_from(std::size_t offset) const {
  std::string_view text = std::string_view{node_.text}.substr(offset, now().offset - offset);
  while (!text.empty() && spaces.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
  return text;
}

Token Line::take_quantity() {
  const std::size_t from = now().offset;
  std::size_t to = from;
  while (now().kind == Token::Kind::word && !is_at("for") && !is_at("and") && !is_at("or")) {
    const Token word = take();
    to = word.offset + word.text.size();
  }
  return {Token::Kind::word, std::string_view{node_.text}.substr(from, to - from), from};
}

namespace {

std::optional<double> measured_number(const Node& node, std::size_t offset, std::string_view text,
                                      const Measured& measured, Faults& faults) {
  const Span span = node.part(offset, text.size());
  if (measured.read) {
    const auto value = measured.read(text);
    if (!value) faults.error(span, "bad-value", fmt::format("{}: {}", scenario::quoted(text), measured.expected));
    return value;
  }
  if (const auto wrong = wrong_with(measured.type, text)) {
    faults.error(span, wrong->code, wrong->message, wrong->hint);
    return std::nullopt;
  }
  return number_of(measured.type, text);
}

world::Comparison comparison_of(std::string_view text) {
  using world::Comparison;
  if (text == "<") return Comparison::less;
  if (text == "<=") return Comparison::at_most;
  if (text == ">") return Comparison::greater;
  if (text == ">=") return Comparison::at_least;
  return Comparison::equal;
}

}  // namespace

std::optional<std::pair<double, double>> range_of(const Node& node, std::size_t offset, std::string_view text,
                                                  const Measured& measured, Faults& faults) {
  const std::size_t dots = text.find("..");
  const auto low = measured_number(node, offset, text.substr(0, dots), measured, faults);
  if (dots == std::string_view::npos) return low ? std::optional{std::pair{*low, *low}} : std::nullopt;
  const auto high = measured_number(node, offset + dots + 2, text.substr(dots + 2), measured, faults);
  if (!low || !high) return std::nullopt;
  if (*low > *high) {
    faults.error(node.part(offset, text.size()), "impossible-value",
                 fmt::format("the range {} ends before it begins", scenario::quoted(text)));
    return std::nullopt;
  }
  return std::pair{*low, *high};
}

std::optional<std::pair<double, double>> Line::range(const Token& quantity, const Measured& measured) {
  const auto result = range_of(node_, quantity.offset, quantity.text, measured, faults_);
  if (!result) is_broken_ = true;
  return result;
}

namespace {

std::string_view example_of(Type::Form form) {
  switch (form) {
    case Type::Form::share:
      return "90%";
    case Type::Form::rate:
      return "20/s";
    case Type::Form::duration:
      return "5m";
    case Type::Form::hours:
      return "9h";
    case Type::Form::money:
      return "3M USD";
    default:
      return "100";
  }
}

}  // namespace

std::optional<Bounds> bounds_of(Line& line, const Measured& measured, std::string_view what) {
  Bounds bounds;
  const Token operation = line.take();
  const bool is_range = operation.kind == Token::Kind::word && operation.text == "in";
  if (operation.kind != Token::Kind::comparison && !is_range) {
    line.refuse(operation, "bad-condition",
                fmt::format("expected <, <=, >, >=, = or `in` after {}", scenario::quoted(what)),
                printable(fmt::format("write {} < {}", what, example_of(measured.type.form))));
    return std::nullopt;
  }
  const Token quantity = line.take_quantity();
  if (quantity.text.empty()) {
    line.refuse(line.now(), "bad-condition",
                fmt::format("a value is missing after {}", scenario::quoted(operation.text)));
    return std::nullopt;
  }
  if (is_range && quantity.text.find("..") == std::string_view::npos) {
    line.refuse(quantity, "bad-condition",
                fmt::format("{}: expected a range such as 65m..127m", scenario::quoted(quantity.text)));
    return std::nullopt;
  }
  if (!is_range && quantity.text.find("..") != std::string_view::npos) {
    line.refuse(quantity, "bad-condition",
                fmt::format("{} is a range; a comparison takes one value", scenario::quoted(quantity.text)),
                "write `in` before a range");
    return std::nullopt;
  }
  bounds.comparison = is_range ? world::Comparison::within : comparison_of(operation.text);
  const auto range = line.range(quantity, measured);
  if (!range) return std::nullopt;
  bounds.low = range->first;
  bounds.high = range->second;
  return bounds;
}

}  // namespace knockon::scenario
