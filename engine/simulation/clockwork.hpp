// The door to SimGrid: its clock, its actors, its semaphores, the hosts and links that faults switch, and its network.
//
// One process has one kernel, and its clock never goes back. Replications therefore live in slots of that clock: slot k
// begins at k x H, where H is a power of two of seconds longer than the horizon. All dates lie on the 2^-20 s grid, so
// that sums are exact in the kernel's doubles and a replication has the same bits in every slot.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "engine/quantity/time.hpp"
#include "engine/simulation/transport.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

class Clockwork {
 public:
  explicit Clockwork(const world::World& world);
  ~Clockwork();
  Clockwork(const Clockwork&) = delete;
  Clockwork& operator=(const Clockwork&) = delete;

  // How many slots the clock has before its dates are no longer exact.
  [[nodiscard]] static std::uint64_t slots_of(quantity::Duration horizon);

  // What moves between the kernel's events. `next_date` may be now: then `pulse` is called again at this date. While
  // nobody is to be woken, pulses run ahead of the kernel's clock. Both run in the kernel's own context, never in an
  // actor's.
  struct Hooks {
    std::function<quantity::SimTime()> next_date;
    std::function<void(quantity::SimTime)> pulse;
  };

  // Plays one replication: sleeps to the begin of the slot, then runs `director`; when that returns, all other actors
  // end. REQUIRES: the slot has not begun yet. PROMISES: nothing is left behind, and what an actor threw is thrown
  // again here.
  void play(std::uint64_t slot, Hooks hooks, std::function<void()> director);

  [[nodiscard]] quantity::SimTime now() const;  // in the current slot, for actors
  void start_actor(const std::string& name, std::function<void()> code);
  void sleep_until(quantity::SimTime date);  // REQUIRES: called by an actor

  // Turning what is on or off once more costs nothing.
  void turn(world::SiteId site, bool on);
  void turn(world::LinkId link, bool on);
  [[nodiscard]] Transport& transport();

 private:
  friend class Bell;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Wakes one actor, from the kernel's context or from another actor. Rings are not counted: an actor looks at what is
// so.
class Bell {
 public:
  explicit Bell(Clockwork& clockwork);
  ~Bell();
  Bell(Bell&&) noexcept;
  Bell(const Bell&) = delete;
  Bell& operator=(const Bell&) = delete;

  void ring();
  // Until it rings or `date` has come. REQUIRES: called by one actor at a time.
  void wait_until(quantity::SimTime date);
  void wait() { wait_until(quantity::SimTime::never()); }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A number of people (or other tokens) that actors take, waiting in order of arrival. Only actors release them, too.
class Crew {
 public:
  explicit Crew(int people);
  ~Crew();
  Crew(Crew&&) noexcept;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Takes `people` at once: whoever comes later does not overtake. REQUIRES: people is at most the crew's size.
  void take(int people);
  void release(int people);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace knockon::simulation
