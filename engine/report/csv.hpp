// Every replication as rows of comma-separated values, for spreadsheets and statistics programs.
#pragma once

#include <string>

#include "engine/study/results.hpp"

namespace knockon::report {

// A row for each replication, app and region, and one with an empty region for all the app's users together. Dates that
// do not exist are empty; `restored_censored` tells those that lie beyond the horizon.
[[nodiscard]] std::string csv_of_apps(const study::Results& results);

// A row for each replication: the incident's dates and costs, and where its minutes went.
[[nodiscard]] std::string csv_of_incidents(const study::Results& results);

}  // namespace knockon::report
