// The built command under a stopwatch: how long it takes, and how much memory it and its workers hold together.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace knockon::bench {

struct CommandCost {
  double wall_s = 0;
  double memory_mib = 0;  // the greatest sum seen; pages that processes share count once
  int status = 0;
};

// Proportional set size: a page that n processes share counts one n-th for each.
inline double memory_mib_of(pid_t process) {
  std::ifstream rollup{"/proc/" + std::to_string(process) + "/smaps_rollup"};
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
  }
  return 0;
}

inline double memory_mib_of_family(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream children{"/proc/" + id + "/task/" + id + "/children"};
  double sum = memory_mib_of(parent);
  for (pid_t child = 0; children >> child;) sum += memory_mib_of(child);
  return sum;
}

// `sees_memory`: looks at it every few milliseconds, which costs time of its own.
inline CommandCost command_cost(const std::vector<std::string>& words, bool sees_memory) {
  std::string command = KNOCKON_COMMAND;
  std::vector<char*> arguments{command.data()};
  std::vector<std::string> copies = words;
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(KNOCKON_SOURCE_DIR) != 0) _exit(127);
    dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
    execv(arguments[0], arguments.data());
    _exit(127);
  }
  CommandCost cost;
  int status = 0;
  while (waitpid(child, &status, sees_memory ? WNOHANG : 0) == 0) {
    cost.memory_mib = std::max(cost.memory_mib, memory_mib_of_family(child));
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  cost.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  cost.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return cost;
}

}  // namespace knockon::bench
