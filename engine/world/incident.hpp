// What goes wrong and what is done about it: verbs, faults, reactions, monitors, strategies and their steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/random/distribution.hpp"
#include "engine/world/condition.hpp"
#include "engine/world/ids.hpp"
#include "engine/world/service.hpp"

namespace knockon::world {

// Every verb of the language.
enum class Verb : std::uint8_t {
  down,
  unreachable,
  stale,
  errors,
  lose_capacity,
  lose_cache,
  lose_bandwidth,
  empty_record,
  set,
  slow,
  load,
  log_out,
  repair,
  roll_back,
  replace,
  switch_off,
  switch_on,
  restart,
  purge,
  warm,
  admit,
  fail_over,
  drain,
  undrain,
  add_capacity,
  disable,
  enable,
  restore,
  copy,
  diagnose,
  announce,
  wait,
  travel,
  open_door,
  break_glass,
};
[[nodiscard]] const char* text_of(Verb verb);  // "roll-back"
[[nodiscard]] std::optional<Verb> verb_named(std::string_view text);

// What a share is a share of: drawn anew each try, or sticky.
enum class Of : std::uint8_t { tries, users, keys, replicas };

// A live parameter of a target and the value it has for a time, in the unit that the parameter has: seconds, a second,
// bytes a second, a share of 1, a count; a flag is 0 or 1.
struct Setting {
  std::string path;  // as written: "per_replica", "calls[auth.check].timeout"
  double value = 0;
  friend bool operator==(const Setting&, const Setting&) = default;
};

enum class OnBroken : std::uint8_t { hold, back_off };

// How `admit` lets people in: shares of users, in stages.
struct Admission {
  // Rates instead of shares of users.
  struct Rates {
    quantity::Rate from, by, to;
    friend bool operator==(const Rates&, const Rates&) = default;
  };
  quantity::Share from{1}, by{1}, to{1};
  std::optional<Rates> rates;        // then the shares mean nothing
  quantity::Duration every;          // between stages
  std::optional<Condition> guard;    // must hold for the next stage
  OnBroken broken = OnBroken::hold;  // when it does not
  friend bool operator==(const Admission&, const Admission&) = default;
};

// A change to the world, for as long as whatever brings it is present.
struct Effect {
  Verb verb = Verb::down;
  std::vector<Target> targets;
  quantity::Share share{1};  // errors, lose_capacity, lose_cache, log_out, and the share of targets hit
  Of of = Of::tries;         // errors
  std::optional<quantity::Duration> again_after;  // log_out: sessions opened since are lost again after this mean time
  double times = 1;      // load: factor on the usual rate; slow: on its latency; add_capacity: on its replicas
  quantity::Rate added;  // load: added rate (replaces `times` when positive)
  random::DurationDistribution slower;             // slow: added latency
  double replicas = 0;                             // add_capacity: added replicas
  std::vector<Setting> values;                     // set
  std::optional<Place> to;                         // fail_over, drain: where callers go; none: to whoever survives
  std::optional<Place> from;                       // restore, copy: where the bytes come from
  quantity::DataSize bytes;                        // restore, copy
  quantity::Duration loses;                        // fail_over, restore, copy: the last writes
  std::optional<quantity::Rate> restart_rate;      // restart: replicas a second; none: the service's
  std::optional<Admission> admission;              // admit
  std::optional<quantity::Duration> staged_every;  // roll_back: time between stages
  int stages = 1;                                  // roll_back
  friend bool operator==(const Effect&, const Effect&) = default;
};

// Comes and goes while the thing is active: on for `duty` of each `period`, or for whole periods by chance.
struct Flaps {
  // The share of its targets that takes part, moving evenly from one to the other.
  struct Nodes {
    quantity::Share from{1}, to{1};
    quantity::Duration over;
    friend bool operator==(const Nodes&, const Nodes&) = default;
  };
  quantity::Duration period;
  quantity::Share duty = quantity::Share::percent(50);
  std::optional<quantity::Share> chance;  // that a period is on, drawn anew each time; then `duty` means nothing
  Nodes nodes;
  friend bool operator==(const Flaps&, const Flaps&) = default;
};

// How a fault that takes time reaches its targets: evenly, site after site, or in stages that double.
enum class Spread : std::uint8_t { share, site, rollout };

struct Fault {
  std::string name;
  CauseId cause;
  Effect effect;
  random::DurationDistribution at;                    // after the scenario's start; used when `when` is absent
  std::optional<Condition> when;                      // starts it
  std::optional<random::DurationDistribution> every;  // comes again so long after its onset, and so on
  std::optional<random::DurationDistribution> lasts;
  std::optional<Condition> until;  // neither lasts nor until: until a step ends it
  std::vector<Verb> ended_by = {Verb::repair};
  quantity::Duration over;  // spreads over this time
  Spread by = Spread::share;
  int stages = 4;  // rollout
  std::optional<Flaps> flaps;
  friend bool operator==(const Fault&, const Fault&) = default;
};

struct Cause {
  std::string name, title;
  double weight = 1;
  std::vector<FaultId> faults;  // in file order
  friend bool operator==(const Cause&, const Cause&) = default;
};

// What something that mends can end, by its verb and targets (rule 5 of the language).
struct Endings {
  std::vector<FaultId> faults;
  std::vector<ReactionId> reactions;  // those that never end by themselves
  friend bool operator==(const Endings&, const Endings&) = default;
};

struct Reaction {
  std::string name;
  Condition when;
  random::DurationDistribution delay;
  Effect effect;
  std::vector<SiteId> per;         // one instance each, `@here` is the site; empty: one instance
  std::optional<Condition> until;  // none: when `when` no longer holds (unless `never`)
  bool never_ends = false;
  std::vector<Verb> ended_by = {Verb::repair};
  bool enabled = true;
  std::optional<Flaps> flaps;
  std::vector<Endings> ends;  // of each instance, as in `per`; none: nothing
  friend bool operator==(const Reaction&, const Reaction&) = default;
};

struct Monitor {
  std::string name;
  Condition alert;
  quantity::Duration every = quantity::Duration::minutes(1);
  std::vector<Need> needs;                    // unmet: the monitor is blind
  std::optional<quantity::Duration> no_data;  // blind for so long it alerts; none: it stays as it was
  friend bool operator==(const Monitor&, const Monitor&) = default;
};

// One of a step's alternatives: all of a way is resolved (the step's own keys already filled in).
struct Way {
  std::vector<Need> needs;
  random::DurationDistribution takes;
  std::optional<TeamId> team;
  quantity::Share succeeds{1};
  quantity::Duration patience =
      quantity::Duration::minutes(10);  // how long this way is waited for; the last way: for ever
  bool has_patience = false;            // written: then the last way fails the step when its patience ends
  friend bool operator==(const Way&, const Way&) = default;
};

enum class OnLoss : std::uint8_t { pause, restart, next_way };
enum class Otherwise : std::uint8_t { repeat, next, stop, step };
struct Step {
  std::string name;
  StrategyId strategy;
  Effect effect;                                      // its verb and targets
  std::optional<random::DurationDistribution> lasts;  // set, add_capacity: undone after this; none: for good
  std::optional<Effect> harm;                         // happens when the step fails or misses
  std::optional<TeamId> team;
  int people = 1;
  std::optional<Condition> when, only_if;  // `only_if`: the language's `if`; false: skipped, counts as done
  std::vector<StepId> after;               // empty: starts with the plan
  std::vector<Way> ways;                   // never empty; a step without `ways` has one
  quantity::Share wrong;                   // diagnose: chance that later steps miss until it is repeated
  Otherwise otherwise = Otherwise::repeat;
  std::optional<StepId> otherwise_step;
  OnLoss on_loss = OnLoss::pause;
  std::vector<FaultId> ends;  // faults this step's verb and targets can end (rule 5 of the language)
  std::vector<ReactionId> ends_reactions;
  friend bool operator==(const Step&, const Step&) = default;
};

struct Strategy {
  std::string name;
  std::optional<Condition> when;   // none: any monitor alerted
  std::vector<StepId> steps;       // in file order
  std::vector<StrategyId> beside;  // carried out at the same time, by the same people, each when its own `when` holds
  friend bool operator==(const Strategy&, const Strategy&) = default;
};

}  // namespace knockon::world
