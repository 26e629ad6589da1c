// What is printed reads back as the same bits, and no text at all makes a reader fall over.
#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <string>

#include "engine/quantity/text.hpp"

using namespace knockon::quantity;

namespace {

constexpr std::int64_t century = std::int64_t{36'525} * 86'400 * Duration::ticks_per_second;

// Any finite double from 0 up to 1e15, with small exponents as likely as large ones.
rc::Gen<double> amounts() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 53), rc::gen::inRange(-80, 50)),
      [](const auto& drawn) { return std::ldexp(static_cast<double>(drawn.first), drawn.second - 53); });
}

// Texts made of what quantities are made of: most are wrong in an interesting way.
rc::Gen<std::string> near_quantities() {
  return rc::gen::container<std::string>(
      rc::gen::elementOf(std::string{"0123456789.,_ +-/%:kMGTusmhdBbitiUSDTCZe$\xc2\xb5\n"}));
}

}  // namespace

TEST_CASE("every duration reads back from its text") {
  rc::prop("to the tick", [] {
    const auto duration = Duration::of_ticks(*rc::gen::inRange<std::int64_t>(0, century + 1));
    RC_ASSERT(parse_duration(text_of(duration)) == duration);
  });
  rc::prop("also below a minute", [] {
    const auto duration = Duration::of_ticks(*rc::gen::inRange<std::int64_t>(0, 60 * Duration::ticks_per_second));
    RC_ASSERT(parse_duration(text_of(duration)) == duration);
  });
}

TEST_CASE("every amount reads back from its text, to the last bit") {
  rc::prop("share", [] {
    const Share share{*amounts()};
    RC_ASSERT(parse_share(text_of(share)) == share);
  });
  rc::prop("rate", [] {
    const Rate rate = Rate::per_second(*amounts());
    RC_ASSERT(parse_rate(text_of(rate)) == rate);
  });
  rc::prop("count", [] {
    const double count = *amounts();
    RC_ASSERT(parse_count(text_of_count(count)) == count);
  });
  rc::prop("data size", [] {
    const DataSize size{*amounts()};
    RC_ASSERT(parse_data_size(text_of(size)) == size);
  });
  rc::prop("data rate", [] {
    const DataRate rate = DataRate::bits_per_second(*amounts());
    RC_ASSERT(parse_data_rate(text_of(rate)) == rate);
  });
}

TEST_CASE("every date and every clock reads back from its text") {
  rc::prop("date, from the year 0 to 9999", [] {
    const auto seconds = *rc::gen::inRange<std::int64_t>(-62'167'219'200, 253'402'300'800);
    RC_ASSERT(parse_date(text_of_date(seconds)) == seconds);
  });
  rc::prop("clock, to the minute", [] {
    const auto offset = Duration::minutes(*rc::gen::inRange(-12 * 60, 14 * 60 + 1));
    RC_ASSERT(parse_clock(text_of_clock(offset)) == offset);
  });
}

TEST_CASE("every text is either a quantity or a fault that says what was expected") {
  rc::prop("all readers", [] {
    const std::string text = *near_quantities();
    const auto told = [](const auto& parsed) { return parsed.has_value() || !parsed.error().expected.empty(); };
    RC_ASSERT(told(parse_duration(text)));
    RC_ASSERT(told(parse_share(text)));
    RC_ASSERT(told(parse_rate(text)));
    RC_ASSERT(told(parse_share_rate(text)));
    RC_ASSERT(told(parse_count(text)));
    RC_ASSERT(told(parse_data_size(text)));
    RC_ASSERT(told(parse_data_rate(text)));
    RC_ASSERT(told(parse_money(text)));
    RC_ASSERT(told(parse_money_rate(text)));
    RC_ASSERT(told(parse_clock(text)));
    RC_ASSERT(told(parse_local_hour(text)));
    RC_ASSERT(told(parse_date(text)));
  });
}
