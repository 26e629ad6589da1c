// Which file a SCENARIO of the command line means.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace knockon::command_line {

// Where scenarios are looked for by name, in order: the current folder's, then those that came with knockon. Each may
// be missing.
[[nodiscard]] std::vector<std::string> scenario_folders();

// The path of a scenario's file; or, for a name that no folder has, a sentence that says so and which names there are.
// A path is taken as it stands (a folder means its scenario.yaml): whether it can be read is for the reader to say.
[[nodiscard]] tl::expected<std::string, std::string> scenario_path(const std::string& scenario,
                                                                   const std::vector<std::string>& folders);

// Where the scenario in a file finds its building blocks: `models` beside the folder that holds scenarios, in the
// current folder, and those that came with knockon; only those that are there.
[[nodiscard]] std::vector<std::string> model_folders(const std::string& path);

}  // namespace knockon::command_line
