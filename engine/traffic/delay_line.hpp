// Amounts that come out a while after they went in: attempts that are made again after a timeout and a pause. Nothing
// is lost on the way, whatever the steps.
#pragma once

#include <cstddef>
#include <vector>

namespace knockon::traffic {

class DelayLine {
 public:
  // Times are in seconds on one clock of the caller's choice.
  struct Span {
    double from_s, to_s;
    [[nodiscard]] double length() const { return to_s - from_s; }
  };
  // What waits evenly between the least and the most.
  struct Delay {
    double least_s, most_s;
  };

  // Of what joined evenly over the span, the share that has come out at a date.
  [[nodiscard]] static double share_out(Span joined, Delay delay, double date_s);

  void clear();
  // `amount` goes in, evenly over the span.
  void join(Span span, double amount, Delay delay);
  void keep(double share);  // of all that waits; the rest is gone
  // What comes out over the span, of what has joined so far. REQUIRES: spans of leave() follow each other.
  double leave(Span span);
  // The same, and it stays.
  [[nodiscard]] double leaving(Span span) const;
  [[nodiscard]] double waiting() const { return waiting_; }
  [[nodiscard]] bool is_empty() const { return parcels_.empty(); }
  // Of what joined last: within that time from then on nothing of it comes out.
  [[nodiscard]] double least_delay_s() const { return least_delay_s_; }

 private:
  struct Parcel {
    Span joined;
    Delay delay;
    double left;
    [[nodiscard]] double coming_out(Span span) const;
  };
  std::vector<Parcel> parcels_;
  double waiting_ = 0, least_delay_s_ = 0;
};

}  // namespace knockon::traffic
