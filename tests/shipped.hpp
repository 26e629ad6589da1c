// The scenarios that come with knockon, lessons among them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <vector>

namespace knockon::tests {

// The folders that hold a scenario.yaml, in the order of their paths.
inline std::vector<std::filesystem::path> shipped_scenario_folders() {
  std::vector<std::filesystem::path> folders;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{KNOCKON_SOURCE_DIR "/scenarios"}) {
    if (entry.path().filename() == "scenario.yaml") folders.push_back(entry.path().parent_path());
  }
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace knockon::tests
