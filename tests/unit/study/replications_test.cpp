#include "engine/study/replications.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "engine/quantity/contract.hpp"
#include "tests/unit/study/invented.hpp"

namespace knockon::study {
namespace {

simulation::Outcome calm(std::uint64_t index) { return invented::feed_down_for(60, index); }

std::vector<std::uint64_t> indices_of(const Replications& replications) {
  std::vector<std::uint64_t> indices;
  for (const auto& outcome : replications.outcomes) indices.push_back(outcome.index);
  return indices;
}

std::vector<std::uint64_t> counting(std::uint64_t first, std::uint64_t end) {
  std::vector<std::uint64_t> indices;
  for (; first < end; ++first) indices.push_back(first);
  return indices;
}

TEST_CASE("every replication comes back once and in order, whatever the number of workers") {
  for (const unsigned jobs : {1U, 2U, 5U}) {
    const Replications replications = replicated({.first = 0, .count = 50, .jobs = jobs}, calm);

    CHECK(indices_of(replications) == counting(0, 50));
    CHECK(replications.died.empty());
    CHECK_FALSE(replications.interrupted);
  }
}

TEST_CASE("a sub-range may begin and end in the middle of a block") {
  const Replications replications = replicated({.first = 13, .count = 40, .jobs = 2}, calm);

  CHECK(indices_of(replications) == counting(13, 53));
  CHECK(replications.first == 13);
}

TEST_CASE("a worker goes on with another block while its process can, and then another takes over") {
  int played = 0;  // each worker has its own copy
  const Replicate until_the_clock_ends = [played](std::uint64_t index) mutable {
    if (++played > 40) throw std::runtime_error{"the clock has no slot left"};
    return invented::feed_down_for(played, index);
  };

  const Replications replications =
      replicated({.first = 5, .count = 200, .jobs = 2, .block = 16, .in_a_process = 40}, until_the_clock_ends);

  CHECK(replications.died.empty());
  REQUIRE(replications.outcomes.size() == 200);
  const auto first_in_a_process = [](const simulation::Outcome& outcome) {
    return outcome.apps[0].down_time() == quantity::Duration::minutes(1);
  };
  const auto processes = std::count_if(replications.outcomes.begin(), replications.outcomes.end(), first_in_a_process);
  CHECK(processes >= 200 / 40);
  CHECK(processes <= 200 / 16);
}

TEST_CASE("a replication that crashes is reported with its index, and the others finish") {
  const Replicate crashes_at_7 = [](std::uint64_t index) {
    if (index == 7) ::raise(SIGKILL);
    return calm(index);
  };

  const Replications replications = replicated({.count = 32, .jobs = 2}, crashes_at_7);

  REQUIRE(replications.died.size() == 1);
  CHECK(replications.died[0].index == 7);
  CHECK(replications.died[0].error == "its process was ended by signal 9 (SIGKILL)");
  CHECK(replications.outcomes.size() == 31);
}

TEST_CASE("a replication that throws is reported with what it said") {
  const Replicate throws_twice = [](std::uint64_t index) -> simulation::Outcome {
    if (index == 3) throw std::runtime_error{"no route left"};
    if (index == 4) throw quantity::ContractError{"a share is at most one"};
    return calm(index);
  };

  const Replications replications = replicated({.count = 16, .jobs = 1}, throws_twice);

  REQUIRE(replications.died.size() == 2);
  CHECK(replications.died[0].error == "no route left");
  CHECK_FALSE(replications.died[0].is_defect);
  CHECK(replications.died[1].error == "a share is at most one");
  CHECK(replications.died[1].is_defect);
  CHECK(replications.outcomes.size() == 14);
}

TEST_CASE("a worker that leaves by itself has not finished") {
  const Replicate leaves = [](std::uint64_t index) -> simulation::Outcome {
    if (index == 2) _exit(0);
    return calm(index);
  };

  const Replications replications = replicated({.count = 4, .jobs = 1}, leaves);

  REQUIRE(replications.died.size() == 1);
  CHECK(replications.died[0].error == "its process ended with status 0");
}

TEST_CASE("a worker that dies between two pieces costs nothing") {
  // Known to the parent, too: who plays.
  const auto shared =
      static_cast<pid_t*>(::mmap(nullptr, sizeof(pid_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  REQUIRE(shared != MAP_FAILED);
  const Replicate tells_who = [shared](std::uint64_t index) {
    *shared = ::getpid();
    return calm(index);
  };
  pid_t killed = 0;
  const Watch watch{.progress =
                        [&](std::uint64_t done, std::uint64_t) {
                          if (done != 16 || killed != 0) return;
                          killed = *shared;  // it has nothing to do, and has not been given the next piece
                          ::kill(killed, SIGKILL);
                        },
                    .stop = {}};

  const Replications replications = replicated({.count = 64, .jobs = 1, .block = 16}, tells_who, watch);

  CHECK(killed != 0);
  CHECK(*shared != killed);
  CHECK(replications.died.empty());
  CHECK(indices_of(replications) == counting(0, 64));
  ::munmap(shared, sizeof(pid_t));
}

TEST_CASE("a replication that hangs is ended after its patience") {
  const Replicate hangs = [](std::uint64_t index) {
    while (index == 1) ::pause();
    return calm(index);
  };

  const Replications replications = replicated({.count = 3, .jobs = 2, .patience_s = 1}, hangs);

  REQUIRE(replications.died.size() == 1);
  CHECK(replications.died[0].index == 1);
  CHECK(replications.died[0].error == "took longer than 1 s");
  CHECK(replications.outcomes.size() == 2);
}

TEST_CASE("all replications may die, and the parent lives to tell") {
  const Replicate crashes = [](std::uint64_t) -> simulation::Outcome {
    ::raise(SIGKILL);
    return {};
  };

  const Replications replications = replicated({.count = 10, .jobs = 3}, crashes);

  CHECK(replications.died.size() == 10);
  CHECK(replications.outcomes.empty());
  CHECK_FALSE(replications.interrupted);
}

TEST_CASE("an interrupted run reports the gap-free prefix of what had finished") {
  // Number 5 never ends, so nothing after it can belong to the prefix.
  const Replicate hangs_at_5 = [](std::uint64_t index) {
    while (index == 5) ::pause();
    return calm(index);
  };
  std::uint64_t done_so_far = 0;
  const Watch watch{.progress = [&](std::uint64_t done, std::uint64_t) { done_so_far = done; },
                    .stop = [&] { return done_so_far == 63; }};

  const Replications replications = replicated({.count = 64, .jobs = 2, .block = 1}, hangs_at_5, watch);

  CHECK(replications.interrupted);
  CHECK(indices_of(replications) == counting(0, 5));
  CHECK(replications.requested == 64);
}

TEST_CASE("a run that is stopped before it begins has an empty prefix") {
  const Replications replications =
      replicated({.count = 10, .jobs = 2}, calm, {.progress = {}, .stop = [] { return true; }});

  CHECK(replications.interrupted);
  CHECK(replications.outcomes.empty());
}

TEST_CASE("progress counts up to everything that was asked for") {
  std::uint64_t last = 0;
  const Watch watch{.progress =
                        [&](std::uint64_t done, std::uint64_t requested) {
                          CHECK(done >= last);
                          CHECK(requested == 40);
                          last = done;
                        },
                    .stop = {}};

  (void)replicated({.count = 40, .jobs = 2}, calm, watch);

  CHECK(last == 40);
}

TEST_CASE("entries share the workers, and each has every replication once") {
  const ReplicateEntry replicate = [](std::size_t entry, std::uint64_t index) {
    return invented::feed_down_for(static_cast<std::int64_t>(10 * (entry + 1)), index);
  };

  const std::vector<Replications> entries = replicated_entries({.count = 40, .jobs = 3, .block = 16}, 3, replicate);

  REQUIRE(entries.size() == 3);
  for (std::size_t entry = 0; entry < 3; ++entry) {
    CHECK(indices_of(entries[entry]) == counting(0, 40));
    CHECK(entries[entry].outcomes[17].apps[0].down_time() ==
          quantity::Duration::minutes(static_cast<std::int64_t>(10 * (entry + 1))));
  }
}

TEST_CASE("a worker is given entries of one world only") {
  for (const std::vector<std::size_t>& worlds : {std::vector<std::size_t>{}, {0, 1, 0, 1}, {0, 0, 0, 0}}) {
    const auto world_of = [&worlds](std::size_t entry) { return worlds.empty() ? entry : worlds[entry]; };
    std::size_t known = SIZE_MAX;  // each worker has its own copy
    const ReplicateEntry replicate = [&world_of, known](std::size_t entry, std::uint64_t index) mutable {
      if (known != SIZE_MAX && known != world_of(entry))
        throw std::runtime_error{"this worker's engine is of another world"};
      known = world_of(entry);
      return calm(index);
    };

    for (const Replications& entry : replicated_entries({.count = 50, .jobs = 2, .worlds = worlds}, 4, replicate)) {
      CHECK(entry.died.empty());
      CHECK(indices_of(entry) == counting(0, 50));
    }
  }
}

TEST_CASE("a crash in one entry costs that entry a replication and the others none") {
  const ReplicateEntry replicate = [](std::size_t entry, std::uint64_t index) {
    if (entry == 1 && index == 7) ::raise(SIGKILL);
    return calm(index);
  };

  const std::vector<Replications> entries = replicated_entries({.count = 32, .jobs = 2}, 2, replicate);

  CHECK(entries[0].outcomes.size() == 32);
  CHECK(entries[1].outcomes.size() == 31);
  REQUIRE(entries[1].died.size() == 1);
  CHECK(entries[1].died[0].index == 7);
}

TEST_CASE("interrupted, all entries keep the same replications, without a gap") {
  const ReplicateEntry slower_by_entry = [](std::size_t entry, std::uint64_t index) {
    ::usleep(static_cast<useconds_t>(1000 + 4000 * entry));
    return calm(index);
  };
  std::uint64_t finished = 0;
  const Watch watch{.progress = [&](std::uint64_t done, std::uint64_t) { finished = done; },
                    .stop = [&] { return finished >= 60; }};

  const std::vector<Replications> entries =
      replicated_entries({.count = 1000, .jobs = 2, .block = 16}, 2, slower_by_entry, watch);

  CHECK(entries[0].interrupted);
  CHECK_FALSE(entries[0].outcomes.empty());
  CHECK(indices_of(entries[0]) == counting(0, entries[0].outcomes.size()));
  CHECK(indices_of(entries[0]) == indices_of(entries[1]));
}

}  // namespace
}  // namespace knockon::study
