// Marks at round times, for whatever is drawn over minutes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace knockon::report {

// How much time a block stands for, and how many blocks lie between marks: such that marks fall on round times.
struct Scale {
  double minutes_per_block = 1;
  std::size_t blocks_per_mark = 10;
};
[[nodiscard]] Scale scale_for(double minutes, std::size_t blocks);

// Two lines below `blocks` blocks that begin after `indent` characters: marks, and their times.
[[nodiscard]] std::string axis_of(std::size_t indent, std::size_t blocks, const Scale& scale);

// From 0 to `minutes` or a little less: at most `most` round times at equal distances.
[[nodiscard]] std::vector<double> round_times(double minutes, std::size_t most);
// The same for amounts: multiples of 1, 2 or 5 times a power of ten, the last at `amount` or above.
[[nodiscard]] std::vector<double> round_amounts(double amount, std::size_t most);

}  // namespace knockon::report
