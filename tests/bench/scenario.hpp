// The shipped scenarios, read for a measurement.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "engine/scenario/scenario.hpp"

namespace knockon::bench {

inline scenario::Read read_scenario(const std::string& name) {
  const std::string root = KNOCKON_SOURCE_DIR;
  auto read =
      scenario::read({.path = root + "/scenarios/" + name + "/scenario.yaml", .model_folders = {root + "/models"}});
  if (!read) throw std::runtime_error{scenario::text_of(read.error())};
  return std::move(*read);
}

}  // namespace knockon::bench
