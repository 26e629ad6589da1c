#include "tools/command_line/schema_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/report/result_schema.hpp"
#include "engine/scenario/diagnostic.hpp"
#include "engine/scenario/schema.hpp"
#include "tools/command_line/options.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

constexpr std::string_view of_scenarios = "scenario";

std::vector<std::string_view> described() {
  std::vector<std::string_view> all{of_scenarios};
  const auto& results = report::described_results();
  all.insert(all.end(), results.begin(), results.end());
  return all;
}

ExitStatus schema(std::string_view of) {
  print(of == of_scenarios ? scenario::schema_text() : report::result_schema_text(of));
  return ExitStatus::done;
}

}  // namespace

Action describe_schema(Options& options) {
  auto of = std::make_shared<std::string>(of_scenarios);
  const auto take = [of](const std::string& text) {
    const auto all = described();
    *of = text;
    const bool is_known = std::find(all.begin(), all.end(), std::string_view{text}) != all.end();
    return is_known ? std::string{} : fmt::format("expected {}", scenario::one_of(all));
  };
  options.read("--of", take, "scenario (the default), or the command whose JSON is described");
  return [of] { return schema(*of); };
}

}  // namespace knockon::command_line
