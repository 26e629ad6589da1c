// A bare number has no unit of time.
#include "engine/quantity/time.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
Duration wait = 5.0;
#else
Duration wait = Duration::seconds(5);
#endif
