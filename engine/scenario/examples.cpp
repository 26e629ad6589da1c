#include "engine/scenario/examples.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace knockon::scenario {
namespace {

using Form = Type::Form;

// Where a type alone says too little.
struct Chosen {
  std::string_view record, key, example;
};
constexpr Chosen chosen[] = {
    {"scenario", "title", "Everybody is logged out"},
    {"scenario", "extends", "before-the-fix"},
    {"scenario", "use", "[platforms/three-continents, people/follow-the-sun]"},
    {"scenario", "horizon", "6h"},
    {"scenario", "defaults", "{apps: {down: success < 40% for 5m}}"},
    {"scenario", "templates", "{services: {database: {latency: 2ms}}}"},
    {"scenario", "promises", "[p95 down(shop) < 3h, ever_down(shop) = 0%]"},
    {"scenario", "observed", "{restored(shop): 127m..139m}"},
    {"region", "users", "2M"},
    {"link", "between", "[emea, amer]"},
    {"link", "latency", "80ms"},
    {"call", "bytes", "20 kB"},
    {"group", "has", "[dublin, frankfurt]"},
    {"service", "per_replica", "50k/s"},
    {"service", "latency", "{median: 2ms, p99: 15ms}"},
    {"service", "calls", "[auth.check, {to: prices, kind: soft}]"},
    {"operation", "cost", "8"},
    {"operation", "latency", "20ms"},
    {"operation", "calls", "[password-store]"},
    {"call", "per_request", "2"},
    {"call", "timeout", "200ms"},
    {"call", "backoff", "{first: 200ms, up_to: 5s}"},
    {"call", "retry_budget", "10%"},
    {"call", "breaker", "{errors: 50%, open: 30s}"},
    {"call", "hedge_after", "150ms"},
    {"call", "deadline", "3s"},
    {"call", "any_of", "[prices, price-cache]"},
    {"backoff", "first", "200ms"},
    {"backoff", "up_to", "5s"},
    {"breaker", "errors", "30%"},
    {"call", "parallel", "[stock, prices]"},
    {"need", "any_of", "[deploy-tool, console]"},
    {"fallback", "stale", "24h"},
    {"fallback", "share", "80%"},
    {"overload policy", "limit", "500ms"},
    {"warm-up", "over", "10m"},
    {"restart", "rate", "300/h"},
    {"cache", "hit", "92%"},
    {"cache", "entries", "400M"},
    {"cache", "behind", "feed-db"},
    {"resolve", "through", "dns"},
    {"autoscale", "keep", "60%"},
    {"autoscale", "from", "4"},
    {"session", "store", "session-store"},
    {"session", "holders", "people"},
    {"session", "opened_by", "shop.log-in"},
    {"session", "renewed_by", "leases.renew"},
    {"session", "lifetime", "60d"},
    {"session", "held", "96%"},
    {"session", "notice", "1m"},
    {"journey", "calls", "[edge, auth.login]"},
    {"journey", "timeout", "5s"},
    {"app", "down", "success < 40% for 5m"},
    {"app", "degraded", "success < 95% or stale > 30%"},
    {"objective", "target", "99.9%"},
    {"objective", "window", "7d"},
    {"credit", "after", "30m"},
    {"credit", "pays", "1.5M USD"},
    {"population", "users", "{emea: 40%, other: 10%}"},
    {"population", "curve", "office-hours"},
    {"population", "does", "{shop.buy: 3/d}"},
    {"population", "reports", "0.1%"},
    {"population", "worth", "170k USD/m"},
    {"population", "worth_curve", "flat"},
    {"population", "uses", "{shop: 60%}"},
    {"population", "time", "{shop: 70%, bank: 30%}"},
    {"retry", "first", "20s"},
    {"retry", "factor", "1.6"},
    {"retry", "up_to", "10m"},
    {"retry", "returns", "{median: 30m, p90: 2h}"},
    {"curve", "points", "{4h: 30%, 12h: 80%, 21h: 100%}"},
    {"cause", "title", "a bad release"},
    {"cause", "weight", "0.3"},
    {"fault", "do", "errors"},
    {"fault", "at", "10m"},
    {"fault", "every", "{exponential: 6h}"},
    {"fault", "lasts", "{median: 2h, p90: 4h}"},
    {"fault", "until", "time > 2h"},
    {"fault", "ended_by", "[roll-back, restart]"},
    {"fault", "over", "4m"},
    {"reaction", "when", "not reachable(datacentres from here) for 30s"},
    {"reaction", "do", "unreachable"},
    {"reaction", "target", "dns@here"},
    {"reaction", "per", "edges"},
    {"monitor", "alert", "success(shop.buy) < 90% for 2m"},
    {"monitor", "every", "30s"},
    {"monitor", "needs", "[telemetry]"},
    {"team", "people", "4"},
    {"team", "acknowledge", "{median: 4m, p90: 12m}"},
    {"team", "cost", "90 USD/h"},
    {"strategy", "when", "alerted(login-success)"},
    {"step", "people", "2"},
    {"step", "when", "time > 1h"},
    {"step", "if", "failed(log-in-from-afar)"},
    {"step", "after", "start"},
    {"step", "ways", "[{needs: [console], takes: 5m}, {takes: {median: 60m, p90: 110m}}]"},
    {"step", "patience", "15m"},
    {"step", "harm", "{do: errors, target: auth, share: 30%}"},
    {"harm", "do", "errors"},
    {"step", "succeeds", "90%"},
    {"way", "succeeds", "90%"},
    {"way", "patience", "15m"},
    {"milestone", "when", "success(shop) >= 95% for 10m"},
    {"milestone", "value", "431m"},
};

std::string name_of_one(Kinds kinds) {
  struct Called {
    Kinds kind;
    std::string_view name;
  };
  // The most telling first: where many kinds may be meant, one of these usually is.
  static constexpr std::array<Called, 18> called{{{Kinds::service, "auth"},
                                                  {Kinds::operation, "auth.login"},
                                                  {Kinds::region, "emea"},
                                                  {Kinds::site, "dublin"},
                                                  {Kinds::link, "atlantic"},
                                                  {Kinds::group, "datacentres"},
                                                  {Kinds::session, "login"},
                                                  {Kinds::app, "shop"},
                                                  {Kinds::journey, "shop.buy"},
                                                  {Kinds::population, "people"},
                                                  {Kinds::curve, "evening"},
                                                  {Kinds::cause, "bad-release"},
                                                  {Kinds::fault, "broken-stock"},
                                                  {Kinds::reaction, "dns-withdraws"},
                                                  {Kinds::monitor, "login-success"},
                                                  {Kinds::team, "on-call"},
                                                  {Kinds::strategy, "roll-back"},
                                                  {Kinds::step, "undo"}}};
  for (const Called& one : called) {
    if (includes(kinds, one.kind)) return std::string{one.name};
  }
  return "auth";
}

std::string example_of(const Type& type, std::string_view fallback);

// The keys that an entry cannot do without, else its first.
std::string example_of(const Record& record) {
  std::string text;
  const auto add = [&](const Key& key) {
    text += (text.empty() ? "" : ", ") + std::string{key.name} + ": " + example_of(record, key);
  };
  for (const Key& key : record.keys) {
    if (key.is_required) add(key);
  }
  if (text.empty() && !record.exactly_one.empty()) add(*record.find(record.exactly_one.front()));
  if (text.empty() && !record.keys.empty()) add(record.keys.front());
  return "{" + text + "}";
}

// A word that is not the default.
std::string word_of(const Type& type, std::string_view fallback) {
  for (const Word& word : type.words) {
    if (word.text != fallback) return std::string{word.text};
  }
  return std::string{type.words.front().text};
}

std::string example_of(const Type& type, std::string_view fallback) {
  switch (type.form) {
    case Form::flag:
      return fallback == "true" ? "false" : "true";
    case Form::whole:
      return "3";
    case Form::count:
      return "40";
    case Form::share:
      return "30%";
    case Form::rate:
      return "20/s";
    case Form::share_rate:
      return "15%/h";
    case Form::duration:
      return fallback == "5m" ? "10m" : "5m";
    case Form::money:
      return "2M USD";
    case Form::money_rate:
      return "90 USD/h";
    case Form::data_rate:
      return "10 Gbit/s";
    case Form::data_size:
      return "4 TB";
    case Form::settings:
      return "{latency: 50ms}";
    case Form::clock:
      return "UTC+5:30";
    case Form::hours:
      return "9h..17h";
    case Form::date:
      return "2024-03-05T15:00:00Z";
    case Form::condition:
      return "success(auth) < 90% for 2m";
    case Form::promise:
      return "p95 down(shop) < 3h";
    case Form::verb:
      return "roll-back";
    case Form::word:
      return word_of(type, fallback);
    case Form::reference:
      return name_of_one(type.kinds);
    case Form::distribution:
      return type.of.front().form == Form::duration ? "{median: 25m, p90: 60m}" : example_of(type.of.front(), fallback);
    case Form::list:  // a single one needs no brackets
      return example_of(type.of.front(), fallback);
    case Form::keyed:
      return "{" + name_of_one(type.kinds) + ": " + example_of(type.of.front(), fallback) + "}";
    case Form::record:
      return example_of(type.record());
    case Form::range:
      return "65m..127m";
    case Form::points:
      return "{0h: 60%, 21h: 100%}";
    case Form::any:
      return example_of(type.of.front(), fallback);
    default:
      return "some text";
  }
}

}  // namespace

std::string example_of(const Record& record, const Key& key) {
  for (const Chosen& one : chosen) {
    if (one.record == record.name && one.key == key.name) return std::string{one.example};
  }
  if (key.type.form == Form::entries) return {};
  return example_of(key.type, key.fallback);
}

}  // namespace knockon::scenario
