// A world of one replication's own, with what was drawn for it, in which parameters may be set to something else for a
// time, and how its flows are laid out then. Only where something in the scenario is drawn, or sets any.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/traffic/parts.hpp"
#include "engine/world/parameters.hpp"

namespace knockon::traffic {

class LiveWorld {
 public:
  // `drawn`: the written world as it is in this replication, with other numbers in places; null: as it was written.
  explicit LiveWorld(const Network::Parts& written, const world::World* drawn = nullptr);
  LiveWorld(const LiveWorld&) = delete;
  LiveWorld& operator=(const LiveWorld&) = delete;

  // The addresses stay.
  [[nodiscard]] const world::World& world() const { return world_; }
  [[nodiscard]] const Network::Parts& parts() const { return parts_; }
  // Sets it, or puts back what was written or drawn. REQUIRES: the world has such a parameter. Returns whether that is
  // new.
  bool set(const world::Subject& subject, const std::string& path, std::optional<double> value);

 private:
  struct Known {
    world::Subject subject;
    std::string path;
    world::Parameter parameter;
    std::function<void()> put_back;
    std::optional<double> value;
  };
  Known& known(const world::Subject& subject, const std::string& path);
  void lay_out_anew();
  void take_sizes(Network::Parts& fresh) const;

  const Network::Parts& written_;
  world::World world_;
  Network::Parts parts_;
  std::vector<Known> known_;  // every parameter that was ever set
};

// Whether anything in the world sets a parameter.
[[nodiscard]] bool sets_parameters(const world::World& world);

}  // namespace knockon::traffic
