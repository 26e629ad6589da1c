// The bar that says how far a run is and how long it will still take; on a terminal only.
#pragma once

#include <chrono>
#include <cstdint>

namespace knockon::command_line {

class Progress {
 public:
  // Draws nothing at all unless `is_shown`.
  explicit Progress(bool is_shown) : is_shown_{is_shown} {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::uint64_t done, std::uint64_t requested);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;

  bool is_shown_, is_drawn_ = false;
  Clock::time_point begin_ = Clock::now(), drawn_at_ = begin_;
};

}  // namespace knockon::command_line
