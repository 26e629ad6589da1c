// Where the things of a drawing go.
#include "engine/report/graph_layout.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace knockon::report {
namespace {

using Kind = Drawing::Vertex::Kind;

// The first `apps` vertices are apps, the others services.
Drawing drawing_of(std::size_t apps, std::size_t all, const std::vector<std::pair<std::size_t, std::size_t>>& edges) {
  Drawing drawing{.title = "drawn", .apps = apps, .vertices = {}, .edges = {}};
  for (std::size_t i = 0; i < all; ++i)
    drawing.vertices.push_back({i < apps ? Kind::app : Kind::service, "v" + std::to_string(i), 0, i});
  for (const auto& [from, to] : edges) drawing.edges.push_back({from, to, graph::Relation::Kind::hard});
  return drawing;
}

void check_apart(const std::vector<Position>& positions) {
  std::set<std::pair<int, int>> taken;
  for (const Position& position : positions) taken.emplace(position.x, position.y);
  CHECK(taken.size() == positions.size());
}

TEST_CASE("what something hangs on stands to the right of it") {
  const auto positions = layout_of(drawing_of(1, 4, {{0, 1}, {1, 2}, {0, 2}, {2, 3}}));

  CHECK(positions[0].x < positions[1].x);
  CHECK(positions[1].x < positions[2].x);
  CHECK(positions[2].x < positions[3].x);
}

TEST_CASE("two chains side by side do not cross") {
  const auto positions = layout_of(drawing_of(2, 6, {{0, 3}, {1, 2}, {3, 5}, {2, 4}}));

  CHECK((positions[0].y < positions[1].y) == (positions[3].y < positions[2].y));
  CHECK((positions[3].y < positions[2].y) == (positions[5].y < positions[4].y));
}

TEST_CASE("circles, loops and things that stand alone have their places too") {
  check_apart(layout_of(drawing_of(1, 5, {{0, 1}, {1, 2}, {2, 1}, {3, 3}})));
  check_apart(layout_of(drawing_of(0, 3, {{0, 1}, {1, 2}, {2, 0}})));
  CHECK(layout_of(drawing_of(0, 0, {})).empty());
}

TEST_CASE("of what nothing hangs on, the apps stand in the first column") {
  // Thirty services that nobody calls come before the apps in one of the drawings, as they do in a scenario's.
  Drawing drawing = drawing_of(0, 34, {{30, 33}, {31, 33}, {32, 33}});
  for (const std::size_t app : {30, 31, 32}) drawing.vertices[app].kind = Kind::app;

  const auto positions = layout_of(drawing);

  for (std::size_t i = 0; i < 33; ++i) CHECK(positions[30].x <= positions[i].x);
  CHECK(positions[30].x == positions[31].x);
  CHECK(positions[31].x == positions[32].x);
  CHECK(positions[30].x < positions[33].x);
}

TEST_CASE("columns keep apart however long their names are") {
  Drawing drawing = drawing_of(1, 3, {{0, 1}, {1, 2}});
  drawing.vertices[0].name = "a";
  drawing.vertices[1].name = std::string(500, 'x');
  drawing.vertices[2].name = std::string(24, 'y');

  const auto positions = layout_of(drawing);

  // A box of 24 letters, at which names are cut, is 198 wide; that of one letter 46.
  CHECK(positions[1].x - positions[0].x > (46 + 198) / 2 + 20);
  CHECK(positions[2].x - positions[1].x > 198 + 20);
  CHECK(positions[2].x < 600);
}

TEST_CASE("a thousand things that hang on one are broken into columns") {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t i = 1; i < 1000; ++i) edges.emplace_back(0, i);

  const auto positions = layout_of(drawing_of(1, 1000, edges));

  check_apart(positions);
  int lowest = 0;
  for (const Position& position : positions) lowest = std::max(lowest, position.y);
  CHECK(lowest < 5000);  // below each other they would take 48,000
}

TEST_CASE("a chain of fifty thousand is laid out without running out of stack") {
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t i = 1; i < 50'000; ++i) edges.emplace_back(i - 1, i);

  const auto positions = layout_of(drawing_of(1, 50'000, edges));

  CHECK(positions.back().x > positions.front().x);
}

TEST_CASE("of too many things the apps stay and what is nearest to them") {
  const Drawing whole = drawing_of(1, 6, {{0, 5}, {5, 4}, {4, 3}, {3, 2}, {2, 1}});

  const Drawing part = nearest_of(whole, 3);

  REQUIRE(part.vertices.size() == 3);
  CHECK(part.vertices[0].name == "v0");
  CHECK(part.vertices[1].name == "v4");
  CHECK(part.vertices[2].name == "v5");
  REQUIRE(part.edges.size() == 2);
  CHECK(part.edges[0].to == 2);
  CHECK(nearest_of(whole, 6).vertices.size() == 6);
}

}  // namespace
}  // namespace knockon::report
