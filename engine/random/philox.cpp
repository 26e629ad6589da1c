#include "engine/random/philox.hpp"

#include <Random123/philox.h>

namespace knockon::random {

std::array<std::uint32_t, 4> philox_block(const PhiloxCounter& counter, const PhiloxKey& key) {
  const r123::Philox4x32::ctr_type position{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::key_type cipher_key{{key[0], key[1]}};
  const auto block = r123::Philox4x32{}(position, cipher_key);
  return {block[0], block[1], block[2], block[3]};
}

}  // namespace knockon::random
