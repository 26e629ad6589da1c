#include "engine/traffic/reach.hpp"

#include <algorithm>
#include <queue>
#include <utility>

namespace knockon::traffic {
namespace {

constexpr double within_region_s = 0.001;  // the language's defaults for links that nobody wrote down
constexpr double across_regions_s = 0.080;
constexpr double users_to_site_s = 0.005;

}  // namespace

Reach::Reach(const world::World& world) : site_count_{world.sites.size()}, region_count_{world.regions.size()} {
  edges_at_.resize(places());
  const auto add = [&](std::size_t a, std::size_t b, double latency_s, std::int64_t link) {
    edges_at_[a].push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_at_[b].push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_.push_back({a, b, latency_s, link});
  };
  const auto place = [&](const world::Endpoint& end) {
    if (const auto* site = std::get_if<world::SiteId>(&end)) return place_of(*site);
    return users_of(std::get<world::RegionId>(end));
  };
  std::vector<bool> users_have_links(region_count_, false);
  for (std::size_t i = 0; i < world.links.size(); ++i) {
    const world::Link& link = world.links[i];
    for (const world::Endpoint& end : {link.from, link.to}) {
      if (const auto* region = std::get_if<world::RegionId>(&end)) users_have_links[region->index()] = true;
    }
    add(place(link.from), place(link.to), link.latency.in_seconds(), static_cast<std::int64_t>(i));
  }
  for (std::size_t i = 0; i < site_count_; ++i) {
    const std::size_t region = world.sites[i].region.index();
    if (!users_have_links[region]) add(site_count_ + region, i, users_to_site_s, -1);
    for (std::size_t j = i + 1; world.links.empty() && j < site_count_; ++j) {
      add(i, j, world.sites[j].region.index() == region ? within_region_s : across_regions_s, -1);
    }
  }
  link_up_.resize(world.links.size());
  site_up_.resize(site_count_);
  latency_s_.resize(places() * site_count_);
  all_up();
}

void Reach::all_up() {
  std::fill(link_up_.begin(), link_up_.end(), true);
  std::fill(site_up_.begin(), site_up_.end(), true);
  recompute();
}

void Reach::set_link_up(world::LinkId link, bool up) { link_up_[link.index()] = up; }
bool Reach::set_latency(world::LinkId link, double latency_s) {
  bool changed = false;
  for (Edge& edge : edges_) {
    if (edge.link != static_cast<std::int64_t>(link.index()) || edge.latency_s == latency_s) continue;
    edge.latency_s = latency_s;
    changed = true;
  }
  return changed;
}

void Reach::set_site_up(world::SiteId site, bool up) { site_up_[site.index()] = up; }

void Reach::recompute() {
  for (std::size_t place = 0; place < places(); ++place) find_from(place);
}

// Dijkstra's algorithm; ties do not matter, only distances are kept.
void Reach::find_from(std::size_t source) {
  distance_.assign(places(), no_way);
  done_.assign(places(), false);
  using Entry = std::pair<double, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  if (carries(source)) {
    distance_[source] = 0;
    open.emplace(0, source);
  }
  while (!open.empty()) {
    const auto [distance, place] = open.top();
    open.pop();
    if (done_[place]) continue;
    done_[place] = true;
    if (place >= site_count_ && place != source) continue;
    for (const std::uint32_t e : edges_at_[place]) {
      const Edge& edge = edges_[e];
      if (!is_open(edge)) continue;
      const std::size_t other = edge.from == place ? edge.to : edge.from;
      if (!carries(other) || distance + edge.latency_s >= distance_[other]) continue;
      distance_[other] = distance + edge.latency_s;
      open.emplace(distance_[other], other);
    }
  }
  std::copy_n(distance_.begin(), site_count_, latency_s_.begin() + static_cast<std::ptrdiff_t>(source * site_count_));
}

// The same algorithm, with places taken in order of (distance, number) and a place's first way kept.
std::optional<std::vector<world::LinkId>> Reach::way(std::size_t from_place, world::SiteId to) const {
  struct Step {
    double distance = no_way;
    std::size_t from = 0;
    std::int64_t link = -1;
    bool is_done = false;
  };
  std::vector<Step> steps(places());
  using Entry = std::pair<double, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
  if (carries(from_place)) {
    steps[from_place].distance = 0;
    open.emplace(0, from_place);
  }
  while (!steps[place_of(to)].is_done) {
    if (open.empty()) return std::nullopt;
    const auto [distance, place] = open.top();
    open.pop();
    if (std::exchange(steps[place].is_done, true)) continue;
    if (place >= site_count_ && place != from_place) continue;
    for (const std::uint32_t e : edges_at_[place]) {
      const Edge& edge = edges_[e];
      const std::size_t other = edge.from == place ? edge.to : edge.from;
      if (!is_open(edge) || !carries(other) || distance + edge.latency_s >= steps[other].distance) continue;
      steps[other] = {.distance = distance + edge.latency_s, .from = place, .link = edge.link, .is_done = false};
      open.emplace(steps[other].distance, other);
    }
  }
  std::vector<world::LinkId> links;
  for (std::size_t place = place_of(to); place != from_place; place = steps[place].from) {
    if (steps[place].link >= 0) links.emplace_back(static_cast<std::size_t>(steps[place].link));
  }
  std::reverse(links.begin(), links.end());
  return links;
}

}  // namespace knockon::traffic
