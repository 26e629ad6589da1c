// A date is not a length of time.
#include "engine/quantity/time.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
void wait(Duration);
void pause() { wait(SimTime{}); }
#else
void wait(Duration);
void pause() { wait(SimTime{}.since_start()); }
#endif
