#include "tools/command_line/compare_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "engine/report/comparison_csv.hpp"
#include "engine/report/comparison_json.hpp"
#include "engine/report/comparison_text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/web_page.hpp"
#include "engine/study/comparison.hpp"
#include "tools/command_line/compare_arguments.hpp"
#include "tools/command_line/compared_entries.hpp"
#include "tools/command_line/delivery.hpp"
#include "tools/command_line/interruption.hpp"
#include "tools/command_line/log.hpp"
#include "tools/command_line/processors.hpp"
#include "tools/command_line/repetition.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using study::Comparison;

ExitStatus delivered(const CompareArguments& arguments, const Comparison& comparison) {
  Delivery delivery;
  const bool has_colour = is_wanted(arguments.colour, standard_output_is_terminal());
  delivery.write(arguments.json, [&] { return report::json_of(comparison); });
  delivery.show([&] { return report::text_of(comparison, {.has_colour = has_colour}); });
  delivery.write(arguments.report, [&] { return report::web_page_of(comparison); });
  delivery.draw(arguments.svg, [&] { return report::pictures_of(comparison); });
  if (arguments.csv) {
    delivery.attempt([&] {
      make_folder(*arguments.csv);
      write_file(*arguments.csv + "/pairs.csv", report::csv_of_pairs(comparison));
      write_file(*arguments.csv + "/replications.csv", report::csv_of_apps(comparison));
      write_file(*arguments.csv + "/incidents.csv", report::csv_of_incidents(comparison));
    });
  }
  return delivery.status();
}

// Runs that died are named in the results; here is what that means for the whole.
ExitStatus health_of(const Comparison& comparison) {
  ExitStatus status = ExitStatus::done;
  if (comparison.results.front().interrupted) status = graver(status, ExitStatus::interrupted);
  if (study::too_many_died(comparison)) {
    complain("replications died on more than one day in a hundred");
    status = graver(status, ExitStatus::world_failed);
  }
  for (std::size_t entry = 0; entry < comparison.entries.size(); ++entry) {
    for (const study::Died& died : comparison.results[entry].died) {
      if (!died.is_defect) continue;
      complain(fmt::format(
          "replication {} with {} met a defect of knockon, please report it with the fingerprint {}: {}", died.index,
          comparison.entries[entry].name, report::fingerprint_text(study::fingerprint_of(comparison)), died.error));
      return ExitStatus::defect;
    }
  }
  return status;
}

ExitStatus compare(const CompareArguments& arguments) {
  log_to_standard_error(arguments.voices.verbose);
  auto compared = entries_of(arguments);
  if (!compared) {
    explain(compared.error(), arguments.colour);
    return ExitStatus::wrong_input;
  }
  // Variants of one scenario are warned about in the same words.
  const std::size_t warned = compared->across == study::Across::scenarios ? compared->scenarios.size() : 1;
  bool all_pass = true;
  for (std::size_t i = 0; i < warned; ++i) {
    all_pass =
        passes(compared->scenarios[i]->warnings,
               {.colour = arguments.colour, .is_quiet = arguments.voices.quiet, .is_strict = arguments.strict}) &&
        all_pass;
  }
  if (!all_pass) return ExitStatus::wrong_input;

  listen_for_interruption();
  auto replications = replications_of(compared->entries, arguments.repetition, arguments.voices);
  const Comparison comparison =
      study::compared(compared->across, std::move(compared->entries), compared->baseline, std::move(replications),
                      std::min<std::size_t>(arguments.repetition.jobs, processors()));
  spdlog::info("all pairs are compared");
  return graver(delivered(arguments, comparison), health_of(comparison));
}

}  // namespace

Action describe_compare(Options& options) {
  auto arguments = std::make_shared<CompareArguments>();
  add_options(options, *arguments);
  return [arguments] { return compare(*arguments); };
}

}  // namespace knockon::command_line
