// Which entries a comparison has: the strategies or causes of one world, a world for each variant, or two scenarios.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "engine/study/comparison.hpp"
#include "tools/command_line/compare_arguments.hpp"

namespace knockon::command_line {

struct ComparedEntries {
  study::Across across = study::Across::strategies;
  std::vector<std::unique_ptr<const scenario::Read>> scenarios;  // that the entries are of
  std::vector<study::Entry> entries;                             // two or more
  std::size_t baseline = 0;
};

// Or what is wrong: with a scenario, or with what was asked of it. Throws IoError when a file cannot be read.
[[nodiscard]] tl::expected<ComparedEntries, NotRead> entries_of(const CompareArguments& arguments);

}  // namespace knockon::command_line
