#include "engine/study/threads.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

using namespace knockon;

TEST_CASE("every piece of work is done once, on any number of threads") {
  for (const std::size_t threads : {0, 1, 2, 7, 300}) {
    std::vector<std::atomic<int>> done(100);
    study::on_threads(threads, done.size(), [&](std::size_t i) { ++done[i]; });
    CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
  }
  bool is_called = false;
  study::on_threads(4, 0, [&](std::size_t) { is_called = true; });
  CHECK_FALSE(is_called);
}

TEST_CASE("what one piece of work throws comes out, whichever thread it was on") {
  const auto fails_at = [](std::size_t bad) {
    study::on_threads(3, 50, [bad](std::size_t i) {
      if (i == bad) throw std::runtime_error{"this one"};
    });
  };
  for (const std::size_t bad : {0, 25, 49}) CHECK_THROWS_AS(fails_at(bad), std::runtime_error);

  // Here it is on another thread than the caller's: two pieces wait for each other, and only that one throws.
  const std::thread::id caller = std::this_thread::get_id();
  std::atomic<int> begun{0};
  const auto fails_elsewhere = [&] {
    study::on_threads(2, 2, [&](std::size_t) {
      ++begun;
      while (begun < 2) std::this_thread::yield();
      if (std::this_thread::get_id() != caller) throw std::runtime_error{"the other one"};
    });
  };
  CHECK_THROWS_AS(fails_elsewhere(), std::runtime_error);
}
