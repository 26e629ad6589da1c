// Scenarios made from other tools' files, as tests look at them: through the reader of the language.
#pragma once

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/foreign/import.hpp"
#include "engine/scenario/scenario.hpp"

namespace knockon::tests {

// What a world's services are called, and who calls whom, as "web -> api"; "(soft)" and "(async)" where it is so.
struct Shape {
  std::set<std::string> services, calls;
};

inline Shape shape_of(const world::World& world) {
  Shape shape;
  for (const world::Service& service : world.services) shape.services.insert(service.name);
  for (const world::Operation& operation : world.operations) {
    for (const world::Call& call : operation.calls) {
      const char* const kind = call.kind == world::CallKind::hard   ? ""
                               : call.kind == world::CallKind::soft ? " (soft)"
                                                                    : " (async)";
      shape.calls.insert(
          fmt::format("{} -> {}{}", world[operation.service].name, world[world[call.to].service].name, kind));
    }
  }
  return shape;
}

inline scenario::Read read_scenario(const std::string& text) {
  auto read = scenario::read_text(text);
  if (!read) throw std::runtime_error{"check refuses it: " + scenario::text_of(read.error()) + text};
  return std::move(*read);
}

inline std::string imported_text(const std::string& format, const std::string& text) {
  const auto imported = foreign::imported(format, {{"file", text}});
  if (!imported) throw std::runtime_error{scenario::text_of(imported.error())};
  return *imported;
}

inline world::World imported_world(const std::string& format, const std::string& text) {
  return read_scenario(imported_text(format, text)).world;
}

// What is said about a text that is no such file; nothing when it is one.
inline std::string objections(const std::string& format, const std::string& text) {
  const auto imported = foreign::imported(format, {{"file", text}});
  return imported ? std::string{} : scenario::text_of(imported.error());
}

// One of the examples that stand for each format.
inline std::string example_text(const std::string& name) {
  std::ifstream file{std::string{KNOCKON_SOURCE_DIR} + "/tests/foreign/" + name, std::ios::binary};
  if (!file) throw std::runtime_error{"no example " + name};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace knockon::tests
