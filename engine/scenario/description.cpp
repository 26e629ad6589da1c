#include "engine/scenario/description.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/quantity/contract.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;
using Bound = Type::Bound;

// ---- types, as short words for the tables below

Type scalar(Form form, Bound bound = Bound::none) {
  Type type;
  type.form = form;
  type.bound = bound;
  return type;
}
Type text() { return scalar(Form::text); }
Type flag() { return scalar(Form::flag); }
Type whole(double most) {
  Type type = scalar(Form::whole, Bound::positive);
  type.most = most;
  return type;
}
Type count() { return scalar(Form::count); }
Type positive_count() { return scalar(Form::count, Bound::positive); }
Type share() { return scalar(Form::share, Bound::whole_share); }
Type positive_share() { return scalar(Form::share, Bound::positive_whole_share); }
Type rate() { return scalar(Form::rate); }
Type positive_rate() { return scalar(Form::rate, Bound::positive); }
Type duration() { return scalar(Form::duration); }
Type positive_duration() { return scalar(Form::duration, Bound::positive); }
// Between looks or turns: what came more often would take longer to simulate than to live through.
Type interval() {
  Type type = positive_duration();
  type.least = 1;
  return type;
}
Type at_most(double most, Type type) {
  type.most = most;
  return type;
}
Type at_least(double least, Type type) {
  type.least = least;
  return type;
}
Type condition() { return scalar(Form::condition); }

Type with_parts(Form form, std::vector<Type> of) {
  Type type;
  type.form = form;
  type.of = std::move(of);
  return type;
}
Type list_of(Type item) { return with_parts(Form::list, {std::move(item)}); }
Type any_of(std::vector<Type> alternatives) { return with_parts(Form::any, std::move(alternatives)); }
Type distribution_of(Type value) { return with_parts(Form::distribution, {std::move(value)}); }
Type duration_drawn() { return distribution_of(duration()); }

Type word(std::vector<Word> words) {
  Type type;
  type.form = Form::word;
  type.words = std::move(words);
  return type;
}
Type name_of(Kinds kinds) {
  Type type;
  type.form = Form::reference;
  type.kinds = kinds;
  return type;
}
Type placed_name_of(Kinds kinds) {
  Type type = name_of(kinds);
  type.is_placed = true;
  return type;
}
Type record_of(const Record& (*record)()) {
  Type type;
  type.form = Form::record;
  type.record = record;
  return type;
}
Type partial(Type type) {
  type.is_partial = true;
  return type;
}
Type entries_of(const Record& (*record)()) { return with_parts(Form::entries, {record_of(record)}); }
Type keyed(Kinds kinds, Type value, std::vector<Word> words = {}) {
  Type type = with_parts(Form::keyed, {std::move(value)});
  type.kinds = kinds;
  type.words = std::move(words);
  return type;
}

// ---- keys

Key required(std::string_view name, Type type, std::string_view doc) {
  Key key;
  key.name = name;
  key.type = std::move(type);
  key.doc = doc;
  key.is_required = true;
  return key;
}
Key with_default(std::string_view name, Type type, std::string_view fallback, std::string_view doc) {
  Key key;
  key.name = name;
  key.type = std::move(type);
  key.fallback = fallback;
  key.doc = doc;
  return key;
}
Key derived(std::string_view name, Type type, std::string_view how, std::string_view doc) {
  Key key;
  key.name = name;
  key.type = std::move(type);
  key.derived = how;
  key.doc = doc;
  return key;
}
// It is no property of the world that might have been otherwise.
Key known(std::string_view why, Key key) {
  key.not_drawn = why;
  return key;
}
Key beside(std::string_view other, Key key) {
  key.only_with = other;
  return key;
}

// Dates of a longer run would not be exact.
constexpr double longest_horizon_s = 365.0 * 86400;

// An exabyte: more than any disk or link of the world carries in a run.
constexpr double most_bytes_moved = 1e18;

constexpr std::string_view promised = "it was promised, and everybody knows it";

constexpr Kinds declared =
    Kinds::region | Kinds::site | Kinds::link | Kinds::group | Kinds::service | Kinds::session | Kinds::app;
constexpr Kinds needable = place_kinds | Kinds::link | Kinds::service | Kinds::operation;
constexpr Kinds breakable = place_kinds | Kinds::link | Kinds::service | Kinds::operation;
constexpr Kinds anything = declared | Kinds::operation | Kinds::journey | Kinds::population;

Type calls() { return list_of(record_of(call_record)); }
Type needs() { return list_of(any_of({placed_name_of(needable), record_of(need_record)})); }

}  // namespace

// ---- the file

const Record& scenario_record() {
  static const Record record{
      .name = "scenario",
      .doc = "one incident: a world, what may go wrong in it, and what may be done",
      .keys =
          {
              required("knockon", word({{"1", "the only version so far"}}),
                       "version of the language; the first line of every file"),
              required("title", text(), "what happened, in a sentence"),
              with_default("extends", text(), "", "a scenario to begin from; this file is merged on top"),
              with_default("use", list_of(text()), "", "blocks from the models, merged in this order below this file"),
              required("starts", scalar(Form::date), "the simulated clock's first moment"),
              with_default("horizon", at_most(longest_horizon_s, positive_duration()), "24h",
                           "how long a replication lasts"),
              derived("cause", name_of(Kinds::cause), "the only one",
                      "the hypothesis that is run unless another is chosen"),
              derived("strategy", name_of(Kinds::strategy), "the only one",
                      "the strategy that is run unless another is chosen"),
              with_default("defaults", record_of(defaults_record), "",
                           "what entries of a section take where they leave a key open"),
              with_default("templates", record_of(templates_record), "",
                           "entries to make others `like`, not part of the world themselves"),
              with_default("regions", entries_of(region_record), "", "where users live, by local time"),
              with_default("sites", entries_of(site_record), "", "data centres and points of presence"),
              with_default("links", entries_of(link_record), "",
                           "what joins places; without any, every place reaches every other"),
              with_default("groups", entries_of(group_record), "", "what fails together, or is meant together"),
              with_default("services", entries_of(service_record), "", "the software"),
              with_default("sessions", entries_of(session_record), "",
                           "whatever is granted for a time: a login, a lease, a token"),
              with_default("apps", entries_of(app_record), "", "what users know, and what an outage is an outage of"),
              with_default("populations", entries_of(population_record), "", "people who use the apps"),
              with_default("curves", entries_of(curve_record), "", "how demand goes with the local hour"),
              with_default("causes", entries_of(cause_record), "", "hypotheses; one of them is present in a run"),
              with_default("reactions", entries_of(reaction_record), "",
                           "automation, which may help or make matters worse"),
              with_default("monitors", entries_of(monitor_record), "", "what calls people"),
              with_default("teams", entries_of(team_record), "", "the people who repair"),
              with_default("strategies", entries_of(strategy_record), "", "plans of recovery, to be compared"),
              with_default("variants", with_parts(Form::entries, {partial(record_of(scenario_record))}), "",
                           "what-ifs: pieces of scenario merged on top when chosen"),
              with_default("observed",
                           with_parts(Form::observations, {any_of({scalar(Form::range), record_of(milestone_record)})}),
                           "", "what really happened, printed beside what was simulated"),
              with_default("promises", list_of(scalar(Form::promise)), "",
                           "what must hold; a broken one fails the command"),
          },
      .exactly_one = {},
      .at_most_one = {},
  };
  return record;
}

// ---- places

const Record& region_record() {
  static const Record record{
      .name = "region",
      .section = "regions",
      .doc = "users who share a clock",
      .keys = {with_default("users", count(), "0", "people living there"),
               with_default("clock", scalar(Form::clock), "UTC", "local time, as a fixed offset")},
  };
  return record;
}

const Record& site_record() {
  static const Record record{
      .name = "site",
      .section = "sites",
      .doc = "a data centre or point of presence; a region that declares none has one, of its own name",
      .keys = {required("in", name_of(Kinds::region), "the region it stands in")},
  };
  return record;
}

const Record& link_record() {
  static const Record record{
      .name = "link",
      .section = "links",
      .doc = "joins two places; a region with sites of its own means its users here",
      .keys = {required("between", list_of(name_of(Kinds::site | Kinds::region)), "the two ends"),
               derived("latency", duration(), "1ms within a region, 80ms between regions", "one way"),
               derived("bandwidth", scalar(Form::data_rate, Bound::positive), "unlimited", "both ways together"),
               beside("bandwidth", with_default("reserved", share(), "10%",
                                                "what restores and copies get of it at least, whatever calls want"))},
  };
  return record;
}

const Record& group_record() {
  static const Record record{
      .name = "group",
      .section = "groups",
      .doc = "a name for several things",
      .keys = {required("has", list_of(name_of(declared)), "its members; groups may hold groups")},
  };
  return record;
}

// ---- services

const Record& service_record() {
  static const Record record{
      .name = "service",
      .section = "services",
      .doc = "software with replicas at sites",
      .keys =
          {
              derived("in", list_of(name_of(place_kinds)), "every site", "where it runs"),
              with_default(
                  "replicas",
                  any_of({positive_count(), keyed(place_kinds, positive_count(), {{"other", "every site not named"}})}),
                  "10", "at each site"),
              derived("per_replica", positive_rate(),
                      "sized so that the busiest hour of the base scenario takes busy_at_peak",
                      "requests of cost 1 that one replica answers"),
              with_default("busy_at_peak", positive_share(), "50%", "sizes capacity where per_replica is left open"),
              with_default("latency", duration_drawn(), "5ms", "time to answer, not counting what it calls"),
              with_default("needs", needs(), "", "what must be usable for it to be up"),
              with_default("calls", calls(), "", "made for each request, in this order"),
              with_default("operations", entries_of(operation_record), "",
                           "when it answers more than one kind of request"),
              with_default("fallback", record_of(fallback_record), "",
                           "served instead of a failure; counts as degraded"),
              with_default("overload", list_of(record_of(overload_record)), "queue",
                           "what happens to work beyond its capacity"),
              with_default("priority_by_journey", flag(), "false", "sheds the least important journeys first"),
              derived("warm_up", record_of(warm_up_record), "starts at full capacity",
                      "a replica is slow after a start"),
              derived("restart", record_of(restart_record), "all replicas at once",
                      "how a restart goes through the replicas"),
              with_default("balance",
                           word({{"local", "callers use their own site only"},
                                 {"nearest", "callers use the nearest site that answers"},
                                 {"spread", "callers use all sites evenly"},
                                 {"home", "users have a home site; while it does not answer they are not answered"}}),
                           "nearest", "which site answers a caller"),
              derived("cache", record_of(cache_record), "not a cache",
                      "answers what it remembers, asks another for the rest"),
              derived("autoscale", record_of(autoscale_record), "as many replicas as written",
                      "adds and takes away replicas by load"),
              derived("resolve", record_of(resolve_record), "found without a name", "callers must look up its name"),
              derived("scaled_by", name_of(Kinds::session), "nothing",
                      "capacity goes with the share of these sessions that is held"),
              derived("disk", scalar(Form::data_rate, Bound::positive), "unlimited",
                      "how fast a site's disks are read and written, both together"),
          },
  };
  return record;
}

const Record& operation_record() {
  static const Record record{
      .name = "operation",
      .section = "operations",
      .doc = "one kind of request to a service",
      .keys = {with_default("cost", positive_count(), "1", "in units of the service's capacity"),
               derived("latency", duration_drawn(), "the service's", "time to answer, not counting what it calls"),
               derived("calls", calls(), "the service's", "made for each request, in this order"),
               derived("fallback", record_of(fallback_record), "the service's",
                       "served instead of a failure; counts as degraded")},
  };
  return record;
}

const Record& call_record() {
  static const Record record{
      .name = "call",
      .section = "calls",
      .doc = "a request made on behalf of a request",
      .main = "to",
      .keys =
          {
              derived("to", name_of(Kinds::operation), "", "the service or operation that is asked"),
              beside("to", with_default("kind",
                                        word({{"hard", "its failure fails the caller"},
                                              {"soft", "its failure degrades nothing but itself"},
                                              {"async", "queued, and answered at once"}}),
                                        "hard", "what its failure means")),
              beside("to",
                     with_default("per_request", positive_count(), "1", "calls for each request; may be a fraction")),
              beside("to", derived("bytes", scalar(Form::data_size, Bound::positive), "not counted",
                                   "of one attempt, there and back: what it takes of the links between")),
              beside("to",
                     with_default("timeout", positive_duration(), "1s", "how long the caller waits for one attempt")),
              beside("to", with_default("tries", whole(1000), "1", "attempts at most")),
              beside("to", with_default("backoff", record_of(backoff_record), "{}", "pauses between attempts")),
              beside("to",
                     derived("retry_budget", share(), "unlimited", "retries at most, as a share of first attempts")),
              beside("to", derived("breaker", record_of(breaker_record), "none", "stops calling what fails")),
              beside("to", derived("bulkhead", whole(1e9), "unlimited", "calls under way at most")),
              beside("to", derived("hedge_after", positive_duration(), "never",
                                   "a second attempt beside a first that takes longer")),
              beside("to", derived("deadline", positive_duration(), "inherited", "for the whole request, handed on")),
              beside("to", with_default("fallback", record_of(fallback_record), "",
                                        "served instead of a failure; counts as degraded")),
              beside("to", with_default("silent",
                                        word({{"closed", "it fails"},
                                              {"open", "it goes on as if the answer were yes"},
                                              {"static", "it uses the last answer for a time"}}),
                                        "closed", "what the caller does while nobody answers")),
              beside("to",
                     with_default("static_for", positive_duration(), "5m", "static: how long the last answer is used")),
              beside("to",
                     derived("late", positive_duration(), "however late", "async: degraded when delivered later")),
              derived("any_of", calls(), "", "calls that can stand in for each other, tried in this order"),
              beside("any_of", with_default("at_least", whole(1000), "1", "how many of any_of must answer")),
              derived("parallel", calls(), "", "calls made at once; all of them must answer"),
          },
      .exactly_one = {"to", "any_of", "parallel"},
  };
  return record;
}

const Record& need_record() {
  static const Record record{
      .name = "need",
      .doc = "alternatives, one of which must be usable",
      .keys = {required("any_of", list_of(placed_name_of(needable)), "one of these is enough")},
  };
  return record;
}

const Record& fallback_record() {
  static const Record record{
      .name = "fallback",
      .doc = "served instead of a failure",
      .keys = {derived("stale", positive_duration(), "", "copies, for so long after their source failed"),
               derived("answer", word({{"default", "an answer that never grows old"}}), "", "a fixed answer"),
               with_default("share", positive_share(), "100%", "of users who have one")},
      .exactly_one = {"stale", "answer"},
  };
  return record;
}

const Record& backoff_record() {
  static const Record record{
      .name = "backoff",
      .doc = "pauses between the attempts of one call",
      .keys = {with_default("first", positive_duration(), "100ms", "before the second attempt"),
               with_default("factor", at_least(1, at_most(1000, positive_count())), "2",
                            "each pause over the one before"),
               with_default("up_to", positive_duration(), "10s", "the longest pause"),
               with_default("jitter", share(), "20%", "how much pauses differ")},
  };
  return record;
}

const Record& breaker_record() {
  static const Record record{
      .name = "breaker",
      .doc = "stops calling what fails",
      .keys = {with_default("errors", positive_share(), "50%", "of the attempts in the window, that open it"),
               with_default("window", positive_duration(), "10s", "attempts are counted over"),
               with_default("open", positive_duration(), "30s", "how long nothing is called"),
               with_default("probes", whole(1000), "1", "attempts that must succeed to close it again")},
  };
  return record;
}

const Record& overload_record() {
  static const Record record{
      .name = "overload policy",
      .doc = "what happens to work beyond capacity",
      .main = "policy",
      .keys =
          {
              required("policy",
                       word({{"shed", "refused at once"},
                             {"queue", "waits, up to a limit"},
                             {"collapse", "waits long, and is served when nobody wants it"},
                             {"slowdown", "all of it is served more slowly"},
                             {"brownout", "soft calls are dropped first"},
                             {"adaptive", "refused so that the wait stays bounded"}}),
                       "what is done with it"),
              with_default("limit", positive_duration(), "2s", "queue: longer waits are refused"),
              with_default("abandoned",
                           word({{"removed", "taken out of the queue"}, {"served", "served all the same"}}), "removed",
                           "queue: work whose caller has gone"),
              with_default("order",
                           word({{"fifo", "oldest first"}, {"lifo", "newest first"}, {"codel", "controlled delay"}}),
                           "fifo", "queue: who is next"),
              derived("expires", positive_duration(), "never", "queue: older work is dropped"),
              with_default("patience", positive_duration(), "10s", "collapse: how long callers wait"),
              derived("per_request", positive_duration(), "",
                      "slowdown: more service time for each request in service"),
              with_default("from", positive_share(), "90%", "brownout: from this load on"),
              derived("wait", positive_duration(), "", "adaptive: the wait aimed at"),
          },
  };
  return record;
}

const Record& warm_up_record() {
  static const Record record{
      .name = "warm-up",
      .doc = "a replica is slow after a start",
      .keys = {required("from", share(), "of its capacity, right after the start"),
               required("over", positive_duration(), "until all of it"),
               with_default("calls", calls(), "", "what each starting replica asks for, once")},
  };
  return record;
}

const Record& restart_record() {
  static const Record record{
      .name = "restart",
      .doc = "how a restart goes through the replicas",
      .keys = {required("rate", positive_rate(), "replicas started"),
               derived("order", list_of(name_of(place_kinds)), "everywhere at once",
                       "places, one after the other; the rest come last")},
  };
  return record;
}

const Record& cache_record() {
  static const Record record{
      .name = "cache",
      .doc = "answers what it remembers",
      .keys = {required("behind", name_of(Kinds::operation), "who answers a miss"),
               required("hit", share(), "of requests, when warm"),
               required("entries", positive_count(), "how many it holds when warm"),
               with_default("cold", share(), "0%", "entries that are left after a loss or a restart"),
               derived("expires", positive_duration(), "never", "an entry's life"),
               with_default("drop_on_error", flag(), "false",
                            "an error of the store deletes the entry that was asked for")},
  };
  return record;
}

const Record& resolve_record() {
  static const Record record{
      .name = "resolve",
      .doc = "callers look up a name first",
      .keys = {required("through", name_of(Kinds::operation), "who answers names"),
               with_default("ttl", positive_duration(), "5m", "how long an answer is used"),
               with_default("negative_ttl", positive_duration(), "1m", "how long an empty answer is used")},
  };
  return record;
}

const Record& autoscale_record() {
  static const Record record{
      .name = "autoscale",
      .doc = "adds and takes away replicas by load",
      .keys = {required("keep", positive_share(), "in use, of the capacity of each site"),
               required("from", positive_count(), "replicas at least, at each site"),
               required("to", positive_count(), "replicas at most, at each site"),
               with_default("every", interval(), "1m", "between looks"),
               with_default("delay", duration(), "3m", "until a replica that was added answers")},
  };
  return record;
}

// ---- sessions and apps

const Record& session_record() {
  static const Record record{
      .name = "session",
      .section = "sessions",
      .doc = "granted for a time and needed by journeys",
      .keys = {required("store", name_of(Kinds::service), "the service that keeps them"),
               derived("holders", any_of({name_of(Kinds::population), positive_count()}), "all users",
                       "who holds them: people, or so many machines"),
               required("opened_by", name_of(Kinds::journey | Kinds::operation),
                        "what a person does to get one, or what a machine asks"),
               beside("renew_every",
                      derived("renewed_by", name_of(Kinds::operation), "nothing", "what keeps one alive")),
               beside("renewed_by", derived("renew_every", interval(), "", "how often")),
               derived("lifetime", distribution_of(positive_duration()), "unlimited", "valid for so long"),
               with_default("held", share(), "95%", "of holders, before anything happens"),
               with_default("notice", positive_duration(), "30s", "mean time until somebody online notices the loss"),
               with_default("retry", record_of(retry_record), "{}", "how machines try again")},
  };
  return record;
}

const Record& app_record() {
  static const Record record{
      .name = "app",
      .section = "apps",
      .doc = "what users know by a name",
      .keys = {required("journeys", entries_of(journey_record), "what people do in it"),
               with_default("down", condition(), "success < 50% for 2m",
                            "judged in each region, over critical journeys"),
               with_default("degraded", condition(), "success < 99% or stale > 20%",
                            "judged in each region, over critical journeys"),
               derived("slo", record_of(objective_record), "none", "its objective"),
               derived("credit", list_of(record_of(credit_record)), "none", "what is owed for long outages")},
  };
  return record;
}

const Record& journey_record() {
  static const Record record{
      .name = "journey",
      .section = "journeys",
      .doc = "something a person does, from click to answer",
      .keys = {required("calls", calls(), "made from the user's region, in this order"),
               derived("session", name_of(Kinds::session), "none", "must be held"),
               with_default("critical", flag(), "true", "counts when the app is judged"),
               with_default("priority", at_most(1000, scalar(Form::whole)), "0",
                            "less important ones are shed first, by services that shed by journey"),
               with_default("timeout", positive_duration(), "10s", "how long a person waits for all of it"),
               with_default("fallback", record_of(fallback_record), "",
                            "served instead of a failure; counts as degraded")},
  };
  return record;
}

const Record& objective_record() {
  static const Record record{
      .name = "objective",
      .doc = "success that was promised",
      .keys = {known(promised, required("target", positive_share(), "success over the window")),
               known(promised, with_default("window", positive_duration(), "30d", "judged over"))},
  };
  return record;
}

const Record& credit_record() {
  static const Record record{
      .name = "credit",
      .doc = "owed when one outage lasts longer",
      .keys = {known(promised, required("after", duration(), "of one outage")),
               required("pays", scalar(Form::money), "owed once")},
  };
  return record;
}

// ---- people

const Record& population_record() {
  static const std::vector<Word> other{{"other", "every region not named"}};
  static const Record record{
      .name = "population",
      .section = "populations",
      .doc = "people with the same habits",
      .keys =
          {
              with_default("users", any_of({share(), count(), keyed(Kinds::region, any_of({share(), count()}), other)}),
                           "100%", "a share of each region's users, a number over all regions, or either by region"),
              with_default("curve", name_of(Kinds::curve), evening_curve, "demand by local hour"),
              required("does", keyed(Kinds::journey, rate()), "how often one of them does what"),
              with_default("retry", record_of(retry_record), "{}", "what they do when a try fails"),
              with_default("resolver_tries", whole(1000), "1", "name look-ups for each try while names do not resolve"),
              with_default("reports", share(), "0.03%", "of those failing, in an hour, who report it"),
              with_default("worth", scalar(Form::money_rate), "0 USD/m",
                           "lost while nothing works for any of them; the day's average"),
              derived("worth_curve", name_of(Kinds::curve), "curve", "worth by local hour"),
              derived("uses", keyed(Kinds::app, share()), "100% of each", "how many of them use an app"),
              derived("time", keyed(Kinds::app, share()), "by daily rates", "how their time is divided among apps"),
              with_default("deferred", share(), "0%", "of the value lost: made up for later"),
          },
  };
  return record;
}

const Record& retry_record() {
  static const Record record{
      .name = "retry",
      .doc = "how people try again",
      .keys = {with_default("first", positive_duration(), "5s", "pause before the first retry"),
               with_default("factor", at_most(1000, positive_count()), "2",
                            "each pause over the one before; at least 1"),
               with_default("up_to", positive_duration(), "5m", "the longest pause"),
               with_default("jitter", share(), "20%", "how much pauses differ"),
               with_default("gives_up", scalar(Form::share_rate), "30%/h", "of those who are retrying"),
               with_default("returns", duration_drawn(), "{median: 1h, p90: 4h}",
                            "when they try once more after giving up")},
  };
  return record;
}

const Record& curve_record() {
  static const Record record{
      .name = "curve",
      .section = "curves",
      .doc = "a level by local hour, linear between points and around midnight; only its shape counts",
      .keys = {required("points", with_parts(Form::points, {scalar(Form::share)}), "local time: level")},
  };
  return record;
}

// ---- what goes wrong

const Record& cause_record() {
  static const Record record{
      .name = "cause",
      .section = "causes",
      .doc = "a hypothesis: faults that belong together",
      .keys = {with_default("title", text(), "", "in a sentence"),
               known("it compares causes over all runs, and each run has one",
                     with_default("weight", count(), "1", "belief in it, against the others")),
               required("faults", entries_of(fault_record), "what is wrong")},
  };
  return record;
}

namespace {

Type step_verbs() { return list_of(scalar(Form::verb)); }
Type targets() { return list_of(placed_name_of(anything | Kinds::reaction)); }

}  // namespace

const Record& fault_record() {
  static const Record record{
      .name = "fault",
      .section = "faults",
      .doc = "something wrong, from its onset until it is ended",
      .keys =
          {
              required("do", scalar(Form::verb), "what happens"),
              derived("target", targets(), "", "to what"),
              with_default("at", any_of({duration_drawn(), scalar(Form::date)}), "0s", "onset, after the start"),
              derived("when", condition(), "", "onset, when this begins to hold"),
              derived("every", distribution_of(interval()), "once", "comes again so long after its onset"),
              derived("lasts", duration_drawn(), "until a step ends it", "ends by itself after this"),
              derived("until", condition(), "until a step ends it", "ends by itself when this holds"),
              with_default("ended_by", step_verbs(), "repair", "steps that can end it"),
              with_default("over", duration(), "0s", "spreads over its targets in this time"),
              with_default("by",
                           any_of({word({{"share", "evenly"},
                                         {"site", "one site after the other"},
                                         {"rollout", "in stages, each of twice as many"}}),
                                   record_of(spread_record)}),
                           "share", "how it spreads"),
              derived("flaps", record_of(flaps_record), "steady", "comes and goes"),
          },
      .at_most_one = {"lasts", "until"},
      .use = Use::fault,
  };
  return record;
}

const Record& spread_record() {
  static const Record record{
      .name = "spread",
      .doc = "how a fault reaches its targets",
      .keys = {required("rollout", record_of(rollout_record), "in stages, each of twice as many")},
  };
  return record;
}

const Record& rollout_record() {
  static const Record record{
      .name = "rollout",
      .doc = "in stages, each of twice as many",
      .keys = {with_default("stages", whole(100), "4", "until all have it")},
  };
  return record;
}

const Record& nodes_record() {
  static const Record record{
      .name = "share of nodes",
      .doc = "that moves evenly from one value to another",
      .keys = {required("from", share(), "at the onset"), required("to", share(), "in the end"),
               required("over", positive_duration(), "until then")},
  };
  return record;
}

const Record& flaps_record() {
  static const Record record{
      .name = "flapping",
      .doc = "on and off while present",
      .keys = {required("period", interval(), "of one turn"),
               with_default("duty", positive_share(), "50%", "of each period it is on"),
               derived("chance", positive_share(), "", "that a period is on, drawn anew each time"),
               with_default("nodes", any_of({positive_share(), record_of(nodes_record)}), "100%",
                            "of its targets, or of its share, that take part")},
      .at_most_one = {"duty", "chance"},
  };
  return record;
}

const Record& reaction_record() {
  static const Record record{
      .name = "reaction",
      .section = "reactions",
      .doc = "done by a machine when a condition holds",
      .keys =
          {
              required("when", condition(), "starts it"),
              with_default("delay", duration_drawn(), "0s", "from the condition to the effect"),
              required("do", scalar(Form::verb), "what happens"),
              derived("target", targets(), "", "to what"),
              derived("until", any_of({word({{"never", "a step must end it"}}), condition()}), "`when` no longer holds",
                      "ends it"),
              with_default("ended_by", step_verbs(), "repair", "steps that can end it, when it never ends by itself"),
              derived("per", list_of(name_of(place_kinds)), "one instance",
                      "one instance for each site of these; @here is its site"),
              with_default("enabled", flag(), "true", "whether it is armed at the start"),
              derived("flaps", record_of(flaps_record), "steady", "comes and goes"),
          },
      .use = Use::reaction,
  };
  return record;
}

const Record& monitor_record() {
  static const Record record{
      .name = "monitor",
      .section = "monitors",
      .doc = "calls people when a condition holds",
      .keys = {required("alert", condition(), "what it watches"),
               with_default("every", interval(), "1m", "between looks"),
               with_default("needs", needs(), "", "without these it is blind"),
               beside("needs", derived("no_data", positive_duration(), "never: it stays as it was",
                                       "blind for so long it alerts too"))},
  };
  return record;
}

const Record& team_record() {
  static const Record record{
      .name = "team",
      .section = "teams",
      .doc = "people who are called",
      .keys = {with_default("people", whole(1e6), "1", "who can work at the same time"),
               with_default("acknowledge", duration_drawn(), "{median: 5m, p90: 15m}",
                            "from the alert to somebody who takes it"),
               derived("in", name_of(place_kinds), "nowhere: no fault cuts them off", "where they sit"),
               with_default("hours", scalar(Form::hours), "0h..24h", "working hours, local time"),
               derived("off_hours", duration_drawn(), "acknowledge", "acknowledging outside their hours"),
               derived("escalates_to", name_of(Kinds::team), "nobody",
                       "who is called when nobody acknowledges; whoever answers first does the step"),
               beside("escalates_to",
                      with_default("escalate_after", positive_duration(), "30m", "without an acknowledgement")),
               with_default("cost", scalar(Form::money_rate), "0 USD/h", "of one person")},
  };
  return record;
}

const Record& strategy_record() {
  static const Record record{
      .name = "strategy",
      .section = "strategies",
      .doc = "a plan of recovery",
      .keys = {derived("when", condition(), "any monitor alerted", "the plan begins"),
               derived("beside", list_of(name_of(Kinds::strategy)), "alone",
                       "plans carried out at the same time, by the same people, each begun when its own `when` holds"),
               required("steps", entries_of(step_record), "one after the other, unless `after` says otherwise")},
  };
  return record;
}

const Record& step_record() {
  static const std::vector<Word> otherwise{
      {"repeat", "the step is done again"}, {"next", "the plan goes on"}, {"stop", "the plan ends"}};
  static const Record record{
      .name = "step",
      .section = "steps",
      .doc = "something people do",
      .keys =
          {
              required("do", scalar(Form::verb), "what is done"),
              derived("target", targets(), "", "to what"),
              derived("team", name_of(Kinds::team), "nobody: it happens by itself", "who does it"),
              with_default("people", whole(1e6), "1", "how many of the team it takes"),
              with_default("takes", duration_drawn(), "0s", "how long it takes"),
              with_default("needs", needs(), "", "what must be usable to do it"),
              derived("when", condition(), "at once", "waits for this"),
              derived("if", condition(), "always", "false when its turn comes: skipped, which counts as done"),
              derived("after", list_of(any_of({word({{"start", "begins with the plan"}}), name_of(Kinds::step)})),
                      "the step above", "steps that must be done before"),
              derived("ways", list_of(record_of(way_record)), "one, of the step's own keys",
                      "how it can be done; the first usable one is taken"),
              with_default("patience", duration(), "10m", "how long a way is waited for while its needs are not met"),
              with_default("on_loss",
                           word({{"pause", "work goes on when the need is back"},
                                 {"restart", "work begins again"},
                                 {"next_way", "the next way is taken"}}),
                           "pause", "when a need is lost on the way"),
              with_default("succeeds", positive_share(), "100%", "how often it works"),
              with_default("otherwise", any_of({word(otherwise), name_of(Kinds::step)}), "repeat",
                           "when it does not work"),
              derived("harm", record_of(harm_record), "none", "what breaks when it fails or misses"),
          },
      .use = Use::step,
  };
  return record;
}

const Record& way_record() {
  static const Record record{
      .name = "way",
      .doc = "one way to do a step; what it leaves open is the step's",
      .keys = {derived("needs", needs(), "the step's", "what must be usable"),
               derived("takes", duration_drawn(), "the step's", "how long it takes"),
               derived("team", name_of(Kinds::team), "the step's", "who does it"),
               derived("succeeds", positive_share(), "the step's", "how often it works"),
               derived("patience", duration(), "10m; the last way is waited for without end",
                       "how long it is waited for")},
  };
  return record;
}

const Record& harm_record() {
  static const Record record{
      .name = "harm",
      .doc = "what breaks when a step fails or misses; for good",
      .keys = {required("do", scalar(Form::verb), "what happens"), derived("target", targets(), "", "to what")},
      .use = Use::harm,
  };
  return record;
}

const Record& milestone_record() {
  static const Record record{
      .name = "milestone",
      .doc = "a moment that was reported",
      .keys = {required("when", condition(), "the moment it first holds again"),
               required("value", scalar(Form::range), "minutes after onset")},
  };
  return record;
}

// ---- templates and defaults: the same records again, with nothing required

namespace {

struct Section {
  std::string_view name;
  const Record& (*record)();
};
constexpr std::array<Section, 18> sections{{{"regions", region_record},
                                            {"sites", site_record},
                                            {"links", link_record},
                                            {"groups", group_record},
                                            {"services", service_record},
                                            {"operations", operation_record},
                                            {"calls", call_record},
                                            {"sessions", session_record},
                                            {"apps", app_record},
                                            {"journeys", journey_record},
                                            {"populations", population_record},
                                            {"curves", curve_record},
                                            {"causes", cause_record},
                                            {"faults", fault_record},
                                            {"reactions", reaction_record},
                                            {"monitors", monitor_record},
                                            {"teams", team_record},
                                            {"steps", step_record}}};

}  // namespace

const Record& templates_record() {
  static const Record record = [] {
    Record templates{.name = "templates", .doc = "entries to make others `like`"};
    for (const Section& section : sections) {
      if (section.name == "calls") continue;
      templates.keys.push_back(with_default(
          section.name, with_parts(Form::entries, {partial(record_of(section.record))}), "", section.record().doc));
    }
    templates.keys.push_back(with_default(
        "strategies", with_parts(Form::entries, {partial(record_of(strategy_record))}), "", strategy_record().doc));
    return templates;
  }();
  return record;
}

const Record& defaults_record() {
  static const Record record = [] {
    Record defaults{.name = "defaults", .doc = "what entries take where they leave a key open"};
    for (const Section& section : sections) {
      defaults.keys.push_back(with_default(section.name, partial(record_of(section.record)), "", section.record().doc));
    }
    defaults.keys.push_back(with_default("strategies", partial(record_of(strategy_record)), "", strategy_record().doc));
    return defaults;
  }();
  return record;
}

const Record& distribution_record() {
  static const Record record{
      .name = "distribution",
      .doc = "drawn anew each time",
      .main = "constant",
      .keys = {derived("constant", text(), "", "always this"),
               derived("median", text(), "", "lognormal: half are below"),
               derived("p75", text(), "", "three quarters are below"),
               derived("p90", text(), "", "nine in ten are below"), derived("p95", text(), "", "19 in 20 are below"),
               derived("p99", text(), "", "99 in 100 are below"), derived("uniform", text(), "", "[least, most]"),
               derived("exponential", text(), "", "its mean"),
               derived("triangular", text(), "", "[least, likeliest, most]"),
               derived("weibull", text(), "", "{scale, shape}"),
               derived("empirical", text(), "", "values, each as likely as another"),
               derived("min", text(), "", "draws below become this"),
               derived("max", text(), "", "draws above become this")},
  };
  return record;
}

// ---- verbs

const std::vector<VerbRow>& verb_rows() {
  using world::Verb;
  static const std::vector<Use> happens{Use::fault, Use::reaction, Use::harm};
  static const std::vector<Use> done{Use::step, Use::reaction};
  static const std::vector<Use> by_people{Use::step};
  static const std::vector<Use> everywhere{Use::fault, Use::reaction, Use::step, Use::harm};
  static const Key some = with_default("share", positive_share(), "100%", "how much of it");
  static const Key any_values =
      required("values", scalar(Form::settings), "live parameters of the target, and what they are set to");
  // Faults and reactions say in their own way how long they last.
  static const Key undone_after = derived("lasts", duration_drawn(), "for good", "a step's: undone after this");
  static const Key rate_of_it = derived("rate", positive_rate(), "the service's", "how fast");
  static const Key lost_writes = with_default("loses", duration(), "0s", "the last writes");
  static const std::vector<Key> transfer{
      required("bytes", at_most(most_bytes_moved, scalar(Form::data_size)), "how much is moved, to each target"),
      derived("from", name_of(place_kinds), "the nearest other place", "where it comes from"), lost_writes};
  static const std::vector<VerbRow> rows{
      {Verb::down, happens, breakable, TargetRule::required, {}, "does not work"},
      {Verb::unreachable, happens, breakable, TargetRule::required, {}, "works, and cannot be reached"},
      {Verb::stale,
       happens,
       Kinds::service | Kinds::operation,
       TargetRule::required,
       {},
       "answers with bad values: degraded"},
      {Verb::errors,
       happens,
       Kinds::service | Kinds::operation,
       TargetRule::required,
       {some, with_default("of",
                           word({{"tries", "drawn anew for each"},
                                 {"users", "the same users each time"},
                                 {"keys", "the same keys each time"},
                                 {"replicas", "the same replicas each time, which another try may miss"}}),
                           "tries", "what it is a share of")},
       "fails a share of requests"},
      {Verb::lose_capacity, happens, Kinds::service, TargetRule::required, {some}, "a share of its replicas is gone"},
      {Verb::lose_cache, happens, Kinds::service, TargetRule::required, {some}, "a share of its entries is gone"},
      {Verb::lose_bandwidth,
       happens,
       Kinds::link | Kinds::group,
       TargetRule::required,
       {some},
       "a share of its bandwidth is gone"},
      {Verb::empty_record, happens, Kinds::service, TargetRule::required, {}, "its name has no address"},
      {Verb::set, everywhere, anything, TargetRule::required, {any_values, undone_after}, "changes any live parameter"},
      {Verb::slow,
       happens,
       Kinds::service | Kinds::operation | Kinds::link,
       TargetRule::required,
       {derived("add", distribution_of(positive_duration()), "", "to its latency"),
        derived("times", positive_count(), "", "its latency")},
       "takes longer"},
      {Verb::load,
       happens,
       Kinds::service | Kinds::operation | Kinds::journey | Kinds::population,
       TargetRule::required,
       {derived("times", positive_count(), "", "its usual rate"),
        derived("add", positive_rate(), "", "to its usual rate")},
       "more is asked of it: a surge, an attack"},
      {Verb::log_out,
       happens,
       Kinds::session,
       TargetRule::required,
       {some, derived("again_after", positive_duration(), "once",
                      "sessions opened since are lost again after this mean time")},
       "sessions are no longer valid"},
      {Verb::repair, done, anything, TargetRule::required, {}, "ends faults"},
      {Verb::roll_back,
       done,
       anything,
       TargetRule::required,
       {with_default("stages", whole(100), "1", "one after the other"),
        derived("every", duration(), "all at once", "between stages")},
       "back to the version before; ends faults"},
      {Verb::replace, done, anything, TargetRule::required, {}, "puts another in its place; ends faults"},
      {Verb::switch_off, done, anything, TargetRule::required, {}, "ends faults"},
      {Verb::switch_on, done, anything, TargetRule::required, {}, "ends faults"},
      {Verb::restart,
       done,
       Kinds::service | Kinds::group,
       TargetRule::required,
       {derived("rate", positive_rate(), "the service's", "replicas started"),
        with_default("share", positive_share(), "100%", "of its replicas")},
       "starts its replicas anew; ends faults, part by part where it goes at a rate"},
      {Verb::purge, done, Kinds::service, TargetRule::required, {some, rate_of_it}, "drops its backlog"},
      {Verb::warm, done, Kinds::service, TargetRule::required, {some, rate_of_it}, "fills its cache"},
      {Verb::admit,
       done,
       Kinds::app | Kinds::journey | Kinds::operation | Kinds::service,
       TargetRule::required,
       {with_default("to", any_of({share(), rate()}), "100%", "of users, or a rate, in the end"),
        derived("from", any_of({share(), rate()}), "`to`: no ramp", "of users, or a rate, at first"),
        derived("by", any_of({positive_share(), positive_rate()}), "", "more in each stage"),
        derived("every", positive_duration(), "", "between stages"),
        derived("guard", condition(), "none", "must hold for the next stage"),
        with_default("broken", word({{"hold", "wait where it is"}, {"back-off", "one stage back"}}), "hold",
                     "when the guard does not hold")},
       "lets in a share of users, or of the machines that open their sessions by an operation; the others are turned "
       "away"},
      {Verb::fail_over,
       done,
       Kinds::service,
       TargetRule::required,
       {derived("to", name_of(place_kinds), "the survivors", "where callers go"), lost_writes},
       "callers go to another place"},
      {Verb::drain,
       done,
       place_kinds | Kinds::service,
       TargetRule::required,
       {derived("to", name_of(place_kinds), "the survivors", "where callers go")},
       "callers are led away"},
      {Verb::undrain, done, place_kinds | Kinds::service, TargetRule::required, {}, "callers are led back"},
      {Verb::add_capacity,
       done,
       Kinds::service,
       TargetRule::required,
       {derived("add", positive_count(), "", "replicas"), derived("times", positive_count(), "", "its replicas"),
        undone_after},
       "more replicas"},
      {Verb::disable, by_people, Kinds::reaction, TargetRule::required, {}, "disarms a reaction and undoes its effect"},
      {Verb::enable, by_people, Kinds::reaction, TargetRule::required, {}, "arms a reaction"},
      {Verb::restore, by_people, Kinds::service, TargetRule::required, transfer,
       "brings data back, over links and disks; done when it has arrived"},
      {Verb::copy, by_people, Kinds::service, TargetRule::required, transfer, "the same, of other data"},
      {Verb::diagnose,
       by_people,
       Kinds::none,
       TargetRule::refused,
       {with_default("wrong", share(), "0%",
                     "chance that it finds the wrong thing, and later steps miss until it is repeated")},
       "finds out what is wrong"},
      {Verb::announce, by_people, Kinds::none, TargetRule::refused, {}, "tells the public"},
      {Verb::wait, by_people, Kinds::none, TargetRule::refused, {}, "lets time pass"},
      {Verb::travel, by_people, Kinds::none, TargetRule::refused, {}, "people go somewhere"},
      {Verb::open_door, by_people, Kinds::none, TargetRule::refused, {}, "people get in"},
      {Verb::break_glass, by_people, Kinds::none, TargetRule::refused, {}, "people get access past the usual way"},
  };
  return rows;
}

const VerbRow& row_of(world::Verb verb) {
  const VerbRow& row = verb_rows().at(static_cast<std::size_t>(verb));
  quantity::require(row.verb == verb, "the table of verbs is in the order of world::Verb");
  return row;
}

bool VerbRow::can_be(Use use) const { return std::find(uses.begin(), uses.end(), use) != uses.end(); }

const Key* Record::find(std::string_view key) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& k) { return k.name == key; });
  return found == keys.end() ? nullptr : &*found;
}

std::string_view noun_of(Kinds kind) {
  constexpr std::array<std::string_view, 18> nouns{
      "region",     "site",  "link",  "group", "service",  "operation", "session", "app",      "journey",
      "population", "curve", "cause", "fault", "reaction", "monitor",   "team",    "strategy", "step"};
  for (std::size_t i = 0; i < nouns.size(); ++i) {
    if (kind == static_cast<Kinds>(1U << i)) return nouns.at(i);
  }
  return "thing";
}

std::vector<Kinds> kinds_in(Kinds kinds) {
  std::vector<Kinds> list;
  for (std::uint32_t i = 0; i < 18; ++i) {
    const auto kind = static_cast<Kinds>(1U << i);
    if (includes(kinds, kind)) list.push_back(kind);
  }
  return list;
}

}  // namespace knockon::scenario
