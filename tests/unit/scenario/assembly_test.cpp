#include "engine/scenario/assembly.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/quantity/contract.hpp"
#include "tests/unit/scenario/texts.hpp"

namespace fs = std::filesystem;
using namespace knockon;

namespace {

// A folder of its own for each test, gone afterwards.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_{fs::temp_directory_path() / ("knockon-assembly-" + name)} {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] fs::path write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream{path_ / name} << text;
    return path_ / name;
  }
  [[nodiscard]] fs::path path() const { return path_; }

 private:
  fs::path path_;
};

const std::string block = "knockon: 1\nservices: {web: {}}\n";

std::string first_code(const fs::path& scenario, const std::vector<std::string>& models = {}) {
  const auto read = scenario::read({scenario.string(), models});
  return read ? "accepted" : read.error().front().code;
}

}  // namespace

TEST_CASE("a block is found in the models first, then beside the scenario") {
  const Folder folder{"order"};
  static_cast<void>(folder.write("models/web.yaml", "knockon: 1\nservices: {web: {replicas: 1}}\n"));
  static_cast<void>(folder.write("here/web.yaml", "knockon: 1\nservices: {web: {replicas: 2}}\n"));
  const fs::path scenario = folder.write("here/scenario.yaml", tests::with_small("use: web\n"));

  const auto with_models = scenario::read({scenario.string(), {(folder.path() / "models").string()}});
  const auto alone = scenario::read({scenario.string(), {}});

  REQUIRE(with_models);
  REQUIRE(alone);
  CHECK(with_models->world.services.front().replicas.front() == 1);
  CHECK(alone->world.services.front().replicas.front() == 2);
  CHECK(alone->world.name == "here");
}

TEST_CASE("a link that leads out of its folder is not followed, one that stays inside is") {
  const Folder folder{"links"};
  static_cast<void>(folder.write("outside.yaml", block));
  static_cast<void>(folder.write("here/inside.yaml", block));
  fs::create_symlink(folder.path() / "outside.yaml", folder.path() / "here/out.yaml");
  fs::create_symlink(folder.path() / "here/inside.yaml", folder.path() / "here/in.yaml");
  fs::create_directory_symlink(folder.path(), folder.path() / "here/up");

  CHECK(first_code(folder.write("here/a.yaml", tests::with_small("use: out\n"))) == "include-missing");
  CHECK(first_code(folder.write("here/b.yaml", tests::with_small("use: up/outside\n"))) == "include-missing");
  CHECK(first_code(folder.write("here/c.yaml", tests::with_small("use: in\n"))) == "accepted");
}

TEST_CASE("a folder or a device is not a block") {
  const Folder folder{"kinds"};
  fs::create_directories(folder.path() / "web.yaml");

  CHECK(first_code(folder.write("a.yaml", tests::with_small("use: web\n"))) == "include-missing");
}

TEST_CASE("a fault in a block is reported in the block's file") {
  const Folder folder{"blame"};
  static_cast<void>(folder.write("web.yaml", "knockon: 1\nservices:\n  web: {replicsa: 3}\n"));
  const auto read = scenario::read({folder.write("scenario.yaml", tests::with_small("use: web\n")).string(), {}});

  REQUIRE_FALSE(read);
  CHECK(fs::path{read.error().front().path}.filename() == "web.yaml");
  CHECK(read.error().front().line == 3);
}

TEST_CASE("a scenario that cannot be read is the world's fault, not the author's") {
  const Folder folder{"gone"};

  CHECK_THROWS_AS(scenario::read({(folder.path() / "gone.yaml").string(), {}}), quantity::IoError);
  CHECK_THROWS_AS(scenario::read({folder.path().string(), {}}), quantity::IoError);
}
