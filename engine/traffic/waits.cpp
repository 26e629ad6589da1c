#include "engine/traffic/waits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace knockon::traffic {
namespace {

constexpr double endless = std::numeric_limits<double>::infinity();
constexpr double parts_a_patience = 12;

}  // namespace

Waits::Waits(const Network::Parts& parts) : parts_{&parts}, room_of_instance_(parts.instances, nowhere) { lay_out(); }

void Waits::take_parameters() {
  const std::vector<Room> before = std::move(rooms_);
  rooms_.clear();
  lay_out();
  for (std::size_t n = 0; n < rooms_.size(); ++n) {
    rooms_[n].growth = before[n].growth;
    rooms_[n].wait_s = before[n].wait_s;
    rooms_[n].spared = before[n].spared;
    rooms_[n].work_done = before[n].work_done;
    rooms_[n].in_service = before[n].in_service;
  }
}

void Waits::set_usual(std::uint32_t instance, double usual_s) {
  if (room_of_instance_[instance] != nowhere) rooms_[room_of_instance_[instance]].usual_s = std::max(usual_s, 1e-6);
}

void Waits::lay_out() {
  const Network::Parts& parts = *parts_;
  for (std::size_t s = 0; s < parts.world->services.size(); ++s) {
    const world::Service& service = parts.world->services[s];
    if (!graph::keeps_waiting(service)) continue;
    Room room{.kind = Kind::oldest_first, .instance = 0, .service = world::ServiceId{s}};
    room.patience_s = parts.least_patience_s[s];
    if (const auto* queue = std::get_if<world::Queue>(&service.overload)) {
      room.kind = queue->order == world::QueueOrder::lifo ? Kind::newest_first : Kind::oldest_first;
      room.limit_s = std::min(queue->limit, queue->expires.value_or(queue->limit)).in_seconds();
      if (!queue->serves_abandoned) room.leaves_after_s = parts.queue_s[s];
    } else if (std::holds_alternative<world::Collapse>(service.overload)) {
      room.limit_s = endless;
    } else if (const auto* adaptive = std::get_if<world::Adaptive>(&service.overload)) {
      room.kind = Kind::bounded;
      room.limit_s = adaptive->wait.in_seconds();
    } else if (const auto* slowdown = std::get_if<world::Slowdown>(&service.overload)) {
      room.kind = Kind::slowed;
      room.each_s = slowdown->per_request.in_seconds();
    }
    room.usual_s = std::max(parts.own_time[s].mean_s, 1e-6);
    const double unevenness = std::sqrt(parts.own_time[s].variance_s2) / room.usual_s;
    if (room.kind == Kind::slowed) {
      const double spread = std::min(1.0, std::numbers::sqrt3 * unevenness);  // an even one that differs as much
      room.work = {1 - spread, 1 + spread};
      room.unevenness = unevenness;
    }
    for (std::uint32_t position = 0; position < service.sites.size(); ++position) {
      room.instance = parts.first_instance[s] + position;
      room.replicas = service.replicas[position];
      room_of_instance_[room.instance] = static_cast<std::uint32_t>(rooms_.size());
      rooms_.push_back(room);
    }
  }
}

void Waits::begin() {
  for (Room& room : rooms_) {
    room.growth = room.wait_s = room.spared = room.work_done = 0;
    room.in_service.clear();
  }
}

double Waits::added_by_each_s(const Room& room, const Circuit& circuit) const {
  const InstanceState& state = circuit.instance(room.instance);
  const double replicas = room.replicas * state.capacity_left * state.warmth;
  return replicas > 0 ? room.each_s / replicas : endless;
}

void Waits::make_steady(Circuit& circuit) {
  for (Room& room : rooms_) {
    const double load = circuit.load(room.instance);
    if (room.kind == Kind::slowed) {
      const double part = load * added_by_each_s(room, circuit);
      const double steady = load * room.usual_s / (part < 1 ? 1 - part : 1);
      room.in_service.join({room.work_done - 1, room.work_done}, steady, room.work);
      circuit.change_instance(room.service, room.instance).backlog = steady;
    }
    room.growth = 0;
    look(room, circuit);
  }
}

void Waits::move(double part_s, Circuit& circuit) {
  for (Room& room : rooms_) {
    room.kind == Kind::slowed ? move_slowed(room, part_s, circuit) : move_queue(room, part_s, circuit);
    look(room, circuit);
  }
}

// In service when so much work has been done on each while so many arrived.
double Waits::left_in_service(const Room& room, double arriving, double done) {
  const DelayLine::Span span{room.work_done, room.work_done + done};
  const double arrived_left = arriving * (1 - DelayLine::share_out(span, room.work, span.to_s));
  return std::max(0.0, room.in_service.waiting() - room.in_service.leaving(span)) + arrived_left;
}

// The more is in service the slower all of it goes, and the slower it goes the more is in service: the work done over
// the part is that at which both agree at its end, found by halving. So it holds for services far faster than any part.
void Waits::move_slowed(Room& room, double part_s, Circuit& circuit) {
  const double arriving = part_s * std::max(0.0, circuit.load(room.instance) - room.spared);
  const double added = added_by_each_s(room, circuit);
  // Others may have taken work out.
  const double before = circuit.instance(room.instance).backlog;
  if (before < room.in_service.waiting()) room.in_service.keep(before / room.in_service.waiting());
  double least = 0, most = std::isfinite(added) ? part_s / room.usual_s : 0;
  constexpr int halvings = 40;
  for (int i = 0; i < halvings && most - least > 1e-9 * most; ++i) {
    const double done = (least + most) / 2;
    const bool is_too_much = done * (room.usual_s + added * left_in_service(room, arriving, done)) > part_s;
    (is_too_much ? most : least) = done;
  }
  const DelayLine::Span span{room.work_done, room.work_done + (least + most) / 2};
  room.in_service.join(span, arriving, room.work);
  static_cast<void>(room.in_service.leave(span));
  room.work_done = span.to_s;
  const double after = room.in_service.waiting();
  room.growth = (after - before) / part_s;
  if (after != before) circuit.change_instance(room.service, room.instance).backlog = after;
}

void Waits::move_queue(Room& room, double part_s, Circuit& circuit) {
  const InstanceState& state = circuit.instance(room.instance);
  const double able = circuit.capacity(room.instance);
  const double before = state.backlog;
  double after = before;
  if (room.kind == Kind::bounded || !std::isfinite(able)) {
    after = 0;
  } else if (room.kind == Kind::newest_first) {
    // What is new is served first; what is old only while nothing is new.
    const double leaves_per_s = room.leaves_after_s > 0 ? 1 / room.leaves_after_s : 0;
    const double joins = circuit.load(room.instance) - able;
    after = leaves_per_s > 0 ? joins / leaves_per_s + (before - joins / leaves_per_s) * std::exp(-leaves_per_s * part_s)
                             : before + joins * part_s;
  } else {
    after = before +
            (circuit.load(room.instance) * state.admitted - std::min(room.spared, circuit.load(room.instance)) - able) *
                part_s;
  }
  if (std::isfinite(able)) {
    const double longest = room.limit_s * able;
    after = std::clamp(after, 0.0, std::max(longest, before));
    if (std::isfinite(longest) && std::abs(after - longest) < 1e-9 * longest) after = longest;
  }
  room.growth = (after - before) / part_s;
  if (after != before) circuit.change_instance(room.service, room.instance).backlog = after;
}

void Waits::look(Room& room, const Circuit& circuit) const {
  const InstanceState& state = circuit.instance(room.instance);
  const double able = circuit.capacity(room.instance);
  switch (room.kind) {
    case Kind::oldest_first:
      room.wait_s = state.backlog <= 0 ? 0 : able > 0 ? state.backlog / able : endless;
      return;
    case Kind::newest_first:
      room.wait_s = 0;
      return;
    case Kind::bounded: {
      const double busy = able > 0 ? circuit.load(room.instance) / able : 1;
      room.wait_s = busy < 1 ? std::min(room.limit_s, room.usual_s * busy / (1 - busy)) : room.limit_s;
      return;
    }
    case Kind::slowed: {
      // As long as it takes while as many are in service as now.
      const double added = added_by_each_s(room, circuit);
      room.wait_s = std::isfinite(added) ? added * state.backlog : endless;
      return;
    }
  }
}

Wait Waits::wait(std::uint32_t instance, const Circuit& circuit) const {
  const std::uint32_t room = room_of_instance_[instance];
  if (room != nowhere) return {rooms_[room].wait_s, rooms_[room].unevenness};
  const double backlog = circuit.instance(instance).backlog;
  return {backlog > 0 ? backlog / circuit.capacity(instance) : 0, 0};
}

void Waits::set_spared(std::uint32_t instance, double per_s) {
  if (room_of_instance_[instance] != nowhere) rooms_[room_of_instance_[instance]].spared = per_s;
}

double Waits::longest_step_s(const Circuit& circuit) const {
  double longest = endless;
  for (const Room& room : rooms_) {
    const double able = circuit.capacity(room.instance);
    // What is dropped for being late goes with the wait, and the wait with it: in longer parts both would overshoot.
    if (room.spared > 0) longest = std::min(longest, room.patience_s / parts_a_patience);
    if (room.growth == 0 || !(able > 0) || !std::isfinite(able)) continue;
    const double moves =
        std::abs(room.kind == Kind::slowed ? room.growth * added_by_each_s(room, circuit) : room.growth / able);
    const double distance_s = std::max(std::abs(room.wait_s - room.patience_s) / 2, room.patience_s / 8);
    if (moves > 0) longest = std::min(longest, distance_s / moves);
  }
  return longest;
}

double Waits::waiting(const Circuit& circuit) const {
  double sum = 0;
  for (const Room& room : rooms_) sum += circuit.instance(room.instance).backlog;
  return sum;
}

}  // namespace knockon::traffic
