#include "engine/report/svg_picture.hpp"

#include <fmt/format.h>

#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

constexpr double letter_width = 7;  // of an average letter at 13 pixels

// As the page has them: Okabe and Ito's palette, and a shape of its own for every state.
constexpr const char* looks = R"looks(<style>
text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1a1f24; }
.title { font-size: 16px; font-weight: 600; }
.faint, .tick { fill: #57616b; font-size: 12px; }
.ground { fill: #ffffff; }
.grid { stroke: #dfe3e7; }
.ok { stroke: #9fb4c4; stroke-width: 2; }
.down { fill: #c44601; }
.degraded { fill: url(#hatch); stroke: #4a3300; stroke-width: .6; }
.bar { fill: #7fa8c9; }
.whisker { stroke: #1a1f24; stroke-width: 1.3; }
.median { fill: #ffffff; stroke: #1a1f24; stroke-width: 1.5; }
.line-1, .line-2, .line-3, .line-4 { fill: none; stroke-width: 2; }
.line-1 { stroke: #0060a0; } .line-2 { stroke: #00785a; stroke-dasharray: 7 4; }
.line-3 { stroke: #a8487f; stroke-dasharray: 2 3; } .line-4 { stroke: #c44601; stroke-dasharray: 10 3 2 3; }
.band-1, .band-2, .band-3, .band-4 { fill-opacity: .14; }
.band-1 { fill: #0060a0; } .band-2 { fill: #00785a; } .band-3 { fill: #a8487f; } .band-4 { fill: #c44601; }
.detect { fill: #2b3a67; } .acknowledge { fill: #5b74b0; } .access { fill: #9db4dd; } .diagnose { fill: #005a8c; }
.misdiagnose { fill: #a8487f; } .wait { fill: #f5c05a; } .fix { fill: #00785a; } .propagate { fill: #b9d8a8; }
.ramp { fill: #7fc0b0; } .tail { fill: #d6dadd; } .unresolved { fill: #1a1f24; }
</style>
<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="5" height="5" fill="#f5c05a"/><rect width="2" height="5" fill="#4a3300" fill-opacity=".45"/></pattern></defs>
)looks";

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::string points_text(const std::vector<SvgPicture::Point>& points) {
  std::string text;
  for (const auto& [x, y] : points) text += fmt::format("{}{:.1f},{:.1f}", text.empty() ? "" : " ", x, y);
  return text;
}

}  // namespace

SvgPicture::SvgPicture(double width, double height, std::string_view title)
    : head_{fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" "
                        "viewBox=\"0 0 {0:.0f} {1:.0f}\" role=\"img\" aria-label=\"{2}\">\n<title>{2}</title>\n",
                        width, height, escaped(title))} {
  head_ += looks;
  rectangle("ground", {.width = width, .height = height});
}

void SvgPicture::rectangle(std::string_view look, const Box& box) {
  body_ += fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\"/>\n", look,
                       box.x, box.y, box.width, box.height);
}

void SvgPicture::line(std::string_view look, Point from, Point to) {
  body_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", look, from.x,
                       from.y, to.x, to.y);
}

void SvgPicture::circle(std::string_view look, Point center, double radius) {
  body_ += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\"/>\n", look, center.x, center.y,
                       radius);
}

void SvgPicture::curve(std::string_view look, const std::vector<Point>& points) {
  body_ += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", look, points_text(points));
}

void SvgPicture::area(std::string_view look, const std::vector<Point>& points) {
  body_ += fmt::format("<polygon class=\"{}\" points=\"{}\"/>\n", look, points_text(points));
}

void SvgPicture::text(std::string_view look, Point at, std::string_view words, Anchor anchor) {
  const char* const anchors[] = {"start", "middle", "end"};
  body_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", look, at.x, at.y,
                       anchors[static_cast<int>(anchor)], escaped(words));
}

void SvgPicture::whisker(double y, double low, double high) {
  line("whisker", {low, y}, {high, y});
  line("whisker", {low, y - 4}, {low, y + 4});
  line("whisker", {high, y - 4}, {high, y + 4});
}

std::string SvgPicture::svg() const { return head_ + body_ + "</svg>\n"; }

std::string fitting(std::string_view text, double width) {
  const auto most = static_cast<std::size_t>(width / letter_width);
  if (width_of(text) <= most || most == 0) return std::string{text};
  std::string cut;
  std::size_t letters = 0;
  for (const char c : text) {
    // A character's first byte is not one that continues.
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U && ++letters == most) break;
    cut += c;
  }
  return cut + "…";
}

}  // namespace knockon::report
