#include "tools/command_line/repetition.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

#include "engine/quantity/text.hpp"
#include "engine/study/precision.hpp"
#include "tools/command_line/interruption.hpp"
#include "tools/command_line/progress.hpp"
#include "tools/command_line/streams.hpp"

namespace knockon::command_line {
namespace {

using study::Replications;

std::vector<Replications> until_precise(const std::vector<study::Entry>& entries, const Repetition& repetition,
                                        const study::Request& request, const study::ReplicateEntry& replicate,
                                        const study::Watch& watch, bool is_quiet) {
  bool is_reached = false;
  const auto is_enough = [&](const std::vector<Replications>& so_far) {
    is_reached = true;
    for (std::size_t i = 0; i < entries.size(); ++i)
      is_reached = is_reached && study::is_precise(*entries[i].world, so_far[i].outcomes, *repetition.precision);
    spdlog::info("after {} replications {}precise enough", so_far.front().requested, is_reached ? "" : "not ");
    return is_reached;
  };
  std::vector<Replications> replications =
      study::replicated_until(request, entries.size(), replicate, is_enough, watch);
  if (!is_reached && !replications.front().interrupted && !is_quiet) {
    complain(fmt::format("not precise to {} after {} replications, where it stops",
                         quantity::text_of(*repetition.precision), study::last_look));
  }
  return replications;
}

}  // namespace

std::vector<Replications> replications_of(const std::vector<study::Entry>& entries, const Repetition& repetition,
                                          const Voices& voices, const study::Kept& kept) {
  const auto begin = std::chrono::steady_clock::now();
  const auto seconds = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count(); };
  study::EntryEngines engines{entries, kept};
  spdlog::info("the network is laid out after {:.3f} s; {} workers", seconds(), repetition.jobs);

  const study::Request request =
      engines.request(repetition.first, repetition.count, static_cast<unsigned>(repetition.jobs));
  Progress progress{!voices.quiet && standard_error_is_terminal()};
  const study::Watch watch{
      .progress = [&](std::uint64_t done, std::uint64_t requested) { progress.show(done, requested); },
      .stop = is_interrupted};
  const study::ReplicateEntry replicate = [&](std::size_t entry, std::uint64_t index) {
    return engines.replicate(entry, index);
  };
  std::vector<Replications> replications =
      repetition.precision ? until_precise(entries, repetition, request, replicate, watch, voices.quiet)
                           : study::replicated_entries(request, entries.size(), replicate, watch);
  progress.clear();
  spdlog::info("{} replications of each finished after {:.3f} s", replications.front().outcomes.size(), seconds());
  return replications;
}

}  // namespace knockon::command_line
