#include "tools/command_line/show_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/command_line/options.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/shared_options.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using scenario::ShownLine;

struct ShowArguments {
  Wanted wanted;
  std::optional<std::string> path;
  Colour colour = Colour::automatic;
};

// Longer lines do not push all origins to the right.
constexpr std::size_t origins_at_most_at = 60;

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

// The origins stand in one column, as comments, so that the whole is still a scenario.
std::string laid_out(const std::vector<ShownLine>& lines, bool has_colour) {
  std::size_t column = 0;
  for (const ShownLine& line : lines) {
    const std::size_t width = line.origin.empty() ? 0 : characters(line.text);
    if (width <= origins_at_most_at) column = std::max(column, width);
  }
  std::string text;
  for (const ShownLine& line : lines) {
    text += line.text;
    if (!line.origin.empty()) {
      const std::size_t width = characters(line.text);
      const std::string comment = "# " + line.origin;
      text += std::string(width < column ? column - width + 2 : 2, ' ');
      text += has_colour ? "\033[2m" + comment + "\033[0m" : comment;
    }
    text += '\n';
  }
  return text;
}

ExitStatus show(const ShowArguments& arguments) {
  const auto where = located(arguments.wanted);
  if (!where) {
    complain(where.error());
    return ExitStatus::wrong_input;
  }
  const auto lines = scenario::shown(where->source, where->options, arguments.path.value_or(""));
  if (!lines) {
    say(scenario::text_of(lines.error(), style_of_complaints(arguments.colour)));
    return ExitStatus::wrong_input;
  }
  print(laid_out(*lines, is_wanted(arguments.colour, standard_output_is_terminal())));
  return ExitStatus::done;
}

}  // namespace

Action describe_show(Options& options) {
  auto arguments = std::make_shared<ShowArguments>();
  add_scenario(options, arguments->wanted, "the scenario to show");
  options.operand_if_any("PATH", arguments->path, "only this piece: services.feed.calls[auth.check].timeout");
  add_alterations(options, arguments->wanted);
  add_colour(options, arguments->colour);
  return [arguments] { return show(*arguments); };
}

}  // namespace knockon::command_line
