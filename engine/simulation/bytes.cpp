// How `restore` and `copy` bring bytes to where they belong: the step goes on until the last of them has arrived.
#include <algorithm>

#include "engine/simulation/recovery.hpp"

namespace knockon::simulation {

using world::Verb;

// Each target gets all the bytes, all of them at the same time. The step stops when none of them moves any more and
// goes on when one does; without a way for any of them it waits for whatever has taken the way.
EventNumber Recovery::move_bytes(world::StepId id, EventNumber cause) {
  const world::Step& own = step(id);
  const world::Effect& effect = own.effect;
  if (effect.verb != Verb::restore && effect.verb != Verb::copy) return cause;
  Progress& mine = progress(id);
  Bell& bell = *mine.bell;
  std::vector<Transfers::Id> transfers;
  for (const Instance& to : instances_of(scene_.world, hits_of(scene_.world, effect.targets))) {
    transfers.push_back(scene_.transfers.begin(to, effect.from, effect.bytes, [&bell] { bell.ring(); }));
  }
  const auto are_in = [&](Transfers::State state) {
    return std::ranges::count(transfers, state, [&](Transfers::Id one) { return scene_.transfers.state(one); });
  };
  const auto record = [&](EventKind kind, EventNumber because) {
    return mine.last = scene_.record(kind, target_of(id), because);
  };
  cause = record(EventKind::bytes_leave, cause);
  bool moves = true;
  for (;;) {
    bell.wait();
    if (are_in(Transfers::State::has_arrived) == std::ssize(transfers)) break;
    const bool has_begun = are_in(Transfers::State::begins) == 0;
    if (!has_begun || (are_in(Transfers::State::moves) > 0) == moves) continue;
    moves = !moves;
    mine.stage = moves ? Stage::begun : Stage::waits_for_way;
    if (moves) {
      cause = record(EventKind::bytes_move_on, later(cause, scene_.trace.latest_touching(*mine.way, scene_.now())));
      continue;
    }
    mine.way = way_of(transfers);
    cause = record(EventKind::bytes_stop, cause);
    if (own.on_loss != world::OnLoss::restart) continue;
    for (const Transfers::Id one : transfers) scene_.transfers.begin_again(one);
  }
  return record(EventKind::bytes_arrived, cause);
}

ComponentSet Recovery::way_of(const std::vector<Transfers::Id>& transfers) const {
  ComponentSet way = scene_.cones.none();
  for (const Transfers::Id one : transfers) {
    const Transfers::Trail trail = scene_.transfers.trail(one);
    for (const world::SiteId site : trail.sites) way.insert(scene_.cones.component(site));
    for (const world::LinkId link : trail.links) way.insert(scene_.cones.component(link));
  }
  return way;
}

}  // namespace knockon::simulation
