#include "engine/scenario/assembly.hpp"

#include <sys/stat.h>

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

TEST_CASE("a folder, a pipe or a device is not a block, and none is waited for") {
  const Folder folder{"kinds"};
  fs::create_directories(folder.path() / "web.yaml");
  REQUIRE(mkfifo((folder.path() / "pipe.yaml").c_str(), 0600) == 0);
  fs::create_symlink("/dev/zero", folder.path() / "zero.yaml");
  fs::create_symlink("/proc/self/fd/0", folder.path() / "input.yaml");

  for (const char* const name : {"web", "pipe", "zero", "input"}) {
    CHECK(first_code(folder.write("a.yaml", tests::with_small("use: " + std::string{name} + "\n"))) ==
          "include-missing");
  }
}

TEST_CASE("a folder of models that is itself reached by a link is as good as any") {
  const Folder folder{"linked-models"};
  static_cast<void>(folder.write("real/web.yaml", block));
  fs::create_directory_symlink(folder.path() / "real", folder.path() / "models");
  const fs::path scenario = folder.write("here/scenario.yaml", tests::with_small("use: web\n"));

  CHECK(first_code(scenario, {(folder.path() / "models").string()}) == "accepted");
}

TEST_CASE("a link to nothing, to itself or to a neighbour of the same beginning leads nowhere") {
  const Folder folder{"bad-links"};
  static_cast<void>(folder.write("here-too/web.yaml", block));
  fs::create_directories(folder.path() / "here");
  fs::create_symlink("gone.yaml", folder.path() / "here/gone-link.yaml");
  fs::create_symlink("loop.yaml", folder.path() / "here/loop.yaml");
  fs::create_symlink("../here-too/web.yaml", folder.path() / "here/web.yaml");

  for (const char* const name : {"gone-link", "loop", "web"}) {
    CHECK(first_code(folder.write("here/a.yaml", tests::with_small("use: " + std::string{name} + "\n"))) ==
          "include-missing");
  }
}

TEST_CASE("no name says a way out of the folder") {
  const Folder folder{"names"};
  static_cast<void>(folder.write("outside.yaml", block));
  fs::create_directories(folder.path() / "here");

  const auto code_of = [&](const std::string& name) {
    return first_code(folder.write("here/a.yaml", tests::with_small("use: \"" + name + "\"\n")));
  };
  CHECK(code_of("../outside") == "include-outside");
  CHECK(code_of("x/../../outside") == "include-outside");
  CHECK(code_of((folder.path() / "outside").string()) == "include-outside");
  CHECK(code_of("./outside") == "bad-name");
  CHECK(code_of("~/outside") == "bad-name");
  CHECK(code_of("$HOME/outside") == "bad-name");
  CHECK(code_of("web.yaml") == "bad-name");
  CHECK(code_of("web\\0") == "control-character");
}

TEST_CASE("a file reached by two names is one file: laid down once, and a circle through a link is a circle") {
  const Folder folder{"two-ways"};
  static_cast<void>(folder.write("web.yaml", "knockon: 1\nservices: {web: {replicas: 1}}\n"));
  static_cast<void>(folder.write("above.yaml", "knockon: 1\nservices: {web: {replicas: 2}}\n"));
  static_cast<void>(folder.write("round.yaml", "knockon: 1\nuse: again\n"));
  fs::create_symlink("web.yaml", folder.path() / "same.yaml");
  fs::create_symlink("round.yaml", folder.path() / "again.yaml");
  fs::create_directory_symlink(".", folder.path() / "here");

  const auto read = scenario::read(
      {folder.write("scenario.yaml", tests::with_small("use: [web, above, same, here/web, here/here/same]\n")).string(),
       {}});

  REQUIRE(read);
  CHECK(read->world.services.front().replicas.front() == 2);
  CHECK(first_code(folder.write("b.yaml", tests::with_small("use: round\n"))) == "circle");
  CHECK(first_code(folder.write("c.yaml", "knockon: 1\nextends: c\n")) == "circle");
}

TEST_CASE("the number of files and their bytes together are bounded") {
  const Folder folder{"many"};
  std::string names;
  for (int i = 0; i < 101; ++i) {
    const std::string name = "b" + std::to_string(i);
    static_cast<void>(folder.write(name + ".yaml", "knockon: 1\n"));
    names += (i == 0 ? "" : ", ") + name;
  }
  const std::string padding = "knockon: 1\n#" + std::string(9 << 20, 'x') + "\n";
  static_cast<void>(folder.write("big.yaml", padding));
  static_cast<void>(folder.write("bigger.yaml", padding));

  CHECK(first_code(folder.write("a.yaml", tests::with_small("use: [" + names + "]\n"))) == "too-large");
  CHECK(first_code(folder.write("c.yaml", tests::with_small("services: {web: {}}\nuse: [big]\n"))) == "accepted");
  CHECK(first_code(folder.write("d.yaml", tests::with_small("services: {web: {}}\nuse: [big, bigger]\n"))) ==
        "too-large");
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
