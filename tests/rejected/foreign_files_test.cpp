// Files of other tools with what is wrong in them, beside the exact answer of `knockon import`; the ending says which
// format each is taken for. With KNOCKON_APPROVE set in the environment the answers are written anew, to be reviewed as
// a diff.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "engine/foreign/import.hpp"
#include "tests/file_content.hpp"

namespace fs = std::filesystem;
using namespace knockon;
using tests::content_of;

namespace {

std::vector<fs::path> malformed_files() {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator{KNOCKON_SOURCE_DIR "/tests/foreign/malformed"}) {
    if (entry.path().extension() != ".expected") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string format_of(const fs::path& file) { return file.extension().string().substr(1); }

}  // namespace

TEST_CASE("each mistake in a file of another tool is answered word for word") {
  for (const fs::path& file : malformed_files()) {
    const fs::path expected = file.string() + ".expected";

    const auto imported = foreign::imported(format_of(file), {{file.filename().string(), content_of(file)}});
    const std::string answer = imported ? "accepted\n" : scenario::text_of(imported.error());

    if (std::getenv("KNOCKON_APPROVE")) std::ofstream{expected, std::ios::binary} << answer;
    INFO(file.filename().string());
    CHECK(answer == content_of(expected));
    CHECK(answer != "accepted\n");
  }
}

TEST_CASE("every format has mistakes that are answered") {
  std::set<std::string> missing;
  for (const foreign::FormatName& format : foreign::format_names()) missing.insert(format.name);

  for (const fs::path& file : malformed_files()) missing.erase(format_of(file));

  CHECK(missing == std::set<std::string>{});
}
