// The options of one command, and where their values go. The library that reads the command line stays behind this
// class.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace knockon::command_line {

class Options {
 public:
  explicit Options(CLI::App& app) : app_{app} {}

  // What stands where must stay alive until the action has been called. Of `names`, "-q,--quiet" is one option.
  void operand(const char* name, std::string& value, const char* about);
  void operand_if_any(const char* name, std::optional<std::string>& value, const char* about);
  void operands(const char* name, std::vector<std::string>& values, const char* about);
  void flag(const char* names, bool& value, const char* about);
  void text(const char* names, std::optional<std::string>& value, const char* about);

  // `value` is what it is without the option.
  void number(const char* names, std::uint64_t& value, std::uint64_t at_least, std::uint64_t at_most,
              const char* about);

  // Takes in a value, and returns what is wrong with it ("expected an index"), or nothing.
  using TakeIn = std::function<std::string(const std::string& value)>;
  void read(const char* names, TakeIn take_in, const char* about);
  // May be given several times.
  void read_each(const char* names, TakeIn take_in, const char* about);

  // Both at once are refused.
  void exclude(const char* one, const char* other);
  // Both at once are refused where `holds`, which is asked when all values have been taken in. Once a command.
  void exclude_where(const char* one, const char* other, std::function<bool()> holds);
  // Below the options, in --help.
  void footer(const std::string& text);
  // In the contract, and not there yet: refused in so many words.
  void refuse_until_built(std::initializer_list<const char*> names);

 private:
  CLI::App& app_;
};

}  // namespace knockon::command_line
