#include "tools/command_line/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

namespace knockon::command_line {
namespace {

// "--only 9-3: expected an index": the option with what was wrong, so that it can be found in a long line.
void take(const std::string& name, const std::string& value, const Options::TakeIn& take_in) {
  const std::string fault = take_in(value);
  if (!fault.empty()) throw CLI::ValidationError{fmt::format("{} {}", name, value), fault};
}

std::optional<std::uint64_t> whole_number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

}  // namespace

void Options::operand(const char* name, std::string& value, const char* about) {
  app_.add_option(name, value, about)->required();
}

void Options::operand_if_any(const char* name, std::optional<std::string>& value, const char* about) {
  app_.add_option(name, value, about);
}

void Options::operands(const char* name, std::vector<std::string>& values, const char* about) {
  app_.add_option(name, values, about)->required();
}

void Options::flag(const char* names, bool& value, const char* about) { app_.add_flag(names, value, about); }

void Options::text(const char* names, std::optional<std::string>& value, const char* about) {
  app_.add_option(names, value, about);
}

void Options::number(const char* names, std::uint64_t& value, std::uint64_t at_least, std::uint64_t at_most,
                     const char* about) {
  auto* option = app_.add_option(names, value, about)->capture_default_str();
  // CLI11 itself takes -1 for the greatest number that there is.
  const auto fault_of = [at_least, at_most](const std::string& text) {
    const auto number = whole_number_in(text);
    return number && *number >= at_least && *number <= at_most
               ? std::string{}
               : fmt::format("expected a whole number from {} to {}, not {}", at_least, at_most, text);
  };
  option->type_name("N")->check(CLI::Validator{fault_of, ""});
}

void Options::read(const char* names, TakeIn take_in, const char* about) {
  app_.add_option_function<std::string>(
      names,
      [name = std::string{names}, take_in = std::move(take_in)](const std::string& value) {
        take(name, value, take_in);
      },
      about);
}

void Options::read_each(const char* names, TakeIn take_in, const char* about) {
  auto* option = app_.add_option_function<std::vector<std::string>>(
      names,
      [name = std::string{names}, take_in = std::move(take_in)](const std::vector<std::string>& values) {
        for (const std::string& value : values) take(name, value, take_in);
      },
      about);
  // Without this CLI11 takes all words that follow as values, the scenario included.
  option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->take_all();
}

void Options::exclude(const char* one, const char* other) { app_.get_option(one)->excludes(app_.get_option(other)); }

void Options::exclude_where(const char* one, const char* other, std::function<bool()> holds) {
  const CLI::Option* first = app_.get_option(one);
  const CLI::Option* second = app_.get_option(other);
  app_.parse_complete_callback([first, second, holds = std::move(holds)] {
    if (first->count() > 0 && second->count() > 0 && holds()) {
      throw CLI::ExcludesError{first->get_name(), second->get_name()};
    }
  });
}

void Options::footer(const std::string& text) { app_.footer(text); }

void Options::refuse_until_built(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto refuse = [text = std::string{name}](const std::string&) {
      throw CLI::ValidationError{text + " is not built yet", CLI::ExitCodes::ValidationError};
    };
    app_.add_option_function<std::string>(name, refuse, "not built yet")->group("");
  }
}

}  // namespace knockon::command_line
