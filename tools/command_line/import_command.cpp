#include "tools/command_line/import_command.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/foreign/import.hpp"
#include "engine/quantity/contract.hpp"
#include "engine/scenario/scenario.hpp"
#include "tools/command_line/delivery.hpp"
#include "tools/command_line/options.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/shared_options.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

struct ImportArguments {
  std::string format;
  std::vector<std::string> files;
  std::optional<std::string> out;
  Colour colour = Colour::automatic;
};

// No more than is worth reading, so that a pipe without end has one.
std::string text_in(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::string text(foreign::bytes_worth_reading(), '\0');
  if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file && !file.eof()) throw quantity::IoError{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
  text.resize(static_cast<std::size_t>(file.gcount()));
  text.shrink_to_fit();
  return text;
}

std::vector<std::string_view> known_formats() {
  std::vector<std::string_view> names;
  for (const foreign::FormatName& format : foreign::format_names()) names.emplace_back(format.name);
  return names;
}

ExitStatus refuse(const std::string& fault) {
  complain(fault);
  return ExitStatus::wrong_input;
}

bool is_known(std::string_view format) {
  for (const std::string_view name : known_formats()) {
    if (name == format) return true;
  }
  return false;
}

std::string fault_of_format(const std::string& format) {
  std::vector<std::string_view> names = known_formats();
  names.emplace_back("auto");
  const std::string hint = scenario::did_you_mean(format, names);
  return fmt::format("no format called {}; {} {}", scenario::quoted(format),
                     hint.empty() ? "there are" : hint + " There are", scenario::one_of(names));
}

ExitStatus import(const ImportArguments& arguments) {
  if (arguments.format != "auto" && !is_known(arguments.format)) return refuse(fault_of_format(arguments.format));
  std::vector<foreign::File> files;
  for (const std::string& path : arguments.files) files.push_back({path, text_in(path)});
  const std::string_view format =
      arguments.format == "auto" ? foreign::format_of(files) : std::string_view{arguments.format};
  if (format.empty())
    return refuse(fmt::format("{}: not recognised; say which format it is: {}", arguments.files.front(),
                              scenario::one_of(known_formats())));

  const auto text = foreign::imported(format, files);
  if (!text) {
    say(scenario::text_of(text.error(), style_of_complaints(arguments.colour)));
    return ExitStatus::wrong_input;
  }
  Delivery delivery;
  delivery.write(arguments.out.value_or("-"), [&] { return *text; });
  return delivery.status();
}

}  // namespace

Action describe_import(Options& options) {
  auto arguments = std::make_shared<ImportArguments>();
  options.operand("FORMAT", arguments->format, "what FILE is: auto, or one of those below");
  options.operands("FILE", arguments->files, "what the other tool wrote; several are taken together");
  options.text("--out", arguments->out, "write the scenario to this file; - is standard output (default)");
  add_colour(options, arguments->colour);
  std::string list = "Formats:\n";
  for (const foreign::FormatName& format : foreign::format_names())
    list += fmt::format("  {:<20}{}\n", format.name, format.about);
  options.footer(list);
  return [arguments] { return import(*arguments); };
}

}  // namespace knockon::command_line
