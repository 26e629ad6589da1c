// Results as one HTML file that asks the network for nothing: the program's template and what it is to show. The
// template draws; what is shown are the contract's JSON, how things went over time, and the graph with its positions.
#pragma once

#include <string>
#include <vector>

#include "engine/graph/findings.hpp"
#include "engine/report/graph_json.hpp"
#include "engine/study/comparison.hpp"
#include "engine/study/explanation.hpp"
#include "engine/study/results.hpp"

namespace knockon::report {

// More services than this are not drawn, and the page says how many were left out.
inline constexpr std::size_t drawn_max = 2000;

// `day`: the replication that is shown from beginning to end, with its events and its course; none where no run
// finished.
[[nodiscard]] std::string web_page_of(const study::Results& results, const study::Explanation* day);
// Days to be set side by side are chosen among those that all entries have.
[[nodiscard]] std::string web_page_of(const study::Comparison& comparison);
// `which`: "the median of 200 runs".
[[nodiscard]] std::string web_page_of(const study::Explanation& explanation, const std::string& which);
[[nodiscard]] std::string web_page_of(const graph::Findings& findings, const GraphSubject& subject);

// The template with `json` in its place, written so that no text in it can end the place it stands in.
[[nodiscard]] std::string filled_template(const std::string& json);

}  // namespace knockon::report
