// Results on one page: what is put into the template, and that nothing in it can get out.
#include "engine/report/web_page.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "engine/report/json.hpp"
#include "engine/report/web_page_template.hpp"
#include "tests/unit/study/compared.hpp"
#include "tests/unit/study/invented.hpp"

namespace knockon::report {
namespace {

using nlohmann::json;

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// What stands in the page's script of data.
std::string shown_in(const std::string& page) {
  const std::string begin = "<script id=\"shown\" type=\"application/json\">";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

study::Results results_of(const world::World& world, std::size_t replications) {
  study::Replications finished{.outcomes = {}, .died = {}, .first = 0, .requested = replications};
  for (std::size_t i = 0; i < replications; ++i)
    finished.outcomes.push_back(invented::feed_down_for(20 + static_cast<std::int64_t>(i), i));
  study::Subject subject{.version = "0.1.0", .scenario_sha256 = std::string(64, 'a')};
  subject.cause = world::CauseId{0};
  subject.strategy = world::StrategyId{0};
  return study::results_of(world, subject, std::move(finished));
}

TEST_CASE("the template has one place for what is shown, and asks nothing of the network") {
  const std::string page{web_page_template()};

  CHECK(count_of(page, std::string{web_page_mark}) == 1);
  CHECK(count_of(page, "default-src 'none'") == 1);
  CHECK(count_of(page, "<script src") == 0);
  CHECK(count_of(page, " href=\"http") == 0);
}

TEST_CASE("the page holds the contract's JSON, value by value") {
  const world::World world = invented::two_apps();
  const study::Results results = results_of(world, 20);

  const json shown = json::parse(shown_in(web_page_of(results, nullptr)));

  CHECK(shown.at("page") == "run");
  CHECK(shown.at("result") == json::parse(json_of(results)));
  CHECK(shown.at("samples").at("down_minutes").at(0).at("all").at("values").size() == 20);
  CHECK(shown.at("day").is_null());
}

TEST_CASE("a comparison's page begins with the sentence that the terminal begins with") {
  const world::World world = invented::two_apps();
  const study::Comparison comparison =
      invented::comparison_of(world, {{"slow", invented::days_from(90)}, {"quick", invented::days_from(50)}});

  const json shown = json::parse(shown_in(web_page_of(comparison)));

  const std::string headline = shown.at("headline");
  CHECK(headline.find("With quick people lose the fewest minutes: 16k fewer than with slow") == 0);
}

TEST_CASE("no name can end the script that it stands in, or open a comment there") {
  const std::string name = "</script><script>alert(1)</script><!-- \"'&\\ \xF0\x9F\x92\xA5 \xD7\x90\xD7\x91";
  world::World world = invented::two_apps();
  world.title = world.apps[0].name = world.regions[0].name = name;
  const study::Results results = results_of(world, 3);

  const std::string page = web_page_of(results, nullptr);

  CHECK(count_of(page, "</script>") == count_of(std::string{web_page_template()}, "</script>"));
  CHECK(shown_in(page).find('<') == std::string::npos);
  CHECK(json::parse(shown_in(page)).at("world").at("title") == name);
}

TEST_CASE("bytes that are no characters are replaced, so that the page can be read") {
  world::World world = invented::two_apps();
  world.apps[0].name = "a\xFF\xFE";

  const std::string page = web_page_of(results_of(world, 3), nullptr);

  CHECK(json::accept(shown_in(page)));
}

TEST_CASE("a run of which nothing finished has a page that says so") {
  const world::World world = invented::two_apps();

  const json shown = json::parse(shown_in(web_page_of(results_of(world, 0), nullptr)));

  CHECK(shown.at("headline") == "No run finished.");
  CHECK(shown.at("samples").at("incident").at("restored_minute").at("values").empty());
}

TEST_CASE("of ten thousand days a few hundred values are written, at even ranks") {
  const world::World world = invented::two_apps();
  study::Replications finished{.outcomes = {}, .died = {}, .first = 0, .requested = 10'000};
  for (std::size_t i = 0; i < 10'000; ++i)
    finished.outcomes.push_back(invented::feed_down_for(static_cast<std::int64_t>(i % 100) + 1, i));
  study::Subject subject;
  subject.cause = world::CauseId{0};
  subject.strategy = world::StrategyId{0};

  const std::string page = web_page_of(study::results_of(world, subject, std::move(finished)), nullptr);
  const json sample = json::parse(shown_in(page)).at("samples").at("down_minutes").at(0).at("all");

  CHECK(sample.at("n") == 10'000);
  REQUIRE(sample.at("values").size() == 400);
  // Lengths of 1 to 100 minutes, equally often: the k-th of 400 is the (k/4 + 1)-th of 100.
  CHECK(sample.at("values").at(0) == 1);
  CHECK(sample.at("values").at(200) == 51);
  CHECK(sample.at("values").at(399) == 100);
}

}  // namespace
}  // namespace knockon::report
