#include "tools/command_line/run_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/report/csv.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/json.hpp"
#include "engine/report/text.hpp"
#include "engine/report/web_page.hpp"
#include "engine/study/entry.hpp"
#include "engine/study/explanation.hpp"
#include "engine/study/measures.hpp"
#include "engine/study/replications.hpp"
#include "engine/study/results.hpp"
#include "engine/study/series.hpp"
#include "tools/command_line/choice.hpp"
#include "tools/command_line/delivery.hpp"
#include "tools/command_line/interruption.hpp"
#include "tools/command_line/log.hpp"
#include "tools/command_line/repetition.hpp"
#include "tools/command_line/run_arguments.hpp"
#include "tools/command_line/scenario_file.hpp"
#include "tools/command_line/streams.hpp"
#include "tools/command_line/subject.hpp"

namespace knockon::command_line {
namespace {

using statistics::Verdict;
using study::Results;

// A page and pictures show how things went over time; nothing else does.
study::Kept kept_for(const RunArguments& arguments, const world::World& world) {
  if (!arguments.report && !arguments.svg) return {};
  return {.recording = {.step = study::course_step(world)},
          .courses_end = arguments.repetition.first + study::courses_max(world)};
}

Results simulated(const RunArguments& arguments, const study::Entry& entry) {
  auto replications =
      replications_of({entry}, arguments.repetition, arguments.voices, kept_for(arguments, *entry.world));
  Results results = study::results_of(*entry.world, entry.subject, std::move(replications.front()));
  spdlog::info("all measures are estimated");
  return results;
}

// The median replication is played once more, with all that happened in it.
std::string page_of(const Results& results, const study::Entry& entry) {
  if (!results.median) return report::web_page_of(results, nullptr);
  const study::Explanation day = study::told(entry, results.outcomes[*results.median].index, {},
                                             {.step = study::course_step(*entry.world), .keeps_spells = true});
  return report::web_page_of(results, day.results.outcomes.empty() ? nullptr : &day);
}

ExitStatus delivered(const RunArguments& arguments, const Results& results, const study::Entry& entry) {
  Delivery delivery;
  const bool has_colour = is_wanted(arguments.colour, standard_output_is_terminal());
  delivery.write(arguments.json, [&] { return report::json_of(results); });
  delivery.show([&] { return report::text_of(results, {.has_colour = has_colour}); });
  delivery.write(arguments.report, [&] { return page_of(results, entry); });
  delivery.draw(arguments.svg, [&] { return report::pictures_of(results); });
  if (arguments.csv) {
    delivery.attempt([&] {
      make_folder(*arguments.csv);
      write_file(*arguments.csv + "/replications.csv", report::csv_of_apps(results));
      write_file(*arguments.csv + "/incidents.csv", report::csv_of_incidents(results));
    });
  }
  return delivery.status();
}

ExitStatus verdict_of(const RunArguments& arguments, const Results& results) {
  ExitStatus status = ExitStatus::done;
  for (const study::PromiseResult& promise : results.promises) {
    const bool is_undecided = promise.verdict == Verdict::undecided;
    if (promise.verdict == Verdict::broken || (is_undecided && arguments.strict)) status = ExitStatus::promise_broken;
    if (!is_undecided || arguments.voices.quiet) continue;
    const std::string needed = promise.replications_needed
                                   ? fmt::format(" (about {} replications would decide)", *promise.replications_needed)
                                   : "";
    complain(fmt::format("undecided: {}{}", promise.text, needed));
  }
  return status;
}

// No replication answers questions to the graph alone; a promise about it must not look kept.
void name_what_is_not_judged(const world::World& world) {
  for (const world::Promise& promise : world.promises) {
    if (study::is_of_graph(promise.of.measure)) complain("not judged by run, it is about the graph: " + promise.text);
  }
}

// Runs that died are named in the results; here is what that means for the whole.
ExitStatus health_of(const Results& results) {
  ExitStatus status = ExitStatus::done;
  if (results.interrupted) status = graver(status, ExitStatus::interrupted);
  if (study::too_many_died(results)) {
    complain(fmt::format("{} of {} replications died, the first is number {}: {}", results.died.size(),
                         results.requested, results.died.front().index, results.died.front().error));
    status = graver(status, ExitStatus::world_failed);
  }
  for (const study::Died& died : results.died) {
    if (!died.is_defect) continue;
    complain(fmt::format("replication {} met a defect of knockon, please report it with the fingerprint {}: {}",
                         died.index, report::fingerprint_text(results.fingerprint), died.error));
    return ExitStatus::defect;
  }
  return status;
}

ExitStatus run(const RunArguments& arguments) {
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
  const Results results = simulated(arguments, entry);
  const ExitStatus delivery = delivered(arguments, results, entry);
  if (!arguments.voices.quiet) name_what_is_not_judged(scenario->world);
  return graver(graver(delivery, verdict_of(arguments, results)), health_of(results));
}

}  // namespace

Action describe_run(Options& options) {
  auto arguments = std::make_shared<RunArguments>();
  add_options(options, *arguments);
  return [arguments] { return run(*arguments); };
}

}  // namespace knockon::command_line
