#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign/readers.hpp"
#include "engine/quantity/respelling.hpp"

namespace knockon::foreign {
namespace {

constexpr std::size_t depth_max = 64;  // of subgraphs in each other: reading them recurses

constexpr const char* direction_said = "edges without a direction (--) are read from left to right";
constexpr const char* style_said = "a dashed edge is a soft call, a dotted one async";
constexpr const char* number_said = "an edge's label that is a number is how often the call was seen";

struct Token {
  enum class Kind : std::uint8_t { end, broken, word, text, html, arrow, line, mark };
  Kind kind = Kind::end;
  std::string text;  // of a word or text; of a mark, its character
  std::uint32_t line = 1;
  std::size_t begin = 0, size = 1;  // bytes of the line

  [[nodiscard]] bool is_name() const { return kind == Kind::word || kind == Kind::text || kind == Kind::html; }
  [[nodiscard]] bool is(char mark) const { return kind == Kind::mark && text[0] == mark; }
  // Keywords are words in any case.
  [[nodiscard]] bool is_keyword(std::string_view keyword) const {
    return kind == Kind::word && text.size() == keyword.size() && quantity::lower_case(text) == keyword;
  }
};

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokens {
 public:
  explicit Tokens(Material& material) : material_{material}, text_{material.source.text} {}

  Token next() {
    if (!skip()) return {Token::Kind::broken, {}, line_, at_ - line_begin_, 1};
    Token token{Token::Kind::end, {}, line_, at_ - line_begin_, 1};
    if (at_ >= text_.size()) return token;
    const std::size_t begin = at_;
    read(token);
    if (line_ == token.line) token.size = std::max<std::size_t>(1, at_ - begin);
    return token;
  }

  void refuse(const Token& token, const std::string& message) {
    material_.faults.error(span_of(material_.source, token.line, token.begin, token.size), "dot-syntax", message);
  }

 private:
  [[nodiscard]] char at(std::size_t offset) const { return at_ + offset < text_.size() ? text_[at_ + offset] : '\0'; }
  void move_on() {
    const bool is_end = ends_line(text_, at_++);
    if (!is_end) return;
    ++line_;
    line_begin_ = at_;
  }
  void skip_line() {
    while (at_ < text_.size() && !ends_line(text_, at_)) ++at_;
  }

  // Space, comments, and lines of the C preprocessor. False: a comment is not closed (which is said).
  bool skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v') {
        move_on();
      } else if ((c == '/' && at(1) == '/') || (c == '#' && at_ == line_begin_)) {
        skip_line();
      } else if (c == '/' && at(1) == '*') {
        const Token comment{Token::Kind::broken, {}, line_, at_ - line_begin_, 2};
        const std::size_t end = text_.find("*/", at_ + 2);
        if (end == std::string_view::npos) {
          refuse(comment, "a comment that is not closed");
          return false;
        }
        while (at_ < end + 2) move_on();
      } else {
        return true;
      }
    }
    return true;
  }

  void read(Token& token) {
    const char c = text_[at_];
    if (begins_word(c)) {
      while (at_ < text_.size() && (begins_word(text_[at_]) || is_digit(text_[at_]))) token.text += text_[at_++];
      token.kind = Token::Kind::word;
    } else if (c == '"') {
      read_text(token);
    } else if (c == '<') {
      read_html(token);
    } else if (c == '-' && (at(1) == '>' || at(1) == '-')) {
      token.kind = at(1) == '>' ? Token::Kind::arrow : Token::Kind::line;
      at_ += 2;
    } else if (is_digit(c) || c == '.' || (c == '-' && (is_digit(at(1)) || at(1) == '.'))) {
      do token.text += text_[at_++];
      while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.'));
      token.kind = Token::Kind::word;
    } else {
      token.kind = Token::Kind::mark;
      token.text = c;
      ++at_;
    }
  }

  // "one" + "two" is "onetwo".
  void read_text(Token& token) {
    token.kind = Token::Kind::text;
    for (;;) {
      const Token quote{Token::Kind::broken, {}, line_, at_ - line_begin_, 1};
      move_on();
      while (at_ < text_.size() && text_[at_] != '"') {
        if (text_[at_] == '\\' && (at(1) == '"' || at(1) == '\n')) {
          if (at(1) == '"') token.text += '"';
          move_on();
        } else {
          token.text += text_[at_];
        }
        move_on();
      }
      if (at_ >= text_.size()) {
        refuse(quote, "a text that is not closed");
        token.kind = Token::Kind::broken;
        return;
      }
      move_on();
      const Tokens before = *this;
      if (!skip()) {
        token.kind = Token::Kind::broken;
        return;
      }
      if (at(0) == '+') {
        ++at_;
        if (!skip()) token.kind = Token::Kind::broken;
        if (at(0) == '"') continue;
      }
      at_ = before.at_;
      line_ = before.line_;
      line_begin_ = before.line_begin_;
      return;
    }
  }

  // <…> with tags inside.
  void read_html(Token& token) {
    token.kind = Token::Kind::html;
    std::size_t open = 0;
    do {
      if (text_[at_] == '<') ++open;
      if (text_[at_] == '>') --open;
      token.text += text_[at_];
      move_on();
    } while (open > 0 && at_ < text_.size());
    if (open == 0) return;
    refuse(token, "an HTML text that is not closed");
    token.kind = Token::Kind::broken;
  }

  Material& material_;
  std::string_view text_;
  std::size_t at_ = 0, line_begin_ = 0;
  std::uint32_t line_ = 1;
};

using Attributes = std::map<std::string, std::string, std::less<>>;
// The nodes that one end of an edge stands for, in the order of the file.
using End = std::vector<std::string>;

std::string found(const Token& token) {
  switch (token.kind) {
    case Token::Kind::end:
      return "the end of the file";
    case Token::Kind::arrow:
      return "->";
    case Token::Kind::line:
      return "--";
    default:
      return scenario::quoted(token.text);
  }
}

class Reader {
 public:
  explicit Reader(Material& material) : material_{material}, tokens_{material} { take(); }

  void read() {
    do {
      if (!read_graph()) return;
    } while (token_.kind != Token::Kind::end);
  }

 private:
  // False, everywhere: nothing more can be read, and the reason has been said.
  bool refuse(const std::string& expectation) {
    if (token_.kind != Token::Kind::broken)
      tokens_.refuse(token_, fmt::format("expected {}, found {}", expectation, found(token_)));
    return false;
  }
  void take() { token_ = tokens_.next(); }
  bool take_mark(char mark, const char* expectation) {
    if (!token_.is(mark)) return refuse(expectation);
    take();
    return true;
  }
  bool take_if(char mark) {
    if (!token_.is(mark)) return false;
    take();
    return true;
  }

  bool read_graph() {
    if (token_.is_keyword("strict")) take();
    is_directed_ = token_.is_keyword("digraph");
    if (!is_directed_ && !token_.is_keyword("graph")) return refuse("graph or digraph");
    take();
    if (token_.is_name()) take();
    End all;
    return read_statements(all, {}, 1);
  }

  bool read_statements(End& nodes, Attributes of_edges, std::size_t depth) {
    if (!take_mark('{', "{")) return false;
    while (!take_if('}')) {
      if (material_.graph.is_too_large()) return false;
      if (take_if(';')) continue;
      if (!read_statement(nodes, of_edges, depth)) return false;
    }
    return true;
  }

  bool read_statement(End& nodes, Attributes& of_edges, std::size_t depth) {
    if (token_.is_keyword("graph") || token_.is_keyword("node") || token_.is_keyword("edge")) {
      const bool is_edge = token_.is_keyword("edge");
      take();
      Attributes passed_over;
      return read_attributes(is_edge ? of_edges : passed_over);
    }
    End first;
    const bool is_subgraph = token_.is_keyword("subgraph") || token_.is('{');
    const Token start = token_;
    if (!read_end(first, of_edges, depth, true)) return false;
    if (!is_subgraph && take_if('=')) {  // a graph's attribute
      if (!token_.is_name()) return refuse("a value");
      take();
      return true;
    }
    if (token_.kind == Token::Kind::arrow || token_.kind == Token::Kind::line)
      return read_edges(std::move(first), nodes, of_edges, depth, start.line);
    if (is_subgraph) {
      nodes.insert(nodes.end(), first.begin(), first.end());
      return true;
    }
    Attributes attributes;
    if (!read_attributes(attributes)) return false;
    add_node(first.front(), attributes, start.line);
    nodes.push_back(first.front());
    return true;
  }

  // A node with its port, or a subgraph.
  bool read_end(End& end, const Attributes& of_edges, std::size_t depth, bool is_first) {
    if (token_.is_keyword("subgraph") || token_.is('{')) {
      if (token_.is_keyword("subgraph")) {
        take();
        if (token_.is_name()) take();
      }
      if (depth >= depth_max) return refuse(fmt::format("subgraphs at most {} deep", depth_max));
      return read_statements(end, of_edges, depth + 1);
    }
    if (!token_.is_name()) return refuse(is_first ? "a node, an edge, an attribute or }" : "a node or a subgraph");
    end.push_back(token_.text);
    take();
    for (int part = 0; part < 2 && take_if(':'); ++part) {
      if (!token_.is_name()) return refuse("a port");
      take();
    }
    return true;
  }

  bool read_edges(End first, End& nodes, const Attributes& of_edges, std::size_t depth, std::uint32_t line) {
    std::vector<End> ends{std::move(first)};
    while (token_.kind == Token::Kind::arrow || token_.kind == Token::Kind::line) {
      if ((token_.kind == Token::Kind::arrow) != is_directed_)
        return refuse(is_directed_ ? "-> in a digraph" : "-- in a graph without directions");
      take();
      End next;
      if (!read_end(next, of_edges, depth, false)) return false;
      if (ends.size() > material_.graph.limits().calls) return refuse("no more arrows in one statement");
      ends.push_back(std::move(next));
    }
    Attributes attributes = of_edges;
    if (!read_attributes(attributes)) return false;
    for (End& end : ends) {
      std::sort(end.begin(), end.end());
      end.erase(std::unique(end.begin(), end.end()), end.end());
      nodes.insert(nodes.end(), end.begin(), end.end());
    }
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) add_calls(ends[i], ends[i + 1], attributes, line);
    return true;
  }

  // [name=value, …] …
  bool read_attributes(Attributes& attributes) {
    while (take_if('[')) {
      while (!take_if(']')) {
        if (!token_.is_name()) return refuse("an attribute or ]");
        const std::string name = token_.text;
        take();
        std::string value = "true";
        if (take_if('=')) {
          if (!token_.is_name()) return refuse("a value");
          value = token_.kind == Token::Kind::html ? std::string{} : token_.text;
          take();
        }
        attributes.insert_or_assign(name, value);
        if (!take_if(',')) (void)take_if(';');
      }
    }
    return true;
  }

  static std::string_view value_of(const Attributes& attributes, std::string_view name) {
    const auto found = attributes.find(name);
    return found == attributes.end() ? std::string_view{} : std::string_view{found->second};
  }

  void add_node(const std::string& id, const Attributes& attributes, std::uint32_t line) {
    // What our own drawings have beside services: apps and sessions.
    const std::string_view ours = value_of(attributes, "knockon");
    if (!ours.empty() && ours != "service") {
      only_drawn_.insert(id);
      return;
    }
    const std::size_t service = material_.graph.service(id, material_.origin(line));
    const std::string label = label_of(value_of(attributes, "label"));
    if (!label.empty() && !value_of(attributes, "shape").ends_with("ecord"))
      material_.graph.services()[service].name = label;
  }

  // Breaks of lines become spaces; what stands for the node's own name is none.
  static std::string label_of(std::string_view written) {
    std::string label;
    for (std::size_t i = 0; i < written.size(); ++i) {
      const bool is_escape = written[i] == '\\' && i + 1 < written.size();
      if (is_escape && (written[i + 1] == 'N' || written[i + 1] == 'G')) return {};
      label += is_escape ? ' ' : written[i];
      if (is_escape) ++i;
    }
    return label.size() > 100 ? std::string{} : label;
  }

  void add_calls(const End& from, const End& to, const Attributes& attributes, std::uint32_t line) {
    Call call;
    call.origin = material_.origin(line);
    note_look(attributes, call);
    if (!is_directed_) material_.graph.assume(direction_said);
    for (const std::string& caller : from) {
      for (const std::string& callee : to) {
        if (only_drawn_.contains(caller) || only_drawn_.contains(callee)) continue;
        if (material_.graph.is_too_large()) return;
        call.from = material_.graph.operation(material_.graph.service(caller, call.origin));
        call.to = material_.graph.operation(material_.graph.service(callee, call.origin));
        material_.graph.add_call(call);
      }
    }
  }

  // What an edge's attributes say about the call.
  void note_look(const Attributes& attributes, Call& call) {
    const std::string_view style = value_of(attributes, "style");
    if (style.find("dashed") != std::string_view::npos) call.kind = world::CallKind::soft;
    if (style.find("dotted") != std::string_view::npos) call.kind = world::CallKind::async;
    if (call.kind != world::CallKind::hard) material_.graph.assume(style_said);
    if (const std::string_view ours = value_of(attributes, "knockon"); !ours.empty()) {
      call.kind = kind_called(ours);
      if (!assumption_about(ours).empty()) material_.graph.assume(assumption_about(ours));
    }
    call.per_request = count_in(value_of(attributes, "per_request"));
    if (call.per_request && *call.per_request == 0) call.per_request.reset();
    for (const char* name : {"calls", "count"}) {
      if (const auto times = count_in(value_of(attributes, name))) call.times = *times;
    }
    const auto labelled = count_in(value_of(attributes, "label"));
    if (!labelled || call.times > 0) return;
    call.times = *labelled;
    material_.graph.assume(number_said);
  }

  Material& material_;
  Tokens tokens_;
  Token token_;
  bool is_directed_ = true;
  std::set<std::string> only_drawn_;
};

}  // namespace

void read_dot(Material& material) { Reader{material}.read(); }

}  // namespace knockon::foreign
