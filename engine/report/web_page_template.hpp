// The page that tools/report builds from its sources, as it stands in the program.
#pragma once

#include <string_view>

namespace knockon::report {

// HTML with one place for what is to be shown: the text that marks it stands in it once.
[[nodiscard]] std::string_view web_page_template();
inline constexpr std::string_view web_page_mark = "\"what knockon shows\"";

}  // namespace knockon::report
