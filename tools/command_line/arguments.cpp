#include "tools/command_line/arguments.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>
#include <string_view>

#include "engine/scenario/diagnostic.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

constexpr std::uint64_t replications_max = 10'000'000;
constexpr unsigned jobs_max = 1024;

struct Command {
  const char* name;
  const char* about;
};

// In the contract, and not there yet: said plainly instead of pretended.
constexpr std::array<Command, 7> commands_to_come{{
    {"new", "a small, commented scenario in scenarios/NAME"},
    {"show", "the scenario as run, each value with the file and line that said it"},
    {"compare", "strategies, causes, variants or scenarios on the same bad days"},
    {"explain", "why each app went down, and where the minutes went"},
    {"graph", "single points of failure, blast radius, cut sets, recovery knots"},
    {"import", "a scenario from another tool's graph"},
    {"schema", "the JSON Schema of scenarios and results"},
}};
constexpr std::array<const char*, 4> options_to_come{"--precision", "--report", "--svg", "--trace"};

// "7" or "3-9": the first index, and how many.
std::optional<std::pair<std::uint64_t, std::uint64_t>> range_in(std::string_view text) {
  const auto number = [](std::string_view digits) -> std::optional<std::uint64_t> {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  const std::size_t dash = text.find('-');
  const auto from = number(text.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : number(text.substr(dash + 1));
  if (!from || !to || *to < *from || *to - *from >= replications_max || *to >= UINT64_MAX / 2) return std::nullopt;
  return std::pair{*from, *to - *from + 1};
}

class Grammar {
 public:
  Grammar() {
    app_.name("knockon");
    app_.set_version_flag("--version", "knockon " KNOCKON_VERSION);
    app_.require_subcommand(1);
    app_.footer(
        "SCENARIO is a path when it holds a slash or ends in .yaml, else a folder of scenarios/ here, else one that "
        "came with knockon.");
    describe_run();
    describe_check();
    for (const Command& command : commands_to_come) {
      auto* later = app_.add_subcommand(command.name, std::string{command.about} + " (not built yet)");
      later->prefix_command();
      later->callback([this, name = command.name] { not_built_ = name; });
    }
  }

  Arguments parsed(int count, const char* const* words) {
    try {
      app_.parse(count, words);
    } catch (const CLI::ExtrasError&) {
      return refused(fault_of_surplus());
    } catch (const CLI::RequiredError& error) {
      return app_.get_subcommands().empty() ? refused(fault_of_command()) : settled(error);
    } catch (const CLI::ParseError& error) {
      return settled(error);
    }
    if (!not_built_.empty()) return refused(fmt::format("{} is not built yet", not_built_));
    if (check_command_->parsed()) return check_;
    if (const std::string fault = fault_of_run(); !fault.empty()) return refused(fault);
    return run_;
  }

 private:
  void describe_run() {
    run_command_ = app_.add_subcommand("run", "replicate, and print the outage table");
    auto* run = run_command_;
    run->add_option("SCENARIO", run_.scenario, "the scenario to run")->required();
    run->add_option("--strategy", run_.strategy, "the plan people follow (default: the scenario's own)");
    run->add_option("--cause", run_.cause, "what goes wrong (default: the scenario's own)");
    repeated(run->add_option("--variant", run_.variants, "a what-if of the scenario (repeatable)"));
    repeated(run->add_option("--set", run_.set, "PATH=VALUE in the scenario's language (repeatable)"));
    replications_option_ = run->add_option("--replications", run_.replications, "how many runs")
                               ->capture_default_str()
                               ->check(CLI::Range(std::uint64_t{1}, replications_max));
    only_option_ = run->add_option("--only", only_, "INDEX or FROM-TO: these replications alone, counted from 0");
    only_option_->excludes(replications_option_);
    run->add_option("--seed", run_.seed, "which random numbers")->capture_default_str();
    run->add_option("--jobs", run_.jobs, "worker processes (default: one for each core)")
        ->check(CLI::Range(1U, jobs_max));
    run->add_flag("--strict", run_.strict, "warnings are errors, and an undecided promise is a broken one");
    run->add_option("--json", run_.json,
                    "write the results as JSON to FILE; - is standard output, and then nothing else goes there");
    run->add_option("--csv", run_.csv, "write every replication to DIR/replications.csv and DIR/incidents.csv");
    run->add_option("--color", colour_, "auto, always or never")
        ->capture_default_str()
        ->check(CLI::IsMember({"auto", "always", "never"}));
    auto* verbose = run->add_flag("-v", run_.verbose, "say on standard error what is being done");
    run->add_flag("-q,--quiet", run_.quiet, "nothing on standard error but errors")->excludes(verbose);
    for (const char* option : options_to_come) run->add_option(option, to_come_, "not built yet")->group("");
    run_.jobs = cores();
  }

  void describe_check() {
    check_command_ = app_.add_subcommand("check", "is it well-formed? everything that is wrong, with line and column");
    check_command_->add_option("SCENARIO", check_.scenarios, "the scenarios to check")->required();
    check_command_->add_flag("--strict", check_.strict, "warnings are errors");
    check_command_->add_option("--json", check_.json, "write the diagnostics as JSON to FILE; - is standard output");
    check_command_->add_flag("-q,--quiet", check_.quiet, "say nothing about scenarios that are well-formed");
  }

  // Without this CLI11 takes all words that follow as values, the scenario included.
  static void repeated(CLI::Option* option) {
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->take_all();
  }

  std::string fault_of_run() {
    for (const char* option : options_to_come) {
      if (run_command_->count(option) > 0) return fmt::format("{} is not built yet", option);
    }
    for (const std::string& set : run_.set) {
      const std::size_t sign = set.find('=');
      if (sign == std::string::npos || sign == 0) return fmt::format("--set {}: expected PATH=VALUE", set);
    }
    run_.colour = colour_ == "always" ? Colour::always : colour_ == "never" ? Colour::never : Colour::automatic;
    if (only_option_->count() == 0) return {};
    const auto range = range_in(only_);
    if (!range) return fmt::format("--only {}: expected an index such as 7, or a range such as 0-19", only_);
    run_.first = range->first;
    run_.replications = range->second;
    return {};
  }

  std::string fault_of_command() {
    const std::vector<std::string> words = app_.remaining();
    if (words.empty()) return "expected a command, such as: knockon run SCENARIO";
    std::vector<std::string_view> names{"run", "check"};
    for (const Command& command : commands_to_come) names.emplace_back(command.name);
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
    if (word == "--baseline") return "--baseline applies to compare only";
    if (option == surplus.end()) return fmt::format("unexpected {}", scenario::quoted(word));
    std::vector<std::string> names;
    for (const CLI::App* command : app_.get_subcommands()) {
      for (const CLI::Option* known : command->get_options()) {
        if (!known->get_group().empty() && !known->get_lnames().empty())
          names.push_back("--" + known->get_lnames().front());
      }
    }
    const std::string hint = scenario::did_you_mean(word, {names.begin(), names.end()});
    return fmt::format("unknown option {}{}", scenario::quoted(word), hint.empty() ? "" : "; " + hint);
  }

  Arguments settled(const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream text, nothing;
      app_.exit(error, text, nothing);
      print(text.str());
      return Settled{ExitStatus::done};
    }
    return refused(error.what());
  }

  static Arguments refused(const std::string& fault) {
    complain(fault + "\nknockon --help lists commands and options");
    return Settled{ExitStatus::wrong_input};
  }

  CLI::App app_{"Simulates outages before they happen, and explains them after."};
  CLI::App* run_command_ = nullptr;
  CLI::App* check_command_ = nullptr;
  CLI::Option* only_option_ = nullptr;
  CLI::Option* replications_option_ = nullptr;
  RunArguments run_;
  CheckArguments check_;
  std::string only_, colour_ = "auto", to_come_, not_built_;
};

}  // namespace

Arguments parsed(int count, const char* const* words) { return Grammar{}.parsed(count, words); }

unsigned cores() {
  cpu_set_t allowed;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0) return 1;
  const int count = CPU_COUNT(&allowed);
  return count < 1 ? 1 : static_cast<unsigned>(count);
}

}  // namespace knockon::command_line
