// From files of another tool to a scenario, or to everything that is wrong with them.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "engine/foreign/graph.hpp"
#include "engine/scenario/diagnostic.hpp"

namespace knockon::foreign {

struct File {
  std::string path, text;
};

// The formats' names, and what they are, in the order of --help.
struct FormatName {
  const char* name;   // "jaeger-dependencies"
  const char* about;  // one line
};
[[nodiscard]] const std::vector<FormatName>& format_names();

// What the files look like, all together; empty when they look like nothing that is known.
[[nodiscard]] std::string_view format_of(const std::vector<File>& files);

// What the files say, settled. REQUIRES: a format's name, and at least one file. Any bytes may be in the files.
[[nodiscard]] tl::expected<Graph, scenario::Diagnostics> read(std::string_view format, const std::vector<File>& files);

// The scenario that it becomes: `read`, then `scenario_text`.
[[nodiscard]] tl::expected<std::string, scenario::Diagnostics> imported(std::string_view format,
                                                                        const std::vector<File>& files);

// Bytes of a file that are worth reading: one more than may be read.
[[nodiscard]] std::size_t bytes_worth_reading();

}  // namespace knockon::foreign
