#include "engine/graph/random_choices.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "engine/quantity/contract.hpp"

namespace knockon::graph {
namespace {

using Choice = std::vector<std::size_t>;

// n over k, or anything above `most` when it is more than that.
std::size_t choices(std::size_t n, std::size_t k, std::size_t most) {
  k = std::min(k, n - k);
  double count = 1;
  for (std::size_t i = 1; i <= k; ++i) {
    count = count * static_cast<double>(n - k + i) / static_cast<double>(i);
    if (count > static_cast<double>(most) + 0.5) return most + 1;
  }
  return static_cast<std::size_t>(std::llround(count));
}

Choice first_choice(std::size_t k) {
  Choice choice(k);
  std::iota(choice.begin(), choice.end(), std::size_t{0});
  return choice;
}

// The next one in lexicographic order. REQUIRES: there is one.
void advance(Choice& choice, std::size_t n) {
  std::size_t i = choice.size();
  while (i > 0 && choice[i - 1] == n - choice.size() + (i - 1)) --i;
  ++choice[i - 1];
  for (; i < choice.size(); ++i) choice[i] = choice[i - 1] + 1;
}

// R. Floyd's way: k different numbers below n from k draws.
Choice drawn(std::size_t k, std::size_t n, random::Stream& stream) {
  Choice choice;
  std::vector<bool> is_taken(n, false);
  for (std::size_t last = n - k; last < n; ++last) {
    const auto candidate = static_cast<std::size_t>(stream.uniform() * static_cast<double>(last + 1));
    choice.push_back(is_taken[candidate] ? last : candidate);
    is_taken[choice.back()] = true;
  }
  return choice;
}

}  // namespace

RandomChoices::RandomChoices(std::size_t gone, std::size_t instances, const RandomFailureLimits& limits)
    : gone_{gone},
      instances_{instances},
      stream_{{.seed = limits.seed, .index = 0}, "graph/random-failures/" + std::to_string(gone)} {
  quantity::require(gone <= instances, "no more instances can be gone than there are");
  const std::size_t all = choices(instances, gone, limits.enumerated);
  are_all_ = all <= limits.enumerated;
  size_ = are_all_ ? all : limits.sampled;
}

const std::vector<std::size_t>& RandomChoices::next() {
  if (!are_all_) {
    choice_ = drawn(gone_, instances_, stream_);
  } else if (is_begun_) {
    advance(choice_, instances_);
  } else {
    choice_ = first_choice(gone_);
  }
  is_begun_ = true;
  return choice_;
}

}  // namespace knockon::graph
