// Results as people read them: few figures, units, and a sign where a value is only a bound.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/statistics/bounds.hpp"
#include "engine/statistics/share.hpp"
#include "engine/statistics/statistic.hpp"
#include "engine/study/measures.hpp"

namespace knockon::report {

[[nodiscard]] std::string fingerprint_text(std::uint64_t fingerprint);  // 16 hexadecimal digits

[[nodiscard]] std::string minutes_text(double minutes);       // "1h 32m"
[[nodiscard]] std::string count_text(double count);           // three figures: "412G", "12.4M", "0.25"
[[nodiscard]] std::string share_text(quantity::Share share);  // "43 %", "1.9 %", "0.02 %"
// In the unit of a measure: "1h 32m", "12.4M USD", "43 %", "3 h".
[[nodiscard]] std::string value_text(double value, study::Unit unit, const std::string& currency);

// "1h 32m", "> 6h" beyond the horizon, "–" for what does not exist.
[[nodiscard]] std::string quantile_text(const std::optional<statistics::Quantile>& quantile, study::Unit unit,
                                        const std::string& currency);
// "58m – 2h 41m": from the 5th to the 95th percentile.
[[nodiscard]] std::string spread_text(const statistics::Statistic& statistic, study::Unit unit,
                                      const std::string& currency);
// "1h 28m – 1h 36m", or "> 5h" where an end is open; empty when both are.
[[nodiscard]] std::string bounds_text(const statistics::Bounds& bounds, study::Unit unit, const std::string& currency);

}  // namespace knockon::report
