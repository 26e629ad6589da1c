// What a page to look at costs beyond the run that it shows.
#pragma once

namespace knockon::bench {

// Prints the costs; false when a promise is broken.
bool measure_page();

}  // namespace knockon::bench
