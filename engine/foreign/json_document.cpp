// JSON: nlohmann's reader tells what it finds, and this keeps where it stood.
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/foreign/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::foreign {
namespace {

using scenario::SourceText;
using Json = nlohmann::json;

// Walks over the text and counts how far the reader has come.
class Counting {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  Counting(const char* at, std::size_t* taken) : at_{at}, taken_{taken} {}
  reference operator*() const { return *at_; }
  Counting& operator++() {
    ++at_;
    ++*taken_;
    return *this;
  }
  friend bool operator==(const Counting& a, const Counting& b) { return a.at_ == b.at_; }
  friend bool operator!=(const Counting& a, const Counting& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  std::size_t* taken_;
};

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// A place in the text that only moves on.
class Cursor {
 public:
  explicit Cursor(const SourceText& source) : text_{source.text} {}
  void move_to(std::size_t byte) {
    for (; byte_ < byte && byte_ < text_.size(); ++byte_) {
      if (ends_line(text_, byte_)) {
        ++spot_.line;
        spot_.column = 1;
      } else if (!continues_character(text_[byte_])) {
        ++spot_.column;
      }
    }
  }
  // To where the next thing begins.
  void skip() { move_to(std::min(text_.size(), text_.find_first_not_of(" \t\r\n,:", byte_))); }
  [[nodiscard]] Document::Spot spot() const { return spot_; }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  Document::Spot spot_;
};

class Taker {
 public:
  Taker(const SourceText& source, const std::size_t& taken, Document& document, scenario::Faults& faults)
      : source_{source}, taken_{taken}, document_{document}, faults_{faults}, cursor_{source} {}

  bool null() { return take(Document::Kind::null, {}); }
  bool boolean(bool value) { return take(Document::Kind::text, value ? "true" : "false"); }
  bool number_integer(Json::number_integer_t value) { return take(Document::Kind::text, std::to_string(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return take(Document::Kind::text, std::to_string(value)); }
  bool number_float(Json::number_float_t, const std::string& text) { return take(Document::Kind::text, text); }
  bool string(const std::string& text) { return take(Document::Kind::text, text); }
  bool binary(const Json::binary_t&) { return false; }
  bool key(const std::string& text) {
    cursor_.move_to(taken_);
    key_ = text;
    return true;
  }
  bool start_object(std::size_t) { return open(Document::Kind::map); }
  bool start_array(std::size_t) { return open(Document::Kind::list); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) {
    cursor_.move_to(taken_ == 0 ? 0 : taken_ - 1);
    faults_.error(here(), "json-syntax", sentence_of(error.what()));
    return false;
  }

 private:
  [[nodiscard]] scenario::Span here() const {
    return {&source_, cursor_.spot().line, cursor_.spot().column, cursor_.spot().column + 1};
  }
  // "this is not JSON: unexpected ','; expected string literal", without what it calls itself and what it last read.
  static std::string sentence_of(std::string_view what) {
    const std::size_t dash = what.find(" - ");
    const std::size_t bracket = what.find("] ");
    std::string_view said = dash != std::string_view::npos      ? what.substr(dash + 3)
                            : bracket != std::string_view::npos ? what.substr(bracket + 2)
                                                                : what;
    const std::size_t last = said.find("; last read: ");
    const std::size_t expected = said.find("; expected ", last == std::string_view::npos ? 0 : last);
    std::string sentence{said.substr(0, last)};
    if (last != std::string_view::npos && expected != std::string_view::npos) sentence += said.substr(expected);
    return "this is not JSON: " + scenario::printable(sentence.substr(0, 200));
  }
  bool refuse(const char* code, std::string message, const char* hint) {
    faults_.error(here(), code, std::move(message), hint);
    return false;
  }
  bool refuse_size() {
    return refuse("too-large", fmt::format("more than {} values in one file", DocumentLimits{}.values),
                  "give it in several files");
  }
  bool take(Document::Kind kind, std::string_view text) {
    cursor_.skip();
    const bool is_taken = document_.add(kind, key_, text, cursor_.spot());
    if (!is_taken) return refuse_size();
    cursor_.move_to(taken_);
    key_.clear();
    return true;
  }
  bool open(Document::Kind kind) {
    cursor_.skip();
    if (document_.depth() >= DocumentLimits{}.depth)
      return refuse("too-deep", fmt::format("nested more than {} levels deep", DocumentLimits{}.depth), "");
    if (!document_.open(kind, key_, cursor_.spot())) return refuse_size();
    cursor_.move_to(taken_);
    key_.clear();
    return true;
  }
  bool close() {
    cursor_.move_to(taken_);
    document_.close();
    return true;
  }

  const SourceText& source_;
  const std::size_t& taken_;
  Document& document_;
  scenario::Faults& faults_;
  Cursor cursor_;
  std::string key_;
};

}  // namespace

Document json_document(const SourceText& source, scenario::Faults& faults) {
  Document document{source};
  std::size_t taken = 0;
  Taker taker{source, taken, document, faults};
  const char* const begin = source.text.data();
  (void)Json::sax_parse(Counting{begin, &taken}, Counting{begin + source.text.size(), &taken}, &taker);
  return document;
}

}  // namespace knockon::foreign
