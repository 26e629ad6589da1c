// The page that the program holds is built from the sources beside it: neither may change without the other.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "engine/study/sha256.hpp"

namespace knockon::house {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path{KNOCKON_SOURCE_DIR} / "tools/report";

std::string text_of(const fs::path& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

// As tools/report/stamp.js has it: every source's name and text, in the order of their names.
std::string stamp_of_sources() {
  std::vector<std::string> names{"package-lock.json", "package.json", "report.html", "tsconfig.json", "vite.config.ts"};
  for (const auto& entry : fs::directory_iterator{folder / "src"})
    names.push_back("src/" + entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::string all;
  for (const std::string& name : names) all += name + "\n" + text_of(folder / name) + "\n";
  return study::sha256_of(all);
}

TEST_CASE("the built page is built from the sources beside it (else: npm ci && npm run build in tools/report)") {
  const std::string page = text_of(folder / "dist/report.html");

  REQUIRE_FALSE(page.empty());
  CHECK(page.find("<!-- built from " + stamp_of_sources() + " -->") != std::string::npos);
}

TEST_CASE("no lockfile names the registry that its packages came from") {
  for (const fs::path& path :
       {folder / "package-lock.json", fs::path{KNOCKON_SOURCE_DIR} / "tests/browser/package-lock.json"}) {
    const std::string lockfile = text_of(path);

    CAPTURE(path.string());
    CHECK(lockfile.find("\"integrity\"") != std::string::npos);
    CHECK(lockfile.find("\"resolved\"") == std::string::npos);
  }
}

}  // namespace
}  // namespace knockon::house
