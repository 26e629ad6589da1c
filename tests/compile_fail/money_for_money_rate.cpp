// Money a minute is not money.
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
MoneyRate lost = Money{257000};
#else
Money lost = MoneyRate::per_minute(257000) * Duration::hours(1);
#endif
