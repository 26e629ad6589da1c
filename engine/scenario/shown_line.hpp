// One line of a scenario that is shown with who said it.
#pragma once

#include <string>

namespace knockon::scenario {

struct ShownLine {
  std::string text;    // a piece of scenario
  std::string origin;  // the file and line that said it, or an option; empty where a line only opens a map or a list
};

}  // namespace knockon::scenario
