// What tries will meet, against curves of which it is known: Adams and Bashforth's steps are exact for parabolas.
#include "engine/traffic/foresight.hpp"

#include <catch2/catch.hpp>
#include <cstddef>
#include <vector>

using namespace knockon;

namespace {

// a + b t + c t^2.
struct Curve {
  double a, b, c;
  [[nodiscard]] double at(double t) const { return a + (b + c * t) * t; }
  [[nodiscard]] double integral(double from, double to) const {
    const auto until = [this](double t) { return (a + (b / 2 + c / 3 * t) * t) * t; };
    return until(to) - until(from);
  }
};

// Looks ahead at each date to the next, as far as anything may go; returns what was promised in all, over time.
double promised(traffic::Foresight& foresight, const Curve& curve, const std::vector<double>& dates) {
  double sum = 0;
  foresight.now()[0] = curve.at(dates.front());
  for (std::size_t i = 1; i < dates.size(); ++i) {
    const double step = dates[i] - dates[i - 1];
    foresight.look_ahead(step, 1);
    sum += foresight.within()[0] * step;
    foresight.now()[0] = curve.at(dates[i]);
  }
  return sum;
}

const std::vector<double> dates{0, 4, 10, 17, 31, 40};  // s

}  // namespace

TEST_CASE("what goes along a parabola is foreseen from the third step on") {
  const Curve speeding_up{.a = 0.1, .b = 0.002, .c = 0.0002};
  traffic::Foresight foresight;
  foresight.begin(1);
  promised(foresight, speeding_up, dates);
  CHECK(foresight.misjudged() == Approx(0).margin(1e-12));

  const Curve level{.a = 0.5, .b = 0, .c = 0};
  foresight.begin(1);
  CHECK(promised(foresight, level, dates) == Approx(20));
  CHECK(foresight.misjudged() == 0);
}

TEST_CASE("what was promised too much or too little in one step is made good in the next") {
  const Curve straight{.a = 0.9, .b = -0.01, .c = 0};
  traffic::Foresight foresight;
  foresight.begin(1);
  // Of the first step nothing can be known but where it begins.
  CHECK(promised(foresight, straight, {0, 4}) == Approx(4 * 0.9));
  foresight.begin(1);
  CHECK(promised(foresight, straight, dates) == Approx(straight.integral(0, 40)).epsilon(1e-12));
}

TEST_CASE("after a jump nothing is carried on, and nothing is owed") {
  const Curve falling{.a = 0.9, .b = -0.01, .c = 0};
  traffic::Foresight foresight;
  foresight.begin(1);
  promised(foresight, falling, dates);
  foresight.now()[0] = 0.2;
  foresight.forget();
  foresight.look_ahead(5, 1);
  CHECK(foresight.within()[0] == 0.2);
}

TEST_CASE("a step that is gone through in parts promises the mean of them, and what is owed") {
  traffic::Foresight foresight;
  foresight.begin(1);
  foresight.now()[0] = 1;
  foresight.look_ahead(10, 1);
  foresight.now()[0] = 0.8;  // 1 was promised, 0.9 was so
  foresight.look_ahead(10, 1);
  foresight.begin_parts();
  foresight.now()[0] = 0.4;
  foresight.add_part(0.5, 0.5);  // 0.6 on average
  foresight.now()[0] = 0.2;
  foresight.add_part(0.5, 0.25);  // 0.35
  foresight.end_parts();
  CHECK(foresight.within()[0] == Approx((0.6 + 0.35) / 2 - 0.1));
}

namespace {

traffic::Lanes one(double number) {
  traffic::Lanes some;
  some.set(0, number);
  return some;
}

// People meet what is foreseen, and so many a second are answered: both go straight over the step.
double answered(traffic::Foresight& foresight, double mean_tries, double tries_at_end) {
  if (foresight.any_go_by_tries()) foresight.mind_tries(0, {one(mean_tries), one(tries_at_end)});
  const double within = foresight.within()[0], at_end = foresight.at_end()[0];
  return within * mean_tries + (at_end - within) * (tries_at_end - mean_tries) / 3;
}

// A service answers 400 tries a second of 500 and more.
struct Overload {
  static constexpr double able = 400;
  double more_each_s = 10;
  [[nodiscard]] double tries_at(double t) const { return 500 + more_each_s * t; }
  void tell(traffic::Foresight& foresight, double t) const {
    foresight.now()[0] = able / tries_at(t);
    foresight.tries()[0] = tries_at(t);
  }
  double answered_over(traffic::Foresight& foresight, double from, double to) const {
    foresight.look_ahead(to - from, 1);
    return answered(foresight, tries_at((from + to) / 2), tries_at(to));
  }
};

}  // namespace

TEST_CASE("of who is asked for more than it can do it is foreseen how many it answers, to the last one") {
  const double more_each_s = GENERATE(10.0, -2.0);
  const Overload overload{more_each_s};
  traffic::Foresight foresight;
  foresight.begin(1, {1});
  overload.tell(foresight, dates[0]);
  double sum = 0;
  for (std::size_t i = 1; i < dates.size(); ++i) {
    INFO("step " << i);
    foresight.answered()[0] = overload.answered_over(foresight, dates[i - 1], dates[i]);
    CHECK(foresight.any_go_by_tries() == (i > 1));  // of the first step nothing can be known but where it begins
    sum += foresight.answered()[0] * (dates[i] - dates[i - 1]);
    overload.tell(foresight, dates[i]);
    if (i > 1) CHECK(foresight.misjudged() == Approx(0).margin(1e-12));
  }
  CHECK(sum == Approx(Overload::able * 40).epsilon(1e-9));
}

TEST_CASE("what was answered too little is made good in tries, however many there are by then") {
  const Overload overload;
  traffic::Foresight foresight;
  foresight.begin(1, {1});
  overload.tell(foresight, dates[0]);
  double sum = 0;
  for (std::size_t i = 1; i < dates.size(); ++i) {
    const double lost = i == 3 ? 30 : 0;
    foresight.answered()[0] = overload.answered_over(foresight, dates[i - 1], dates[i]) - lost;
    sum += foresight.answered()[0] * (dates[i] - dates[i - 1]);
    overload.tell(foresight, dates[i]);
  }
  CHECK(sum == Approx(Overload::able * 40).epsilon(1e-9));
}

TEST_CASE("where it is the share that stays the same, however many try, nothing goes by tries") {
  traffic::Foresight foresight;
  foresight.begin(1, {1});
  for (std::size_t i = 1; i < dates.size(); ++i) {
    foresight.now()[0] = i < 4 ? 0.7 : 0.7 + 0.01 * dates[i];
    foresight.tries()[0] = 500 + 10 * dates[i];
    foresight.look_ahead(dates[i] - dates[i - 1], 1);
    CHECK_FALSE(foresight.any_go_by_tries());
  }
}

TEST_CASE("what may not go by tries does not") {
  const Overload overload;
  traffic::Foresight foresight;
  foresight.begin(1);
  overload.tell(foresight, dates[0]);
  for (std::size_t i = 1; i < dates.size(); ++i) {
    overload.answered_over(foresight, dates[i - 1], dates[i]);
    CHECK_FALSE(foresight.any_go_by_tries());
    overload.tell(foresight, dates[i]);
  }
}

TEST_CASE("what was made good as a share is not claimed back in tries") {
  // Of 500 tries a second fewer and fewer are answered, and from then on 400, of more and more.
  constexpr double falls_for_s = 4;
  const Overload overload;
  const auto tries_at = [&](double t) { return t <= falls_for_s ? 500 : overload.tries_at(t); };
  const auto share_at = [&](double t) { return t <= falls_for_s ? 0.9 - 0.025 * t : Overload::able / tries_at(t); };
  traffic::Foresight foresight;
  foresight.begin(1, {1});
  double sum = 0;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    foresight.now()[0] = share_at(dates[i]);
    foresight.tries()[0] = tries_at(dates[i]);
    if (i + 1 == dates.size()) break;
    const double step = dates[i + 1] - dates[i], end = tries_at(dates[i + 1]), mean = (tries_at(dates[i]) + end) / 2;
    foresight.look_ahead(step, 1);
    CHECK(foresight.any_go_by_tries() == (i > 1));
    foresight.answered()[0] = answered(foresight, mean, end);
    sum += foresight.answered()[0] * step;
  }
  CHECK(sum == Approx(500 * falls_for_s * 0.85 + Overload::able * (40 - falls_for_s)).epsilon(2e-3));
}

TEST_CASE("a loop that settles elsewhere leaves alone what goes by tries; one that moves it, does not") {
  constexpr std::size_t moved_in = 4;
  const Overload overload;
  const bool moves_it = GENERATE(false, true);
  traffic::Foresight foresight;
  foresight.begin(1, {1});
  overload.tell(foresight, dates[0]);
  double sum = 0;
  for (std::size_t i = 1; i < dates.size(); ++i) {
    INFO("step " << i);
    const double step = dates[i] - dates[i - 1];
    foresight.look_ahead(step, 1);
    foresight.begin_parts();
    if (moves_it && i == moved_in) foresight.now()[0] = 0.1;
    foresight.add_part(1, 0.5);
    foresight.end_parts();
    CHECK(foresight.any_go_by_tries() == (i > 1 && !(moves_it && i >= moved_in)));
    const double mean = overload.tries_at((dates[i] + dates[i - 1]) / 2), end = overload.tries_at(dates[i]);
    if (foresight.any_go_by_tries()) foresight.mind_tries(0, {one(mean), one(end)});
    if (moves_it && i == moved_in) CHECK(foresight.at_end()[0] == Approx(0.1));
    const double within = foresight.within()[0], at_end = foresight.at_end()[0];
    foresight.answered()[0] = within * mean + (at_end - within) * (end - mean) / 3;
    if (i > 1) sum += foresight.answered()[0] * step;
    overload.tell(foresight, dates[i]);
    foresight.forget_what_settled();
  }
  // What the first step had too much is taken back.
  if (!moves_it) CHECK(sum == Approx(Overload::able * 36 - 4 * (0.8 * 520 - Overload::able)).epsilon(0.01));
}
