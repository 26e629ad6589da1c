// What may not stand in the project's files: words that make a run differ from itself, unfinished work, paths of one
// machine, names that say nothing, and folders that the architecture does not know.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/house/source_file.hpp"

namespace knockon::house {

// In engine/: clocks, environments, locales, the standard library's random numbers, unordered containers without a
// reason.
[[nodiscard]] std::vector<std::string> determinism_faults(const std::vector<SourceFile>& files);

// Marks of unfinished work, in any file.
[[nodiscard]] std::vector<std::string> unfinished_faults(const std::vector<SourceFile>& files);

// Paths that exist on one machine only: some in any file, some in documents.
[[nodiscard]] std::vector<std::string> machine_path_faults(const std::vector<SourceFile>& files);

// Files and folders called util, helper, manager, …: the concept has a name.
[[nodiscard]] std::vector<std::string> naming_faults(const std::vector<std::string>& paths);

// Folders of the project, of engine/ and of tests/ that the architecture document does not show as `name/`.
[[nodiscard]] std::vector<std::string> unpictured_folders(std::string_view architecture,
                                                          const std::vector<std::string>& folders);

}  // namespace knockon::house
