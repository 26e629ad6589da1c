#include "engine/traffic/ages.hpp"

#include <algorithm>
#include <cmath>

namespace knockon::traffic {

Ages::Ages(const Network::Parts& parts) {
  for (std::uint32_t s = 0; s < parts.world->services.size(); ++s) {
    const world::Service& service = parts.world->services[s];
    const auto* queue = std::get_if<world::Queue>(&service.overload);
    const bool is_in_order = queue != nullptr && queue->order == world::QueueOrder::fifo && parts.room_s[s] > 0;
    if (!is_in_order && !std::holds_alternative<world::Collapse>(service.overload)) continue;
    for (std::uint32_t place = 0; place < service.sites.size(); ++place)
      queues_.push_back({.instance = parts.first_instance[s] + place, .backlog = 0, .waiting = {}});
  }
}

void Ages::begin() {
  for (Queue& queue : queues_) {
    queue.backlog = 0;
    queue.waiting.clear();
  }
}

void Ages::move(double from_s, double to_s, const Circuit& circuit) {
  for (Queue& queue : queues_) {
    const InstanceState& state = circuit.instance(queue.instance);
    const double before = queue.backlog;
    queue.backlog = state.backlog;
    if (state.backlog <= 0) {
      queue.waiting.clear();
    } else {
      const double joined = circuit.load(queue.instance) * state.admitted * (to_s - from_s);
      if (joined > 0) join(queue, {from_s, to_s, joined});
      leave(queue, std::max(0.0, before + joined - state.backlog));
    }
  }
}

// Spans that follow each other at nearly one rate are one.
void Ages::join(Queue& queue, Parcel parcel) {
  if (!queue.waiting.empty()) {
    Parcel& last = queue.waiting.back();
    const double rate = parcel.amount / (parcel.to_s - parcel.from_s);
    const double last_rate = last.amount / (last.to_s - last.from_s);
    if (std::abs(last_rate - rate) < 1e-3 * rate) {
      last.to_s = parcel.to_s;
      last.amount += parcel.amount;
      return;
    }
  }
  queue.waiting.push_back(parcel);
}

void Ages::leave(Queue& queue, double amount) {
  while (!queue.waiting.empty()) {
    Parcel& first = queue.waiting.front();
    if (amount < first.amount) {
      first.from_s += (first.to_s - first.from_s) * amount / first.amount;
      first.amount -= amount;
      return;
    }
    amount -= first.amount;
    queue.waiting.pop_front();
  }
}

std::optional<double> Ages::oldest_s(std::uint32_t instance, double now_s) const {
  const auto queue =
      std::find_if(queues_.begin(), queues_.end(), [instance](const Queue& one) { return one.instance == instance; });
  if (queue == queues_.end()) return std::nullopt;
  return queue->waiting.empty() ? 0 : std::max(0.0, now_s - queue->waiting.front().from_s);
}

}  // namespace knockon::traffic
