// How finely the flow model cuts time.
#pragma once

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"

namespace knockon::traffic {

// The defaults are what results are published with; tests halve them and compare.
struct Precision {
  quantity::Duration smallest_step = quantity::Duration::seconds(1);
  quantity::Duration largest_step = quantity::Duration::minutes(20);
  // What any share of success may move in one step, and be foreseen wrongly by, goes with this.
  quantity::Share threshold = quantity::Share::percent(5);
  // How much every service is asked is followed exactly, and added up in the ledger. Else only where something hangs on
  // it; elsewhere it may be any number from what is asked up to the most that was.
  bool follows_all = false;
  friend bool operator==(const Precision&, const Precision&) = default;
};

}  // namespace knockon::traffic
