#include "engine/report/phase_bars.hpp"

#include <cmath>
#include <numeric>

#include "engine/report/figure.hpp"

namespace knockon::report {

std::string phase_bars_of(const std::array<double, simulation::phase_count>& minutes, const std::string& about,
                          const Paint& paint) {
  const double total = std::accumulate(minutes.begin(), minutes.end(), 0.0);
  if (total <= 0) return {};
  constexpr double bar_blocks = 44;
  std::string text = section("where the minutes went", about + minutes_text(total) + " in all", paint);
  for (std::size_t i = 0; i < minutes.size(); ++i) {
    if (minutes[i] <= 0) continue;
    const auto blocks = static_cast<std::size_t>(std::lround(minutes[i] / total * bar_blocks));
    text += "  " + left(simulation::text_of(static_cast<simulation::Phase>(i)), 12) +
            right(minutes_text(minutes[i]), 8) + right(share_text(quantity::Share{minutes[i] / total}), 8) + "  " +
            (blocks > 0 ? repeated("█", blocks) : "▏") + "\n";
  }
  return text;
}

}  // namespace knockon::report
