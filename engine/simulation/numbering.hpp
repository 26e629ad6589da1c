// One number for each value of a variant of ids: for keys and hashes.
#pragma once

#include <cstdint>
#include <variant>

namespace knockon::simulation {

template <class... Ids>
[[nodiscard]] std::uint64_t number_of(const std::variant<Ids...>& one_of) {
  const std::uint64_t position = std::visit(
      [](const auto& id) -> std::uint64_t {
        if constexpr (requires { id.index(); }) {
          return id.index();
        } else {
          return 0;
        }
      },
      one_of);
  return position * sizeof...(Ids) + one_of.index();
}

}  // namespace knockon::simulation
