#include "tools/command_line/graphviz.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/quantity/contract.hpp"
#include "tools/command_line/streams.hpp"

extern char** environ;

namespace knockon::command_line {
namespace {

constexpr int not_found = 127;  // what a spawned process ends with when there is no such program

// Runs `dot -Tsvg -o svg description`, and says how it ended.
int status_of_dot(const std::string& description_path, const std::string& svg_path) {
  const std::string output = "-o" + svg_path;
  std::array<const char*, 5> words{"dot", "-Tsvg", output.c_str(), description_path.c_str(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, "dot", nullptr, nullptr, const_cast<char* const*>(words.data()), environ);
  if (error == ENOENT) return not_found;
  if (error != 0) throw quantity::IoError{std::string{"cannot start dot: "} + std::strerror(error)};
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw quantity::IoError{std::string{"lost sight of dot: "} + std::strerror(errno)};
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

void draw(const std::string& description, const std::string& svg_path) {
  const std::string description_path = svg_path + ".dot";
  write_file(description_path, description);
  const int status = status_of_dot(description_path, svg_path);
  std::error_code ignored;
  std::filesystem::remove(description_path, ignored);
  if (status == not_found) {
    throw quantity::IoError{"--svg needs Graphviz, and there is no program called dot; --dot FILE needs nothing"};
  }
  if (status != 0)
    throw quantity::IoError{"dot could not draw " + svg_path + ": it ended with " + std::to_string(status)};
}

}  // namespace knockon::command_line
