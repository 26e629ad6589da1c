// Named streams of random numbers (Philox 4x32-10). A number is a pure function of (seed, replication, name, position),
// so adding a team does not move another team's draws and two strategies meet the same bad day.
#pragma once

#include <cstdint>
#include <string_view>

namespace knockon::random {

// Which run and which of its replications.
struct Replication {
  std::uint64_t seed = 1;
  std::uint64_t index = 0;
};

class Stream {
 public:
  // `name` says what the numbers are for: "team/identity/acknowledge/0". Two streams of one name are the same stream.
  Stream(Replication replication, std::string_view name);

  [[nodiscard]] std::uint64_t bits();
  // In the open interval (0, 1): one of 2^52 midpoints, never 0 or 1, so every inverse transform is finite.
  [[nodiscard]] double uniform();

 private:
  std::uint64_t key_[2];
  std::uint64_t position_ = 0;
};

// A 64-bit hash of a text that is the same on every machine (FNV-1a, then a finaliser).
[[nodiscard]] std::uint64_t hash_of(std::string_view text);
// Mixes `value` into `hash`; order matters.
[[nodiscard]] std::uint64_t mixed(std::uint64_t hash, std::uint64_t value);

}  // namespace knockon::random
