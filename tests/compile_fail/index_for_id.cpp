// An index becomes an id only where someone says so.
#include "engine/quantity/id.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
struct Site;
Id<Site> first = 0;
#else
struct Site;
Id<Site> first = Id<Site>{0};
#endif
