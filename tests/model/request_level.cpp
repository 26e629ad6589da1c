#include "tests/model/request_level.hpp"

#include <cmath>

namespace knockon::tests {
namespace {

class Simulation {
 public:
  Simulation(const RequestLevel& set, std::uint64_t seed)
      : set_{set},
        arrivals_{{seed, 0}, "request-level/arrivals"},
        delays_{{seed, 0}, "request-level/delays"},
        pauses_{{seed, 0}, "request-level/pauses"} {}

  RequestLevel::Counts run() {
    push(next_request(0), Event::Kind::wish, 0);
    while (true) {
      const double answered_s = next_answer_s();
      if (events_.empty() && std::isinf(answered_s)) break;
      if (!events_.empty() && events_.top().date_s <= answered_s) {
        const Event event = events_.top();
        if (event.date_s > set_.ends_s) break;
        events_.pop();
        go_to(event.date_s);
        happen(event);
      } else {
        if (answered_s > set_.ends_s) break;
        go_to(answered_s);
        answer(in_service_.top().attempt);
        in_service_.pop();
      }
    }
    return {attempts_ / counted_s, answered_ / counted_s, timeouts_ / counted_s};
  }

 private:
  static constexpr double counted_s = 30;  // at the end
  struct Event {
    enum class Kind : std::uint8_t { wish, send, reach, give_up };
    double date_s;
    std::uint64_t number;
    Kind kind;
    std::uint64_t attempt;
    bool operator<(const Event& other) const {
      return date_s != other.date_s ? date_s > other.date_s : number > other.number;
    }
  };
  struct Attempt {
    int before;  // how many there were before it
    bool is_over;
  };
  struct InService {
    double done_at_work;
    std::uint64_t attempt;
    bool operator<(const InService& other) const {
      return done_at_work != other.done_at_work ? done_at_work > other.done_at_work : attempt > other.attempt;
    }
  };

  void push(double date_s, Event::Kind kind, std::uint64_t attempt) {
    events_.push({date_s, number_++, kind, attempt});
  }
  double exponential(random::Stream& stream, double mean) { return mean > 0 ? -std::log(stream.uniform()) * mean : 0; }
  // By thinning: drawn at the spike's rate, and outside it kept with its usual share.
  double next_request(double from_s) {
    const double most = set_.per_s * std::max(1.0, set_.spike_times);
    for (double date_s = from_s;;) {
      date_s += exponential(arrivals_, 1 / most);
      const bool in_spike = date_s >= set_.spike_from_s && date_s < set_.spike_from_s + set_.spike_lasts_s;
      if (arrivals_.uniform() * most <= set_.per_s * (in_spike ? set_.spike_times : 1)) return date_s;
    }
  }
  [[nodiscard]] double pace() const {
    return 1 / (set_.alone_s + set_.added_s * static_cast<double>(in_service_.size()));
  }
  [[nodiscard]] double next_answer_s() const {
    if (in_service_.empty()) return INFINITY;
    return now_s_ + (in_service_.top().done_at_work - work_) / pace();
  }
  void go_to(double date_s) {
    work_ += (date_s - now_s_) * pace();
    now_s_ = date_s;
  }
  [[nodiscard]] double counts() const { return now_s_ > set_.ends_s - counted_s ? 1 : 0; }

  void happen(const Event& event) {
    switch (event.kind) {
      case Event::Kind::wish:
        push(next_request(now_s_), Event::Kind::wish, 0);
        send(0);
        return;
      case Event::Kind::send:
        send(attempts_made_[event.attempt].before + 1);
        return;
      case Event::Kind::reach:
        in_service_.push({work_ + 1, event.attempt});
        return;
      case Event::Kind::give_up:
        give_up(event.attempt);
        return;
    }
  }
  void send(int before) {
    const std::uint64_t attempt = attempts_made_.size();
    attempts_made_.push_back({before, false});
    attempts_ += counts();
    push(now_s_ + exponential(delays_, set_.delay_s), Event::Kind::reach, attempt);
    push(now_s_ + set_.timeout_s, Event::Kind::give_up, attempt);
  }
  void give_up(std::uint64_t attempt) {
    Attempt& made = attempts_made_[attempt];
    if (made.is_over) return;
    made.is_over = true;
    timeouts_ += counts();
    if (made.before + 1 >= set_.tries) return;
    const double pause_s = set_.longest_pause_s * std::pow(2, made.before) * pauses_.uniform();
    push(now_s_ + pause_s, Event::Kind::send, attempt);
  }
  void answer(std::uint64_t attempt) {
    if (!attempts_made_[attempt].is_over) answered_ += counts();
    attempts_made_[attempt].is_over = true;
  }

  const RequestLevel& set_;
  random::Stream arrivals_, delays_, pauses_;
  double now_s_ = 0, work_ = 0;  // work: of one request, done since the start
  std::uint64_t number_ = 0;
  std::priority_queue<Event> events_;
  std::priority_queue<InService> in_service_;
  std::vector<Attempt> attempts_made_;
  double attempts_ = 0, answered_ = 0, timeouts_ = 0;
};

}  // namespace

RequestLevel::Counts RequestLevel::run(std::uint64_t seed) const { return Simulation{*this, seed}.run(); }

}  // namespace knockon::tests
