#include "tests/bench/coverage.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "tests/coverage.hpp"

namespace knockon::bench {
namespace {

using tests::Coverage;
using tests::Draw;
using tests::Truth;
using tests::Uniforms;

constexpr int repetitions = 1000;
constexpr double z95 = 1.6448536269514722;  // of the normal distribution, 95 %

struct Data {
  std::string name;
  Draw draw;
  Truth truth;
  bool is_asked_for;
};

Data lognormal(double sigma) {
  return {.name = fmt::format("lognormal, sigma {:.1f}", sigma),
          .draw = [sigma](Uniforms& uniform) { return std::exp(sigma * tests::standard_normal(uniform)); },
          .truth = {.mean = std::exp(sigma * sigma / 2),
                    .p05 = std::exp(-sigma * z95),
                    .p50 = 1,
                    .p95 = std::exp(sigma * z95)},
          .is_asked_for = false};
}

// Minutes down of an app that is down in 2 % of runs.
Data rare(const std::string& name, const Draw& minutes, double mean) {
  return {.name = "zero in 98 % of runs, else " + name,
          .draw = [minutes](Uniforms& uniform) { return uniform() < .02 ? minutes(uniform) : 0; },
          .truth = {.mean = .02 * mean, .p05 = 0, .p50 = 0, .p95 = 0},
          .is_asked_for = false};
}

std::vector<Data> all_data() {
  return {{.name = "normal",
           .draw = tests::normal,
           .truth = {.mean = 100, .p05 = 100 - 15 * z95, .p50 = 100, .p95 = 100 + 15 * z95},
           .is_asked_for = true},
          {.name = "exponential",
           .draw = tests::exponential,
           .truth = {.mean = 1, .p05 = -std::log(.95), .p50 = std::log(2), .p95 = std::log(20)},
           .is_asked_for = true},
          lognormal(1.0),
          lognormal(1.4),
          rare("exponential", tests::exponential, 1),
          rare(
              "60", [](Uniforms&) { return 60.; }, 60)};
}

bool is_met(const Coverage& coverage) {
  const auto is_near = [](double share) { return share >= .93 && share <= .97; };
  return is_near(coverage.mean) && is_near(coverage.paired) && coverage.p05 >= .94 && coverage.p50 >= .94 &&
         coverage.p95 >= .94;
}

}  // namespace

bool measure_coverage() {
  fmt::print("of {} samples, the intervals that held the truth\n", repetitions);
  fmt::print("  {:<40}{:>6}{:>9}{:>9}{:>9}{:>9}{:>9}\n", "", "n", "mean", "paired", "p05", "p50", "p95");
  bool all_met = true;
  for (const Data& data : all_data()) {
    for (const std::size_t n : {200, 1000}) {
      const Coverage coverage = tests::coverage_of(data.draw, data.truth, n, repetitions);
      const bool met = !data.is_asked_for || is_met(coverage);
      all_met &= met;
      fmt::print("  {:<40}{:>6}", data.name, n);
      for (const double share : {coverage.mean, coverage.paired, coverage.p05, coverage.p50, coverage.p95})
        fmt::print("{:>7.1f} %", 100 * share);
      fmt::print("{}\n", met ? "" : "  NOT MET");
    }
  }
  return all_met;
}

}  // namespace knockon::bench
