// Typed positions: an Id<Site> indexes the world's sites and converts to nothing else.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace knockon::quantity {

template <class Thing>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : index_{static_cast<std::uint32_t>(index)} {}
  [[nodiscard]] constexpr std::size_t index() const { return index_; }
  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  std::uint32_t index_ = 0;
};

}  // namespace knockon::quantity
