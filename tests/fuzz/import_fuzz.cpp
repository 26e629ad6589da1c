// Whatever bytes come as a file of another tool: there is an answer, what is wrong points into the file, and what is
// accepted becomes a scenario that check accepts too, with the services and calls of the file. The first line names the
// format.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "engine/foreign/import.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/scenario.hpp"
#include "tests/fuzz/held.hpp"

using namespace knockon;
using fuzz::hold;

namespace {

bool is_format(std::string_view name) {
  for (const foreign::FormatName& format : foreign::format_names()) {
    if (name == format.name) return true;
  }
  return false;
}

void check(const scenario::Diagnostics& diagnostics, const foreign::File& file) {
  const scenario::SourceText source{file.path, file.text, 0};
  hold(!diagnostics.empty(), "a refusal has a reason");
  for (const scenario::Diagnostic& fault : diagnostics) {
    const std::string text = scenario::text_of(fault);
    hold(fault.path == file.path, "a diagnostic names the file", text);
    hold(fault.line >= 1 && static_cast<std::size_t>(fault.line) <= source.line_starts.size(),
         "a diagnostic's line is in the file", text);
    const auto length = static_cast<int>(scenario::characters_in(source.line(static_cast<std::uint32_t>(fault.line))));
    hold(fault.column >= 1 && fault.column <= length + 1, "a diagnostic's column is in its line", text);
    hold(fault.end_column > fault.column, "a diagnostic is about something", text);
    hold(!fault.code.empty() && !fault.message.empty(), "a diagnostic says what is wrong", text);
    hold(text.size() < 4000, "a diagnostic is short", text);
  }
}

using Pairs = std::set<std::pair<std::size_t, std::size_t>>;

void check(const foreign::Graph& graph, const std::string& text) {
  const auto read = scenario::read_text(text);
  hold(read.has_value(), "what is imported is accepted",
       text + (read ? std::string{} : scenario::text_of(read.error())));
  const world::World& world = read->world;
  hold(world.services.size() == graph.services().size(), "no service is lost, and none is added", text);
  Pairs told, written;
  for (const foreign::Call& call : graph.calls()) told.emplace(call.from.service, call.to.service);
  for (const world::Operation& operation : world.operations) {
    for (const world::Call& call : operation.calls)
      written.emplace(operation.service.index(), world[call.to].service.index());
  }
  hold(told == written, "no call is lost, and none is added", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(bytes), size};
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos || !is_format(input.substr(0, end))) return 0;
  const std::string format{input.substr(0, end)};
  const foreign::File file{"file", std::string{input.substr(end + 1)}};
  (void)foreign::format_of({file});
  const auto graph = foreign::read(format, {file});
  if (!graph) {
    check(graph.error(), file);
    return 0;
  }
  const auto text = foreign::imported(format, {file});
  hold(text.has_value(), "a file is accepted the second time too", file.text);
  check(*graph, *text);
  return 0;
}
