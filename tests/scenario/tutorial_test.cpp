// The tutorial as its reader follows it: every piece of YAML goes into shop.yaml, every command is run, and what the
// page shows is what it prints. With KNOCKON_APPROVE set in the environment the outputs are written anew, to be
// reviewed as a diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/scenario/command.hpp"

namespace fs = std::filesystem;
using namespace knockon;

namespace {

const std::string page = KNOCKON_SOURCE_DIR "/docs/guide/tutorial.md";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

bool begins_section(const std::string& line) {
  return !line.empty() && line.front() >= 'a' && line.front() <= 'z' && line.find(':') != std::string::npos;
}

// A file's sections, each with the lines up to the next.
std::vector<std::vector<std::string>> sections_of(const std::vector<std::string>& lines) {
  std::vector<std::vector<std::string>> sections(1);
  for (const std::string& line : lines) {
    if (begins_section(line)) sections.emplace_back();
    sections.back().push_back(line);
  }
  return sections;
}

std::string name_of(const std::vector<std::string>& section) {
  return section.empty() ? "" : section.front().substr(0, section.front().find(':'));
}

// What the page asks for: each section in the place of the one that is there, or at the end.
std::string with_sections(const std::string& file, const std::vector<std::string>& piece) {
  auto sections = sections_of(lines_of(file));
  for (const auto& section : sections_of(piece)) {
    if (section.empty()) continue;
    const auto same = std::find_if(sections.begin() + 1, sections.end(),
                                   [&](const auto& other) { return name_of(other) == name_of(section); });
    if (same == sections.end()) {
      sections.push_back(section);
    } else {
      *same = section;
    }
  }
  std::string text;
  for (const auto& section : sections) text += joined(section);
  return text;
}

// A folder that looks like the project's to commands.
struct Desk {
  Desk() {
    fs::create_directory(folder / "tools");
    fs::create_symlink(KNOCKON_COMMAND, folder / "tools" / "knockon");
    for (const char* name : {"scenarios", "models"})
      fs::create_symlink(fs::path{KNOCKON_SOURCE_DIR} / name, folder / name);
  }

  // Standard output and standard error together, as a terminal shows them.
  [[nodiscard]] std::vector<std::string> run(const std::string& line) const {
    std::ofstream{folder / "line.sh"} << "cd '" << folder.string() << "'\n" << line << '\n';
    const std::string shell =
        "bash '" + (folder / "line.sh").string() + "' >'" + (folder / "shown").string() + "' 2>&1";
    if (std::system(shell.c_str()) < 0) return {"no shell"};
    return lines_of(tests::text_of_file(folder / "shown"));
  }

  void take(const std::vector<std::string>& piece) const {
    const std::string file = tests::text_of_file(folder / "shop.yaml");
    std::ofstream{folder / "shop.yaml"} << with_sections(file, piece);
  }

  tests::Folder folder;
};

// The page with what its commands print now.
std::vector<std::string> replayed(const std::vector<std::string>& lines, int& commands) {
  const Desk desk;
  std::vector<std::string> result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    result.push_back(lines[i]);
    const bool is_yaml = lines[i] == "```yaml", is_console = lines[i] == "```console";
    if (!is_yaml && !is_console) continue;
    std::vector<std::string> block;
    while (++i < lines.size() && lines[i] != "```") block.push_back(lines[i]);
    if (is_yaml) {
      desk.take(block);
      result.insert(result.end(), block.begin(), block.end());
    }
    for (const std::string& line : block) {
      if (!is_console || line.rfind("$ ", 0) != 0) continue;
      ++commands;
      result.push_back(line);
      for (const std::string& shown : desk.run(line.substr(2))) result.push_back(shown);
    }
    result.push_back("```");
  }
  return result;
}

}  // namespace

TEST_CASE("the tutorial shows what its commands print") {
  const std::vector<std::string> shown = lines_of(tests::text_of_file(page));
  int commands = 0;

  const std::vector<std::string> now = replayed(shown, commands);

  if (std::getenv("KNOCKON_APPROVE")) std::ofstream{page, std::ios::binary} << joined(now);
  CHECK(commands >= 12);
  REQUIRE(now.size() == shown.size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    INFO("line " << i + 1);
    CHECK(now[i] == shown[i]);
  }
}

TEST_CASE("a section of the tutorial takes the place of the one that is there") {
  CHECK(with_sections("a: 1\nb:\n  x: 2\nc: 3\n", {"b: {}", "d:", "  y: 4"}) == "a: 1\nb: {}\nc: 3\nd:\n  y: 4\n");
}
