#include "engine/foreign/material.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace knockon::foreign {

const char* noun_of(View::Kind kind) {
  switch (kind) {
    case View::Kind::none:
    case View::Kind::null:
      return "nothing";
    case View::Kind::text:
      return "a single value";
    case View::Kind::list:
      return "a list";
    case View::Kind::map:
      return "a map";
  }
  return "nothing";
}

bool has_kind(Material& material, const View& view, View::Kind kind, std::string_view what, const View& around) {
  if (view.kind() == kind) return true;
  const View& place = view ? view : around;
  const scenario::Span span = place ? place.span() : scenario::Span{&material.source, 1, 1, 2};
  material.faults.error(span, "wrong-shape", fmt::format("expected {}, found {}", what, noun_of(view.kind())));
  return false;
}

std::optional<View> needed_part(Material& material, const View& root, std::string_view what, std::string_view key,
                                View::Kind kind) {
  if (!has_kind(material, root, View::Kind::map, what, root)) return std::nullopt;
  const View part = root.find(key);
  const std::string expected = fmt::format("'{}' with {}", key, noun_of(kind));
  return has_kind(material, part, kind, expected, root) ? std::optional{part} : std::nullopt;
}

std::optional<std::string_view> needed_text(Material& material, const View& map, std::string_view key,
                                            std::string_view what) {
  const View value = map.find(key);
  if (value.is_text() && !value.text().empty()) return value.text();
  const scenario::Span span = value ? value.span() : map.span();
  const std::string found = value.is_text() ? "an empty text" : noun_of(value.kind());
  material.faults.error(span, "missing-key", fmt::format("expected '{}', {}; found {}", key, what, found));
  return std::nullopt;
}

std::optional<double> count_in(std::string_view text) {
  double count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(count) && count >= 0 ? std::optional{count} : std::nullopt;
}

std::optional<double> count_if_any(Material& material, const View& view) {
  if (!view || view.kind() == View::Kind::null) return std::nullopt;
  const auto count = view.is_text() ? count_in(view.text()) : std::nullopt;
  if (count) return count;
  const std::string found = view.is_text() ? scenario::quoted(view.text()) : noun_of(view.kind());
  material.faults.error(view.span(), "bad-count", fmt::format("expected a number of zero or more, found {}", found));
  return std::nullopt;
}

world::CallKind kind_called(std::string_view word) {
  if (word == "async") return world::CallKind::async;
  // A cache carries on without what is behind it as long as it holds enough.
  return word == "soft" || word == "cache" ? world::CallKind::soft : world::CallKind::hard;
}

std::string_view assumption_about(std::string_view word) {
  if (word == "need" || word == "name") return "needs and names are taken for hard calls";
  return word == "cache" ? "what is behind a cache is taken for a soft call" : std::string_view{};
}

scenario::Span span_of(const scenario::SourceText& source, std::uint32_t line, std::size_t begin, std::size_t size) {
  const std::string_view text = source.line(line);
  begin = std::min(begin, text.size());
  const auto column = static_cast<std::uint32_t>(scenario::characters_in(text.substr(0, begin))) + 1;
  const auto width = static_cast<std::uint32_t>(scenario::characters_in(text.substr(begin, size)));
  return {&source, line, column, column + std::max(1U, width)};
}

}  // namespace knockon::foreign
