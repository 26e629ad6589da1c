#include "tools/command_line/arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/scenario/diagnostic.hpp"
#include "tools/command_line/commands.hpp"
#include "tools/command_line/options.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

class Grammar {
 public:
  Grammar() {
    app_.name("knockon");
    app_.set_version_flag("--version", "knockon " KNOCKON_VERSION);
    app_.require_subcommand(1);
    app_.footer(
        "SCENARIO is a path when it holds a slash or ends in .yaml, else a folder of scenarios/ here, else one that "
        "came with knockon.");
    for (const Command& command : commands()) {
      CLI::App* parts = app_.add_subcommand(command.name, command.about);
      Options options{*parts};
      described_.push_back({parts, command.describe(options)});
    }
    for (const CommandToCome& command : commands_to_come()) {
      app_.add_subcommand(command.name, std::string{command.about} + " (not built yet)")
          ->prefix_command()
          ->callback([this, name = command.name] { not_built_ = name; });
    }
  }

  ExitStatus perform(int count, const char* const* words) {
    try {
      app_.parse(count, words);
    } catch (const CLI::ExtrasError&) {
      return refused(fault_of_surplus());
    } catch (const CLI::RequiredError& error) {
      return app_.get_subcommands().empty() ? refused(fault_of_command()) : settled(error);
    } catch (const CLI::ParseError& error) {
      return settled(error);
    }
    for (const Described& command : described_) {
      if (command.parts->parsed()) return command.action();
    }
    return refused(fmt::format("{} is not built yet", not_built_));
  }

 private:
  struct Described {
    CLI::App* parts;
    Action action;
  };

  std::string fault_of_command() {
    const std::vector<std::string> words = app_.remaining();
    if (words.empty()) return "expected a command, such as: knockon run SCENARIO";
    std::vector<std::string_view> names;
    for (const Command& command : commands()) names.emplace_back(command.name);
    for (const CommandToCome& command : commands_to_come()) names.emplace_back(command.name);
    const std::string hint = scenario::did_you_mean(words.front(), names);
    return fmt::format("no command called {}{}", scenario::quoted(words.front()), hint.empty() ? "" : "; " + hint);
  }

  // The first word that nothing asked for.
  std::string fault_of_surplus() {
    const std::vector<std::string> surplus = app_.remaining(true);
    // CLI11 hands back options before the words behind them, or after: an option explains more.
    const auto option =
        std::find_if(surplus.begin(), surplus.end(), [](const std::string& word) { return word.starts_with('-'); });
    const std::string word = option == surplus.end() ? surplus.front() : *option;
    if (option == surplus.end()) return fmt::format("unexpected {}", scenario::quoted(word));
    const std::string name = word.substr(0, word.find('='));
    if (const std::string owners = owners_of(name); !owners.empty())
      return fmt::format("{} applies to {} only", name, owners);
    std::vector<std::string> names;
    for (const CLI::App* command : app_.get_subcommands()) {
      const std::vector<std::string> own = names_of_options(*command);
      names.insert(names.end(), own.begin(), own.end());
    }
    const std::string hint = scenario::did_you_mean(word, {names.begin(), names.end()});
    return fmt::format("unknown option {}{}", scenario::quoted(word), hint.empty() ? "" : "; " + hint);
  }

  // The commands that do know the option.
  std::string owners_of(const std::string& option) const {
    std::vector<std::string_view> owners;
    for (std::size_t i = 0; i < described_.size(); ++i) {
      const std::vector<std::string> names = names_of_options(*described_[i].parts);
      if (std::find(names.begin(), names.end(), option) != names.end()) owners.emplace_back(commands()[i].name);
    }
    std::string text = scenario::one_of(owners);
    if (const std::size_t last = text.rfind(" or "); last != std::string::npos) text.replace(last, 4, " and ");
    return text;
  }

  static std::vector<std::string> names_of_options(const CLI::App& command) {
    std::vector<std::string> names;
    for (const CLI::Option* known : command.get_options()) {
      if (!known->get_group().empty() && !known->get_lnames().empty())
        names.push_back("--" + known->get_lnames().front());
    }
    return names;
  }

  ExitStatus settled(const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) return refused(error.what());
    std::ostringstream text, nothing;
    app_.exit(error, text, nothing);
    print(text.str());
    return ExitStatus::done;
  }

  static ExitStatus refused(const std::string& fault) {
    complain(fault + "\nknockon --help lists commands and options");
    return ExitStatus::wrong_input;
  }

  CLI::App app_{"Simulates outages before they happen, and explains them after."};
  std::vector<Described> described_;
  std::string not_built_;
};

}  // namespace

ExitStatus perform(int count, const char* const* words) { return Grammar{}.perform(count, words); }

}  // namespace knockon::command_line
