#include "engine/foreign/document.hpp"

namespace knockon::foreign {

bool ends_line(std::string_view text, std::size_t byte) {
  return text[byte] == '\n' || (text[byte] == '\r' && (byte + 1 == text.size() || text[byte + 1] != '\n'));
}

View::Kind View::kind() const { return document_ ? document_->values_[index_].kind : Kind::none; }

std::string_view View::text() const {
  if (!document_) return {};
  const Document::Value& value = document_->values_[index_];
  return std::string_view{document_->texts_}.substr(value.text_begin, value.text_size);
}

std::string_view View::key() const {
  if (!document_) return {};
  const Document::Value& value = document_->values_[index_];
  return std::string_view{document_->texts_}.substr(value.key_begin, value.key_size);
}

View View::find(std::string_view key) const {
  if (!is_map()) return {};
  for (const View view : *this) {
    if (view.key() == key) return view;
  }
  return {};
}

scenario::Span View::span() const {
  const Document::Value& value = document_->values_[index_];
  const auto width = static_cast<std::uint32_t>(scenario::characters_in(text()));
  return {document_->source_, value.spot.line, value.spot.column,
          value.spot.column + (is_text() && width > 0 && width < 100 ? width : 1)};
}

std::uint32_t View::line() const { return document_->values_[index_].spot.line; }

View::Iterator& View::Iterator::operator++() {
  index_ = document_->values_[index_].next;
  return *this;
}

View::Iterator View::begin() const {
  return document_ ? Iterator{*document_, document_->values_[index_].first} : Iterator{};
}

bool Document::add(Kind kind, std::string_view key, std::string_view text, Spot spot) {
  if (values_.size() >= DocumentLimits{}.values) return false;
  const auto index = static_cast<std::uint32_t>(values_.size());
  Value value{.kind = kind, .spot = spot, .key_begin = 0, .key_size = 0, .text_begin = 0, .text_size = 0};
  value.key_begin = static_cast<std::uint32_t>(texts_.size());
  value.key_size = static_cast<std::uint32_t>(key.size());
  texts_ += key;
  value.text_begin = static_cast<std::uint32_t>(texts_.size());
  value.text_size = static_cast<std::uint32_t>(text.size());
  texts_ += text;
  values_.push_back(value);
  if (!open_.empty()) {
    Open& around = open_.back();
    (around.last == nowhere ? values_[around.index].first : values_[around.last].next) = index;
    around.last = index;
  }
  return true;
}

bool Document::open(Kind kind, std::string_view key, Spot spot) {
  if (!add(kind, key, {}, spot)) return false;
  open_.push_back({static_cast<std::uint32_t>(values_.size() - 1)});
  return true;
}

}  // namespace knockon::foreign
