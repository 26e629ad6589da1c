#include "engine/graph/dependence.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <queue>

#include "engine/graph/visits.hpp"

namespace knockon::graph {
namespace {

using world::World;

constexpr double no_way = std::numeric_limits<double>::infinity();
constexpr double within_region_s = 0.001;  // the language's defaults for links that nobody wrote down
constexpr double across_regions_s = 0.080;
constexpr double users_to_site_s = 0.005;

}  // namespace

// Depth first over what services and operations hang on, without recursion: chains may be as long as a file allows.
class Dependence::Ordering {
 public:
  explicit Ordering(const World& world)
      : world_{world}, services_{world.services.size()}, state_(services_ + world.operations.size(), unseen) {}

  void visit_all() {
    for (std::size_t task = 0; task < state_.size(); ++task) visit(task);
  }
  void visit(const world::Journey& journey) {
    std::vector<std::size_t> roots;
    add_below(journey, roots);
    for (const std::size_t root : roots) visit(root);
  }

  void visit(const world::Subject& subject) {
    std::vector<std::size_t> roots;
    add_below(subject, roots);
    for (const std::size_t root : roots) visit(root);
  }

  std::vector<Task> order;
  bool has_circles = false;

 private:
  enum State : std::uint8_t { unseen, open, done };
  struct Frame {
    std::size_t task;
    std::vector<std::size_t> below;
    std::size_t next = 0;
  };

  [[nodiscard]] std::size_t task_of(world::ServiceId id) const { return id.index(); }
  [[nodiscard]] std::size_t task_of(world::OperationId id) const { return services_ + id.index(); }

  void visit(std::size_t root) {
    if (state_[root] != unseen) return;
    std::vector<Frame> path;
    path.push_back({root, below(root)});
    state_[root] = open;
    while (!path.empty()) {
      Frame& frame = path.back();
      if (frame.next == frame.below.size()) {
        state_[frame.task] = done;
        const bool is_service = frame.task < services_;
        order.push_back({is_service, static_cast<std::uint32_t>(is_service ? frame.task : frame.task - services_)});
        path.pop_back();
        continue;
      }
      const std::size_t next = frame.below[frame.next++];
      if (state_[next] == open) has_circles = true;
      if (state_[next] != unseen) continue;
      state_[next] = open;
      path.push_back({next, below(next)});
    }
  }

  [[nodiscard]] std::vector<std::size_t> below(std::size_t task) const {
    std::vector<std::size_t> tasks;
    if (task < services_) {
      for (const world::Need& need : world_.services[task].needs) {
        for (const world::Target& target : need.any_of) add_below(target.subject, tasks);
      }
      return tasks;
    }
    const world::Operation& operation = world_.operations[task - services_];
    tasks.push_back(task_of(operation.service));
    for_each_single(operation.calls, [&](const world::Call& call) { add_callee(call.to, tasks); });
    if (const auto& cache = world_[operation.service].cache) add_callee(cache->behind, tasks);
    return tasks;
  }
  void add_callee(world::OperationId callee, std::vector<std::size_t>& tasks) const {
    tasks.push_back(task_of(callee));
    if (const auto& name = world_[world_[callee].service].resolve) tasks.push_back(task_of(name->through));
  }
  void add_below(const world::Journey& journey, std::vector<std::size_t>& tasks) const {
    for_each_single(journey.calls, [&](const world::Call& call) { add_callee(call.to, tasks); });
    if (!journey.session) return;
    const auto& opened_by = world_[*journey.session].opened_by;
    if (const auto* operation = std::get_if<world::OperationId>(&opened_by)) return add_callee(*operation, tasks);
    add_below(world_[std::get<world::JourneyId>(opened_by)], tasks);
  }
  void add_below(const world::Subject& subject, std::vector<std::size_t>& tasks) const {
    for_each_service_in(
        world_, subject, [&](world::OperationId operation) { tasks.push_back(task_of(operation)); },
        [&](const world::Journey& journey) { add_below(journey, tasks); });
  }

  const World& world_;
  std::size_t services_;
  std::vector<State> state_;
};

Dependence::Dependence(const World& world) : world_{&world}, components_{world} {
  first_instance_.push_back(0);
  for (const world::Service& service : world.services) {
    first_instance_.push_back(first_instance_.back() + service.sites.size());
  }
  first_node_.push_back(0);
  for (const world::Operation& operation : world.operations) {
    first_node_.push_back(first_node_.back() + world[operation.service].sites.size());
  }
  lay_out_network();
  find_nearest();
  weigh_journeys();
  Ordering ordering{world};
  ordering.visit_all();
  order_ = std::move(ordering.order);
  has_circles_ = ordering.has_circles;
}

std::vector<Dependence::Task> Dependence::order_for(world::JourneyId journey) const {
  Ordering ordering{*world_};
  ordering.visit((*world_)[journey]);
  return std::move(ordering.order);
}

std::vector<Dependence::Task> Dependence::order_for(const world::Subject& subject) const {
  Ordering ordering{*world_};
  ordering.visit(subject);
  return std::move(ordering.order);
}

void Dependence::lay_out_network() {
  const World& world = *world_;
  ways_.resize(places());
  const auto add = [&](std::size_t a, std::size_t b, std::int64_t link, double latency_s) {
    ways_[a].push_back({b, link, latency_s});
    ways_[b].push_back({a, link, latency_s});
  };
  std::vector<bool> users_have_links(world.regions.size(), false);
  const auto place = [&](const world::Endpoint& end) {
    if (const auto* site = std::get_if<world::SiteId>(&end)) return place_of(*site);
    users_have_links[std::get<world::RegionId>(end).index()] = true;
    return users_of(std::get<world::RegionId>(end));
  };
  for (std::size_t i = 0; i < world.links.size(); ++i) {
    const world::Link& link = world.links[i];
    const std::size_t from = place(link.from), to = place(link.to);
    add(from, to, static_cast<std::int64_t>(i), link.latency.in_seconds());
  }
  for (std::size_t i = 0; i < world.sites.size(); ++i) {
    const world::RegionId region = world.sites[i].region;
    if (!users_have_links[region.index()]) add(users_of(region), i, -1, users_to_site_s);
    for (std::size_t j = i + 1; world.links.empty() && j < world.sites.size(); ++j) {
      add(i, j, -1, world.sites[j].region == region ? within_region_s : across_regions_s);
    }
  }
}

// Dijkstra's algorithm from each place; then each distinct list of sites sorted by it, ties by the order of the list.
void Dependence::find_nearest() {
  const std::size_t sites = world_->sites.size();
  latency_s_.assign(places() * sites, no_way);
  std::vector<double> distance;
  using Entry = std::pair<double, std::size_t>;
  for (std::size_t source = 0; source < places(); ++source) {
    distance.assign(places(), no_way);
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    distance[source] = 0;
    open.emplace(0, source);
    while (!open.empty()) {
      const auto [so_far, place] = open.top();
      open.pop();
      if (so_far > distance[place] || (place >= sites && place != source)) continue;
      for (const Way& way : ways_[place]) {
        if (so_far + way.latency_s >= distance[way.to]) continue;
        distance[way.to] = so_far + way.latency_s;
        open.emplace(distance[way.to], way.to);
      }
    }
    std::copy_n(distance.begin(), sites, latency_s_.begin() + static_cast<std::ptrdiff_t>(source * sites));
  }
  std::map<std::vector<world::SiteId>, std::size_t> lists;
  for (const world::Service& service : world_->services) {
    const auto [known, is_new] = lists.emplace(service.sites, lists.size());
    site_list_.push_back(known->second);
    for (std::size_t place = 0; is_new && place < places(); ++place) {
      std::vector<std::uint32_t> positions(service.sites.size());
      std::iota(positions.begin(), positions.end(), 0U);
      std::stable_sort(positions.begin(), positions.end(), [&](std::uint32_t a, std::uint32_t b) {
        return latency_s(place, service.sites[a]) < latency_s(place, service.sites[b]);
      });
      nearest_.push_back(std::move(positions));
    }
  }
}

void Dependence::weigh_journeys() {
  const World& world = *world_;
  const std::size_t regions = world.regions.size();
  weights_.assign(world.journeys.size() * regions, 0);
  for (const world::Population& population : world.populations) {
    for (const auto& habit : population.does) {
      if (!world[habit.journey].critical) continue;
      for (std::size_t r = 0; r < regions; ++r) {
        weights_[habit.journey.index() * regions + r] += population.users[r] * habit.per_user.per_second();
      }
    }
  }
  for (const world::App& app : world.apps) {
    for (std::size_t r = 0; r < regions; ++r) {
      double sum = 0, critical = 0;
      for (const world::JourneyId journey : app.journeys) {
        sum += weights_[journey.index() * regions + r];
        critical += world[journey].critical ? 1 : 0;
      }
      for (const world::JourneyId journey : app.journeys) {
        double& weight = weights_[journey.index() * regions + r];
        if (sum > 0) {
          weight /= sum;
        } else if (world[journey].critical) {
          weight = 1 / critical;
        }
      }
    }
  }
}

bool Dependence::runs_out(world::SessionId session) const {
  const auto& lifetime = (*world_)[session].lifetime;
  return lifetime && lifetime->median().in_seconds() < 2 * world_->horizon.in_seconds();
}

std::vector<world::RegionId> Dependence::regions_of(world::AppId app) const {
  std::vector<world::RegionId> used, all;
  for (std::size_t r = 0; r < world_->regions.size(); ++r) {
    all.emplace_back(r);
    bool is_used = false;
    for (const world::Population& population : world_->populations) {
      for (const auto& habit : population.does) {
        is_used = is_used ||
                  ((*world_)[habit.journey].app == app && population.users[r] > 0 && habit.per_user.per_second() > 0);
      }
    }
    if (is_used) used.emplace_back(r);
  }
  return used.empty() ? all : used;
}

}  // namespace knockon::graph
