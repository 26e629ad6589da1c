// Which room may include which, as engine/CMakeLists.txt declares it, and which library has its door where.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/house/source_file.hpp"

namespace knockon::house {

// A room, and every room that it uses directly or through others.
using Rooms = std::map<std::string, std::set<std::string>>;

// From the lines `knockon_room(NAME USES rooms…)`. A room may use only rooms declared above it, so there is no cycle.
[[nodiscard]] Rooms rooms_declared_in(std::string_view cmake_text);

// A fault for each include in engine/ and tools/ that points upward or past a library's door.
[[nodiscard]] std::vector<std::string> layer_faults(const Rooms& rooms, const std::vector<SourceFile>& files);

}  // namespace knockon::house
