// What importing other tools' files costs.
#pragma once

namespace knockon::bench {

// Prints the costs; false when a promise is broken.
bool measure_import();

}  // namespace knockon::bench
