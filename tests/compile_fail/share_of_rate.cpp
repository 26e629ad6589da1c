// A share and a rate have no order.
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
bool ordered = Share{0.1} < Rate::per_second(0.2);
#else
bool ordered = Share{0.1} < Share{0.2};
#endif
