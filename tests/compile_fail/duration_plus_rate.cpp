// A duration and a rate have no sum.
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
auto sum = Duration::minutes(1) + Rate::per_second(20);
#else
auto sum = Duration::minutes(1) + Duration::seconds(20);
#endif
