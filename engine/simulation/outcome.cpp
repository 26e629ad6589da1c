#include "engine/simulation/outcome.hpp"

namespace knockon::simulation {
namespace {

quantity::Duration sum_of(const std::vector<Interval>& intervals) {
  quantity::Duration sum;
  for (const Interval& interval : intervals) sum += interval.to - interval.from;
  return sum;
}

constexpr const char* phase_texts[] = {"detect", "acknowledge", "access", "diagnose", "misdiagnose", "wait",
                                       "fix",    "propagate",   "ramp",   "tail",     "unresolved"};
static_assert(std::size(phase_texts) == phase_count);

constexpr const char* event_texts[] = {"fault began",
                                       "fault ended",
                                       "reaction began",
                                       "reaction ended",
                                       "down",
                                       "degraded",
                                       "ok",
                                       "blind",
                                       "seeing",
                                       "alert on",
                                       "alert off",
                                       "users report",
                                       "acknowledged",
                                       "waits",
                                       "began",
                                       "paused",
                                       "resumed",
                                       "done",
                                       "failed",
                                       "missed",
                                       "skipped",
                                       "stuck",
                                       "way given up",
                                       "admitted",
                                       "announced",
                                       "cached names gone",
                                       "cached names back",
                                       "link off",
                                       "link on",
                                       "milestone",
                                       "strategy began",
                                       "escalated",
                                       "undone",
                                       "bytes leave",
                                       "bytes stop",
                                       "bytes move on",
                                       "bytes arrived"};
static_assert(std::size(event_texts) == static_cast<std::size_t>(EventKind::bytes_arrived) + 1);

}  // namespace

const char* text_of(Phase phase) { return phase_texts[static_cast<std::size_t>(phase)]; }
const char* text_of(EventKind kind) { return event_texts[static_cast<std::size_t>(kind)]; }

quantity::Duration AppOutcome::down_time() const { return sum_of(down); }
quantity::Duration AppOutcome::degraded_time() const { return sum_of(degraded); }

}  // namespace knockon::simulation
