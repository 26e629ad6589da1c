#include "engine/report/graph_layout.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>

#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

constexpr int column_gap = 54, row_gap = 48;
// What a page draws: names are cut at so many letters, each so wide at most, in a box that leaves room for a sign.
constexpr std::size_t letters_max = 24;
constexpr int letter_width = 7, box_least = 46, box_margin = 30;
constexpr int sweeps = 12;
constexpr std::size_t rows_least = 14;  // a column of fewer is not broken in two

using Neighbours = std::vector<std::vector<std::size_t>>;

enum class Visit : std::uint8_t { none, open, done };

// Edges that lead back to a vertex which the walk has not left yet would close a circle: they are turned.
class Walk {
 public:
  Walk(const Drawing& drawing, const Neighbours& below)
      : below_{below}, visits_(drawing.vertices.size(), Visit::none) {}

  [[nodiscard]] Neighbours without_circles() {
    acyclic_.resize(below_.size());
    for (std::size_t i = 0; i < below_.size(); ++i) {
      if (visits_[i] == Visit::none) walk_from(i);
    }
    return std::move(acyclic_);
  }

 private:
  // Without recursion: chains may be as long as the scenario has services.
  void walk_from(std::size_t start) {
    std::vector<std::pair<std::size_t, std::size_t>> open{{start, 0}};
    visits_[start] = Visit::open;
    while (!open.empty()) {
      const std::size_t vertex = open.back().first;
      const std::size_t next = open.back().second++;
      if (next == below_[vertex].size()) {
        visits_[vertex] = Visit::done;
        open.pop_back();
        continue;
      }
      const std::size_t other = below_[vertex][next];
      if (visits_[other] == Visit::open) {
        if (other != vertex) acyclic_[other].push_back(vertex);
        continue;
      }
      acyclic_[vertex].push_back(other);
      if (visits_[other] == Visit::done) continue;
      visits_[other] = Visit::open;
      open.emplace_back(other, 0);
    }
  }

  const Neighbours& below_;
  std::vector<Visit> visits_;
  Neighbours acyclic_;
};

// The longest way from something that nothing hangs on.
std::vector<std::size_t> layers_of(const Neighbours& below) {
  std::vector<std::size_t> waiting(below.size(), 0), layers(below.size(), 0), ready;
  for (const auto& list : below) {
    for (const std::size_t other : list) ++waiting[other];
  }
  for (std::size_t i = 0; i < below.size(); ++i) {
    if (waiting[i] == 0) ready.push_back(i);
  }
  for (std::size_t i = 0; i < ready.size(); ++i) {
    for (const std::size_t other : below[ready[i]]) {
      layers[other] = std::max(layers[other], layers[ready[i]] + 1);
      if (--waiting[other] == 0) ready.push_back(other);
    }
  }
  return layers;
}

// Places as near to those wanted as their order and the gap allow: least squares, by joining neighbours that are in
// each other's way (pool adjacent violators).
std::vector<double> spaced(const std::vector<double>& wanted, double gap) {
  struct Block {
    double sum = 0;
    std::size_t count = 0;
    [[nodiscard]] double mean() const { return sum / static_cast<double>(count); }
  };
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    blocks.push_back({wanted[i] - gap * static_cast<double>(i), 1});
    while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
      const Block last = blocks.back();
      blocks.pop_back();
      blocks.back().sum += last.sum;
      blocks.back().count += last.count;
    }
  }
  std::vector<double> places;
  for (const Block& block : blocks) {
    for (std::size_t i = 0; i < block.count; ++i)
      places.push_back(block.mean() + gap * static_cast<double>(places.size()));
  }
  return places;
}

int box_width(const Drawing::Vertex& vertex) {
  const auto letters = static_cast<int>(std::min(width_of(vertex.name), letters_max));
  return std::max(box_least, letters * letter_width + box_margin);
}

class Layout {
 public:
  explicit Layout(const Drawing& drawing)
      : drawing_{drawing}, sides_(drawing.vertices.size()), heights_(drawing.vertices.size(), 0) {
    Neighbours below(drawing.vertices.size());
    for (const Drawing::Edge& edge : drawing.edges) below[edge.from].push_back(edge.to);
    below = Walk{drawing, below}.without_circles();
    for (std::size_t i = 0; i < below.size(); ++i) {
      for (const std::size_t other : below[i]) {
        sides_[i].push_back(other);
        sides_[other].push_back(i);
      }
    }
    fill_columns(layers_of(below));
    for (const auto& column : columns_) {
      for (std::size_t row = 0; row < column.size(); ++row) heights_[column[row]] = static_cast<double>(row);
    }
    for (int sweep = 0; sweep < sweeps; ++sweep) this->sweep(sweep % 2 == 0);
  }

  [[nodiscard]] std::vector<Position> positions() const {
    std::vector<Position> positions(heights_.size());
    double top = 0;
    if (!heights_.empty()) top = *std::min_element(heights_.begin(), heights_.end());
    int right = 0;
    for (const auto& column : columns_) {
      int width = 0;
      for (const std::size_t vertex : column) width = std::max(width, box_width(drawing_.vertices[vertex]));
      for (const std::size_t vertex : column) {
        positions[vertex] = {.x = right + width / 2,
                             .y = static_cast<int>(std::lround((heights_[vertex] - top) * row_gap))};
      }
      right += width + column_gap;
    }
    return positions;
  }

 private:
  // Layers that are much taller than the picture is wide are broken into several columns, the apps in the first.
  void fill_columns(const std::vector<std::size_t>& layers) {
    if (layers.empty()) return;
    std::vector<std::vector<std::size_t>> by_layer(*std::max_element(layers.begin(), layers.end()) + 1);
    for (std::size_t i = 0; i < layers.size(); ++i) by_layer[layers[i]].push_back(i);
    const auto rows_most =
        std::max(rows_least, static_cast<std::size_t>(2 * std::sqrt(static_cast<double>(layers.size()))));
    for (auto& layer : by_layer) {
      std::stable_partition(layer.begin(), layer.end(), [&](std::size_t vertex) {
        return drawing_.vertices[vertex].kind == Drawing::Vertex::Kind::app;
      });
      const std::size_t columns = (layer.size() + rows_most - 1) / rows_most;
      const std::size_t rows = columns == 0 ? 0 : (layer.size() + columns - 1) / columns;
      for (std::size_t from = 0; from < layer.size(); from += rows) {
        const auto end = std::min(layer.size(), from + rows);
        columns_.emplace_back(layer.begin() + static_cast<std::ptrdiff_t>(from),
                              layer.begin() + static_cast<std::ptrdiff_t>(end));
      }
    }
  }

  void sweep(bool forward) {
    for (std::size_t i = 0; i < columns_.size(); ++i) settle(columns_[forward ? i : columns_.size() - 1 - i]);
  }

  // Each vertex towards the mean of those it is joined with; ties stay in their order.
  void settle(std::vector<std::size_t>& column) {
    std::vector<std::pair<double, std::size_t>> wanted;
    for (const std::size_t vertex : column) {
      double sum = 0;
      for (const std::size_t other : sides_[vertex]) sum += heights_[other];
      const auto count = static_cast<double>(sides_[vertex].size());
      wanted.emplace_back(count > 0 ? sum / count : heights_[vertex], vertex);
    }
    std::stable_sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<double> heights;
    for (std::size_t row = 0; row < wanted.size(); ++row) {
      column[row] = wanted[row].second;
      heights.push_back(wanted[row].first);
    }
    const std::vector<double> places = spaced(heights, 1);
    for (std::size_t row = 0; row < column.size(); ++row) heights_[column[row]] = places[row];
  }

  const Drawing& drawing_;
  Neighbours sides_;                               // joined by an edge, in either direction
  std::vector<double> heights_;                    // in rows
  std::vector<std::vector<std::size_t>> columns_;  // vertices from top to bottom
};

}  // namespace

std::vector<Position> layout_of(const Drawing& drawing) { return Layout{drawing}.positions(); }

Drawing nearest_of(const Drawing& drawing, std::size_t vertices_max) {
  if (drawing.vertices.size() <= vertices_max) return drawing;
  Neighbours below(drawing.vertices.size());
  for (const Drawing::Edge& edge : drawing.edges) below[edge.from].push_back(edge.to);
  std::vector<std::size_t> nearest;
  std::vector<bool> is_taken(drawing.vertices.size(), false);
  const auto take = [&](std::size_t vertex) {
    if (is_taken[vertex]) return;
    is_taken[vertex] = true;
    nearest.push_back(vertex);
  };
  for (std::size_t i = 0; i < drawing.vertices.size(); ++i) {
    if (drawing.vertices[i].kind == Drawing::Vertex::Kind::app) take(i);
  }
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    for (const std::size_t other : below[nearest[i]]) take(other);
  }
  for (std::size_t i = 0; i < drawing.vertices.size(); ++i) take(i);
  nearest.resize(vertices_max);
  std::sort(nearest.begin(), nearest.end());

  Drawing part{.title = drawing.title, .apps = drawing.apps, .vertices = {}, .edges = {}};
  constexpr std::size_t gone = SIZE_MAX;
  std::vector<std::size_t> place(drawing.vertices.size(), gone);
  for (const std::size_t vertex : nearest) {
    place[vertex] = part.vertices.size();
    part.vertices.push_back(drawing.vertices[vertex]);
  }
  for (const Drawing::Edge& edge : drawing.edges) {
    if (place[edge.from] == gone || place[edge.to] == gone) continue;
    part.edges.push_back({place[edge.from], place[edge.to], edge.kind, edge.per_request});
  }
  return part;
}

}  // namespace knockon::report
