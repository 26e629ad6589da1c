#include "tests/house/layers.hpp"

#include <optional>
#include <sstream>
#include <stdexcept>

namespace knockon::house {
namespace {

struct Door {
  const char* library;
  const char* room;
};
// Only sources of the room may include the library, never a header: its types stay behind the door.
constexpr Door doors[] = {
    {"simgrid/", "simulation"}, {"xbt/", "simulation"},   {"boost/graph/", "graph"},
    {"yaml.h", "scenario"},     {"Random123/", "random"}, {"expat.h", "foreign"},
};

struct Include {
  std::size_t line_index;
  std::string path;
};

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> includes;
  const auto lines = lines_of(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t mark = lines[i].find_first_not_of(" \t");
    if (mark == std::string::npos || lines[i][mark] != '#') continue;
    const std::size_t word = lines[i].find("include", mark);
    const std::size_t open = lines[i].find_first_of("<\"", mark);
    if (word == std::string::npos || open == std::string::npos) continue;
    const std::size_t close = lines[i].find_first_of(">\"", open + 1);
    includes.push_back({.line_index = i, .path = lines[i].substr(open + 1, close - open - 1)});
  }
  return includes;
}

// "world" of "engine/world/place.hpp"; nothing outside engine/.
std::optional<std::string> room_of(std::string_view path) {
  constexpr std::string_view engine = "engine/";
  if (!path.starts_with(engine)) return std::nullopt;
  path.remove_prefix(engine.size());
  return std::string{path.substr(0, path.find('/'))};
}

// Why `room` may not include `path`; empty when it may. The tools stand above every room.
std::string objection(const Rooms& rooms, const std::optional<std::string>& room, const std::string& path) {
  if (!room) return {};
  if (path.starts_with("tools/") || path.starts_with("tests/")) return "a room includes what stands above the engine";
  const auto included = room_of(path);
  if (!included || included == room) return {};
  if (!rooms.contains(*included)) return "there is no room " + *included;
  if (!rooms.at(*room).contains(*included)) return *room + " does not use " + *included;
  return {};
}

std::string door_objection(const SourceFile& file, const std::string& path) {
  for (const auto& [library, room] : doors) {
    if (!path.starts_with(library)) continue;
    if (room_of(file.path) == room && !file.is_header()) continue;
    return std::string{"only sources of engine/"} + room + " include <" + library + "…>";
  }
  return {};
}

}  // namespace

Rooms rooms_declared_in(std::string_view cmake_text) {
  Rooms rooms;
  for (const auto& line : lines_of(cmake_text)) {
    constexpr std::string_view call = "knockon_room(";
    if (!line.starts_with(call)) continue;
    std::istringstream words{line.substr(call.size(), line.find(')') - call.size())};
    std::string name;
    std::string used;
    words >> name >> used;
    std::set<std::string> reach;
    while (words >> used) {
      if (!rooms.contains(used)) throw std::runtime_error{name + " uses " + used + ", which no line above declares"};
      reach.insert(used);
      reach.insert(rooms[used].begin(), rooms[used].end());
    }
    rooms[name] = reach;
  }
  return rooms;
}

std::vector<std::string> layer_faults(const Rooms& rooms, const std::vector<SourceFile>& files) {
  std::vector<std::string> faults;
  for (const auto& file : files) {
    if (!file.is_cpp() || !(file.is_in("engine/") || file.is_in("tools/"))) continue;
    const auto room = room_of(file.path);
    if (room && !rooms.contains(*room)) {
      faults.push_back(fault_at(file, 0, "engine/CMakeLists.txt declares no room " + *room));
      continue;
    }
    for (const auto& include : includes_of(file)) {
      for (const auto& why : {objection(rooms, room, include.path), door_objection(file, include.path)}) {
        if (!why.empty()) faults.push_back(fault_at(file, include.line_index, why));
      }
    }
  }
  return faults;
}

}  // namespace knockon::house
