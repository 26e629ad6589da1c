// `--report FILE.html` as a user meets it: one file beside the results, and what happens when it cannot be written.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/scenario/command.hpp"

namespace knockon::tests {
namespace {

using nlohmann::json;

json shown_in(const std::filesystem::path& path) {
  const std::string page = text_of_file(path);
  const std::string begin = "<script id=\"shown\" type=\"application/json\">";
  const std::size_t from = page.find(begin);
  if (from == std::string::npos) throw std::runtime_error{"no data in the page"};
  return json::parse(page.substr(from + begin.size(), page.find("</script>", from) - from - begin.size()));
}

TEST_CASE("every command that has a page writes the results that it prints as JSON") {
  for (const std::string words : {"run first-steps --replications 20", "compare first-steps --replications 20",
                                  "explain first-steps --only 3", "graph first-steps"}) {
    INFO(words);
    const Folder folder;
    const std::string page = (folder / "page.html").string();

    const Ran ran = knockon(words + " -q --json - --report '" + page + "'");

    REQUIRE(ran.status == 0);
    CHECK(shown_in(page).at("result") == json::parse(ran.output));
  }
}

TEST_CASE("a page changes nothing of the results") {
  const Folder folder;

  const Ran with =
      knockon("run meta-2024-03-05 --replications 8 -q --json - --report '" + (folder / "page.html").string() + "'");
  const Ran without = knockon("run meta-2024-03-05 --replications 8 -q --json -");

  CHECK(with.output == without.output);
}

TEST_CASE("the page's curves end where the results say") {
  const Folder folder;
  const std::string page = (folder / "page.html").string();

  const Ran ran = knockon("run meta-2024-03-05 --replications 40 -q --report '" + page + "'");
  REQUIRE(ran.status <= 1);
  const json shown = shown_in(page);

  // Onset is at the start of the scenario there, and the horizon a whole number of steps: the last point is the end.
  const double last = shown.at("series").at("user_minutes_lost").at("p50").back();
  const double median = shown.at("result").at("incident").at("user_minutes_lost").at("p50");
  CHECK(last == Approx(median).epsilon(.001));
  CHECK(shown.at("series").at("replications") == 40);
  CHECK(std::filesystem::file_size(page) < 2'000'000);
}

TEST_CASE("a page that cannot be written costs the exit status, not the table") {
  const Ran ran = knockon("run first-steps --replications 5 -q --report /proc/nowhere/page.html");

  CHECK(ran.status == 3);
  CHECK(ran.output.find("store goes down") != std::string::npos);
  CHECK(ran.errors.find("/proc/nowhere/page.html: cannot be written") != std::string::npos);
}

TEST_CASE("a page is a file, not a stream") {
  for (const std::string command : {"run", "compare", "explain", "graph"}) {
    const Ran ran = knockon(command + " first-steps --report -");

    CAPTURE(command);
    CHECK(ran.status == 2);
    CHECK(ran.errors.find("expected a file such as outage.html") != std::string::npos);
  }
}

TEST_CASE("the option --svg draws the main charts of a run, a comparison and an explanation into a folder") {
  struct Asked {
    std::string words;
    std::vector<std::string> files;
  };
  const std::vector<Asked> asked{
      {"run first-steps --replications 10", {"timeline.svg", "success.svg", "durations.svg", "minutes.svg"}},
      {"compare first-steps --replications 10", {"comparison.svg", "minutes.svg"}},
      {"explain first-steps --only 3", {"timeline.svg"}}};
  for (const Asked& one : asked) {
    CAPTURE(one.words);
    const Folder folder;

    const Ran ran = knockon(one.words + " -q --svg '" + (folder / "pictures").string() + "'");

    CHECK(ran.status == 0);
    for (const std::string& file : one.files) CHECK(text_of_file(folder / ("pictures/" + file)).starts_with("<svg "));
  }
}

TEST_CASE("pictures that cannot be drawn cost the exit status, not the table") {
  const Ran ran = knockon("run first-steps --replications 5 -q --svg /proc/nowhere");

  CHECK(ran.status == 3);
  CHECK(ran.output.find("store goes down") != std::string::npos);
  CHECK(ran.errors.find("/proc/nowhere: cannot be made") != std::string::npos);
}

}  // namespace
}  // namespace knockon::tests
