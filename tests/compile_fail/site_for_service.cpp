// A site is not a service, though both are numbers underneath.
#include "engine/quantity/id.hpp"

using namespace knockon::quantity;

#ifdef MISTAKE
struct Site;
struct Service;
void restart(Id<Service> service);
void restart_first() { restart(Id<Site>{0}); }
#else
struct Site;
struct Service;
void restart(Id<Service> service);
void restart_first() { restart(Id<Service>{0}); }
#endif
