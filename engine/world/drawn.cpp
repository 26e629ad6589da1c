#include "engine/world/drawn.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "engine/quantity/contract.hpp"

namespace knockon::world {
namespace {

using Found = std::optional<Parameter>;

// Takes the first name off a path. Dots between brackets belong to a name.
std::string_view taken_off(std::string_view& path) {
  std::size_t end = 0;
  for (bool inside = false; end < path.size() && (inside || path[end] != '.'); ++end) {
    if (path[end] == '[' || path[end] == ']') inside = path[end] == '[';
  }
  const std::string_view first = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return first;
}

// `ways[1]` -> 1.
std::optional<std::size_t> position_in(std::string_view item, std::string_view list) {
  if (item.substr(0, list.size()) != list || item.size() < list.size() + 3 || item[list.size()] != '[')
    return std::nullopt;
  std::size_t position = 0;
  std::from_chars(item.data() + list.size() + 1, item.data() + item.size() - 1, position);
  return position;
}

// The position of what is called so in a list of the world.
template <class Things>
std::optional<std::size_t> position_of(const Things& things, std::string_view name) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const auto& thing) { return thing.name == name; });
  if (found == things.end()) return std::nullopt;
  return static_cast<std::size_t>(found - things.begin());
}

Found in(Retry& retry, std::string_view path) {
  if (path == "first") return &retry.first;
  if (path == "up_to") return &retry.up_to;
  if (path == "jitter") return &retry.jitter;
  if (path == "gives_up") return &retry.gives_up;
  return std::nullopt;
}

Found in(Flaps& flaps, std::string_view path) {
  if (path == "duty") return &flaps.duty;
  if (path == "chance" && flaps.chance) return &flaps.chance;
  if (path == "nodes.from") return &flaps.nodes.from;
  if (path == "nodes.to") return &flaps.nodes.to;
  if (path == "nodes.over") return &flaps.nodes.over;
  return std::nullopt;
}
Found in(std::optional<Flaps>& flaps, std::string_view path) { return flaps ? in(*flaps, path) : std::nullopt; }

// What a verb is given.
Found in(Effect& effect, std::string_view path) {
  if (path == "share") return &effect.share;
  if (path == "times") return &effect.times;
  if (path == "add") return effect.verb == Verb::add_capacity ? Found{&effect.replicas} : Found{&effect.added};
  if (path == "rate" && effect.restart_rate) return &effect.restart_rate;
  if (path == "loses") return &effect.loses;
  if (path == "again_after" && effect.again_after) return &effect.again_after;
  if (path == "every" && effect.admission) return &effect.admission->every;
  if (path == "every" && effect.staged_every) return &effect.staged_every;
  return std::nullopt;
}

Found in(Link& link, std::string_view path) {
  if (path == "latency") return &link.latency;
  if (path == "bandwidth" && link.bandwidth) return &link.bandwidth;
  if (path == "reserved") return &link.reserved;
  return std::nullopt;
}

Found in(SessionKind& session, std::string_view path) {
  if (path == "held") return &session.held;
  if (path == "notice") return &session.notice;
  auto* const machines = std::get_if<Machines>(&session.holders);
  return taken_off(path) == "retry" && machines != nullptr ? in(machines->retry, path) : std::nullopt;
}

// Of several policies no two have a key in common.
Found in_policies(Service& service, std::string_view key) {
  if (const Found found = parameter_of(service.overload, key)) return found;
  for (Overload& policy : service.overload_besides) {
    if (const Found found = parameter_of(policy, key)) return found;
  }
  return std::nullopt;
}

Found in(World& world, ServiceId id, std::string_view path) {
  Service& service = world.services[id.index()];
  if (path == "busy_at_peak") return &service.busy_at_peak;
  if (path == "disk" && service.disk) return &service.disk;
  if (path == "cache.entries" && service.cache) return &service.cache->entries;
  std::string_view rest = path;
  const std::string_view first = taken_off(rest);
  if (first.substr(0, first.find('[')) == "overload") return in_policies(service, rest);
  if (first == "warm_up" && service.warm_up && rest.find('[') != std::string_view::npos)
    return parameter_of(world, service.warm_up->calls, rest);
  return parameter_of(world, id, path);
}

// What a step leaves to its ways is said of each of them.
Found in(Step& step, std::string_view path) {
  if (path == "wrong") return &step.wrong;
  std::string_view rest = path;
  const std::string_view first = taken_off(rest);
  if (first == "harm" && step.harm) return in(*step.harm, rest);
  const auto way = position_in(first, "ways");
  if (!way || *way >= step.ways.size()) return in(step.effect, path);
  if (rest == "succeeds") return &step.ways[*way].succeeds;
  if (rest == "patience") return &step.ways[*way].patience;
  return std::nullopt;
}

Found in(Fault& fault, std::string_view path) {
  if (path == "over") return &fault.over;
  std::string_view rest = path;
  return taken_off(rest) == "flaps" ? in(fault.flaps, rest) : in(fault.effect, path);
}

Found in(Reaction& reaction, std::string_view path) {
  std::string_view rest = path;
  return taken_off(rest) == "flaps" ? in(reaction.flaps, rest) : in(reaction.effect, path);
}

std::optional<Whereabouts> in(Population& population, std::string_view path) {
  if (path == "reports") return Whereabouts{&population.reports, 1.0 / 3600};  // written as a share in an hour
  if (path == "deferred") return Whereabouts{&population.deferred};
  const Found found = taken_off(path) == "retry" ? in(population.retry, path) : std::nullopt;
  return found ? std::optional{Whereabouts{*found}} : std::nullopt;
}

// Things inside things: `services.auth.operations.check` is called auth.check.
std::string inner_name(std::string_view owner, std::string_view path_behind_section, std::string_view& rest) {
  rest = path_behind_section;
  return std::string{owner}.append(".").append(taken_off(rest));
}

// What is called so among those of its cause, or of its strategy.
template <class Things, class Ids>
auto* named_among(Things& things, const Ids& ids, std::string_view name) {
  const auto found = std::find_if(ids.begin(), ids.end(), [&](auto id) { return things[id.index()].name == name; });
  return found == ids.end() ? nullptr : &things[found->index()];
}

Found inside(World& world, std::string_view section, std::string_view owner, std::string_view path) {
  std::string_view rest = path;
  const std::string_view inner = taken_off(rest);
  if (section == "services" && inner == "operations") {
    const auto operation = position_of(world.operations, inner_name(owner, rest, rest));
    return operation ? parameter_of(world, OperationId{*operation}, rest) : std::nullopt;
  }
  if (section == "apps" && inner == "journeys") {
    const auto journey = position_of(world.journeys, inner_name(owner, rest, rest));
    return journey ? parameter_of(world, JourneyId{*journey}, rest) : std::nullopt;
  }
  if (section == "causes" && inner == "faults") {
    const auto cause = position_of(world.causes, owner);
    Fault* const fault = cause ? named_among(world.faults, world.causes[*cause].faults, taken_off(rest)) : nullptr;
    return fault != nullptr ? in(*fault, rest) : std::nullopt;
  }
  if (section == "strategies" && inner == "steps") {
    const auto strategy = position_of(world.strategies, owner);
    Step* const step =
        strategy ? named_among(world.steps, world.strategies[*strategy].steps, taken_off(rest)) : nullptr;
    return step != nullptr ? in(*step, rest) : std::nullopt;
  }
  return std::nullopt;
}

Found in_section(World& world, std::string_view section, std::string_view name, std::string_view path) {
  if (const Found found = inside(world, section, name, path)) return found;
  const auto at = [&](const auto& things) { return position_of(things, name); };
  if (section == "regions" && path == "users") {
    if (const auto region = at(world.regions)) return &world.regions[*region].users;
  }
  if (section == "links") {
    if (const auto link = at(world.links)) return in(world.links[*link], path);
  }
  if (section == "services") {
    if (const auto service = at(world.services)) return in(world, ServiceId{*service}, path);
  }
  if (section == "sessions") {
    if (const auto session = at(world.sessions)) return in(world.sessions[*session], path);
  }
  if (section == "reactions") {
    if (const auto reaction = at(world.reactions)) return in(world.reactions[*reaction], path);
  }
  if (section == "monitors" && path == "no_data") {
    if (const auto monitor = at(world.monitors)) return &world.monitors[*monitor].no_data;
  }
  if (section == "teams" && path == "escalate_after") {
    if (const auto team = at(world.teams)) return &world.teams[*team].escalate_after;
  }
  return std::nullopt;
}

// Who lives there in the written world, more or fewer.
void scale_people(const World& written, World& drawn) {
  for (std::size_t region = 0; region < drawn.regions.size(); ++region) {
    const double was = written.regions[region].users, is = drawn.regions[region].users;
    if (is == was || was <= 0) continue;
    for (Population& population : drawn.populations) population.users[region] *= is / was;
  }
}

}  // namespace

std::optional<Whereabouts> whereabouts_of(World& world, std::string_view path) {
  std::string_view rest = path;
  const std::string_view section = taken_off(rest);
  const std::string_view name = taken_off(rest);
  if (section == "populations") {
    const auto population = position_of(world.populations, name);
    return population ? in(world.populations[*population], rest) : std::nullopt;
  }
  const Found found = in_section(world, section, name, rest);
  return found ? std::optional{Whereabouts{*found}} : std::nullopt;
}

World as_drawn(const World& world, const std::function<double(const DrawnProperty&)>& draw) {
  World drawn = world;
  for (const DrawnProperty& property : world.drawn) {
    const double value = draw(property);
    bool is_anywhere = false;
    const auto put_at = [&](std::string_view path) {
      const auto found = whereabouts_of(drawn, path);
      if (!found) return;
      put(found->parameter, value * found->unit);
      is_anywhere = true;
    };
    put_at(property.path);
    for (const std::string& path : property.taken_by) put_at(path);
    quantity::require(is_anywhere, "what is drawn stands somewhere in the world");
  }
  scale_people(world, drawn);
  return drawn;
}

}  // namespace knockon::world
