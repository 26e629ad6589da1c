// What a picture of the graph shows, before any format: apps, services and sessions, and who hangs on whom.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/findings.hpp"

namespace knockon::report {

// The neighbourhood of one thing, by so many relations in either direction.
struct Focus {
  std::string name;  // of an app, a service or a session
  std::size_t depth = 2;
};

struct Drawing {
  struct Vertex {
    enum class Kind : std::uint8_t { service, session, app };
    Kind kind;
    std::string name;
    std::size_t apps_down = 0;  // that it takes down alone
    std::size_t index = 0;      // in the world's list of its kind
    // Unlike the name, no other vertex has it: an app may be called what a component is called.
    [[nodiscard]] std::string id() const { return (kind == Kind::app ? "app " : "") + name; }
  };
  struct Edge {
    std::size_t from, to;  // of the vertices
    graph::Relation::Kind kind;
    double per_request = 1;
  };
  std::string title;
  std::size_t apps = 0;  // in the scenario, drawn or not
  std::vector<Vertex> vertices;
  std::vector<Edge> edges;
};
[[nodiscard]] const char* text_of(Drawing::Vertex::Kind kind);

// Empty when nothing is called what the focus says.
[[nodiscard]] std::optional<Drawing> drawing_of(const graph::Findings& findings, const std::optional<Focus>& focus);

}  // namespace knockon::report
