// Bytes over one link: however they are divided, and whenever it is down, a link in use carries all it can.
#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/hauling.hpp"

using namespace knockon;
using tests::Hauling;

namespace {

// At most so many minutes of bytes, in whole gigabytes.
std::vector<double> random_sizes() {
  const auto sizes = *rc::gen::container<std::vector<int>>(*rc::gen::inRange(1, 7), rc::gen::inRange(1, 4000));
  std::vector<double> bytes;
  for (const int size : sizes) bytes.push_back(1e9 * size);
  return bytes;
}

double last_of(const simulation::Outcome& outcome, const std::vector<world::StepId>& copies) {
  double last = 0;
  for (const world::StepId copy : copies) last = std::max(last, tests::seconds_of(outcome, copy));
  return last;
}

}  // namespace

TEST_CASE("bytes are conserved: copies over one link end when all their bytes and its outages are over", "[simgrid]") {
  rc::check("sum of bytes / bandwidth + outages", [] {
    Hauling incident;
    std::vector<world::StepId> copies;
    double seconds = 0;
    for (const double bytes : random_sizes()) {
      copies.push_back(incident.copy(bytes));
      seconds += bytes / Hauling::per_s;
    }
    double out = 0;
    const int outages = *rc::gen::inRange(0, 3);
    for (int i = 0; i < outages; ++i) {
      const double from = 10.0 + 100 * i, lasts = *rc::gen::inRange(1, 60);
      incident.cut(incident.link, from, lasts);
      if ((from * 60) < seconds + out) out += lasts * 60;
    }

    RC_ASSERT(std::abs(last_of(tests::outcome_of(incident.world), copies) - (seconds + out)) < 1e-6 * seconds + 1e-4);
  });
}

TEST_CASE("of copies that begin together the smaller arrives first, and sizes decide nothing else", "[simgrid]") {
  rc::check("closed form of equal shares", [] {
    Hauling incident;
    std::vector<double> sizes = random_sizes();
    std::vector<world::StepId> copies;
    for (const double bytes : sizes) copies.push_back(incident.copy(bytes));
    const auto outcome = tests::outcome_of(incident.world);

    for (std::size_t i = 0; i < sizes.size(); ++i) {
      // Until it is through, each other gets as much as it does, or all that it wants.
      double carried = 0;
      for (const double other : sizes) carried += std::min(other, sizes[i]);
      RC_ASSERT(std::abs(tests::seconds_of(outcome, copies[i]) - carried / Hauling::per_s) <
                1e-6 * carried / Hauling::per_s + 1e-4);
    }
  });
}
