// The one-line texts of the language, conditions and promises, cut into words that know where they stand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/world/condition.hpp"

namespace knockon::scenario {

struct Token {
  enum class Kind : std::uint8_t { word, open, close, comparison, end };
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t offset = 0;
};

// How a quantity is read and in which unit.
struct Measured {
  Type type;                                                       // judged by `wrong_with`,
  std::optional<double> (*read)(std::string_view text) = nullptr;  // or by this, when it is none of the described types
  std::string_view expected = {};                                  // "expected a local hour such as 9h"
};

struct Bounds {
  world::Comparison comparison = world::Comparison::equal;
  double low = 0, high = 0;
};

class Line {
 public:
  // Reports characters that no such text has (commas, && and the like); then `is_broken`.
  Line(const Node& node, Faults& faults);

  [[nodiscard]] bool is_broken() const { return is_broken_; }
  [[nodiscard]] const Token& now() const { return tokens_[next_]; }
  [[nodiscard]] const Token& after_now() const { return tokens_[next_ + 1 < tokens_.size() ? next_ + 1 : next_]; }
  [[nodiscard]] bool is_at_end() const { return now().kind == Token::Kind::end; }
  [[nodiscard]] bool is_at(std::string_view word) const {
    return now().kind == Token::Kind::word && now().text == word;
  }
  Token take();
  bool take_if(std::string_view word);

  [[nodiscard]] Span span(std::size_t offset, std::size_t length) const { return node_.part(offset, length); }
  // What stands from `offset` to the word that comes now.
  [[nodiscard]] std::string_view text_from(std::size_t offset) const;
  [[nodiscard]] Span span(const Token& token) const { return span(token.offset, token.text.size()); }
  void refuse(const Token& token, std::string code, std::string message, std::string hint = {});

  // What is compared with: everything up to `for`, `and`, `or`, a parenthesis or the end.
  Token take_quantity();
  [[nodiscard]] std::optional<std::pair<double, double>> range(const Token& quantity, const Measured& measured);

 private:
  const Node& node_;
  Faults& faults_;
  std::vector<Token> tokens_;  // the last is the end
  std::size_t next_ = 0;
  bool is_broken_ = false;
};

// `(< | <= | > | >= | =) QUANTITY | in RANGE` in the unit of `measured`; reports what is wrong. `what` stands before
// it.
[[nodiscard]] std::optional<Bounds> bounds_of(Line& line, const Measured& measured, std::string_view what);

// `low..high`, or one value for both; `text` stands at `offset` of the node's text.
[[nodiscard]] std::optional<std::pair<double, double>> range_of(const Node& node, std::size_t offset,
                                                                std::string_view text, const Measured& measured,
                                                                Faults& faults);

}  // namespace knockon::scenario
