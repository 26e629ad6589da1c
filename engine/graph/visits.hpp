// Walks over the calls of a list and over what a subject means, for the sources of this room.
#pragma once

#include <set>
#include <type_traits>
#include <vector>

#include "engine/world/world.hpp"

namespace knockon::graph {

// Calls `visit(call)` for every single call, groups taken apart, in the order written.
template <class Visit>
void for_each_single(const std::vector<world::Call>& calls, const Visit& visit) {
  for (const world::Call& call : calls) {
    if (call.form == world::Call::Form::single) {
      visit(call);
    } else {
      for_each_single(call.members, visit);
    }
  }
}

// Calls `on_operation` and `on_journey` for what must answer when the subject is needed: a service's operations, a
// session's store, an app's journeys, and so on through groups. Places have none.
template <class OnOperation, class OnJourney>
class SubjectVisit {
 public:
  SubjectVisit(const world::World& world, const OnOperation& on_operation, const OnJourney& on_journey)
      : world_{world}, on_operation_{on_operation}, on_journey_{on_journey} {}

  void operator()(world::OperationId id) { on_operation_(id); }
  void operator()(world::ServiceId id) {
    for (const world::OperationId operation : world_[id].operations) on_operation_(operation);
  }
  void operator()(world::SessionId id) { (*this)(world_[id].store); }
  void operator()(world::JourneyId id) { on_journey_(world_[id]); }
  void operator()(world::AppId id) {
    for (const world::JourneyId journey : world_[id].journeys) on_journey_(world_[journey]);
  }
  void operator()(world::GroupId id) {
    if (!seen_.insert(id).second) return;
    for (const world::Entity& member : world_[id].members) std::visit(*this, member);
  }
  template <class Other>
  void operator()(Other) {}

 private:
  const world::World& world_;
  const OnOperation& on_operation_;
  const OnJourney& on_journey_;
  std::set<world::GroupId> seen_;
};

template <class OnOperation, class OnJourney>
void for_each_service_in(const world::World& world, const world::Subject& subject, const OnOperation& on_operation,
                         const OnJourney& on_journey) {
  SubjectVisit<OnOperation, OnJourney> visit{world, on_operation, on_journey};
  std::visit(visit, subject);
}

}  // namespace knockon::graph
