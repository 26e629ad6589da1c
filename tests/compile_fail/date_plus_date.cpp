// Two dates have a difference and no sum.
#include "engine/quantity/time.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
auto sum = SimTime::never() + SimTime{};
#else
Duration between = SimTime::never() - SimTime{};
#endif
