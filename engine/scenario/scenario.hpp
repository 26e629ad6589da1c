// From a scenario's text to the world it describes, or to everything that is wrong with it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/shown_line.hpp"
#include "engine/world/world.hpp"

namespace knockon::scenario {

// Where the text is, and where the blocks are that it may `use`.
struct Source {
  std::string path;                        // of the scenario's file
  std::vector<std::string> model_folders;  // searched in this order, then the scenario's own folder
};

struct Options {
  std::vector<std::string> variants = {};                     // merged on top, in this order
  std::vector<std::pair<std::string, std::string>> set = {};  // path and value, merged on top of those
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

struct Checked {
  std::optional<Read> read;  // none when it is wrong
  Diagnostics diagnostics;   // errors and warnings, in file order
};

// A doubt that takes more than the text to find: where in the scenario (services, feed, per_replica), and what.
struct Doubt {
  std::vector<std::string> keys;
  std::string code, message, hint;
};
using Examine = std::function<std::vector<Doubt>(const Read& read)>;

// Reads the scenario and, unless variants were chosen, also as it is with each variant that it declares: what only a
// variant brings to light names the variant. A scenario without errors is examined, and doubts become warnings. Throws
// as `read` does.
[[nodiscard]] Checked checked(const Source& source, const Options& options = {}, const Examine& examine = {});
// The same for a text that is not in its file yet.
[[nodiscard]] Checked checked(const Source& source, std::string_view text, const Examine& examine = {});

// The scenario as run, line by line, or the piece of it at a path such as services.feed.calls[auth.check]; an empty
// path is the whole. Throws as `read` does.
[[nodiscard]] tl::expected<std::vector<ShownLine>, Diagnostics> shown(const Source& source, const Options& options,
                                                                      const std::string& path);

// Where a piece of a scenario was said, counted as in a Diagnostic.
struct Location {
  std::string path;
  int line = 1, column = 1, end_column = 2;
};
// Of the thing behind keys (services, feed), in whichever file said it last; an item of a list goes by its text. None
// where there is no such thing, and nowhere in a scenario that cannot be read.
using Locate = std::function<std::optional<Location>(const std::vector<std::string>& keys)>;
// Throws as `read` does.
[[nodiscard]] Locate locations(const Source& source, const Options& options = {});

// What blocks of models/ bring along: its sections in order, each with the names in it.
struct Outline {
  struct Section {
    std::string name;
    std::vector<std::string> names;  // of journeys, with the app's: facebook.open-feed
  };
  std::vector<Section> sections;
};
[[nodiscard]] tl::expected<Outline, Diagnostics> outline_of_blocks(const std::vector<std::string>& blocks,
                                                                   const std::vector<std::string>& model_folders);

// The scenario's name as the command line knows it: its folder for a file called scenario.yaml, else the file without
// its ending.
[[nodiscard]] std::string name_of(const std::string& path);

}  // namespace knockon::scenario
