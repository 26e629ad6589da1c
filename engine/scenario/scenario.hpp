// From a scenario's text to the world it describes, or to everything that is wrong with it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/world/world.hpp"

namespace knockon::scenario {

// Where the text is, and where the blocks are that it may `use`.
struct Source {
  std::string path;                        // of the scenario's file
  std::vector<std::string> model_folders;  // searched in this order, then the scenario's own folder
};

// What the scenario is read for. Whatever the simulation does not act on yet refuses a run (an error with the code
// not-simulated-yet), and is a warning to who only looks: the world holds all of it either way.
enum class Purpose : std::uint8_t { run, look };

struct Options {
  std::vector<std::string> variants = {};                     // merged on top, in this order
  std::vector<std::pair<std::string, std::string>> set = {};  // path and value, merged on top of those
  Purpose purpose = Purpose::run;
};

struct Read {
  world::World world;
  std::optional<world::World> base;  // the same without variants, when any were chosen: what capacity is sized from
  std::string merged_text;           // the scenario as run, as a scenario in one piece; the same for the same meaning
  std::vector<std::string> variant_names;  // all that the scenario has, in file order
  Diagnostics warnings;
};

// Never throws for what is in the files. REQUIRES nothing of the text. Throws IoError when the scenario's own file
// cannot be read.
[[nodiscard]] tl::expected<Read, Diagnostics> read(const Source& source, const Options& options = {});

// The same for a text in memory, called "scenario.yaml", with blocks by name ("people/on-call").
[[nodiscard]] tl::expected<Read, Diagnostics> read_text(std::string_view text, const Options& options = {},
                                                        const std::map<std::string, std::string>& blocks = {});

// The scenario's name as the command line knows it: its folder for a file called scenario.yaml, else the file without
// its ending.
[[nodiscard]] std::string name_of(const std::string& path);

}  // namespace knockon::scenario
