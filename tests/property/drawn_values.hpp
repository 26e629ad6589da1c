// Values for every key of the language, drawn from its description: what an author could write there, mostly right.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/scenario/description.hpp"

namespace knockon::tests {

// Names of each kind that there are in the world around the values.
using NamesOfKinds = std::vector<std::pair<scenario::Kinds, std::vector<std::string>>>;

class DrawnValues {
 public:
  DrawnValues(const NamesOfKinds& names, random::Stream& stream) : names_{names}, stream_{stream} {}

  // In one line, as it would stand inside brackets.
  [[nodiscard]] std::string value(const scenario::Type& type, int depth = 0);
  [[nodiscard]] std::string record(const scenario::Record& record, int depth = 0);
  // What a fault, reaction or step does: a verb that it can, with its target and arguments.
  [[nodiscard]] std::string deed(scenario::Use use);
  // "call.timeout": the keys that were written so far.
  [[nodiscard]] const std::set<std::string>& keys() const { return keys_; }
  // What could stand behind a key of a record, or of a verb.
  [[nodiscard]] std::string value(std::string_view record, const scenario::Key& key, int depth);

  template <class Things>
  [[nodiscard]] const auto& one_of(const Things& things) {
    return *(std::begin(things) + static_cast<std::ptrdiff_t>(below(std::size(things))));
  }
  [[nodiscard]] std::size_t below(std::size_t count) {
    return static_cast<std::size_t>(stream_.uniform() * static_cast<double>(count));
  }
  [[nodiscard]] bool with_chance(double chance) { return stream_.uniform() < chance; }

 private:
  [[nodiscard]] std::string name(scenario::Kinds kinds);
  [[nodiscard]] std::string list(const scenario::Type& type, int depth);
  [[nodiscard]] std::string distribution(const scenario::Type& type, int depth);
  [[nodiscard]] std::string drawn(const scenario::Type& type, int depth);
  [[nodiscard]] std::string ascending(const scenario::Type& type, int depth, std::size_t count);

  const NamesOfKinds& names_;
  random::Stream& stream_;
  std::set<std::string> keys_;
};

}  // namespace knockon::tests
