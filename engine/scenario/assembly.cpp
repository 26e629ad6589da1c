#include "engine/scenario/assembly.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <utility>

#include "engine/scenario/merge.hpp"

namespace knockon::scenario {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t files_at_most = 100;

// platforms/three-continents: words of a-z, 0-9 and -, with / between.
bool is_file_name(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.back() == '/' || name.size() > 200) return false;
  char before = '/';
  for (const char c : name) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && before != '/');
    if (!is_word && !(c == '/' && before != '/')) return false;
    before = c;
  }
  return true;
}

bool is_beneath(const fs::path& path, const fs::path& folder) {
  const auto mismatch = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return mismatch.first == folder.end();
}

// Nothing when the folder has no such file.
std::optional<Found> found_in(const fs::path& folder, const std::string& name, const Limits& limits) {
  std::error_code error;
  const fs::path path = folder / (name + ".yaml");
  if (!fs::exists(path, error) || error) return std::nullopt;
  const fs::path real_folder = fs::canonical(folder, error);
  const fs::path real_path = fs::canonical(path, error);
  if (error || !is_beneath(real_path, real_folder)) {
    return Found{.path = {},
                 .text = {},
                 .identity = {},
                 .why_not = fmt::format("{} leads out of its folder", scenario::quoted(name)),
                 .hint = "included files stay beneath the models or beside the scenario; links out are not followed"};
  }
  if (!fs::is_regular_file(real_path, error) || error) {
    return Found{.path = {},
                 .text = {},
                 .identity = {},
                 .why_not = fmt::format("{} is not a file", scenario::quoted(name)),
                 .hint = {}};
  }
  std::ifstream file{real_path, std::ios::binary};
  std::string text;
  text.resize(static_cast<std::size_t>(std::min<std::uintmax_t>(fs::file_size(real_path, error), limits.bytes + 1)));
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !text.empty()) {
    return Found{.path = {},
                 .text = {},
                 .identity = {},
                 .why_not = fmt::format("{} cannot be read", scenario::quoted(name)),
                 .hint = {}};
  }
  return Found{.path = path.lexically_normal().string(),
               .text = std::move(text),
               .identity = real_path.string(),
               .why_not = {},
               .hint = {}};
}

// Names that a folder offers, for suggestions.
void add_names(const fs::path& folder, std::vector<std::string>& names) {
  std::error_code error;
  fs::recursive_directory_iterator at{folder, error}, end;
  for (std::size_t seen = 0; !error && at != end && seen < 1000; at.increment(error), ++seen) {
    if (at->path().extension() == ".yaml")
      names.push_back(at->path().lexically_relative(folder).replace_extension().generic_string());
  }
  std::sort(names.begin(), names.end());
}

NodePtr child(NodePtr map, std::string_view key) {
  const Entry* entry = map->is_map() ? map->find(key) : nullptr;
  return entry ? entry->value : nullptr;
}

}  // namespace

FindFile files_on_disk(const Source& source, const Limits& limits) {
  std::vector<fs::path> folders{source.model_folders.begin(), source.model_folders.end()};
  const fs::path own = fs::path{source.path}.parent_path();
  folders.push_back(own.empty() ? fs::path{"."} : own);
  return [folders, limits](const std::string& name) {
    for (const fs::path& folder : folders) {
      if (auto found = found_in(folder, name, limits)) return *found;
    }
    std::vector<std::string> names;
    for (const fs::path& folder : folders) {
      if (folder != folders.back() || folders.size() == 1) add_names(folder, names);
    }
    return Found{.path = {},
                 .text = {},
                 .identity = {},
                 .why_not = fmt::format("no file {}, neither in the models nor beside the scenario",
                                        scenario::quoted(name + ".yaml")),
                 .hint = did_you_mean(name, {names.begin(), names.end()})};
  };
}

FindFile files_in_memory(const std::map<std::string, std::string>& blocks) {
  return [blocks](const std::string& name) {
    const auto found = blocks.find(name);
    if (found != blocks.end())
      return Found{.path = name + ".yaml", .text = found->second, .identity = name, .why_not = {}, .hint = {}};
    std::vector<std::string_view> names;
    for (const auto& [block, text] : blocks) names.push_back(block);
    return Found{.path = {},
                 .text = {},
                 .identity = {},
                 .why_not = fmt::format("no file {}, neither in the models nor beside the scenario",
                                        scenario::quoted(name + ".yaml")),
                 .hint = did_you_mean(name, names)};
  };
}

const SourceText& Assembly::add_source(std::string path, std::string text) {
  return sources_.emplace_back(std::move(path), std::move(text), static_cast<std::uint32_t>(sources_.size()));
}

const SourceText& Assembly::option_source(const std::string& name, const std::string& text) {
  for (const SourceText& source : sources_) {
    if (source.path == name && source.text == text) return source;
  }
  return add_source(name, text);
}

NodePtr Assembly::files(std::string path, std::string text) {
  const NodePtr root = parsed(add_source(std::move(path), std::move(text)), nodes_, faults_, left_);
  if (!root) return nullptr;
  if (!root->is_map()) {
    faults_.error(root->span, "wrong-shape", fmt::format("a scenario is a map, not {}", text_of(root->kind)),
                  "it begins with `knockon: 1`");
    return nullptr;
  }
  check_head(*root);
  return layers(root);
}

// The version stands first, so that a later version of the language can be told from the first line.
void Assembly::check_head(const Node& root) {
  const Entry* version = root.find("knockon");
  if (!version) {
    faults_.error(root.span, "missing-key", "the version of the language is missing",
                  "begin the file with `knockon: 1`");
  } else if (!version->value->is_scalar() || version->value->text != "1") {
    faults_.error(version->value->span, "unknown-version", "this version of knockon reads version 1 of the language",
                  "write knockon: 1");
  } else if (root.entries.front().key != "knockon") {
    faults_.error(version->key_span, "wrong-order", "the version comes first", "move `knockon: 1` to the top");
  }
}

NodePtr Assembly::layers(NodePtr root) {
  NodePtr result = nullptr;
  const auto lay = [&](NodePtr piece) { result = result ? merged(nodes_, result, piece) : piece; };
  const auto lay_included = [&](const Node& name, bool is_block) {
    if (const NodePtr piece = name.is_removal() ? nullptr : included(name, is_block)) lay(piece);
  };
  if (const NodePtr name = child(root, "extends")) lay_included(*name, false);
  if (const NodePtr names = child(root, "use")) {
    for (const NodePtr name : names->is_list() ? names->items : std::span{&names, 1}) lay_included(*name, true);
  }
  lay(without(nodes_, root, {"extends", "use"}));
  return result;
}

// What is called so, or nothing, and reported.
std::optional<Found> Assembly::looked_up(const Node& name) {
  if (!name.is_scalar()) {
    faults_.error(name.span, "wrong-shape",
                  fmt::format("the name of a file is expected here, not {}", text_of(name.kind)));
    return std::nullopt;
  }
  if (!is_file_name(name.text)) {
    const bool has_ending = name.text.size() > 5 && name.text.compare(name.text.size() - 5, 5, ".yaml") == 0;
    const bool leads_out = name.text.find("..") != std::string::npos || name.text.substr(0, 1) == "/";
    faults_.error(name.span, leads_out ? "include-outside" : "bad-name",
                  leads_out
                      ? fmt::format("{} leads out of the models and the scenario's folder", scenario::quoted(name.text))
                      : fmt::format("{} is not the name of a block; expected one such as platforms/three-continents",
                                    scenario::quoted(name.text)),
                  has_ending && !leads_out ? "leave .yaml away" : "");
    return std::nullopt;
  }
  if (identities_.size() >= files_at_most) {
    faults_.error(name.span, "too-large", fmt::format("more than {} files make up this scenario", files_at_most));
    return std::nullopt;
  }
  Found found = find_(std::string{name.text});
  identities_.emplace(name.text, found.identity);
  if (found.why_not.empty()) return found;
  faults_.error(name.span, "include-missing", found.why_not, found.hint);
  return std::nullopt;
}

// Null when there is nothing to lay down: what is wrong was reported, or the block lies there already.
NodePtr Assembly::included(const Node& name, bool is_block) {
  const auto known = identities_.find(std::string{name.text});
  std::optional<Found> found = known == identities_.end() ? looked_up(name) : std::nullopt;
  const std::string identity = found ? found->identity : known == identities_.end() ? "" : known->second;
  if (identity.empty()) {  // where the name stood first, it has been said that there is none
    is_incomplete_ = true;
    return nullptr;
  }
  if (std::find(under_way_.begin(), under_way_.end(), identity) != under_way_.end()) {
    faults_.error(name.span, "circle", fmt::format("{} is included by itself", scenario::quoted(name.text)));
    is_incomplete_ = true;
    return nullptr;
  }
  // A block that two others use is laid down once, where it came first: a second time it would undo what lies above it.
  if (is_block && !used_.insert(identity).second) return nullptr;
  if (!found) found = find_(std::string{name.text});
  const NodePtr root = parsed(add_source(std::move(found->path), std::move(found->text)), nodes_, faults_, left_);
  if (root && !root->is_map()) {
    faults_.error(root->span, "wrong-shape", fmt::format("a block is a map, not {}", text_of(root->kind)),
                  "it begins with `knockon: 1`");
  }
  if (!root || !root->is_map()) {
    is_incomplete_ = true;
    return nullptr;
  }
  check_head(*root);
  under_way_.push_back(identity);
  const NodePtr result = layers(root);
  under_way_.pop_back();
  // A block's title is its own.
  return is_block ? without(nodes_, result, {"knockon", "title"}) : without(nodes_, result, {"knockon"});
}

NodePtr Assembly::with_variants(Nodes& nodes, NodePtr scenario, const std::vector<std::string>& variants) {
  for (const std::string& name : variants) {
    const NodePtr all = child(scenario, "variants");
    const NodePtr piece = all ? child(all, name) : nullptr;
    if (piece && piece->is_map()) {
      scenario = merged(nodes, scenario, piece);
      continue;
    }
    std::vector<std::string_view> names;
    if (all) {
      for (const Entry& entry : all->entries) names.push_back(entry.key);
    }
    const SourceText& option = option_source("--variant", name);
    const auto width = static_cast<std::uint32_t>(std::max<std::size_t>(1, characters_in(option.line(1))));
    faults_.error({&option, 1, 1, 1 + width}, "unknown-name",
                  fmt::format("no variant called {}", scenario::quoted(name)),
                  names.empty() ? "the scenario has none" : did_you_mean(name, names));
  }
  return scenario;
}

NodePtr Assembly::with_set(Nodes& nodes, NodePtr scenario,
                           const std::vector<std::pair<std::string, std::string>>& set) {
  for (const auto& [path, value] : set) {
    const SourceText& option = option_source("--set", path + "=" + value);
    scenario = with_value_set(nodes, scenario, option, path.size(), faults_);
  }
  return scenario;
}

}  // namespace knockon::scenario
