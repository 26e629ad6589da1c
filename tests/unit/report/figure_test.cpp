#include "engine/report/figure.hpp"

#include <catch2/catch.hpp>

namespace knockon::report {
namespace {

using quantity::Share;
using statistics::Quantile;
using study::Unit;

TEST_CASE("counts have three figures and a prefix, also where rounding reaches the next one") {
  CHECK(count_text(0) == "0");
  CHECK(count_text(7) == "7");
  CHECK(count_text(0.256) == "0.256");
  CHECK(count_text(999.4) == "999");
  CHECK(count_text(999.6) == "1k");
  CHECK(count_text(12345) == "12.3k");
  CHECK(count_text(412345678901) == "412G");
  CHECK(count_text(-1500000) == "-1.5M");
}

TEST_CASE("a share that is nearly all does not read as all, nor a tiny one as none") {
  CHECK(share_text(Share{1}) == "100 %");
  CHECK(share_text(Share{.9999}) == "99.9 %");
  CHECK(share_text(Share{.425}) == "42 %");
  CHECK(share_text(Share{.0188}) == "1.9 %");
  CHECK(share_text(Share{.00002}) == "< 0.01 %");
  CHECK(share_text(Share{0}) == "0 %");
}

TEST_CASE("beyond the horizon is said with a sign, and nothing with a dash") {
  CHECK(quantile_text(Quantile{420, true}, Unit::minutes, "") == "> 7h");
  CHECK(quantile_text(Quantile{92, false}, Unit::minutes, "") == "1h 32m");
  CHECK(quantile_text({}, Unit::minutes, "") == "–");
}

TEST_CASE("a unit that both ends share is written once") {
  CHECK(bounds_text({.low = 4.1e6, .high = 5.2e6}, Unit::money, "USD") == "4.1M – 5.2M USD");
  CHECK(bounds_text({.low = 58, .high = 161}, Unit::minutes, "") == "58m – 2h 41m");
  CHECK(bounds_text({.low = 300, .high = {}}, Unit::minutes, "") == "> 5h");
  CHECK(bounds_text({}, Unit::minutes, "").empty());
}

}  // namespace
}  // namespace knockon::report
