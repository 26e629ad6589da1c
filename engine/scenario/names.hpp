// Who is called what. Regions, sites, links, groups, services, sessions and apps share one name space; the others have
// their own.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/world/world.hpp"

namespace knockon::scenario {

// What may be named: [a-z][a-z0-9-]*, and nothing that YAML 1.1 takes for true, false or nothing.
[[nodiscard]] bool is_name(std::string_view text);
// Free text in the spelling of names: lower case, with one - for everything else that stands between letters and
// digits. Not always a name: it may be empty, begin with a digit, or be a word such as `on`.
[[nodiscard]] std::string spelt_as_name(std::string_view text);
// Says what a name may be of, and what this one was probably meant to be.
void report_bad_name(std::string_view text, const Span& span, Faults& faults);

// "a service", "an app".
[[nodiscard]] std::string with_article(std::string_view noun);

class Names {
 public:
  // Reports a name that another thing of the same name space has already.
  void declare(Kinds kind, std::string_view name, std::size_t index, const Span& span, Faults& faults);

  // A name that needs no declaration of its own: an implicit site, a service's only operation.
  void add(Kinds kind, std::string_view name, std::size_t index) {
    of(name).push_back({kind, index, {}});
    in_order_.emplace_back(kind, name);
  }

  // What these are called cannot be known, because their section is broken: nothing more is said about them.
  void give_up(Kinds kinds) { unknowable_ = unknowable_ | kinds; }

  struct Meaning {
    Kinds kind;
    std::size_t index;
    Span span;
  };
  // The meaning of a name among `kinds`; the first declared of several.
  [[nodiscard]] const Meaning* find(Kinds kinds, std::string_view name) const;

  // One of `kinds` is spelt nearly so.
  [[nodiscard]] bool knows_like(Kinds kinds, std::string_view name) const;

  // "no service called 'x'", or "'x' is a group, and a service is expected here"; the hint names what is near.
  void report_unknown(Kinds kinds, std::string_view name, const Span& span, Faults& faults) const;

 private:
  // Nobody needs a copy to look one up.
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view name) const { return random::hash_of(name); }
  };
  std::vector<Meaning>& of(std::string_view name);

  // Looked up, never walked: its order reaches nothing.
  std::unordered_map<std::string, std::vector<Meaning>, Hash, std::equal_to<>> meanings_;
  std::vector<std::pair<Kinds, std::string>> in_order_;  // what suggestions are made from
  Kinds unknowable_ = Kinds::none;
  mutable std::size_t suggestions_left_ =
      400'000;  // looking through a huge file for every misspelt name would take minutes
};

[[nodiscard]] world::Subject subject_of(const Names::Meaning& meaning);

// The names that a piece of scenario sees: everybody's, and those of the cause or strategy it stands in.
struct Scope {
  const Names* names = nullptr;
  const world::World* world = nullptr;  // with its places, and the sites of its services
  const Names* local = nullptr;         // faults of a cause, steps of a strategy
  std::optional<world::AppId> app;      // "without a name" means this one, in which it is written
  bool has_here = false;                // @here has a meaning
};

// `dns@here`; reports what is wrong. `span_of(offset, length)` says where parts of the text stand.
template <class SpanOf>
[[nodiscard]] std::optional<world::Target> target_of(const Scope& scope, Kinds kinds, std::string_view text,
                                                     SpanOf span_of, Faults& faults);

[[nodiscard]] std::optional<world::Place> place_of(const Scope& scope, std::string_view text, const Span& span,
                                                   Faults& faults);
[[nodiscard]] std::optional<world::Subject> subject_called(const Scope& scope, Kinds kinds, std::string_view text,
                                                           const Span& span, Faults& faults);

// Whether the subject has a part at that place; reports where it has none.
[[nodiscard]] bool has_part_at(const Scope& scope, const world::Subject& subject, const world::Place& place,
                               std::string_view text, const Span& span, Faults& faults);

template <class SpanOf>
std::optional<world::Target> target_of(const Scope& scope, Kinds kinds, std::string_view text, SpanOf span_of,
                                       Faults& faults) {
  const std::size_t at = text.find('@');
  const std::string_view name = text.substr(0, at);
  const auto subject = subject_called(scope, kinds, name, span_of(0, name.size()), faults);
  if (at == std::string_view::npos) return subject ? std::optional{world::Target{*subject, {}}} : std::nullopt;
  const std::string_view place_name = text.substr(at + 1);
  const auto place = place_of(scope, place_name, span_of(at + 1, place_name.size()), faults);
  if (!subject || !place) return std::nullopt;
  if (!has_part_at(scope, *subject, *place, text, span_of(at + 1, place_name.size()), faults)) return std::nullopt;
  return world::Target{*subject, *place};
}

}  // namespace knockon::scenario
