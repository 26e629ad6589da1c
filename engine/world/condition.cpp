#include "engine/world/condition.hpp"

namespace knockon::world {

bool holds(Comparison comparison, double value, double low, double high) {
  switch (comparison) {
    case Comparison::less:
      return value < low;
    case Comparison::at_most:
      return value <= low;
    case Comparison::greater:
      return value > low;
    case Comparison::at_least:
      return value >= low;
    case Comparison::equal:
      return value == low;
    case Comparison::within:
      return low <= value && value <= high;
  }
  return false;
}

}  // namespace knockon::world
