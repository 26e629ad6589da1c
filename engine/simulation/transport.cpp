#include "engine/simulation/transport.hpp"

#include <algorithm>
#include <optional>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/simulation/platform.hpp"

namespace knockon::simulation {
namespace {

namespace s4u = simgrid::s4u;
using simgrid::kernel::resource::Model;

// Bytes; more than anybody may ask for (an exabyte), so that the kernel never ends a communication by itself.
constexpr std::uint64_t endless = std::uint64_t{1} << 63;
// The kernel takes a link without bandwidth for one that limits nobody.
constexpr double least_bandwidth = 1e-3;  // bytes a second

// Both the network's model and the kernel's list of models live as long as the engine.
Model* network_model() {
  for (Model* model : s4u::Engine::get_instance()->get_all_models()) {
    if (model->get_name() == "Network_CM02") return model;
  }
  throw quantity::ContractError{"the kernel has the network model that it was started with"};
}

// The kernel bounds a communication for good by the least bandwidth that there is on its way when it starts; more may
// be there later.
class BandwidthLifted {
 public:
  explicit BandwidthLifted(const std::vector<s4u::Link*>& links) : links_{links} {
    for (s4u::Link* link : links_) {
      kept_.push_back(link->get_bandwidth());
      link->set_bandwidth(lifted);
    }
  }
  ~BandwidthLifted() {
    for (std::size_t i = 0; i < links_.size(); ++i) links_[i]->set_bandwidth(kept_[i]);
  }
  BandwidthLifted(const BandwidthLifted&) = delete;
  BandwidthLifted& operator=(const BandwidthLifted&) = delete;

 private:
  static constexpr double lifted = 1e15;  // bytes a second
  const std::vector<s4u::Link*>& links_;
  std::vector<double> kept_;
};

}  // namespace

struct Transport::Parts {
  struct Open {
    Id id;
    Way way;
    s4u::CommPtr communication;
  };
  // The kernel looks after an end only when it goes on: until then it must find the communication, and gives it its
  // share unless that is suspended.
  struct Closed {
    double at_s;
    s4u::CommPtr communication;
  };

  [[nodiscard]] s4u::CommPtr started(const Way& way) const {
    platform.way->clear();
    for (const world::LinkId link : way.links) platform.way->push_back(platform.links[link.index()]);
    for (const Instance& disk : way.disks) platform.way->push_back(platform.disks.at(disk));
    const BandwidthLifted lifted{*platform.way};
    // Its ends do not matter, for the way is told; people's host never fails.
    s4u::CommPtr communication = s4u::Comm::sendto_init(platform.people, platform.people);
    communication->set_payload_size(endless);
    communication->start();
    return communication;
  }
  void end(s4u::CommPtr communication) {
    communication->suspend();
    communication->cancel();
    closed.push_back({s4u::Engine::get_clock(), std::move(communication)});
  }
  void forget_ended() {
    std::erase_if(closed, [](const Closed& one) { return one.at_s < s4u::Engine::get_clock(); });
  }
  // None: a link that it leads through has been off since it began.
  [[nodiscard]] std::optional<double> rate_of(const s4u::CommPtr& communication) const {
    for (const auto& action : *network->get_started_action_set()) {
      if (action.get_activity() == communication->get_impl()) return action.get_rate();
    }
    return std::nullopt;
  }
  // Asking the model when something will happen makes it share anew what has changed.
  void share() const { static_cast<void>(network->next_occurring_event(s4u::Engine::get_clock())); }

  Platform& platform;
  Model* network = network_model();
  std::vector<Open> open = {};
  std::vector<Closed> closed = {};
  Id next = 0;
};

Transport::Transport(Platform& platform) : parts_{new Parts{.platform = platform}} {}
Transport::~Transport() = default;

Transport::Id Transport::open(const Way& way) {
  quantity::require(!way.links.empty() || !way.disks.empty(), "something limits a communication");
  parts_->forget_ended();
  parts_->open.push_back({parts_->next, way, parts_->started(way)});
  return parts_->next++;
}

void Transport::close(Id id) {
  const auto one = std::ranges::find(parts_->open, id, &Parts::Open::id);
  quantity::require(one != parts_->open.end(), "a communication is closed once");
  parts_->end(std::move(one->communication));
  parts_->open.erase(one);
}

bool Transport::is_busy() const { return !parts_->open.empty(); }

std::vector<Transport::Share> Transport::shares() {
  // A link that was off and is on again at one date has ended them for the kernel.
  for (Parts::Open& one : parts_->open) {
    if (parts_->rate_of(one.communication)) continue;
    parts_->end(std::move(one.communication));
    one.communication = parts_->started(one.way);
  }
  parts_->share();
  std::vector<Share> shares;
  for (const Parts::Open& one : parts_->open) {
    shares.push_back({one.id, quantity::DataRate::bytes_per_second(parts_->rate_of(one.communication).value_or(0))});
  }
  return shares;
}

void Transport::set_bandwidth(world::LinkId link, quantity::DataRate left) {
  s4u::Link* path = parts_->platform.links[link.index()];
  const double bandwidth = std::max(least_bandwidth, left.bytes_per_second());
  if (path->get_bandwidth() != bandwidth) path->set_bandwidth(bandwidth);
}

void Transport::set_disks(const world::World& world) {
  quantity::require(parts_->open.empty(), "disks are set before anything goes over them");
  for (const auto& [instance, disk] : parts_->platform.disks) {
    const double bandwidth = world[instance.service].disk->bytes_per_second();
    if (disk->get_bandwidth() != bandwidth) disk->set_bandwidth(bandwidth);
  }
}

bool Transport::clear(const world::World& world) {
  const bool had_any = !parts_->open.empty();
  parts_->forget_ended();
  for (Parts::Open& one : parts_->open) parts_->end(std::move(one.communication));
  parts_->open.clear();
  parts_->next = 0;
  for (std::size_t i = 0; i < world.links.size(); ++i) {
    s4u::Link* path = parts_->platform.links[i];
    if (path->get_bandwidth() != bandwidth_of(world.links[i])) path->set_bandwidth(bandwidth_of(world.links[i]));
  }
  return had_any;
}

}  // namespace knockon::simulation
