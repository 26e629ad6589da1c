// The way to a piece of a scenario, as options write it: services.feed.calls[auth.check].timeout.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// A key, or a list item by its main key or its position from 1.
struct PathStep {
  std::string_view name;
  bool is_item = false;
  std::size_t offset = 0;  // in the option's text
};

class Path {
 public:
  // The first `length` bytes of the option's text. Reports what is no path; then it has no steps.
  Path(const SourceText& option, std::size_t length, Faults& faults);

  [[nodiscard]] const std::vector<PathStep>& steps() const { return steps_; }
  [[nodiscard]] Span span(std::size_t offset, std::size_t length) const;
  [[nodiscard]] Span span(const PathStep& step) const { return span(step.offset, step.name.size()); }
  // Two neighbouring steps as one key, which may hold a dot itself: facebook.open-feed.
  [[nodiscard]] std::string_view joined(const PathStep& first, const PathStep& second) const;
  // "in services.feed", for the step that could not be taken from there.
  [[nodiscard]] std::string where(std::size_t index) const;

 private:
  bool split(Faults& faults);
  bool refuse(std::size_t offset, const std::string& message, Faults& faults);

  const SourceText& option_;
  std::string_view text_;
  std::vector<PathStep> steps_;
};

// What a list's item goes by: the text of a short form, else the value of its main key; empty when it has neither.
[[nodiscard]] std::string_view name_of_item(const Node& item, const Record* record);
[[nodiscard]] std::optional<std::size_t> item_called(std::span<const NodePtr> items, const Record* record,
                                                     std::string_view name);

// The alternative of a choice that has parts; null when none has.
[[nodiscard]] const Type* type_with_parts(const Type& type);

}  // namespace knockon::scenario
