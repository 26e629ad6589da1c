#include "engine/scenario/scenario.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/quantity/contract.hpp"
#include "engine/quantity/text.hpp"
#include "engine/scenario/assembly.hpp"
#include "engine/scenario/merge.hpp"
#include "engine/scenario/reading.hpp"
#include "engine/scenario/removals.hpp"
#include "engine/scenario/shape.hpp"

namespace knockon::scenario {
namespace {

Severity gravity_of_unsimulated(Purpose purpose) {
  return purpose == Purpose::run ? Severity::error : Severity::warning;
}

world::World world_of(const Node& root, const std::string& name, Faults& faults) {
  std::vector<world::DrawnProperty> drawn = check_shape(root, faults);
  Reading reading{.root = root, .faults = faults};
  reading.world.name = name;
  reading.world.drawn = std::move(drawn);
  const Fields fields = reading.fields(scenario_record(), root);
  reading.world.title = fields.text("title");
  reading.world.starts = quantity::parse_date(fields.text("starts")).value_or(0);
  reading.world.horizon = fields.duration("horizon");
  read_platform(reading, fields);
  if (!declare_names(reading)) return std::move(reading.world);
  read_places(reading);
  read_services(reading);
  read_sessions_and_apps(reading);
  read_populations(reading);
  read_causes(reading);
  read_reactions_and_monitors(reading);
  read_teams_and_strategies(reading);
  read_expectations(reading);
  if (!faults.any_errors()) match_steps_to_faults(reading);
  return std::move(reading.world);
}

std::vector<std::string> variant_names(const NodePtr& scenario) {
  std::vector<std::string> names;
  const Entry* variants = scenario->find("variants");
  if (!variants || !variants->value->is_map()) return names;
  for (const Entry& entry : variants->value->entries) {
    if (!entry.value->is_removal()) names.push_back(entry.key);
  }
  return names;
}

// The scenario without its variants, under the same settings as far as they apply to it. What is wrong with it is wrong
// with the whole and reported there, or is a setting of something only a variant has.
std::optional<world::World> base_of(const NodePtr& files, const Options& options, const std::string& name) {
  Faults not_reported;
  Assembly silent{[](const std::string&) { return Found{}; }, not_reported};
  const NodePtr root = resolved(silent.with_set(files, options.set), not_reported);
  if (!root) return std::nullopt;
  Faults faults{gravity_of_unsimulated(options.purpose)};
  world::World world = world_of(*root, name, faults);
  return faults.any_errors() ? std::nullopt : std::optional{std::move(world)};
}

tl::expected<Read, Diagnostics> read_with(FindFile find, const std::string& path, std::string text,
                                          const Options& options) {
  Faults faults{gravity_of_unsimulated(options.purpose)};
  Assembly assembly{std::move(find), faults};
  const NodePtr files = assembly.files(path, std::move(text));
  if (!files) return tl::unexpected{faults.in_file_order()};
  if (assembly.is_incomplete()) return tl::unexpected{faults.in_file_order()};
  check_pieces(*files, faults);
  const NodePtr chosen = assembly.with_set(assembly.with_variants(files, options.variants), options.set);
  check_removals(*chosen, faults);
  const NodePtr root = resolved(chosen, faults);
  if (!root) return tl::unexpected{faults.in_file_order()};
  Read result;
  result.world = world_of(*root, name_of(path), faults);
  if (faults.any_errors()) return tl::unexpected{faults.in_file_order()};
  if (!options.variants.empty()) result.base = base_of(files, options, name_of(path));
  result.merged_text = text_of(*root);
  result.variant_names = variant_names(files);
  result.warnings = faults.in_file_order();
  return result;
}

std::string content_of(const std::string& path, std::size_t bytes_at_most) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error))
    throw quantity::IoError{path + ": is a folder, and a file is expected"};
  std::ifstream file{path, std::ios::binary};
  if (!file) throw quantity::IoError{path + ": " + std::strerror(errno)};
  std::string text;
  char piece[65536];
  while (text.size() <= bytes_at_most && (file.read(piece, sizeof piece) || file.gcount() > 0)) {
    text.append(piece, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw quantity::IoError{path + ": cannot be read to its end"};
  return text;
}

}  // namespace

tl::expected<Read, Diagnostics> read(const Source& source, const Options& options) {
  const Limits limits;
  return read_with(files_on_disk(source, limits), source.path, content_of(source.path, limits.bytes), options);
}

tl::expected<Read, Diagnostics> read_text(std::string_view text, const Options& options,
                                          const std::map<std::string, std::string>& blocks) {
  return read_with(files_in_memory(blocks), "scenario.yaml", std::string{text}, options);
}

std::string name_of(const std::string& path) {
  const std::filesystem::path file{path};
  const std::string folder = file.parent_path().filename().string();
  return file.filename() == "scenario.yaml" && !folder.empty() ? folder : file.stem().string();
}

}  // namespace knockon::scenario
