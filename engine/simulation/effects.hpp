// The ledger of what is done to the world right now: every active effect of a fault, reaction or step, and for each
// thing they act upon what they come to together. Taking an effect away restores exactly what would be so without it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/simulation/alarms.hpp"
#include "engine/simulation/clockwork.hpp"
#include "engine/simulation/cones.hpp"
#include "engine/simulation/hits.hpp"
#include "engine/simulation/outcome.hpp"
#include "engine/simulation/trace.hpp"
#include "engine/traffic/flow.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

// What several effects on one thing come to: the product of their factors, always taken in the order in which the
// effects began, so that the same effects give the same bits.
template <class Key>
class Products {
 public:
  double put(const Key& key, std::uint32_t effect, double factor) {
    auto& factors = factors_[key];
    for (auto& [known, value] : factors) {
      if (known == effect) {
        value = factor;
        return product(factors);
      }
    }
    const auto after =
        std::find_if(factors.begin(), factors.end(), [&](const auto& known) { return known.first > effect; });
    factors.emplace(after, effect, factor);
    return product(factors);
  }
  double take(const Key& key, std::uint32_t effect) {
    auto& factors = factors_[key];
    std::erase_if(factors, [effect](const auto& known) { return known.first == effect; });
    return product(factors);
  }

 private:
  using Factors = std::vector<std::pair<std::uint32_t, double>>;
  static double product(const Factors& factors) {
    double product = 1;
    for (const auto& [effect, factor] : factors) product *= factor;
    return product;
  }
  std::map<Key, Factors> factors_;
};

// The same for what takes longer: factors, and what is added, with the variance of that.
template <class Key>
struct Slowness {
  Products<Key> times;
  std::map<Key, std::map<std::uint32_t, std::pair<double, double>>> added;
};

class Effects {
 public:
  using Id = std::uint32_t;
  // How an effect that has not reached all it is about is spread over it.
  enum class Way : std::uint8_t { evenly, site_by_site };

  Effects(const world::World& world, const Cones& cones, traffic::Flow& flow, Clockwork& clockwork, Alarms& alarms,
          Trace& trace);

  // Begins to hold at `level` (0 … 1): the part of its share, or of its targets in their order, that is struck.
  // `cause`: the event that brings it, already recorded. `over`: sessions are lost evenly over this time.
  Id begin(const world::Effect& effect, std::optional<world::SiteId> here, double level, EventNumber cause,
           quantity::Duration over = {}, Way way = Way::evenly);
  void set_level(Id id, double level, EventNumber cause);
  void end(Id id, EventNumber cause);

  // Lets this share in, for good: of users at doors, of the machines that open their sessions by an operation, else of
  // attempts at operations. The latest word on a place is the one that counts.
  void admit(const Hits& places, quantity::Share share);
  // Lets so many a second in, for good or until it is lifted; set anew by the same cap's id.
  using Cap = traffic::Flow::Cap;
  Cap cap(const Hits& places, bool for_good);
  void set_cap(Cap cap, std::optional<quantity::Rate> most);
  // Takes the instances out of service; callers go to `to`, where it has any that answers, else to the survivors. They
  // come back cold.
  using Drain = std::uint32_t;
  Drain drain(const Hits& hits, const std::optional<world::Place>& to, std::optional<world::SiteId> here = {});
  void undrain(const Hits& hits);  // whoever has led them away
  void end_drain(Drain drain);     // where it is the only one
  void restart(const Instance& instance, quantity::Share of_replicas);
  void purge(const std::vector<Instance>& instances, quantity::Share share);
  [[nodiscard]] double backlog(const Instance& instance) const;
  // Entries there, as a share of a warm cache: what it is, and that it is now at least so much.
  [[nodiscard]] double fill(const Instance& instance) const;
  void warm(const Instance& instance, quantity::Share at_least);
  // What an effect that adds replicas makes of an instance's capacity.
  [[nodiscard]] double times_capacity(const world::Effect& effect, const Instance& instance,
                                      std::optional<world::SiteId> here = {}) const;
  // At once, and free to fill again.
  void empty_caches(const world::Effect& effect);

  // What the event touches when an effect with these targets changes.
  [[nodiscard]] ComponentSet touched_by(const world::Effect& effect, std::optional<world::SiteId> here) const;

  // At how many sites it does something.
  [[nodiscard]] std::size_t sites_struck_by(const world::Effect& effect) const;

  // Errors of users divide people into classes for a whole replication: told before it begins, the first few effects
  // get one.
  void divide_users(const std::vector<const world::Effect*>& effects);

  // What is due by itself at `now`: caches that are held empty.
  void pass(quantity::SimTime now);
  // Something was changed since the last call.
  [[nodiscard]] bool take_changed() { return std::exchange(changed_, false); }
  [[nodiscard]] bool has_changed() const { return changed_; }

 private:
  struct Active {
    const world::Effect* effect = nullptr;
    std::optional<world::SiteId> here = {};
    Hits hits;
    std::vector<Instance> instances;  // where the verb acts on services
    std::vector<Answerer> answerers;  // where the verb acts on operations
    std::vector<world::SessionId> sessions;
    std::vector<traffic::Flow::LogOut> log_outs;
    quantity::Duration over;
    Way way = Way::evenly;
    double level = 0;
    std::size_t units = 0, units_struck = 0;
    bool is_active = false;
  };
  using Counts = std::map<Instance, int>;

  void resolve(Active& active) const;
  void apply(Id id, double level, EventNumber cause);
  [[nodiscard]] bool reaches(const Active& active, world::SiteId site, double level) const;
  void strike_units(Id id, std::size_t struck, EventNumber cause);
  void strike(Id id, std::size_t unit, bool struck, EventNumber cause);
  void lead_back(const Instance& instance);
  void strike_link(world::LinkId link, int change, EventNumber cause);
  void strike_site(world::SiteId site, int change);
  void count_down(const Instance& instance, int change);
  void count_unreachable(const Instance& instance, int change);
  void count_stale(const Instance& instance, int change);
  void put_errors(Id id, const Answerer& answerer, double share);
  void put_sticky_errors(int bit, const Answerer& answerer, int change);
  void put_capacity(Id id, const Instance& instance, double factor);
  void block(Id id, const Door& door, double share);
  void put_bandwidth(Id id, world::LinkId link, double factor);
  void put_load(Id id, bool present);
  template <class Key>
  [[nodiscard]] traffic::Flow::Slower slower_with(Slowness<Key>& slowness, Id id, const Key& key, bool present);
  [[nodiscard]] double in_replicas(const world::Effect& effect, const Answerer& answerer, double share) const;
  void put_settings(Id id, bool present);
  void set_door(const Door& door);
  void set_gate(const Answerer& answerer);
  void release_from_caps(const Hits& places);
  void lose_caches(const Active& active);
  [[nodiscard]] int sticky_bit_of(const world::Effect& effect) const;

  const world::World& world_;
  const Cones& cones_;
  traffic::Flow& flow_;
  Clockwork& clockwork_;
  Alarms& alarms_;
  Trace& trace_;
  std::vector<Active> active_;
  std::vector<const world::Effect*> sticky_;  // by bit
  std::vector<int> links_down_, sites_down_;
  Counts down_, unreachable_, stale_;
  std::vector<std::vector<world::SiteId>> led_to_;  // by drain
  std::map<Instance, std::vector<Drain>> drained_;  // by those drains, the latest last
  std::map<std::pair<int, Answerer>, int> sticky_counts_;
  Products<Answerer> answered_;  // 1 - errors
  Products<Instance> capacity_;
  Products<world::LinkId> bandwidth_;
  Products<Door> open_;
  Products<world::OperationId> operation_load_;
  Products<world::JourneyId> journey_load_;
  Products<world::PopulationId> population_load_;
  std::map<world::OperationId, std::map<Id, double>> added_load_;
  Slowness<Answerer> slow_answers_;
  Slowness<world::LinkId> slow_links_;
  std::map<world::ServiceId, int> empty_records_;
  struct Standing {  // settings of one parameter, the latest last
    world::Subject subject;
    std::string path;
    std::vector<std::pair<Id, double>> values;
  };
  std::vector<Standing> settings_;
  std::map<Door, double> admitted_;  // by steps; a door not listed is open
  std::map<Door, double> unblocked_;
  std::map<Answerer, double> admitted_at_, unblocked_at_;  // the same at operations
  Products<Answerer> open_at_;
  struct Capped {
    Cap id;
    bool for_good;
    traffic::Flow::CappedPlaces places;
    std::optional<quantity::Rate> most;
  };
  std::vector<Capped> caps_;
  Alarms::Id caches_alarm_;
  bool changed_ = false;
};

}  // namespace knockon::simulation
