// Which instances are gone: all ways to choose k of n when they are few, else so many drawn at random, each instance at
// most once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"

namespace knockon::graph {

struct RandomFailureLimits {
  std::size_t enumerated = 20'000;  // choices up to which all are looked at
  std::size_t sampled = 6'400;      // cases otherwise
  std::uint64_t seed = 1;
};

// The same choices, in the same order, for the same numbers.
class RandomChoices {
 public:
  // REQUIRES: gone <= instances.
  RandomChoices(std::size_t gone, std::size_t instances, const RandomFailureLimits& limits);

  [[nodiscard]] bool are_all() const { return are_all_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  // The next one. REQUIRES: called at most size() times.
  [[nodiscard]] const std::vector<std::size_t>& next();

 private:
  std::size_t gone_, instances_;
  bool are_all_;
  std::size_t size_;
  std::vector<std::size_t> choice_;
  bool is_begun_ = false;
  random::Stream stream_;
};

}  // namespace knockon::graph
