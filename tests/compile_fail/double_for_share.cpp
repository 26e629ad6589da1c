// A bare number could be 85 % or 0.85: a share must be spelled.
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
Share most = 85.0;
#else
Share most = Share::percent(85);
#endif
