// The project's own files as text, for tests of the code itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace knockon::house {

struct SourceFile {
  std::string path;  // from the project's folder: "engine/world/world.hpp"
  std::string text;

  [[nodiscard]] bool is_in(std::string_view folder) const { return path.starts_with(folder); }
  [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
  [[nodiscard]] bool is_cpp() const { return is_header() || path.ends_with(".cpp"); }
  [[nodiscard]] bool is_document() const { return path.ends_with(".md"); }
};

// Every readable text file of the project in the order of their paths; no build results, no version control.
[[nodiscard]] std::vector<SourceFile> project_files();
// Every folder of the project, likewise: "engine", "engine/world", ….
[[nodiscard]] std::vector<std::string> project_folders();

[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

// "path:line: sentence"
[[nodiscard]] std::string fault_at(const SourceFile& file, std::size_t line_index, std::string_view sentence);

// One fault a line, for the message of a failing test.
[[nodiscard]] std::string joined(const std::vector<std::string>& faults);

}  // namespace knockon::house
