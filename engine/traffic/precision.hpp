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
  bool counts_attempts = false;  // for the ledger: adds up what every node serves and refuses
  friend bool operator==(const Precision&, const Precision&) = default;
};

}  // namespace knockon::traffic
