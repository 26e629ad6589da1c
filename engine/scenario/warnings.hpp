// What is well-formed and will be regretted: said before anybody runs it. Every warning stands under the word that
// would have to change.
#pragma once

#include "engine/scenario/reading.hpp"

namespace knockon::scenario {

// REQUIRES that the scenario has been read without errors.
//   callee-outwaits-caller  work may wait in a queue for longer than anybody who asked for it
//   blind-alert             every monitor needs what it watches, so none would say a word
//   short-horizon           replications end before most of them could be over
//   certain-promise         a promise that no result could break
//   hopeless-promise        a promise that no result could keep
// A fault that no step can end is warned of where steps and faults are matched (never-ended).
void warn_of_regrets(Reading& reading);

}  // namespace knockon::scenario
