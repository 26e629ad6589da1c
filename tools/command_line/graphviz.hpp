// Graphviz's program `dot`, when there is one.
#pragma once

#include <string>

namespace knockon::command_line {

// Draws the description as SVG into the file. Throws IoError, also when there is no such program or it fails.
void draw(const std::string& description, const std::string& svg_path);

}  // namespace knockon::command_line
