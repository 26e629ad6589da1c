#include "engine/graph/knots.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "engine/graph/reasons.hpp"
#include "engine/graph/settled.hpp"
#include "engine/graph/struck.hpp"

namespace knockon::graph {
namespace {

using world::World;

// The faults that a condition waits for to be over: `until: not active(x)`.
std::vector<world::FaultId> faults_in(const world::Condition& condition) {
  std::vector<world::FaultId> faults;
  for (const world::StateTest& test : condition.state_tests) {
    const auto* fault = std::get_if<world::FaultId>(&test.target.subject);
    if (fault != nullptr && test.state == world::State::active) faults.push_back(*fault);
  }
  return faults;
}

// One plan against one cause.
class Walk {
 public:
  Walk(const Dependence& dependence, world::CauseId cause, world::StrategyId strategy, Recovery& recovery)
      : dependence_{dependence},
        world_{dependence.world()},
        strategy_{strategy},
        active_{world_[cause].faults},
        recovery_{recovery} {
    for (std::size_t place = 0; place < world_.sites.size(); ++place) anywhere_.push_back(place);
  }

  void go() {
    do {
      while (advance()) end_what_waited_for_others();
    } while (let_pass_what_ends_by_itself());
    note_standstill();
  }

 private:
  // Does every step that can be done now; false when there was none.
  bool advance() {
    bool has_advanced = false;
    for (const world::StepId id : world_[strategy_].steps) {
      if (over_.contains(id) || !is_turn_of(id)) continue;
      if (!try_step(id)) continue;
      over_.insert(id);
      has_advanced = true;
    }
    return has_advanced;
  }

  [[nodiscard]] bool is_turn_of(world::StepId id) const {
    const auto& after = world_[id].after;
    return std::all_of(after.begin(), after.end(), [&](world::StepId before) { return over_.contains(before); });
  }

  bool try_step(world::StepId id) {
    const world::Step& step = world_[id];
    look();
    const Settled<Words>& settled = *settled_;
    std::optional<std::size_t> usable;
    std::vector<Knot> knots;
    for (std::size_t way = 0; way < step.ways.size(); ++way) {
      const std::vector<std::size_t> from = places_of(step.ways[way]);
      const auto unmet = first_unmet(step.ways[way], settled, from);
      if (unmet == nullptr && !usable) usable = way;
      if (unmet == nullptr) continue;
      Knot knot{
          .strategy = strategy_, .step = id, .way = way, .waits_for = unmet->text, .through = {}, .untied_by = {}};
      knot.through = Reasons{dependence_, *struck_, settled}.why_not(unmet->any_of.front(), from);
      knots.push_back(std::move(knot));
    }
    const bool is_given_up = !usable && step.ways.back().has_patience && step.otherwise == world::Otherwise::next;
    if (tied_.insert(id).second) {
      for (Knot& knot : knots) {
        knot.untied_by = usable;
        knot.is_given_up = is_given_up;
        recovery_.knots.push_back(std::move(knot));
      }
    }
    if (!usable) return is_given_up;
    std::erase_if(active_, [&](world::FaultId fault) {
      return std::find(step.ends.begin(), step.ends.end(), fault) != step.ends.end();
    });
    return true;
  }

  [[nodiscard]] std::vector<std::size_t> places_of(const world::Way& way) const {
    if (!way.team || !world_[*way.team].place) return anywhere_;
    std::vector<std::size_t> places;
    for (const world::SiteId site : world::sites_of(world_, *world_[*way.team].place)) {
      places.push_back(dependence_.place_of(site));
    }
    return places;
  }

  // What works now; worked out anew when faults have ended since.
  void look() {
    if (settled_ && looked_at_ == active_.size()) return;
    settled_.reset();
    struck_ = std::make_unique<Struck>(dependence_, active_);
    settled_ = std::make_unique<Settled<Words>>(dependence_, words_, struck_->working(), dependence_.order());
    looked_at_ = active_.size();
  }

  static const world::Need* first_unmet(const world::Way& way, const Settled<Words>& settled,
                                        const std::vector<std::size_t>& from) {
    for (const world::Need& need : way.needs) {
      if (!settled.is_met(need, from).holds(0)) return &need;
    }
    return nullptr;
  }

  void end_what_waited_for_others() {
    std::erase_if(active_, [&](world::FaultId id) {
      const auto& until = world_[id].until;
      if (!until) return false;
      const auto others = faults_in(*until);
      return !others.empty() && std::none_of(others.begin(), others.end(), [&](world::FaultId other) {
        return std::find(active_.begin(), active_.end(), other) != active_.end();
      });
    });
  }
  bool let_pass_what_ends_by_itself() {
    return std::erase_if(active_, [&](world::FaultId id) {
             const world::Fault& fault = world_[id];
             return fault.lasts.has_value() || (fault.until && faults_in(*fault.until).empty());
           }) > 0;
  }

  void note_standstill() {
    Standstill still{.strategy = strategy_, .waiting = {}, .behind = {}, .menders = {}};
    for (const world::StepId id : world_[strategy_].steps) {
      if (over_.contains(id)) continue;
      (is_turn_of(id) ? still.waiting : still.behind).push_back(id);
      const auto& ends = world_[id].ends;
      const bool mends = std::any_of(ends.begin(), ends.end(), [&](world::FaultId fault) {
        return std::find(active_.begin(), active_.end(), fault) != active_.end();
      });
      if (mends) still.menders.push_back(id);
    }
    if (!still.waiting.empty()) recovery_.standstills.push_back(std::move(still));
  }

  const Dependence& dependence_;
  const World& world_;
  world::StrategyId strategy_;
  std::vector<world::FaultId> active_;
  Recovery& recovery_;
  Words words_;
  std::unique_ptr<Struck> struck_;
  std::unique_ptr<Settled<Words>> settled_;
  std::size_t looked_at_ = 0;  // how many faults were there: they only become fewer
  std::set<world::StepId> over_, tied_;
  std::vector<std::size_t> anywhere_;
};

Footing footing_of(const Dependence& dependence, world::StrategyId strategy, world::StepId step, std::size_t number) {
  const World& world = dependence.world();
  Footing footing{.strategy = strategy, .step = step, .way = number, .needs = {}, .depends_on = {}};
  std::set<world::ServiceId> services;
  for (const world::Need& need : world[step].ways[number].needs) {
    footing.needs.push_back(need.text);
    for (const world::Target& target : need.any_of) {
      for (const Dependence::Task& task : dependence.order_for(target.subject)) {
        if (task.is_service) services.insert(world::ServiceId{task.index});
      }
    }
  }
  footing.depends_on.assign(services.begin(), services.end());
  return footing;
}

}  // namespace

Recovery recovery_of(const Dependence& dependence, world::CauseId cause) {
  const World& world = dependence.world();
  Recovery recovery;
  for (std::size_t s = 0; s < world.strategies.size(); ++s) {
    const world::StrategyId strategy{s};
    Walk{dependence, cause, strategy, recovery}.go();
    for (const world::StepId step : world[strategy].steps) {
      for (std::size_t way = 0; way < world[step].ways.size(); ++way) {
        Footing footing = footing_of(dependence, strategy, step, way);
        if (!footing.needs.empty()) recovery.footings.push_back(std::move(footing));
      }
    }
  }
  return recovery;
}

std::size_t tied_knots(const Recovery& recovery, world::StrategyId strategy) {
  return static_cast<std::size_t>(std::count_if(recovery.knots.begin(), recovery.knots.end(), [&](const Knot& knot) {
    return knot.strategy == strategy && knot.is_tied();
  }));
}

}  // namespace knockon::graph
