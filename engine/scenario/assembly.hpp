// Finds the files a scenario is made of and lays them over each other: `extends`, `use`, the file itself, variants,
// `--set`.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/scenario/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/scenario.hpp"

namespace knockon::scenario {

// What looking for an included file came to: its text, or why there is none.
struct Found {
  std::string path, text;
  std::string identity;       // the same for the same file, however it was reached
  std::string why_not, hint;  // a sentence; empty when it was found
};
using FindFile = std::function<Found(const std::string& name)>;

// Beneath the model folders, then beneath the scenario's own folder; never outside them, not even through links.
[[nodiscard]] FindFile files_on_disk(const Source& source, const Limits& limits);
[[nodiscard]] FindFile files_in_memory(const std::map<std::string, std::string>& blocks);

class Assembly {
 public:
  Assembly(FindFile find, Faults& faults) : find_{std::move(find)}, faults_{faults} {}

  // Every file of the scenario, merged; null when the main file cannot be used at all.
  [[nodiscard]] NodePtr files(std::string path, std::string text);
  // Some file that the scenario is made of could not be laid down: what it would have named is unknown.
  [[nodiscard]] bool is_incomplete() const { return is_incomplete_; }
  [[nodiscard]] NodePtr with_variants(Nodes& nodes, NodePtr scenario, const std::vector<std::string>& variants);
  [[nodiscard]] NodePtr with_set(Nodes& nodes, NodePtr scenario,
                                 const std::vector<std::pair<std::string, std::string>>& set);
  // An option's text, for positions to point into; the same for the same text.
  const SourceText& option_source(const std::string& name, const std::string& text);

 private:
  const SourceText& add_source(std::string path, std::string text);
  void check_head(const Node& root);
  NodePtr layers(NodePtr root);
  NodePtr included(const Node& name, bool is_block);
  std::optional<Found> looked_up(const Node& name);

  FindFile find_;
  Faults& faults_;
  Limits left_;                                    // of what all files together may be
  std::deque<SourceText> sources_;                 // a deque, because nodes point to its elements
  Nodes nodes_;                                    // of the files
  std::map<std::string, std::string> identities_;  // of the names that were looked up
  std::vector<std::string> under_way_;             // identities
  std::set<std::string> used_;                     // identities
  bool is_incomplete_ = false;
};

}  // namespace knockon::scenario
