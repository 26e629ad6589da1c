#include "engine/random/stream.hpp"

#include "engine/random/philox.hpp"

namespace knockon::random {
namespace {

// The finaliser of MurmurHash3 (fmix64): every input bit reaches every output bit, no two inputs meet, and 0 stays 0.
std::uint64_t finalised(std::uint64_t x) {
  x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdU;
  x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53U;
  return x ^ (x >> 33);
}

std::uint32_t low_half(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high_half(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

std::uint64_t joined(std::uint32_t low, std::uint32_t high) { return (std::uint64_t{high} << 32) | low; }

// Philox has 64 bits of key for two 64-bit numbers: the low halves are the key itself, so practical seeds and indices
// never collide, and the high halves (zero in practice) are folded in.
std::uint64_t key_of(Replication replication) {
  const std::uint64_t low = joined(low_half(replication.seed), low_half(replication.index));
  const std::uint64_t high = joined(high_half(replication.seed), high_half(replication.index));
  return low ^ finalised(high);
}

}  // namespace

Stream::Stream(Replication replication, std::string_view name) : key_{key_of(replication), hash_of(name)} {}

std::uint64_t Stream::bits() {
  const auto block = philox_block({low_half(key_[1]), high_half(key_[1]), low_half(position_), high_half(position_)},
                                  {low_half(key_[0]), high_half(key_[0])});
  ++position_;
  return joined(block[0], block[1]);
}

double Stream::uniform() {
  // The middle of one of 2^52 cells: with 2^53 the last middle would round to 1.
  return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52;
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return finalised(hash);
}

std::uint64_t mixed(std::uint64_t hash, std::uint64_t value) {
  // Adding the golden ratio keeps (0, 0) from being a fixed point.
  return finalised(hash * 0x9e3779b97f4a7c15U + value + 0x9e3779b97f4a7c15U);
}

}  // namespace knockon::random
