#include "tools/command_line/lookup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "engine/scenario/diagnostic.hpp"

namespace knockon::command_line {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}
bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

// The tree the program came in: above where it lies (a build folder within the tree), else the one it was built from.
fs::path installed_root() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  for (fs::path folder = program.parent_path(); !error && folder.has_relative_path(); folder = folder.parent_path()) {
    if (is_folder(folder / "scenarios") && is_folder(folder / "models")) return folder;
  }
  return KNOCKON_SOURCE_DIR;
}

std::vector<std::string> names_in(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  for (const std::string& folder : folders) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{folder, ignored}) {
      if (is_file(entry.path() / "scenario.yaml")) names.push_back(entry.path().filename().string());
    }
  }
  // Folders are listed in no order, and two may hold the same name.
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string unknown(const std::string& scenario, const std::vector<std::string>& folders) {
  const std::vector<std::string> names = names_in(folders);
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  std::string text = fmt::format("no scenario called {}", scenario::quoted(scenario));
  if (const std::string hint = scenario::did_you_mean(scenario, candidates); !hint.empty()) return text + "; " + hint;
  if (names.empty()) return text + "; there is no folder scenarios here";
  return text + fmt::format("; expected {}, or a path with a slash", scenario::one_of(candidates));
}

}  // namespace

std::vector<std::string> scenario_folders() { return {"scenarios", (installed_root() / "scenarios").string()}; }

tl::expected<std::string, std::string> scenario_path(const std::string& scenario,
                                                     const std::vector<std::string>& folders) {
  const bool is_path = scenario.find('/') != std::string::npos || scenario.ends_with(".yaml");
  if (is_path)
    return is_folder(scenario) ? (fs::path{scenario} / "scenario.yaml").lexically_normal().string() : scenario;
  for (const std::string& folder : folders) {
    const fs::path path = fs::path{folder} / scenario / "scenario.yaml";
    if (!scenario.empty() && is_file(path)) return path.string();
  }
  return tl::unexpected{unknown(scenario, folders)};
}

std::vector<std::string> model_folders(const std::string& path) {
  const fs::path beside = (fs::path{path}.parent_path() / ".." / ".." / "models").lexically_normal();
  std::vector<std::string> folders;
  for (const fs::path& folder : {beside, fs::path{"models"}, installed_root() / "models"}) {
    if (is_folder(folder) && std::find(folders.begin(), folders.end(), folder.string()) == folders.end()) {
      folders.push_back(folder.string());
    }
  }
  return folders;
}

}  // namespace knockon::command_line
