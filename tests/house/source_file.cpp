#include "tests/house/source_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace knockon::house {
namespace {

namespace fs = std::filesystem;

bool is_ours(const fs::path& path) {
  const std::string name = path.filename().string();
  const bool is_hidden = name.front() == '.' && name != ".ci" && name != ".clang-tidy" && name != ".clang-format";
  return !is_hidden && name != "build" && name != "node_modules" && name != "__pycache__";
}

bool is_text(const fs::path& path) {
  static constexpr const char* known[] = {".hpp", ".cpp", ".txt", ".cmake", ".md", ".yaml", ".json", ".ts", ".svg", ""};
  return std::find(std::begin(known), std::end(known), path.extension().string()) != std::end(known);
}

template <class Visit>
void for_each_entry(Visit visit) {
  const fs::path root{KNOCKON_SOURCE_DIR};
  for (auto entry = fs::recursive_directory_iterator{root}; entry != fs::end(entry); ++entry) {
    if (!is_ours(entry->path())) {
      entry.disable_recursion_pending();
      continue;
    }
    visit(*entry, fs::relative(entry->path(), root).generic_string());
  }
}

}  // namespace

std::vector<SourceFile> project_files() {
  std::vector<SourceFile> files;
  for_each_entry([&](const fs::directory_entry& entry, const std::string& path) {
    if (!entry.is_regular_file() || !is_text(entry.path())) return;
    std::ifstream stream{entry.path(), std::ios::binary};
    files.push_back({.path = path, .text = {std::istreambuf_iterator<char>{stream}, {}}});
  });
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return files;
}

std::vector<std::string> project_folders() {
  std::vector<std::string> folders;
  for_each_entry([&](const fs::directory_entry& entry, const std::string& path) {
    if (entry.is_directory()) folders.push_back(path);
  });
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string fault_at(const SourceFile& file, std::size_t line_index, std::string_view sentence) {
  return file.path + ":" + std::to_string(line_index + 1) + ": " + std::string{sentence};
}

std::string joined(const std::vector<std::string>& faults) {
  std::string text;
  for (const auto& fault : faults) text += fault + "\n";
  return text;
}

}  // namespace knockon::house
