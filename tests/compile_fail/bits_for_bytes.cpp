// Whoever gives a data rate says whether in bits or in bytes.
#include "engine/quantity/amount.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
DataRate speed{1e9};
#else
DataRate speed = DataRate::bits_per_second(1e9);
#endif
