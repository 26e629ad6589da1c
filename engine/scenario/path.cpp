#include "engine/scenario/path.hpp"

#include <algorithm>

namespace knockon::scenario {

Path::Path(const SourceText& option, std::size_t length, Faults& faults)
    : option_{option}, text_{std::string_view{option.text}.substr(0, length)} {
  if (!split(faults)) steps_.clear();
}

// Within the option's first line: a path has no second, but for one that is wrong.
Span Path::span(std::size_t offset, std::size_t length) const {
  const std::string_view line = option_.line(1);
  offset = std::min(offset, line.size());
  const auto column = static_cast<std::uint32_t>(characters_in(line.substr(0, offset))) + 1;
  return {&option_, 1, column,
          column + static_cast<std::uint32_t>(std::max<std::size_t>(1, characters_in(line.substr(offset, length))))};
}

std::string_view Path::joined(const PathStep& first, const PathStep& second) const {
  return text_.substr(first.offset, second.offset + second.name.size() - first.offset);
}

std::string Path::where(std::size_t index) const {
  if (index == 0) return "in the scenario";
  return "in " + std::string{text_.substr(0, steps_[index].offset - 1)};
}

bool Path::split(Faults& faults) {
  std::size_t at = 0;
  while (at <= text_.size()) {
    const std::size_t end = std::min(text_.find_first_of(".[", at), text_.size());
    if (end == at) return refuse(at, "a key is missing here", faults);
    steps_.push_back({text_.substr(at, end - at), false, at});
    at = end;
    while (at < text_.size() && text_[at] == '[') {
      const std::size_t close = text_.find(']', at);
      if (close == std::string_view::npos || close == at + 1)
        return refuse(at, "a list item is written as calls[auth.check]", faults);
      steps_.push_back({text_.substr(at + 1, close - at - 1), true, at + 1});
      at = close + 1;
    }
    if (at == text_.size()) return true;
    if (text_[at] != '.') return refuse(at, "expected a dot or the end of the path", faults);
    ++at;
  }
  return refuse(text_.size(), "a key is missing here", faults);
}

bool Path::refuse(std::size_t offset, const std::string& message, Faults& faults) {
  faults.error(span(offset, 1), "bad-set", message, "a path is written as services.feed.calls[auth.check].timeout");
  return false;
}

std::string_view name_of_item(const Node& item, const Record* record) {
  if (item.is_scalar()) return item.text;
  if (record && !record->main.empty() && item.is_map()) {
    if (const Entry* main = item.find(record->main); main && main->value->is_scalar()) return main->value->text;
  }
  return {};
}

std::optional<std::size_t> item_called(std::span<const NodePtr> items, const Record* record, std::string_view name) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (name_of_item(*items[i], record) == name) return i;
    if (name == std::to_string(i + 1)) return i;
  }
  return std::nullopt;
}

const Type* type_with_parts(const Type& type) {
  using Form = Type::Form;
  for (const Type& alternative : type.of) {
    if (alternative.form == Form::record || alternative.form == Form::keyed || alternative.form == Form::list)
      return &alternative;
  }
  return nullptr;
}

}  // namespace knockon::scenario
