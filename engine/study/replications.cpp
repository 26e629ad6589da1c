#include "engine/study/replications.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "engine/quantity/contract.hpp"
#include "engine/study/worker.hpp"

namespace knockon::study {
namespace {

// How long a request to stop may go unnoticed while no worker reports anything.
constexpr int glance_ms = 100;

// Pieces that keep within blocks, and are small enough that the last ones keep every worker busy.
std::deque<Chunk> chunks_of(const Request& request, std::size_t entries) {
  const std::uint64_t size =
      std::clamp<std::uint64_t>(request.count * entries / (std::uint64_t{4} * request.jobs), 1, request.block);
  std::deque<Chunk> chunks;
  const std::uint64_t end = request.first + request.count;
  for (std::uint64_t next = request.first; next < end;) {
    const std::uint64_t block_end = (next / request.block + 1) * request.block;
    const std::uint64_t chunk_end = std::min({next + size, block_end, end});
    for (std::size_t entry = 0; entry < entries; ++entry)
      chunks.push_back({.entry = entry, .next = next, .end = chunk_end});
    next = chunk_end;
  }
  return chunks;
}

constexpr auto by_index = [](const auto& a, const auto& b) { return a.index < b.index; };

// The first index, from `first` on, that has neither finished nor died. REQUIRES: both lists ascend by index.
std::uint64_t gap_of(const Replications& replications, std::uint64_t first) {
  std::size_t finished = 0, died = 0;
  for (std::uint64_t index = first;; ++index) {
    if (finished < replications.outcomes.size() && replications.outcomes[finished].index == index) {
      ++finished;
    } else if (died < replications.died.size() && replications.died[died].index == index) {
      ++died;
    } else {
      return index;
    }
  }
}

void drop_from(Replications& replications, std::uint64_t index) {
  std::erase_if(replications.outcomes, [index](const auto& outcome) { return outcome.index >= index; });
  std::erase_if(replications.died, [index](const auto& died) { return died.index >= index; });
}

class Crew {
 public:
  Crew(const Request& request, std::size_t entries, const ReplicateEntry& replicate, const Watch& watch)
      : request_{request},
        replicate_{replicate},
        watch_{watch},
        waiting_{chunks_of(request, entries)},
        results_(entries) {}

  std::vector<Replications> work() {
    while (!stopped() && (hire(), !workers_.empty())) {
      listen();
    }
    const bool is_interrupted = settled() < wanted();
    workers_.clear();  // ends those still at work
    put_in_order(is_interrupted);
    return std::move(results_);
  }

 private:
  bool stopped() { return is_stopped_ = is_stopped_ || (watch_.stop && watch_.stop()); }

  [[nodiscard]] std::uint64_t wanted() const { return request_.count * results_.size(); }
  [[nodiscard]] std::uint64_t settled() const {
    std::uint64_t count = 0;
    for (const Replications& entry : results_) count += entry.outcomes.size() + entry.died.size();
    return count;
  }

  [[nodiscard]] std::size_t world_of(std::size_t entry) const {
    return request_.worlds.empty() ? entry : request_.worlds[entry];
  }

  // The first that waits and that the worker may be given, of those that are next in turn.
  [[nodiscard]] auto chunk_for(const Worker& worker) const {
    return std::find_if(waiting_.begin(), waiting_.end(), [&](const Chunk& chunk) {
      return chunk.next / request_.block == waiting_.front().next / request_.block &&
             world_of(chunk.entry) == world_of(worker.rest().entry) &&
             worker.given() + (chunk.end - chunk.next) <= request_.in_a_process;
    });
  }

  // Gives all something to do, and lets those go for whom there is nothing.
  void hire() {
    for (auto& worker : workers_) {
      if (!worker->is_idle()) continue;
      const auto chunk = chunk_for(*worker);
      if (chunk == waiting_.end()) {
        worker.reset();
      } else {
        worker->give(*chunk);
        waiting_.erase(chunk);
      }
    }
    std::erase(workers_, nullptr);
    while (workers_.size() < request_.jobs && !waiting_.empty()) {
      workers_.push_back(std::make_unique<Worker>(replicate_, request_.patience_s));
      workers_.back()->give(waiting_.front());
      waiting_.pop_front();
    }
  }

  void listen() {
    std::vector<pollfd> sockets;
    for (const auto& worker : workers_) sockets.push_back({.fd = worker->socket(), .events = POLLIN, .revents = 0});
    const int ready = ::poll(sockets.data(), static_cast<nfds_t>(sockets.size()), glance_ms);
    if (ready < 0 && errno != EINTR) throw quantity::IoError{"cannot wait for workers"};
    if (ready <= 0) return;
    for (std::size_t i = sockets.size(); i-- > 0;) {
      if (sockets[i].revents != 0 && !workers_[i]->read(results_[workers_[i]->rest().entry].outcomes)) let_go(i);
    }
    if (watch_.progress) watch_.progress(settled(), wanted());
  }

  void let_go(std::size_t i) {
    Chunk rest = workers_[i]->rest();
    if (auto died = workers_[i]->cause_of_death()) {
      results_[rest.entry].died.push_back(std::move(*died));
      ++rest.next;
    }
    // Next in turn, so that the gap-free prefix of an interrupted run grows.
    if (rest.next < rest.end) waiting_.push_front(rest);
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  void put_in_order(bool is_interrupted) {
    std::uint64_t gap = request_.first + request_.count;
    for (Replications& entry : results_) {
      std::sort(entry.outcomes.begin(), entry.outcomes.end(), by_index);
      std::sort(entry.died.begin(), entry.died.end(), by_index);
      entry.first = request_.first;
      entry.requested = request_.count;
      entry.interrupted = is_interrupted;
      gap = std::min(gap, gap_of(entry, request_.first));
    }
    if (!is_interrupted) return;
    for (Replications& entry : results_) drop_from(entry, gap);
  }

  const Request& request_;
  const ReplicateEntry& replicate_;
  const Watch& watch_;
  std::deque<Chunk> waiting_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Replications> results_;  // by entry
  bool is_stopped_ = false;
};

}  // namespace

Replications replicated(const Request& request, const Replicate& replicate, const Watch& watch) {
  const auto only_entry = [&](std::size_t, std::uint64_t index) { return replicate(index); };
  return std::move(replicated_entries(request, 1, only_entry, watch).front());
}

std::vector<Replications> replicated_entries(const Request& request, std::size_t entries,
                                             const ReplicateEntry& replicate, const Watch& watch) {
  quantity::require(request.jobs > 0 && request.block > 0, "replications need a worker and a block");
  quantity::require(request.in_a_process >= request.block, "a process plays a block at least");
  quantity::require(request.worlds.empty() || request.worlds.size() == entries, "every entry has a world");
  return Crew{request, entries, replicate, watch}.work();
}

}  // namespace knockon::study
