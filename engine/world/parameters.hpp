// What of a world may be set to something else while it runs: a number or a flag of a thing, found by the path at which
// its author writes it.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::world {

// Where it stands. Values are in the parameter's own unit: seconds, a second, a share of 1, a count; a flag is 0 or 1.
using Parameter =
    std::variant<double*, int*, bool*, quantity::Share*, quantity::Rate*, quantity::Duration*, std::optional<int>*,
                 std::optional<quantity::Share>*, std::optional<quantity::Duration>*, std::optional<quantity::Rate>*,
                 std::optional<quantity::DataRate>*, std::vector<double>*, Latency*, random::DurationDistribution*>;

// None: it is not there, or is read once and for all. What a service has once for each of its operations is the
// operation's where it has several. Of several calls of one list to the same callee `calls[auth.check]` is the first,
// `calls[auth.check:2]` the next.
[[nodiscard]] std::optional<Parameter> parameter_of(World& world, const Subject& subject, std::string_view path);
// Of a list of calls: `calls[auth.check].timeout`.
[[nodiscard]] std::optional<Parameter> parameter_of(const World& world, std::vector<Call>& calls,
                                                    std::string_view path);
// Of one policy: `limit`.
[[nodiscard]] std::optional<Parameter> parameter_of(Overload& policy, std::string_view path);
void put(Parameter parameter, double value);
// Puts back what it is now.
[[nodiscard]] std::function<void()> as_it_is(Parameter parameter);

// Everything that any fault, reaction, step or harm of the world does.
[[nodiscard]] std::vector<const Effect*> effects_of(const World& world);
// Marks the calls whose retries something in the world may change while it runs.
void note_changing_retries(World& world);

}  // namespace knockon::world
