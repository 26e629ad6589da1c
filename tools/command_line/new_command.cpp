#include "tools/command_line/new_command.hpp"

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/scenario/names.hpp"
#include "tools/command_line/lookup.hpp"
#include "tools/command_line/new_scenario.hpp"
#include "tools/command_line/options.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

struct NewArguments {
  std::string name;
  std::vector<std::string> blocks;
};

// What is wrong with a name, or nothing.
std::string fault_of_name(const std::string& name) {
  if (scenario::is_name(name) && name.size() <= 100) return {};
  const std::string better = scenario::spelt_as_name(name);
  const bool is_path = name.find('/') != std::string::npos;
  const std::string hint = !is_path && better.size() <= 60 && scenario::is_name(better)
                               ? fmt::format("; did you mean '{}'?", better)
                               : std::string{};
  return fmt::format(
      "{} cannot be a scenario's name; it becomes a folder in scenarios/: a-z, 0-9 and -, a letter first{}",
      scenario::quoted(name), hint);
}

ExitStatus refused(const std::string& fault) {
  complain(fault);
  return ExitStatus::wrong_input;
}

ExitStatus create(const NewArguments& arguments) {
  if (const std::string fault = fault_of_name(arguments.name); !fault.empty()) return refused(fault);
  const std::string folder = "scenarios/" + arguments.name;
  const std::string path = folder + "/scenario.yaml";
  const auto outline = scenario::outline_of_blocks(arguments.blocks, model_folders(path));
  if (!outline) {
    say(scenario::text_of(outline.error(), style_of_complaints(Colour::automatic)));
    return ExitStatus::wrong_input;
  }
  const std::string text = new_scenario_text(arguments.name, arguments.blocks, *outline);
  const scenario::Checked checked = scenario::checked({.path = path, .model_folders = model_folders(path)}, text);
  if (!checked.read) {
    say(scenario::text_of(checked.diagnostics, style_of_complaints(Colour::automatic)));
    return refused(
        "nothing was written: a block speaks of what it does not bring; add the blocks it builds on, each "
        "with --from, the deepest first");
  }
  make_folder(folder);
  if (!write_new_file(path, text)) return refused(path + " is there already, and is left as it is");
  print(fmt::format("{0} is written. Next: knockon run {1}\n", path, arguments.name));
  return ExitStatus::done;
}

}  // namespace

Action describe_new(Options& options) {
  auto arguments = std::make_shared<NewArguments>();
  const auto add_block = [arguments](const std::string& block) {
    arguments->blocks.push_back(block);
    return std::string{};
  };
  options.operand("NAME", arguments->name, "what it is called: a folder of this name in scenarios/");
  options.read_each("--from", add_block, "a block of models/ to build on (repeatable)");
  return [arguments] { return create(*arguments); };
}

}  // namespace knockon::command_line
