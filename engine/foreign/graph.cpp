#include "engine/foreign/graph.hpp"

#include <algorithm>
#include <numeric>

namespace knockon::foreign {
namespace {

constexpr std::string_view other_requests = "other requests";

}  // namespace

std::size_t Graph::service(std::string_view identity, Origin origin, std::string_view name) {
  if (const auto known = service_if_any(identity)) return *known;
  if (services_.size() >= limits_.services) {
    is_too_large_ = true;
    return services_.size() - 1;
  }
  Service service;
  service.name = name.empty() ? identity : name;
  service.origin = origin;
  services_.push_back(std::move(service));
  by_identity_.emplace(identity, services_.size() - 1);
  return services_.size() - 1;
}

std::optional<std::size_t> Graph::service_if_any(std::string_view identity) const {
  const auto known = by_identity_.find(identity);
  return known == by_identity_.end() ? std::nullopt : std::optional{known->second};
}

void Graph::describe(std::size_t service, Origin origin) {
  services_[service].is_described = true;
  services_[service].origin = origin;
}

Place Graph::operation(std::size_t service, std::string_view name) {
  std::vector<Operation>& operations = services_[service].operations;
  const auto known = std::ranges::find(operations, name, &Operation::name);
  if (known != operations.end()) return {service, static_cast<std::size_t>(known - operations.begin())};
  if (operations.size() + 1 >= limits_.operations && name != other_requests) {
    assume("a service that answers very many kinds of requests: those seen later are one, other-requests");
    return operation(service, other_requests);
  }
  operations.push_back({std::string{name}});
  return {service, operations.size() - 1};
}

void Graph::add_call(const Call& call) {
  if (calls_.size() >= limits_.calls || ++mentions_ > limits_.mentions) {
    is_too_large_ = true;
    return;
  }
  if (known_calls_.size() <= call.from.service) known_calls_.resize(services_.size());
  const auto [known, is_new] =
      known_calls_[call.from.service].try_emplace({call.from.operation, call.to, call.kind}, calls_.size());
  if (is_new) {
    calls_.push_back(call);
    return;
  }
  Call& same = calls_[known->second];
  same.times += call.times;
  if (call.per_request) same.per_request = same.per_request.value_or(0) + *call.per_request;
}

void Graph::let_stand_for(std::string_view identity, std::string_view provider) {
  providers_.try_emplace(std::string{identity}, provider);
}

void Graph::leave_out(const std::set<std::string>& identities) {
  for (const std::string& identity : identities) {
    if (const auto known = service_if_any(identity)) left_out_.insert(*known);
  }
}

void Graph::assume(std::string_view sentence) {
  if (std::find(assumptions_.begin(), assumptions_.end(), sentence) == assumptions_.end())
    assumptions_.emplace_back(sentence);
}

void Graph::settle() {
  if (!providers_.empty() || !left_out_.empty()) put_right();
  by_identity_.clear();
  for (std::size_t s = 0; s < services_.size(); ++s) {
    if (services_[s].operations.empty()) (void)operation(s);
  }
}

// All calls anew, from and to those who are left.
void Graph::put_right() {
  std::vector<std::size_t> becomes(services_.size());
  std::iota(becomes.begin(), becomes.end(), std::size_t{0});
  for (const auto& [identity, provider] : providers_) {
    const auto stand_in = service_if_any(identity), real = service_if_any(provider);
    if (stand_in && real && *stand_in != *real) becomes[*stand_in] = *real;
  }
  std::vector<std::size_t> place(services_.size());
  std::vector<Service> kept;
  for (std::size_t i = 0; i < services_.size(); ++i) {
    if (becomes[i] != i || left_out_.contains(i)) continue;
    place[i] = kept.size();
    kept.push_back(std::move(services_[i]));
  }
  const std::vector<Call> calls = std::move(calls_);
  services_ = std::move(kept);
  calls_.clear();
  known_calls_.clear();
  providers_.clear();
  left_out_.clear();
  for (Call call : calls) {
    for (Place* end : {&call.from, &call.to}) {
      const bool is_moved = becomes[end->service] != end->service;
      const std::size_t service = place[becomes[end->service]];
      *end = is_moved ? operation(service) : Place{service, end->operation};
    }
    add_call(call);
  }
}

}  // namespace knockon::foreign
