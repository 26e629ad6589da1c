#include "engine/random/stream.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace knockon::random;

namespace {

std::vector<std::uint64_t> first_bits(Replication replication, std::string_view name) {
  Stream stream{replication, name};
  std::vector<std::uint64_t> bits;
  for (int i = 0; i < 100; ++i) bits.push_back(stream.bits());
  return bits;
}

}  // namespace

TEST_CASE("two streams of one name are the same stream, whatever was drawn from others") {
  Stream other{{.seed = 1, .index = 3}, "team/network/acknowledge/0"};
  const auto before = first_bits({.seed = 1, .index = 3}, "team/identity/acknowledge/0");

  for (int i = 0; i < 7; ++i) (void)other.bits();
  const auto after = first_bits({.seed = 1, .index = 3}, "team/identity/acknowledge/0");

  CHECK(before == after);
}

TEST_CASE("a stream changes with the seed, the replication and the name") {
  const auto original = first_bits({.seed = 1, .index = 3}, "fault/backbone/onset");

  CHECK(first_bits({.seed = 2, .index = 3}, "fault/backbone/onset") != original);
  CHECK(first_bits({.seed = 1, .index = 4}, "fault/backbone/onset") != original);
  CHECK(first_bits({.seed = 1, .index = 3}, "fault/backbone/offset") != original);
}

TEST_CASE("seed and replication do not stand for each other") {
  CHECK(first_bits({.seed = 2, .index = 3}, "x") != first_bits({.seed = 3, .index = 2}, "x"));
}

TEST_CASE("the high halves of seed and replication count") {
  const std::uint64_t high = std::uint64_t{1} << 32;
  const auto original = first_bits({.seed = 1, .index = 0}, "x");

  CHECK(first_bits({.seed = 1 + high, .index = 0}, "x") != original);
  CHECK(first_bits({.seed = 1, .index = high}, "x") != original);
  CHECK(first_bits({.seed = 1 + high, .index = 0}, "x") != first_bits({.seed = 1, .index = high}, "x"));
}

TEST_CASE("a hundred thousand draws of neighbouring replications never repeat") {
  std::set<std::uint64_t> seen;

  for (std::uint64_t index = 0; index < 1000; ++index) {
    for (const auto bits : first_bits({.seed = 1, .index = index}, "x")) seen.insert(bits);
  }

  // By chance two of 10^5 among 2^64 would meet once in four thousand million such tests.
  CHECK(seen.size() == 100'000);
}

TEST_CASE("uniform numbers lie strictly between 0 and 1 with the moments of the uniform distribution") {
  Stream stream{{.seed = 1, .index = 0}, "moments"};
  constexpr int count = 1'000'000;
  double sum = 0;
  double sum_of_squares = 0;
  bool inside = true;

  for (int i = 0; i < count; ++i) {
    const double u = stream.uniform();
    inside = inside && u > 0 && u < 1;
    sum += u;
    sum_of_squares += u * u;
  }

  CHECK(inside);
  // Four standard errors: those of u and of u^2 are sqrt(1/12)/1000 and sqrt(4/45)/1000.
  CHECK(sum / count == Approx(0.5).margin(4 * 0.00029));
  CHECK(sum_of_squares / count == Approx(1.0 / 3).margin(4 * 0.00030));
}

TEST_CASE("hashes are the same in every build") {
  // Computed once, by hand from FNV-1a (empty text: its offset basis) and the fmix64 finaliser.
  CHECK(hash_of("") == 0xefd01f60ba992926U);
  CHECK(hash_of("a") != hash_of("b"));
  CHECK(hash_of("fault/a") != hash_of("fault/a/"));
}

TEST_CASE("mixing depends on the order and is never stuck at zero") {
  CHECK(mixed(mixed(0, 1), 2) != mixed(mixed(0, 2), 1));
  CHECK(mixed(0, 0) != 0);
  CHECK(mixed(5, 0) != 5);
}
