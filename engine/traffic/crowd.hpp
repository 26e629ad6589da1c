// The people: what they want, who has a session, who waits to try again. Pools that move exactly over a step in which
// outcomes are constant; every person and every intent is somewhere at any time. What people of one kind do is the same
// in every region, in other numbers, so regions are moved side by side.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/quantity/time.hpp"
#include "engine/traffic/circuit.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/traffic/foresight.hpp"
#include "engine/traffic/parts.hpp"
#include "engine/traffic/session_ages.hpp"

namespace knockon::traffic {

// A pool, split by whether admission lets its people try at all.
struct AdmissionPools {
  RetryPool<Lanes> let_in, kept_out;
  [[nodiscard]] Lanes waiting() const { return let_in.waiting() + kept_out.waiting(); }
};

struct Span {
  quantity::SimTime from, to;
};

// The sessions of one holding and class of users, in persons. Together with the dormant they are all the holders.
struct SessionPools {
  Lanes valid;                        // held and not about to be lost
  Lanes again;                        // opened while a log-out goes on, and about to be lost again
  Lanes unaware;                      // lost, and not noticed yet: offline
  Lanes noticing;                     // lost while online
  AdmissionPools seeking;             // tried to open one and failed
  Lanes resting;                      // gave up for now
  Lanes opened_per_s, gave_up_per_s;  // when they were last moved

  // `rules`: where something renews the sessions; else none. `end`: nothing is asked about later dates.
  void begin(const Lanes& people, std::size_t regions, const std::vector<quantity::Duration>& lifetimes,
             quantity::SimTime end, const AgeRules* rules);
  void add_valid(const Lanes& people, Span opened);
  void lose_valid(const Lanes& people);  // of all ages alike
  // `renewed`: the share of renewals that are answered.
  [[nodiscard]] Lanes expired(quantity::SimTime from, quantity::SimTime to,
                              const std::vector<quantity::Duration>& lifetimes, const Lanes& renewed);
  [[nodiscard]] double renewals_per_s(std::size_t lane) const {
    return rules_ != nullptr ? ages_[lane].renewals_per_s(*rules_) : 0;
  }
  // The first date within the span, but not its beginning, from which on sessions expire in noticeably other numbers
  // than before; or its end.
  [[nodiscard]] quantity::SimTime next_turn(Span span, const std::vector<quantity::Duration>& lifetimes) const;

  [[nodiscard]] Lanes held() const { return valid + again; }
  // To open one: who tries again, and who has given up for now.
  [[nodiscard]] Lanes failing() const { return seeking.waiting() + resting; }
  [[nodiscard]] Lanes missing() const { return unaware + noticing + seeking.waiting() + resting; }

 private:
  // Sessions opened evenly over a span, and so they expire. Divided by what had survived log-outs until then.
  struct Parcel {
    Span opened;
    Lanes people;
    double gone = 0;  // the share that has expired
    [[nodiscard]] Lanes per_s() const { return people / (opened.to - opened.from).in_seconds(); }
  };
  // Those of one lifetime, where lifetimes differ.
  struct Alike {
    std::vector<Parcel> parcels;    // the first: from before the start, of every age alike
    quantity::Duration joint;       // opened within that time: carried as one
    quantity::SimTime last_opened;  // of those that expire before the end; the others are no parcels
    std::size_t first_parcel = 0;
  };
  std::vector<Alike> alike_;
  const AgeRules* rules_ = nullptr;  // where sessions are renewed, they are told apart by age instead
  std::vector<SessionAges> ages_;    // by lane
  Lanes surviving_ = 1;
};

// Of each outcome; some lanes longer.
struct Successes {
  std::vector<double> ok, degraded;
  [[nodiscard]] Success operator[](std::size_t outcome) const { return {ok[outcome], degraded[outcome]}; }
  void clear(std::size_t outcomes) {
    ok.assign(outcomes + lanes, 0);
    degraded.assign(outcomes + lanes, 0);
  }
};

class Crowd {
 public:
  explicit Crowd(const Network::Parts& parts);

  void begin(quantity::SimTime start, int class_bits, const std::vector<double>& class_shares);
  // Moves everybody over a step that ends at `end`, as is foreseen of each outcome and class; what it hangs on, and
  // what is known when it is over, goes there.
  void move(quantity::SimTime end, Foresight& foreseen);
  // Takes the hour of the day from the clock, and gives the circuit what people try.
  void look_at_clock(quantity::SimTime now);
  // Takes from the circuit how many sessions are opened now; whether that has changed noticeably.
  bool look_at_openings(const Circuit& circuit);
  void bring_tries(Circuit& circuit);

  void take_parameters() { ladders_ = shorter_ladders_ = parts_->ladders; }
  void set_admission(std::uint32_t outcome, double share);
  // Of tries by those who are let in, only this share gets past a door that lets in so many a second.
  void open_doors() { std::fill(past_.begin(), past_.end(), 1); }
  void narrow_door(std::uint32_t outcome, double share) { past_[outcome] *= share; }
  // Of renewals of these sessions in a region of its block, the share that is answered from now on.
  void set_renewed(std::uint32_t holding, std::size_t lane, double share) { renewed_[holding].set(lane, share); }
  [[nodiscard]] double renewals_per_s(std::uint32_t holding, std::size_t lane) const;
  void set_journey_load(world::JourneyId journey, double times) { journey_load_[journey.index()] = times; }
  void set_population_load(world::PopulationId population, double times) {
    population_load_[population.index()] = times;
  }
  std::size_t begin_log_out(world::SessionId session, double share, quantity::Duration over,
                            std::optional<quantity::Duration> again_after, quantity::SimTime now);
  void end_log_out(std::size_t log_out);
  // The next date at which a log-out has reached everybody it will; may be never.
  [[nodiscard]] quantity::SimTime next_end(quantity::SimTime now) const;
  // The first date before that from which on sessions expire in noticeably other numbers than before; or that.
  [[nodiscard]] quantity::SimTime next_turn(quantity::SimTime before) const;

  // How a fresh intent fares, as users meet it and without the turned away: by outcome.
  void look_at_success(const Circuit& circuit, Successes& all, Successes& among_admitted);
  [[nodiscard]] double tries_per_s(std::uint32_t outcome) const;  // those that are let in
  [[nodiscard]] double turned_away_per_s(std::uint32_t outcome) const;
  [[nodiscard]] double held_share(world::SessionId session, std::optional<world::RegionId> region) const;
  [[nodiscard]] double people_failing() const;
  [[nodiscard]] double reports_per_s() const;
  [[nodiscard]] Lanes ending_unanswered_per_s(world::JourneyId journey, Block block) const {
    return Lanes::of_all(&unanswered_per_s_[journey.index() * parts_->regions() + block.first_region]);
  }
  [[nodiscard]] Lanes level(world::CurveId curve, Block block) const {
    return Lanes::of_all(&levels_[curve.index() * parts_->regions() + block.first_region]);
  }
  [[nodiscard]] double waiting_intents() const;
  void add_to(Ledger& ledger) const;

 private:
  struct LogOut {
    world::SessionId session;
    double share;
    double over_s;
    std::optional<double> again_after_s;
    quantity::SimTime began;
    bool ended = false;
    bool spread_done = false;
  };
  void move_holding(std::size_t h, std::size_t k, quantity::SimTime end, const Foresight& foreseen);
  Lanes move_holding_once(std::size_t h, std::size_t k, Span span, const RetryLadder& ladder,
                          const OverStep<Lanes>& success, double again_per_s);
  [[nodiscard]] double lost_again_per_s(world::SessionId session) const;  // 0: for good
  // Tells what is foreseen of tries where that decides how they end; with one class of users.
  void foresee_tries(double step_s, Foresight& foreseen) const;
  void move_stream(std::uint32_t s, std::size_t k, double step_s, Foresight& foreseen);
  [[nodiscard]] Lanes share_of_class(Block block, std::size_t k) const {
    return class_shares_[k * parts_->blocks() + block.number];
  }
  [[nodiscard]] Lanes intents_per_s(const Stream& stream) const;
  [[nodiscard]] Lanes seeks_per_person_s(const Holding& holding) const;
  // What is kept for every outcome and class, in the regions of a block.
  [[nodiscard]] Lanes beside(const std::vector<double>& by_outcome, std::uint32_t outcome, Block block,
                             std::size_t k) const {
    return classes_ == 1 ? Lanes::of_all(&by_outcome[outcome])
                         : Lanes::of(&by_outcome[outcome * classes_ + k], block.regions, classes_);
  }
  [[nodiscard]] OverStep<Lanes> success_over(const Foresight& foreseen, std::uint32_t outcome, Block block,
                                             std::size_t k) const {
    return {beside(foreseen.within(), outcome, block, k), beside(foreseen.at_end(), outcome, block, k)};
  }
  // Intents a second of one stream and class that become first tries now, and those that do not.
  struct Intents {
    Lanes let_in, kept_out;  // tries: by those whom admission lets try, and by the others
    Lanes wished;            // all of them
  };
  // What some rate leaves over a step, worked out once for all who share it.
  struct Left {
    double per_s = -1, step_s = -1, share = 1;
    double after(double rate_per_s, double span_s);
  };
  // Over how long, and of how many tries are answered then; of no time: now.
  struct Meanwhile {
    double step_s = 0;
    Lanes success;
  };
  // `held`: the part of those who want a session that has one; sessions are opened at `opening_per_s`.
  [[nodiscard]] Intents intents_of(std::uint32_t stream, std::size_t k, const Lanes& held, const Lanes& opening_per_s,
                                   const Meanwhile& meanwhile) const;
  [[nodiscard]] Intents intents_over(std::uint32_t stream, std::size_t k, const Meanwhile& step) const;
  [[nodiscard]] Intents intents_now(std::uint32_t stream, std::size_t k) const;
  [[nodiscard]] Intents intents_now(std::uint32_t stream, std::size_t k, const Lanes& held) const;
  [[nodiscard]] Lanes held_part(std::size_t holding, std::size_t k) const;
  // Of those who try to open one, the part that has what one needs for it.
  [[nodiscard]] Lanes able_part(const Holding& holding, std::size_t k) const {
    return holding.behind == nowhere ? 1 : held_part(holding.behind, k);
  }
  [[nodiscard]] Lanes lost_by_log_out(const Holding& holding, std::size_t h, std::size_t k, double step_s,
                                      quantity::SimTime end);
  void look_at_abilities(const Circuit& circuit);
  // By those who are let in, and by the others.
  struct Tries {
    Lanes let_in, kept_out;
  };
  [[nodiscard]] Tries tries_per_s(std::uint32_t journey, std::size_t block) const;

  const Network::Parts* parts_;
  std::size_t classes_ = 1;
  std::vector<Lanes> class_shares_;  // class x block
  quantity::SimTime now_;
  std::vector<RetryLadder> ladders_, shorter_ladders_;  // over a step, and over a part of one
  std::vector<double> levels_, levels_at_end_;          // curve x region: now, and at the end of the step
  std::vector<world::Curve::Leg> legs_;                 // likewise: the piece that was looked at last
  std::vector<double> journey_load_, population_load_;
  std::vector<double> admission_, past_;  // per outcome: of users, and of their tries
  std::vector<AdmissionPools> waiting_;   // stream x class
  // What is asked at every look, close together: how many wait to try again, stream x class; and also those who have
  // given up logging in for now, holding x class.
  std::vector<Lanes> failing_, failing_to_open_;
  std::vector<SessionPools> sessions_;  // holding x class
  std::vector<std::size_t> outlived_;   // holdings, sessions of which may expire after they were opened
  std::vector<Lanes> opened_per_s_;     // holding x class: sessions opened, over the last step
  // Holding x class: part of those who want a session that has one, in the mean over a step, and now.
  std::vector<Lanes> held_within_, held_now_;
  // Holding x class: of people with an intent that needs a session, those who have one or would get one now; as users
  // meet it, and without the turned away.
  std::vector<Lanes> able_, able_among_admitted_;
  Left noticing_left_, resting_left_, again_left_;
  std::vector<Lanes> fresh_per_s_;     // stream x class: first tries by those who are let in, now
  std::vector<Lanes> opening_per_s_;   // holding x class: sessions opened now
  std::vector<Lanes> arriving_per_s_;  // holding x class: first tries to open one, now
  std::vector<Lanes> at_log_out_;      // log-out x holding x class: valid when it began
  // Per holding, of those that are renewed. The pools point to them, and so do those of a copy.
  std::shared_ptr<const std::vector<std::optional<AgeRules>>> rules_;
  std::vector<Lanes> renewed_;  // per holding: share of renewals that are answered
  std::vector<LogOut> log_outs_;
  std::vector<double> unanswered_per_s_;  // per outcome: intents given up, over the last step
  // As in Ledger.
  struct Counts {
    Lanes intents, answered, abandoned, suppressed;
    Lanes tries, tries_answered, tries_failed, tries_turned_away;
    Lanes sessions_lost, sessions_opened;
    double holders = 0, sessions_missing_at_begin = 0;
  };
  Counts counts_;
};

}  // namespace knockon::traffic
