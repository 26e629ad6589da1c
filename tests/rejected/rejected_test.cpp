// Every mistake that an author can make, one file each, beside the exact text the reader answers with. A first line of
// `# options: --variant V --set PATH=VALUE` gives the command's options. With KNOCKON_APPROVE set in the environment
// the answers are written anew, to be reviewed as a diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/scenario/scenario.hpp"
#include "tests/file_content.hpp"

namespace fs = std::filesystem;
using namespace knockon;
using tests::content_of;

namespace {

const std::string folder = KNOCKON_SOURCE_DIR "/tests/rejected/";

scenario::Options options_in(const std::string& text) {
  scenario::Options options;
  std::istringstream words{text.substr(0, text.find('\n'))};
  std::string word, value;
  if (!(words >> word >> value) || word + value != "#options:") return options;
  while (words >> word) {
    words >> value;
    const std::size_t equals = value.find('=');
    if (word == "--variant") options.variants.push_back(value);
    if (word == "--set") options.set.emplace_back(value.substr(0, equals), value.substr(equals + 1));
  }
  return options;
}

// The reader's answer, with paths as seen from the folder of these files.
std::string answer_to(const fs::path& path) {
  const scenario::Source source{path.string(), {KNOCKON_SOURCE_DIR "/models"}};
  const scenario::Options options = options_in(content_of(path));
  const auto read = scenario::read(source, options);
  std::string text = read ? "accepted\n" : scenario::text_of(read.error());
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) text.erase(at, folder.size());
  return text;
}

std::vector<fs::path> rejected_files() {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator{folder}) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("each mistake is answered word for word") {
  const std::vector<fs::path> files = rejected_files();
  REQUIRE(files.size() >= 170);

  for (const fs::path& file : files) {
    const fs::path expected = fs::path{file}.replace_extension(".expected");
    const std::string answer = answer_to(file);

    if (std::getenv("KNOCKON_APPROVE")) std::ofstream{expected, std::ios::binary} << answer;
    INFO(file.filename().string());
    CHECK(answer == content_of(expected));
    CHECK(answer != "accepted\n");
  }
}

TEST_CASE("the shop that all mistakes are made in has none itself") {
  const scenario::Source source{folder + "with/the-shop-itself.yaml", {}};
  const auto read =
      scenario::read(source, {.variants = {"two-prices"}, .set = {{"services.web.calls[prices].timeout", "3s"}}});

  INFO((read ? std::string{} : scenario::text_of(read.error())));
  REQUIRE(read);
  CHECK(read->warnings.empty());
}
