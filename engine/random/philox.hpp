// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a block of
// random bits that is a pure function of a counter and a key.
#pragma once

#include <array>
#include <cstdint>

namespace knockon::random {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

[[nodiscard]] std::array<std::uint32_t, 4> philox_block(const PhiloxCounter& counter, const PhiloxKey& key);

}  // namespace knockon::random
