// A picture in SVG for documents: light, printable, with the looks of the page.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace knockon::report {

class SvgPicture {
 public:
  // In pixels. `title` is what a reader of screens says of it.
  SvgPicture(double width, double height, std::string_view title);

  struct Box {
    double x = 0, y = 0, width = 0, height = 0;
  };
  struct Point {
    double x = 0, y = 0;
  };
  enum class Anchor { start, middle, end };

  // `look` is one of the classes that the picture's style knows: down, degraded, ok, grid, bar, whisker, line-1 ….
  void rectangle(std::string_view look, const Box& box);
  void line(std::string_view look, Point from, Point to);
  void circle(std::string_view look, Point center, double radius);
  void curve(std::string_view look, const std::vector<Point>& points);
  void area(std::string_view look, const std::vector<Point>& points);
  void text(std::string_view look, Point at, std::string_view words, Anchor anchor = Anchor::start);
  // A line with ends, and a point in it.
  void whisker(double y, double low, double high);

  [[nodiscard]] std::string svg() const;

 private:
  std::string head_, body_;
};

// Cut to so many pixels at the size of a picture's text, with an ellipsis.
[[nodiscard]] std::string fitting(std::string_view text, double width);

}  // namespace knockon::report
