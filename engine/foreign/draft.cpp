#include "engine/foreign/draft.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "engine/foreign/circles.hpp"

namespace knockon::foreign {
namespace {

// Calls that operations for each direction may add to those of the graph.
constexpr std::size_t direction_calls_max = 50'000;
// Beyond these a ratio is no longer how anything is built.
constexpr double per_request_min = 1e-6, per_request_max = 1e6;

double within_reason(double ratio) {
  if (!(ratio > 0)) return 1;
  ratio = std::clamp(ratio, per_request_min, per_request_max);
  // Three figures: what was counted on one day is no surer.
  const double scale = std::pow(10.0, 2 - std::floor(std::log10(ratio)));
  return std::round(ratio * scale) / scale;
}

class Drafting {
 public:
  explicit Drafting(const Graph& graph) : graph_{graph}, out_(graph.services().size()) {
    for (std::size_t c = 0; c < graph.calls().size(); ++c) out_[graph.calls()[c].from.service].push_back(c);
  }

  Draft draft() {
    find_directions();
    add_operations();
    count_requests();
    for (std::size_t i = 0; i < whole_and_for_callers_; ++i) add_calls(i);
    break_circles();
    find_entries();
    put_together();
    return std::move(draft_);
  }

 private:
  using Role = DraftOperation::Role;
  // Of two services that call each other, without telling operations apart: the call back, by (caller, callee).
  using Pair = std::pair<std::size_t, std::size_t>;

  [[nodiscard]] bool is_plain(const Place& place) const {
    return graph_.services()[place.service].operations[place.operation].name.empty();
  }

  [[nodiscard]] std::size_t plain_operation(std::size_t service) const {
    const std::vector<Operation>& all = graph_.services()[service].operations;
    const auto plain = std::find_if(all.begin(), all.end(), [](const Operation& one) { return one.name.empty(); });
    return static_cast<std::size_t>(plain - all.begin());
  }

  // Who calls whom back. Where that would take too many calls, circles are broken instead.
  void find_directions() {
    std::vector<std::vector<std::size_t>> callees(out_.size());  // of each service, in their order
    for (const Call& call : graph_.calls()) {
      const bool is_waited_for = call.kind != world::CallKind::async;
      if (is_waited_for && call.from.service != call.to.service && is_plain(call.from) && is_plain(call.to))
        callees[call.from.service].push_back(call.to.service);
    }
    for (std::vector<std::size_t>& some : callees) {
      std::ranges::sort(some);
      some.erase(std::unique(some.begin(), some.end()), some.end());
    }
    std::size_t added = 0;
    for (std::size_t caller = 0; caller < callees.size(); ++caller) {
      for (const std::size_t callee : callees[caller]) {
        if (!std::ranges::binary_search(callees[callee], caller)) continue;
        directions_.emplace_hint(directions_.end(), Pair{caller, callee}, 0);
        added += out_[callee].size();
      }
    }
    if (added > direction_calls_max) directions_.clear();
    draft_.has_directions = !directions_.empty();
  }

  void add_operations() {
    const std::vector<Service>& services = graph_.services();
    for (std::size_t s = 0; s < services.size(); ++s) {
      first_of_service_.push_back(draft_.operations.size());
      for (std::size_t o = 0; o < services[s].operations.size(); ++o)
        draft_.operations.push_back({.role = Role::whole, .service = s, .operation = o, .calls = {}});
    }
    for (auto& [pair, operation] : directions_) {
      operation = draft_.operations.size();
      draft_.operations.push_back({.role = Role::for_caller,
                                   .service = pair.second,
                                   .operation = plain_operation(pair.second),
                                   .caller = pair.first,
                                   .calls = {}});
    }
    whole_and_for_callers_ = draft_.operations.size();
  }

  [[nodiscard]] std::size_t whole(const Place& place) const {
    return first_of_service_[place.service] + place.operation;
  }
  [[nodiscard]] std::size_t target_of(const Call& call) const {
    const auto made = directions_.find({call.from.service, call.to.service});
    return made != directions_.end() && call.kind != world::CallKind::async && is_plain(call.from) && is_plain(call.to)
               ? made->second
               : whole(call.to);
  }
  [[nodiscard]] std::optional<std::size_t> operation_for(std::size_t caller, std::size_t callee) const {
    const auto made = directions_.find({caller, callee});
    return made == directions_.end() ? std::nullopt : std::optional{made->second};
  }

  // How often each operation was asked, as far as the files say.
  void count_requests() {
    asked_.assign(draft_.operations.size(), 0);
    guesses_.assign(draft_.operations.size(), 0);
    for (std::size_t i = 0; i < draft_.operations.size(); ++i) {
      const DraftOperation& operation = draft_.operations[i];
      if (operation.role == Role::whole)
        asked_[i] = graph_.services()[operation.service].operations[operation.operation].from_outside;
    }
    for (const Call& call : graph_.calls()) asked_[target_of(call)] += call.times;
  }

  // Requests that lead to the call: to the operation it is made from, and to those made for other callers.
  [[nodiscard]] double requests_behind(const Call& call) const {
    double requests = asked_[whole(call.from)];
    if (!is_plain(call.from)) return requests;
    const auto first = for_callers_of(call.from.service);
    for (auto made = first; made != by_callee_.end() && made->first.first == call.from.service; ++made) {
      if (made->first.second != call.to.service) requests += asked_[made->second];
    }
    return requests;
  }
  [[nodiscard]] std::map<Pair, std::size_t>::const_iterator for_callers_of(std::size_t service) const {
    return by_callee_.lower_bound({service, 0});
  }

  // Who is not asked by anybody in the files is taken to be asked as often as it calls the middle one of what it calls:
  // one call for each request is what most calls are, and a few outliers on either side move no median.
  double guessed_requests(const Call& call) {
    double& guess = guesses_[whole(call.from)];
    if (guess > 0) return guess;
    std::vector<double> times;
    for (const std::size_t other : out_[call.from.service]) {
      const Call& one = graph_.calls()[other];
      if (one.from == call.from && one.times > 0) times.push_back(one.times);
    }
    draft_.are_rates_guessed = true;
    return guess = middle_of(std::move(times));
  }
  static double middle_of(std::vector<double> times) {
    if (times.empty()) return 0;
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
  }

  double per_request_of(const Call& call) {
    if (call.per_request) return within_reason(*call.per_request);
    if (call.times <= 0) return 1;
    double requests = requests_behind(call);
    if (requests <= 0) requests = guessed_requests(call);
    return within_reason(call.times / requests);
  }

  void add_calls(std::size_t index) {
    if (by_callee_.empty()) {
      for (const auto& [pair, operation] : directions_) by_callee_.emplace(Pair{pair.second, pair.first}, operation);
    }
    const DraftOperation& operation = draft_.operations[index];
    std::vector<DraftCall> calls;
    for (const std::size_t c : out_[operation.service]) {
      const Call& call = graph_.calls()[c];
      if (call.from.operation != operation.operation) continue;
      if (operation.role == Role::for_caller && call.to.service == operation.caller) continue;
      calls.push_back({.to = target_of(call), .per_request = per_request_of(call), .kind = call.kind, .said = c});
    }
    draft_.operations[index].calls = std::move(calls);
  }

  // No circle of calls may be left, whatever their kind.
  void break_circles() {
    std::vector<CircleEdge> edges;
    std::vector<Pair> which;  // operation and call
    for (std::size_t i = 0; i < draft_.operations.size(); ++i) {
      for (std::size_t c = 0; c < draft_.operations[i].calls.size(); ++c) {
        const DraftCall& call = draft_.operations[i].calls[c];
        const int rank = call.kind == world::CallKind::async ? 0 : call.kind == world::CallKind::soft ? 1 : 2;
        edges.push_back({i, call.to, rank, graph_.calls()[*call.said].times});
        which.emplace_back(i, c);
      }
    }
    const std::vector<bool> given = given_up(draft_.operations.size(), edges);
    std::map<std::size_t, std::size_t> alone;  // by service
    for (std::size_t e = 0; e < edges.size(); ++e) {
      if (!given[e]) continue;
      const std::size_t service = draft_.operations[edges[e].to].service;
      const auto [known, is_new] = alone.try_emplace(service, draft_.operations.size());
      if (is_new) draft_.operations.push_back({.role = Role::alone, .service = service, .calls = {}});
      DraftCall& call = draft_.operations[which[e].first].calls[which[e].second];
      call.to = known->second;
      call.is_softened = true;
      if (call.kind == world::CallKind::hard) call.kind = world::CallKind::soft;
      ++draft_.softened;
    }
  }

  // What users ask: what the files say they do, and what nobody else asks. A service that neither calls nor is called
  // is no way in, unless there is no other.
  void find_entries() {
    std::vector<bool> is_called(draft_.operations.size(), false);
    for (const DraftOperation& operation : draft_.operations) {
      for (const DraftCall& call : operation.calls) is_called[call.to] = true;
    }
    std::vector<std::size_t> idle;
    for (std::size_t i = 0; i < whole_and_for_callers_; ++i) {
      DraftOperation& operation = draft_.operations[i];
      if (operation.role != Role::whole) continue;
      operation.asked = graph_.services()[operation.service].operations[operation.operation].from_outside;
      if (operation.asked <= 0 && is_called[i]) continue;
      if (operation.asked <= 0 && operation.calls.empty()) {
        idle.push_back(i);
        continue;
      }
      if (operation.asked <= 0) operation.asked = guess_of(operation);
      draft_.entries.push_back(i);
    }
    if (draft_.entries.empty()) draft_.entries = idle;
    std::stable_sort(draft_.entries.begin(), draft_.entries.end(), [&](std::size_t a, std::size_t b) {
      return draft_.operations[a].asked > draft_.operations[b].asked;
    });
  }
  double guess_of(const DraftOperation& operation) {
    std::vector<double> times;
    for (const DraftCall& call : operation.calls) {
      if (const double seen = graph_.calls()[*call.said].times; seen > 0) times.push_back(seen);
    }
    return middle_of(std::move(times));
  }

  void put_together() {
    draft_.of_service.resize(graph_.services().size());
    for (std::size_t i = 0; i < draft_.operations.size(); ++i)
      draft_.of_service[draft_.operations[i].service].push_back(i);
  }

  const Graph& graph_;
  std::vector<std::vector<std::size_t>> out_;  // calls by the service that makes them
  std::map<Pair, std::size_t> directions_;     // which operation was made, by caller and callee
  std::map<Pair, std::size_t> by_callee_;      // the same, by callee and caller
  std::vector<std::size_t> first_of_service_;
  std::size_t whole_and_for_callers_ = 0;
  std::vector<double> asked_, guesses_;
  Draft draft_;
};

}  // namespace

Draft draft_of(const Graph& graph) { return Drafting{graph}.draft(); }

}  // namespace knockon::foreign
