// A share leaves its type only through value().
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
double most = Share::percent(85);
#else
double most = Share::percent(85).value();
#endif
