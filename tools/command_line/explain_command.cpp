#include "tools/command_line/explain_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/report/explanation_json.hpp"
#include "engine/report/explanation_text.hpp"
#include "engine/report/trace_json.hpp"
#include "engine/report/web_page.hpp"
#include "engine/study/explanation.hpp"
#include "engine/study/series.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/delivery.hpp"
#include "tools/command_line/explain_arguments.hpp"
#include "tools/command_line/interruption.hpp"
#include "tools/command_line/log.hpp"
#include "tools/command_line/repetition.hpp"
#include "tools/command_line/streams.hpp"
#include "tools/command_line/subject.hpp"

namespace knockon::command_line {
namespace {

struct Chosen {
  std::uint64_t index = 0;
  std::string which;  // "the median of 200 runs"
};

std::size_t worst_of(const std::vector<simulation::Outcome>& outcomes) {
  const auto worst = std::max_element(outcomes.begin(), outcomes.end(), [](const auto& a, const auto& b) {
    return a.incident.user_minutes_lost < b.incident.user_minutes_lost;
  });
  return static_cast<std::size_t>(worst - outcomes.begin());
}

// None when no replication finished.
std::optional<Chosen> chosen_by(const ExplainArguments& arguments, const study::Entry& entry) {
  if (arguments.index) return Chosen{.index = *arguments.index, .which = "one run"};
  auto replications = replications_of({entry}, arguments.repetition, arguments.voices);
  const auto& outcomes = replications.front().outcomes;
  if (outcomes.empty()) return std::nullopt;
  const bool is_worst = arguments.which == Which::worst;
  const std::size_t position = is_worst ? worst_of(outcomes) : *study::median_of(outcomes);
  return Chosen{.index = outcomes[position].index,
                .which = fmt::format("the {} of {} runs", is_worst ? "worst" : "median", outcomes.size())};
}

ExitStatus delivered(const ExplainArguments& arguments, const study::Explanation& explanation,
                     const std::string& which) {
  Delivery delivery;
  const bool has_colour = is_wanted(arguments.colour, standard_output_is_terminal());
  delivery.write(arguments.json, [&] { return report::json_of(explanation); });
  delivery.show([&] { return report::text_of(explanation, which, {.has_colour = has_colour}); });
  delivery.write(arguments.report, [&] { return report::web_page_of(explanation, which); });
  delivery.draw(arguments.svg, [&] { return report::pictures_of(explanation); });
  if (arguments.trace) {
    delivery.attempt(
        [&] { write_file(*arguments.trace, report::trace_json_of(explanation.world(), explanation.outcome())); });
  }
  return delivery.status();
}

ExitStatus fault_of(const study::Explanation& explanation) {
  if (explanation.results.died.empty()) return ExitStatus::interrupted;
  const study::Died& died = explanation.results.died.front();
  complain(fmt::format("replication {} died: {}", died.index, died.error));
  return died.is_defect ? ExitStatus::defect : ExitStatus::world_failed;
}

ExitStatus explain_replication(const ExplainArguments& arguments) {
  log_to_standard_error(arguments.voices.verbose);
  const auto scenario =
      read_in(arguments.wanted,
              {.colour = arguments.colour, .is_quiet = arguments.voices.quiet, .is_strict = arguments.strict});
  if (!scenario) return ExitStatus::wrong_input;
  const auto choice = choice_of(arguments.wish, scenario->world);
  if (!choice) {
    complain(choice.error());
    return ExitStatus::wrong_input;
  }

  listen_for_interruption();
  const study::Entry entry =
      entry_of(scenario->world.name, arguments.wanted, *scenario, *choice, arguments.repetition.seed);
  const auto chosen = chosen_by(arguments, entry);
  if (!chosen) {
    complain("no replication finished: there is nothing to explain");
    return is_interrupted() ? ExitStatus::interrupted : ExitStatus::world_failed;
  }
  const simulation::Recording recording{.step = study::course_step(*entry.world), .keeps_spells = true};
  const study::Explanation explanation =
      study::explained(entry, chosen->index, static_cast<unsigned>(arguments.repetition.jobs),
                       {.progress = {}, .stop = is_interrupted}, recording);
  if (explanation.results.outcomes.empty()) return fault_of(explanation);
  const ExitStatus status = delivered(arguments, explanation, chosen->which);
  return is_interrupted() ? graver(status, ExitStatus::interrupted) : status;
}

}  // namespace

Action describe_explain(Options& options) {
  auto arguments = std::make_shared<ExplainArguments>();
  add_options(options, *arguments);
  return [arguments] { return explain_replication(*arguments); };
}

}  // namespace knockon::command_line
