#include "engine/simulation/restart.hpp"

#include <algorithm>

namespace knockon::simulation {
namespace {

using quantity::Duration;
using quantity::Rate;
using quantity::Share;

// Replicas that are started together are started in at most this many parts, and never in parts of less than one.
constexpr int parts_max = 10;

double replicas_at(const world::World& world, const std::vector<Instance>& instances) {
  double sum = 0;
  for (const Instance& instance : instances) sum += world[instance.service].replicas_at(instance.site);
  return sum;
}

// A service's instances in the order in which they are restarted; those of one group together.
std::vector<std::vector<Instance>> in_order(const world::Service& service, std::vector<Instance> instances) {
  std::vector<std::vector<Instance>> groups;
  for (const world::SiteId site : service.restart_order) {
    const auto found = std::find_if(instances.begin(), instances.end(),
                                    [site](const Instance& instance) { return instance.site == site; });
    if (found == instances.end()) continue;
    groups.push_back({*found});
    instances.erase(found);
  }
  if (!instances.empty()) groups.push_back(std::move(instances));
  return groups;
}

class Schedule {
 public:
  Schedule(const world::World& world, const world::Effect& effect, std::optional<world::SiteId> here)
      : world_{world}, effect_{effect}, here_{here} {}

  std::vector<RestartStage> stages() {
    std::vector<Instance> instances = instances_of(world_, hits_of(world_, effect_.targets, here_));
    const double all = replicas_at(world_, instances);
    while (!instances.empty()) {
      const world::ServiceId service = instances.front().service;
      const auto others =
          std::stable_partition(instances.begin(), instances.end(),
                                [service](const Instance& instance) { return instance.service == service; });
      add(service, {instances.begin(), others});
      instances.erase(instances.begin(), others);
    }
    std::stable_sort(stages_.begin(), stages_.end(),
                     [](const RestartStage& a, const RestartStage& b) { return a.after < b.after; });
    double restarted = 0;
    for (RestartStage& stage : stages_) {
      restarted += replicas_at(world_, stage.instances) * stage.share.value();
      stage.restarted = all > 0 ? restarted / all : 1;
      if (stage.restarted > 1 - 1e-9) stage.restarted = 1;  // ten times a tenth are all
    }
    return std::move(stages_);
  }

 private:
  void add(world::ServiceId service, std::vector<Instance> instances) {
    const std::optional<Rate> rate = effect_.restart_rate ? effect_.restart_rate : world_[service].restart_rate;
    Duration begins;
    for (const std::vector<Instance>& group : in_order(world_[service], std::move(instances))) {
      const double replicas = replicas_at(world_, group) * effect_.share.value();
      const int parts = rate ? std::clamp(static_cast<int>(std::min(replicas, 1.0 * parts_max)), 1, parts_max) : 1;
      const Duration takes = rate ? Duration::of_seconds(replicas / rate->per_second()) : Duration{};
      for (int part = 1; part <= parts; ++part) {
        stages_.push_back({.after = begins + takes * (static_cast<double>(part) / parts),
                           .instances = group,
                           .share = Share{effect_.share.value() / parts}});
      }
      begins = begins + takes;
    }
  }

  const world::World& world_;
  const world::Effect& effect_;
  std::optional<world::SiteId> here_;
  std::vector<RestartStage> stages_;
};

}  // namespace

std::vector<RestartStage> restart_of(const world::World& world, const world::Effect& effect,
                                     std::optional<world::SiteId> here) {
  return Schedule{world, effect, here}.stages();
}

}  // namespace knockon::simulation
