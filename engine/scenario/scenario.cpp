#include "engine/scenario/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/quantity/heap.hpp"
#include "engine/quantity/text.hpp"
#include "engine/scenario/assembly.hpp"
#include "engine/scenario/drawn_properties.hpp"
#include "engine/scenario/merge.hpp"
#include "engine/scenario/provenance.hpp"
#include "engine/scenario/reading.hpp"
#include "engine/scenario/removals.hpp"
#include "engine/scenario/shape.hpp"
#include "engine/scenario/warnings.hpp"
#include "engine/world/parameters.hpp"

namespace knockon::scenario {
namespace {

world::World world_of(const Node& root, const std::string& name, Faults& faults) {
  std::vector<world::DrawnProperty> drawn = check_shape(root, faults);
  Reading reading{.root = root, .faults = faults};
  reading.world.name = name;
  reading.world.drawn = std::move(drawn);
  const Fields fields = reading.fields(scenario_record(), root);
  reading.world.title = fields.text("title");
  reading.world.starts = quantity::parse_date(fields.text("starts")).value_or(0);
  reading.world.horizon = fields.duration("horizon");
  if (!declare_names(reading)) return std::move(reading.world);
  read_places(reading);
  read_services(reading);
  read_sessions_and_apps(reading);
  read_populations(reading);
  read_causes(reading);
  read_reactions_and_monitors(reading);
  read_teams_and_strategies(reading);
  refuse_too_many_classes(reading);
  read_expectations(reading);
  if (faults.any_errors()) return std::move(reading.world);
  find_takers(reading);
  match_steps_to_faults(reading);
  world::note_changing_retries(reading.world);
  warn_of_regrets(reading);
  return std::move(reading.world);
}

std::vector<std::string> variant_names(NodePtr scenario) {
  std::vector<std::string> names;
  const Entry* variants = scenario->find("variants");
  if (!variants || !variants->value->is_map()) return names;
  for (const Entry& entry : variants->value->entries) {
    if (!entry.value->is_removal()) names.emplace_back(entry.key);
  }
  return names;
}

// The scenario without its variants, under the same settings as far as they apply to it. What is wrong with it is wrong
// with the whole and reported there, or is a setting of something only a variant has.
std::optional<world::World> base_of(NodePtr files, const Options& options, const std::string& name) {
  Faults not_reported;
  Assembly silent{[](const std::string&) { return Found{}; }, not_reported};
  Nodes nodes;
  const NodePtr root = resolved(nodes, silent.with_set(nodes, files, options.set), not_reported);
  if (!root) return std::nullopt;
  Faults faults;
  world::World world = world_of(*root, name, faults);
  return faults.any_errors() ? std::nullopt : std::optional{std::move(world)};
}

// A text's tree and the world take some 22 times as much memory as the text.
std::string with_room(std::string text) {
  constexpr std::size_t large = 1 << 20, times = 24;
  if (text.size() >= large) quantity::prepare_heap(times * text.size());
  return text;
}

// A scenario's files, laid over each other, and what is wrong with them.
struct Opened {
  Opened(FindFile find, const std::string& source_path, std::string text)
      : path{source_path}, assembly{std::move(find), faults}, files{assembly.files(path, with_room(std::move(text)))} {
    if (assembly.is_incomplete()) files = nullptr;
    if (files) check_pieces(*files, faults);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  // The scenario as the options ask for it; null when it cannot be resolved.
  NodePtr root(Nodes& nodes, const Options& options, Faults& found) {
    const NodePtr varied = assembly.with_variants(nodes, files, options.variants);
    const NodePtr chosen = assembly.with_set(nodes, varied, options.set);
    check_removals(*chosen, found);
    return resolved(nodes, chosen, found);
  }

  std::string path;
  Faults faults;
  Assembly assembly;
  NodePtr files;  // null when they cannot be used at all
};

std::optional<Read> read_in(Opened& opened, const Options& options) {
  Nodes nodes;
  const NodePtr root = opened.files ? opened.root(nodes, options, opened.faults) : nullptr;
  if (!root) return std::nullopt;
  Read result;
  result.world = world_of(*root, name_of(opened.path), opened.faults);
  if (opened.faults.any_errors()) return std::nullopt;
  if (!options.variants.empty()) result.base = base_of(opened.files, options, name_of(opened.path));
  result.merged_text = text_of(*root);
  result.variant_names = variant_names(opened.files);
  result.warnings = opened.faults.in_file_order();
  return result;
}

tl::expected<Read, Diagnostics> read_with(Opened opened, const Options& options) {
  auto result = read_in(opened, options);
  if (!result) return tl::unexpected{opened.faults.in_file_order()};
  return std::move(*result);
}

// One variant more than was chosen: what it brings to light that the scenario without it does not.
void check_variant(Opened& opened, Options options, const std::string& variant) {
  options.variants.push_back(variant);
  Faults found;
  Nodes nodes;
  const NodePtr root = opened.root(nodes, options, found);
  if (root) static_cast<void>(world_of(*root, name_of(opened.path), found));
  opened.faults.add_new(found, fmt::format("with variant {}: ", variant));
}

// As far as the keys lead: the value there, or the last key that there is.
Span span_at(const Node& root, const std::vector<std::string>& keys) {
  const Node* node = &root;
  Span span = root.span;
  for (const std::string& key : keys) {
    const Entry* entry = node->is_map() ? node->find(key) : nullptr;
    if (!entry) return span;
    span = entry->key_span;
    node = entry->value;
  }
  return node->is_scalar() ? node->span : span;
}

// None when the keys do not lead to their end.
std::optional<Span> span_of(const Node& root, const std::vector<std::string>& keys) {
  const Node* node = &root;
  Span span = root.span;
  for (const std::string& key : keys) {
    if (const Entry* entry = node->is_map() ? node->find(key) : nullptr) {
      span = entry->key_span;
      node = entry->value;
      continue;
    }
    const auto item = std::find_if(node->items.begin(), node->items.end(),
                                   [&](NodePtr one) { return one->is_scalar() && one->text == key; });
    if (item == node->items.end()) return std::nullopt;
    span = (*item)->span;
    node = *item;
  }
  return span;
}

void add_doubts(Opened& opened, const Options& options, const std::vector<Doubt>& doubts) {
  Faults known_already;
  Nodes nodes;
  const NodePtr root = doubts.empty() ? nullptr : opened.root(nodes, options, known_already);
  if (!root) return;
  for (const Doubt& doubt : doubts)
    opened.faults.warning(span_at(*root, doubt.keys), doubt.code, doubt.message, doubt.hint);
}

Checked checked_with(Opened opened, const Options& options, const Examine& examine = {}) {
  Checked result{.read = read_in(opened, options), .diagnostics = {}};
  if (result.read && examine) add_doubts(opened, options, examine(*result.read));
  if (opened.files && options.variants.empty()) {
    for (const std::string& variant : variant_names(opened.files)) check_variant(opened, options, variant);
  }
  if (opened.faults.any_errors()) result.read.reset();
  result.diagnostics = opened.faults.in_file_order();
  return result;
}

tl::expected<std::vector<ShownLine>, Diagnostics> shown_with(Opened opened, const Options& options,
                                                             const std::string& path) {
  const auto refused = [&] { return tl::unexpected{opened.faults.in_file_order()}; };
  Nodes nodes;
  const NodePtr root = opened.files ? opened.root(nodes, options, opened.faults) : nullptr;
  if (!root) return refused();
  static_cast<void>(world_of(*root, name_of(opened.path), opened.faults));
  if (opened.faults.any_errors()) return refused();
  if (path.empty()) return shown(*root);
  auto piece = shown_at(*root, opened.assembly.option_source("PATH", path), opened.faults);
  if (!piece) return refused();
  return std::move(*piece);
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

Opened on_disk(const Source& source) {
  const Limits limits;
  return {files_on_disk(source, limits), source.path, content_of(source.path, limits.bytes)};
}

Opened in_memory(std::string_view text, const std::map<std::string, std::string>& blocks) {
  return {files_in_memory(blocks), "scenario.yaml", std::string{text}};
}

}  // namespace

tl::expected<Read, Diagnostics> read(const Source& source, const Options& options) {
  return read_with(on_disk(source), options);
}

tl::expected<Read, Diagnostics> read_text(std::string_view text, const Options& options,
                                          const std::map<std::string, std::string>& blocks) {
  return read_with(in_memory(text, blocks), options);
}

Checked checked(const Source& source, const Options& options, const Examine& examine) {
  return checked_with(on_disk(source), options, examine);
}

Checked checked(const Source& source, std::string_view text, const Examine& examine) {
  return checked_with({files_on_disk(source, Limits{}), source.path, std::string{text}}, {}, examine);
}

tl::expected<std::vector<ShownLine>, Diagnostics> shown(const Source& source, const Options& options,
                                                        const std::string& path) {
  return shown_with(on_disk(source), options, path);
}

Locate locations(const Source& source, const Options& options) {
  const std::shared_ptr<Opened> opened{new Opened{on_disk(source)}};
  const auto nodes = std::make_shared<Nodes>();
  Faults not_reported;
  const NodePtr root = opened->files ? opened->root(*nodes, options, not_reported) : nullptr;
  return [opened, nodes, root](const std::vector<std::string>& keys) -> std::optional<Location> {
    const auto span = root ? span_of(*root, keys) : std::nullopt;
    if (!span || !span->source) return std::nullopt;
    return Location{.path = span->source->path,
                    .line = static_cast<int>(span->line),
                    .column = static_cast<int>(span->column),
                    .end_column = static_cast<int>(span->end_column)};
  };
}

tl::expected<Outline, Diagnostics> outline_of_blocks(const std::vector<std::string>& blocks,
                                                     const std::vector<std::string>& model_folders) {
  std::string text = "knockon: 1\nuse:\n";
  for (const std::string& block : blocks) text += "  - " + scalar_text(block) + "\n";
  if (blocks.empty()) return Outline{};
  Opened opened{files_on_disk({.path = {}, .model_folders = model_folders}, Limits{}), "--from", text};
  if (!opened.files || opened.faults.any_errors()) return tl::unexpected{opened.faults.in_file_order()};
  Outline outline;
  for (const Entry& section : opened.files->entries) {
    if (!section.value->is_map()) continue;
    Outline::Section& named =
        outline.sections.emplace_back(Outline::Section{.name = std::string{section.key}, .names = {}});
    for (const Entry& entry : section.value->entries) {
      if (entry.value->is_removal()) continue;
      const Entry* journeys = section.key == "apps" ? entry.value->find("journeys") : nullptr;
      if (!journeys) named.names.emplace_back(entry.key);
      for (const Entry& journey : journeys ? journeys->value->entries : std::vector<Entry>{})
        named.names.push_back(fmt::format("{}.{}", entry.key, journey.key));
    }
  }
  return outline;
}

std::string name_of(const std::string& path) {
  const std::filesystem::path file{path};
  const std::string folder = file.parent_path().filename().string();
  return file.filename() == "scenario.yaml" && !folder.empty() ? folder : file.stem().string();
}

}  // namespace knockon::scenario
