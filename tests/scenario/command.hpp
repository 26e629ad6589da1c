// Runs the built command as a user would: a shell line, what it printed, and its exit status.
#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace knockon::tests {

struct Ran {
  std::string output;  // standard output
  std::string errors;  // standard error
  int status = 0;
};

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "knockon-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::string string() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// `words` follow the command's name, `environment` ("PATH=/nowhere") stands before it; it runs in the source folder, so
// that shipped scenarios are found.
inline Ran knockon(const std::string& words, const std::string& environment = {}) {
  const Folder folder;
  const std::string out = (folder / "out").string(), err = (folder / "err").string();
  const std::string line = "cd '" KNOCKON_SOURCE_DIR "' && " + environment + " '" KNOCKON_COMMAND "' " + words + " >'" +
                           out + "' 2>'" + err + "' </dev/null";
  const int status = std::system(line.c_str());
  return {text_of_file(out), text_of_file(err), WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
}

inline nlohmann::json json_of(const std::string& words) {
  const Ran ran = knockon(words + " -q --json -");
  if (ran.status != 0 && ran.status != 1) throw std::runtime_error{"knockon " + words + ": " + ran.errors};
  return nlohmann::json::parse(ran.output);
}

// The entry of a list of objects whose `key` is `name`.
inline const nlohmann::json& entry(const nlohmann::json& list, const std::string& key, const std::string& name) {
  for (const nlohmann::json& one : list) {
    if (one.at(key) == name) return one;
  }
  throw std::runtime_error{"no " + key + " " + name};
}

// A column of a CSV file, without its heading.
inline std::vector<std::string> column(const std::filesystem::path& path, const std::string& name) {
  std::istringstream lines{text_of_file(path)};
  std::string line;
  std::vector<std::string> cells;
  std::size_t wanted = 0;
  for (bool heading = true; std::getline(lines, line); heading = false) {
    std::istringstream row{line};
    std::string cell;
    for (std::size_t i = 0; std::getline(row, cell, ','); ++i) {
      if (heading && cell == name) wanted = i;
      if (!heading && i == wanted) cells.push_back(cell);
    }
  }
  return cells;
}

}  // namespace knockon::tests
