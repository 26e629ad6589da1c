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
std::deque<Chunk> chunks_of(const Request& request) {
  const std::uint64_t size =
      std::clamp<std::uint64_t>(request.count / (std::uint64_t{4} * request.jobs), 1, request.block);
  std::deque<Chunk> chunks;
  const std::uint64_t end = request.first + request.count;
  for (std::uint64_t next = request.first; next < end;) {
    const std::uint64_t block_end = (next / request.block + 1) * request.block;
    const Chunk chunk{.next = next, .end = std::min({next + size, block_end, end})};
    chunks.push_back(chunk);
    next = chunk.end;
  }
  return chunks;
}

class Crew {
 public:
  Crew(const Request& request, const Replicate& replicate, const Watch& watch)
      : request_{request}, replicate_{replicate}, watch_{watch}, waiting_{chunks_of(request)} {}

  Replications work() {
    while (!stopped() && (hire(), !workers_.empty())) {
      listen();
    }
    result_.interrupted = settled() < request_.count;
    workers_.clear();  // ends those still at work
    return in_order();
  }

 private:
  bool stopped() { return is_stopped_ = is_stopped_ || (watch_.stop && watch_.stop()); }

  [[nodiscard]] std::uint64_t settled() const { return result_.outcomes.size() + result_.died.size(); }

  void hire() {
    while (workers_.size() < request_.jobs && !waiting_.empty()) {
      workers_.push_back(std::make_unique<Worker>(waiting_.front(), replicate_, request_.patience_s));
      waiting_.pop_front();
    }
  }

  void listen() {
    std::vector<pollfd> pipes;
    for (const auto& worker : workers_) pipes.push_back({.fd = worker->pipe(), .events = POLLIN, .revents = 0});
    const int ready = ::poll(pipes.data(), static_cast<nfds_t>(pipes.size()), glance_ms);
    if (ready < 0 && errno != EINTR) throw quantity::IoError{"cannot wait for workers"};
    if (ready <= 0) return;
    for (std::size_t i = pipes.size(); i-- > 0;) {
      if (pipes[i].revents != 0 && !workers_[i]->read(result_.outcomes)) let_go(i);
    }
    if (watch_.progress) watch_.progress(settled(), request_.count);
  }

  void let_go(std::size_t i) {
    if (auto died = workers_[i]->cause_of_death()) {
      result_.died.push_back(std::move(*died));
      const Chunk rest = workers_[i]->rest();
      // Next in turn, so that the gap-free prefix of an interrupted run grows.
      if (rest.next + 1 < rest.end) waiting_.push_front({.next = rest.next + 1, .end = rest.end});
    }
    workers_.erase(workers_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  Replications in_order() {
    const auto by_index = [](const auto& a, const auto& b) { return a.index < b.index; };
    std::sort(result_.outcomes.begin(), result_.outcomes.end(), by_index);
    std::sort(result_.died.begin(), result_.died.end(), by_index);
    result_.first = request_.first;
    result_.requested = request_.count;
    if (result_.interrupted) keep_gap_free_prefix();
    return std::move(result_);
  }

  void keep_gap_free_prefix() {
    std::size_t finished = 0, died = 0;
    for (std::uint64_t index = request_.first;; ++index) {
      if (finished < result_.outcomes.size() && result_.outcomes[finished].index == index) {
        ++finished;
      } else if (died < result_.died.size() && result_.died[died].index == index) {
        ++died;
      } else {
        break;
      }
    }
    result_.outcomes.resize(finished);
    result_.died.resize(died);
  }

  const Request& request_;
  const Replicate& replicate_;
  const Watch& watch_;
  std::deque<Chunk> waiting_;
  std::vector<std::unique_ptr<Worker>> workers_;
  Replications result_;
  bool is_stopped_ = false;
};

}  // namespace

Replications replicated(const Request& request, const Replicate& replicate, const Watch& watch) {
  quantity::require(request.jobs > 0 && request.block > 0, "replications need a worker and a block");
  return Crew{request, replicate, watch}.work();
}

}  // namespace knockon::study
