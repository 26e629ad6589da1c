// Work that is cut into pieces which know nothing of each other, on several threads. Simulation has processes instead,
// since one process holds one kernel; this is for what is worked out of outcomes afterwards.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <system_error>
#include <vector>

namespace knockon::study {

// work(0) … work(count - 1), each once, on at most so many threads, this one among them; returns when all are done.
// Fewer threads do it where the system gives no more. Throws what any of them throws.
template <class Work>
void on_threads(std::size_t threads, std::size_t count, const Work& work) {
  std::atomic<std::size_t> next{0};
  const auto take_share = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::future<void>> others;  // going out of scope waits for them
  try {
    for (std::size_t thread = 1; thread < std::min(threads, count); ++thread)
      others.push_back(std::async(std::launch::async, take_share));
  } catch (const std::system_error&) {  // there may be no more threads than these: they do it all
  }
  take_share();
  for (std::future<void>& other : others) other.get();
}

}  // namespace knockon::study
