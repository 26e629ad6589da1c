#include "engine/scenario/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/quantity/contract.hpp"
#include "engine/quantity/respelling.hpp"

namespace knockon::scenario {
namespace {

constexpr Kinds shared_space =
    Kinds::region | Kinds::site | Kinds::link | Kinds::group | Kinds::service | Kinds::session | Kinds::app;

bool share_a_space(Kinds a, Kinds b) { return a == b || (includes(shared_space, a) && includes(shared_space, b)); }

// "a service or an operation"; "a thing that can be meant here" where too many are possible.
std::string expectation(Kinds kinds) {
  std::vector<std::string> nouns;
  for (const Kinds kind : kinds_in(kinds)) nouns.push_back(with_article(noun_of(kind)));
  if (nouns.size() > 5) return "something else";
  return one_of({nouns.begin(), nouns.end()});
}

std::string nouns_of(Kinds kinds) {
  std::vector<std::string_view> nouns;
  for (const Kinds kind : kinds_in(kinds)) nouns.push_back(noun_of(kind));
  return nouns.size() > 4 ? "nothing" : "no " + one_of(nouns);
}

}  // namespace

std::string with_article(std::string_view noun) {
  const bool begins_with_vowel = std::string_view{"aeio"}.find(noun.front()) != std::string_view::npos;
  return fmt::format("{} {}", begins_with_vowel ? "an" : "a", noun);
}

bool is_name(std::string_view text) {
  constexpr std::array<std::string_view, 9> taken{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  if (text.empty() || text.front() < 'a' || text.front() > 'z') return false;
  const bool spelt = std::all_of(text.begin(), text.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  return spelt && std::find(taken.begin(), taken.end(), text) == taken.end();
}

std::string spelt_as_name(std::string_view text) {
  std::string name;
  for (const char c : quantity::lower_case(text)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_plain || (!name.empty() && name.back() != '-')) name += is_plain ? c : '-';
  }
  if (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

void report_bad_name(std::string_view text, const Span& span, Faults& faults) {
  const std::string better = text.size() < 40 ? spelt_as_name(text) : std::string{};
  faults.error(
      span, "bad-name",
      fmt::format(
          "{} cannot be a name; names are of a-z, 0-9 and -, begin with a letter and are not y, n, yes, no, on, off",
          scenario::quoted(text)),
      is_name(better) ? fmt::format("did you mean '{}'?", better) : "");
}

std::vector<Names::Meaning>& Names::of(std::string_view name) {
  const auto found = meanings_.find(name);
  return found != meanings_.end() ? found->second : meanings_.emplace(name, std::vector<Meaning>{}).first->second;
}

void Names::declare(Kinds kind, std::string_view name, std::size_t index, const Span& span, Faults& faults) {
  std::vector<Meaning>& meanings = of(name);
  for (const Meaning& other : meanings) {
    if (!share_a_space(kind, other.kind) || !other.span.source) continue;
    // The scenario's own name is the one to change, rather than a block's; else the later one.
    const bool is_other_nearer = span.source && other.span.source->order < span.source->order;
    const Meaning self{kind, index, span};
    const Meaning& wrong = is_other_nearer ? other : self;
    const Meaning& right = is_other_nearer ? self : other;
    faults.error(wrong.span, "name-taken",
                 fmt::format("{} is the name of {} already ({}:{})", scenario::quoted(name),
                             with_article(noun_of(right.kind)), right.span.source->path, right.span.line),
                 "regions, sites, links, groups, services, sessions and apps share one name space");
    break;
  }
  meanings.push_back({kind, index, span});
  in_order_.emplace_back(kind, name);
}

const Names::Meaning* Names::find(Kinds kinds, std::string_view name) const {
  const auto found = meanings_.find(name);
  if (found == meanings_.end()) return nullptr;
  for (const Meaning& meaning : found->second) {
    if (includes(kinds, meaning.kind)) return &meaning;
  }
  return nullptr;
}

bool Names::knows_like(Kinds kinds, std::string_view name) const {
  return std::any_of(in_order_.begin(), in_order_.end(), [&](const auto& declared) {
    return includes(kinds, declared.first) && !did_you_mean(name, {declared.second}).empty();
  });
}

void Names::report_unknown(Kinds kinds, std::string_view name, const Span& span, Faults& faults) const {
  if (includes(unknowable_, kinds)) return;
  if (const auto found = meanings_.find(name); found != meanings_.end() && !found->second.empty()) {
    faults.error(span, "wrong-kind",
                 fmt::format("{} is {}; {} is expected here", scenario::quoted(name),
                             with_article(noun_of(found->second.front().kind)), expectation(kinds)));
    return;
  }
  std::vector<std::string_view> candidates;
  if (suggestions_left_ > 0) {
    suggestions_left_ -= std::min(suggestions_left_, in_order_.size());
    for (const auto& [kind, declared] : in_order_) {
      if (includes(kinds, kind)) candidates.push_back(declared);
    }
  }
  faults.error(span, "unknown-name", fmt::format("{} called {}", nouns_of(kinds), scenario::quoted(name)),
               did_you_mean(name, candidates));
}

world::Subject subject_of(const Names::Meaning& meaning) {
  switch (meaning.kind) {
    case Kinds::region:
      return world::RegionId{meaning.index};
    case Kinds::site:
      return world::SiteId{meaning.index};
    case Kinds::link:
      return world::LinkId{meaning.index};
    case Kinds::group:
      return world::GroupId{meaning.index};
    case Kinds::service:
      return world::ServiceId{meaning.index};
    case Kinds::operation:
      return world::OperationId{meaning.index};
    case Kinds::session:
      return world::SessionId{meaning.index};
    case Kinds::app:
      return world::AppId{meaning.index};
    case Kinds::journey:
      return world::JourneyId{meaning.index};
    case Kinds::population:
      return world::PopulationId{meaning.index};
    case Kinds::fault:
      return world::FaultId{meaning.index};
    case Kinds::reaction:
      return world::ReactionId{meaning.index};
    case Kinds::monitor:
      return world::MonitorId{meaning.index};
    case Kinds::step:
      return world::StepId{meaning.index};
    default:
      throw quantity::ContractError{"conditions and targets are not about curves, causes, teams or strategies"};
  }
}

std::optional<world::Place> place_of(const Scope& scope, std::string_view text, const Span& span, Faults& faults) {
  if (text == "here") {
    if (scope.has_here) return world::Here{};
    faults.error(span, "no-here", "@here means a reaction's own place, and there is none",
                 "it belongs into a reaction with `per`");
    return std::nullopt;
  }
  const Names::Meaning* meaning = scope.names->find(place_kinds, text);
  if (!meaning) {
    scope.names->report_unknown(place_kinds, text, span, faults);
    return std::nullopt;
  }
  if (meaning->kind == Kinds::region) return world::RegionId{meaning->index};
  if (meaning->kind == Kinds::site) return world::SiteId{meaning->index};
  return world::GroupId{meaning->index};
}

namespace {

// Which sites a service, or the service of an operation, runs at; nothing for what does not run at sites.
const std::vector<world::SiteId>* sites_behind(const world::World& world, const world::Subject& subject) {
  if (const auto* service = std::get_if<world::ServiceId>(&subject)) return &world[*service].sites;
  if (const auto* operation = std::get_if<world::OperationId>(&subject)) return &world[world[*operation].service].sites;
  return nullptr;
}

}  // namespace

bool has_part_at(const Scope& scope, const world::Subject& subject, const world::Place& place, std::string_view text,
                 const Span& span, Faults& faults) {
  const std::string_view name = text.substr(0, text.find('@'));
  const std::string_view place_name = text.substr(text.find('@') + 1);
  if (std::holds_alternative<world::AppId>(subject) || std::holds_alternative<world::JourneyId>(subject)) {
    if (std::holds_alternative<world::RegionId>(place)) return true;
    faults.error(span, "wrong-kind",
                 fmt::format("{} is not a region; apps are used in regions", scenario::quoted(place_name)));
    return false;
  }
  if (!scope.world || std::holds_alternative<world::Here>(place)) return true;
  const std::vector<world::SiteId>* sites = sites_behind(*scope.world, subject);
  if (!sites) return true;
  for (const world::SiteId site : world::sites_of(*scope.world, place)) {
    if (std::find(sites->begin(), sites->end(), site) != sites->end()) return true;
  }
  faults.error(span, "not-there",
               fmt::format("{} does not run at {}", scenario::quoted(name), scenario::quoted(place_name)),
               "its `in` says where it runs");
  return false;
}

std::optional<world::Subject> subject_called(const Scope& scope, Kinds kinds, std::string_view text, const Span& span,
                                             Faults& faults) {
  const Names::Meaning* meaning = scope.local ? scope.local->find(kinds, text) : nullptr;
  if (!meaning) meaning = scope.names->find(kinds, text);
  if (meaning) return subject_of(*meaning);
  const bool is_only_local = scope.local && (kinds == Kinds::step);
  (is_only_local ? *scope.local : *scope.names).report_unknown(kinds, text, span, faults);
  return std::nullopt;
}

}  // namespace knockon::scenario
