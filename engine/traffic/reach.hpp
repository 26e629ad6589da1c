// Ways through the network: which place reaches which now, and how far it is. Recomputed when a link or a site changes.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::traffic {

// A place traffic starts from or arrives at: a site, or the users of a region.
class Reach {
 public:
  explicit Reach(const world::World& world);

  [[nodiscard]] std::size_t places() const { return site_count_ + region_count_; }
  [[nodiscard]] std::size_t place_of(world::SiteId site) const { return site.index(); }
  [[nodiscard]] std::size_t users_of(world::RegionId region) const { return site_count_ + region.index(); }

  void all_up();
  void set_link_up(world::LinkId link, bool up);
  // Returns whether that is new.
  bool set_latency(world::LinkId link, double latency_s);
  void set_site_up(world::SiteId site, bool up);
  [[nodiscard]] bool is_up(world::LinkId link) const { return link_up_[link.index()]; }
  [[nodiscard]] bool is_up(world::SiteId site) const { return site_up_[site.index()]; }

  // Finds the shortest ways anew after changes. Users are never a way for others; sites are.
  void recompute();
  static constexpr double no_way = std::numeric_limits<double>::infinity();
  // One-way latency in seconds; no_way when there is none. Zero within a place that is up.
  [[nodiscard]] double latency_s(std::size_t from_place, world::SiteId to) const {
    return latency_s_[from_place * site_count_ + to.index()];
  }
  // The declared links of a shortest way, in order; none: there is no way. Of ways of one length it is always the same.
  [[nodiscard]] std::optional<std::vector<world::LinkId>> way(std::size_t from_place, world::SiteId to) const;

 private:
  struct Edge {
    std::size_t from, to;
    double latency_s;
    std::int64_t link;  // position of the world's link; -1: implied, always there
  };
  [[nodiscard]] bool carries(std::size_t place) const { return place >= site_count_ || site_up_[place]; }
  [[nodiscard]] bool is_open(const Edge& edge) const {
    return edge.link < 0 || link_up_[static_cast<std::size_t>(edge.link)];
  }
  void find_from(std::size_t source);

  std::size_t site_count_, region_count_;
  std::vector<Edge> edges_;
  std::vector<std::vector<std::uint32_t>> edges_at_;  // per place
  std::vector<bool> link_up_, site_up_;
  std::vector<double> latency_s_;
  std::vector<double> distance_;  // scratch of find_from
  std::vector<bool> done_;
};

}  // namespace knockon::traffic
