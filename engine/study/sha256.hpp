// The SHA-256 of a text: which merged scenario a result belongs to.
#pragma once

#include <string>
#include <string_view>

namespace knockon::study {

// 64 hexadecimal digits. FIPS 180-4.
[[nodiscard]] std::string sha256_of(std::string_view text);

}  // namespace knockon::study
