// Laying one piece of scenario over another, and making entries like others. Values keep the place that said them. What
// is new is put into `nodes`, and shares what it can with what it was made of.
#pragma once

#include <string>
#include <string_view>

#include "engine/scenario/description.hpp"
#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"

namespace knockon::scenario {

// `above` laid over `below`: maps merge by key, anything else is replaced, `~` removes. A key that both have stays
// where `below` had it; new keys follow. Removals are kept in the result, so that they also take away what `like`
// brings later.
[[nodiscard]] NodePtr merged(Nodes& nodes, NodePtr below, NodePtr above);

// A map without some of its keys.
[[nodiscard]] NodePtr without(Nodes& nodes, NodePtr map, std::initializer_list<std::string_view> keys);

// The scenario with every `like` followed, `defaults` underneath and removals carried out; `templates`, `defaults` and
// `variants` are gone from it. Null, and reported, when it would stand for more values than could be read.
[[nodiscard]] NodePtr resolved(Nodes& nodes, NodePtr scenario, Faults& faults);

// Lays `value` at `path` over the scenario, as `--set path=value` asks; `option` is the text "path=value", which
// positions point into.
[[nodiscard]] NodePtr with_value_set(Nodes& nodes, NodePtr scenario, const SourceText& option, std::size_t path_length,
                                     Faults& faults);

// A scalar as it must be written to be read again: quoted where it holds what YAML would take for something else.
[[nodiscard]] std::string scalar_text(std::string_view text);

// The text of a resolved scenario: the same for every way of writing the same thing, and itself a scenario.
[[nodiscard]] std::string text_of(const Node& root);

}  // namespace knockon::scenario
