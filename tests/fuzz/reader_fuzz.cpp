// Whatever bytes come as a scenario with its blocks and options: the reader answers, points into the text, and what it
// accepts it accepts again, as the same, in the form that it was merged to.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/scenario/document.hpp"
#include "engine/scenario/scenario.hpp"
#include "engine/world/drawn.hpp"
#include "tests/fuzz/held.hpp"
#include "tests/fuzz/pieces.hpp"

using namespace knockon;
using fuzz::hold;

namespace {

bool is_inside(const scenario::Diagnostic& fault, const std::string& text) {
  const scenario::SourceText source{fault.path, text, 0};
  if (fault.line < 1 || static_cast<std::size_t>(fault.line) > source.line_starts.size()) return false;
  const auto length = static_cast<int>(scenario::characters_in(source.line(static_cast<std::uint32_t>(fault.line))));
  return fault.column >= 1 && fault.column <= length + 1 && fault.end_column > fault.column &&
         fault.end_column <= length + 2;
}

// In the scenario, a block, or one of the options, which have one name for all.
bool is_inside(const scenario::Diagnostic& fault, const fuzz::Pieces& pieces) {
  if (fault.path == "scenario.yaml" && is_inside(fault, pieces.text)) return true;
  for (const auto& [name, text] : pieces.blocks) {
    if (fault.path == name + ".yaml" && is_inside(fault, text)) return true;
  }
  for (const std::string& variant : pieces.options.variants) {
    if (fault.path == "--variant" && is_inside(fault, variant)) return true;
  }
  for (const auto& [path, value] : pieces.options.set) {
    if (fault.path == "--set" && is_inside(fault, path + "=" + value)) return true;
  }
  return false;
}

void check(const scenario::Diagnostics& diagnostics, const fuzz::Pieces& pieces) {
  for (const scenario::Diagnostic& fault : diagnostics) {
    const std::string text = scenario::text_of(fault);
    hold(is_inside(fault, pieces), "a diagnostic points into what was given", text);
    hold(!fault.code.empty() && !fault.message.empty(), "a diagnostic says what is wrong", text);
    hold(text.size() < 4000, "a diagnostic is short", text);
  }
}

void check_round_trip(const scenario::Read& read) {
  (void)world::as_drawn(read.world, [](const world::DrawnProperty& one) { return one.values.quantile(0.9); });
  const auto again = scenario::read_text(read.merged_text);
  hold(again.has_value(), "an accepted scenario is accepted as it was merged",
       read.merged_text + (again ? std::string{} : scenario::text_of(again.error())));
  hold(again->world == read.world, "what was merged describes the same world", read.merged_text);
  hold(again->merged_text == read.merged_text, "what was merged is merged to itself",
       read.merged_text + "\nand again\n" + again->merged_text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const fuzz::Pieces pieces = fuzz::pieces_of({reinterpret_cast<const char*>(bytes), size});
  const auto read = scenario::read_text(pieces.text, pieces.options, pieces.blocks);
  if (read) {
    check(read->warnings, pieces);
    check_round_trip(*read);
  } else {
    hold(!read.error().empty(), "a refusal has a reason");
    check(read.error(), pieces);
  }
  return 0;
}
