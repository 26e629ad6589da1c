#include "tests/bench/page_bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/command.hpp"
#include "tests/bench/promise.hpp"

namespace knockon::bench {
namespace {

const std::vector<std::string> meta{"run", "meta-2024-03-05", "--replications", "200", "--jobs", "2", "-q"};

double seconds_of(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return command_cost(words, false).wall_s;
}

}  // namespace

bool measure_page() {
  const std::filesystem::path page = std::filesystem::temp_directory_path() / "knockon-bench-page.html";
  // One after the other, so that a busy machine is busy for both.
  std::vector<double> beyond;
  for (int i = 0; i < 7; ++i) beyond.push_back(seconds_of(meta, {"--report", page.string()}) - seconds_of(meta, {}));
  std::sort(beyond.begin(), beyond.end());
  fmt::print("the page of a run\n");
  bool all_met = is_met({"--report of 200 replications of meta, beyond the run", beyond[beyond.size() / 2], 0.5, "s"});
  all_met &= is_met({"how large it is", static_cast<double>(std::filesystem::file_size(page)) / 1e6, 2, "MB"});
  std::filesystem::remove(page);
  return all_met;
}

}  // namespace knockon::bench
