// The door to SimGrid's network: communications that go on at once, and the rate that each gets of the links and disks
// it leads through.
//
// The kernel shares; it does not date. A communication of its own would end at a date that is off the grid of ticks,
// and whose last bits depend on the slot of the kernel's clock. So communications here have no end: whoever opened one
// counts its bytes by the rate and closes it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/simulation/hits.hpp"
#include "engine/world/world.hpp"

namespace knockon::simulation {

struct Platform;

class Transport {
 public:
  // What limits a communication: links with a bandwidth, disks with a data rate. A disk that is read or written counts
  // like a link, since a stream that reads, sends and writes goes as fast as the slowest of them.
  struct Way {
    std::vector<world::LinkId> links;
    std::vector<Instance> disks;
    friend bool operator==(const Way&, const Way&) = default;
  };
  using Id = std::uint32_t;

  // The platform must outlive it.
  explicit Transport(Platform& platform);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // REQUIRES: the way limits it somewhere, and all of its links are on.
  [[nodiscard]] Id open(const Way& way);
  void close(Id id);
  [[nodiscard]] bool is_busy() const;  // something is open
  // What is open, each with its max-min fair rate, in the order of opening.
  struct Share {
    Id id;
    quantity::DataRate rate;
  };
  [[nodiscard]] std::vector<Share> shares();
  // What of a link is left for communications.
  void set_bandwidth(world::LinkId link, quantity::DataRate left);
  // Disks are as fast as the world says. REQUIRES: nothing is open.
  void set_disks(const world::World& world);
  // Closes all and gives links their bandwidth back; false: there was nothing to close.
  bool clear(const world::World& world);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace knockon::simulation
