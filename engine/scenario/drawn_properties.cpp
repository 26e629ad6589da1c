#include "engine/scenario/drawn_properties.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace knockon::scenario {
namespace {

// `services.feed.calls[auth.check].timeout` as the entry's name, and what comes behind it.
struct Split {
  std::string_view name, rest;
};
Split split(std::string_view path) {
  const std::size_t dot = path.find('.');
  return {path.substr(0, dot), dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1)};
}

const Node* entry_of(const Node* section, std::string_view name) {
  const Entry* entry = section != nullptr && section->is_map() ? section->find(name) : nullptr;
  return entry != nullptr ? entry->value : nullptr;
}

// The operations of a service that have none of their own.
std::vector<std::string> operations_without(const Node& service, std::string_view name, std::string_view path) {
  std::vector<std::string> takers;
  const std::string_view key = path.substr(0, path.find_first_of(".["));
  if (key != "calls" && key != "fallback") return takers;
  for (const Entry& operation : Reading::entries_of(service, "operations")) {
    if (operation.value->is_map() && operation.value->find(key) != nullptr) continue;
    takers.push_back(fmt::format("services.{}.operations.{}.{}", name, operation.key, path));
  }
  return takers;
}

// The ways of a step; one that lists none has one all the same.
std::vector<std::string> ways_without(const Node& step, std::string_view step_path, std::string_view key) {
  std::vector<std::string> takers;
  if (key != "patience" && key != "succeeds") return takers;
  const Entry* written = step.is_map() ? step.find("ways") : nullptr;
  std::size_t ways = 0;
  for (const Node* way : written != nullptr ? Reading::items_of(written->value) : std::vector<const Node*>{}) {
    if (!way->is_map()) continue;
    if (way->find(key) == nullptr) takers.push_back(fmt::format("{}.ways[{}].{}", step_path, ways, key));
    ++ways;
  }
  if (ways == 0) takers.push_back(fmt::format("{}.ways[0].{}", step_path, key));
  return takers;
}

std::vector<std::string> takers_of(const Reading& reading, std::string_view path) {
  const auto [section, behind_section] = split(path);
  const auto [name, rest] = split(behind_section);
  const Node* entry = entry_of(entry_of(&reading.root, section), name);
  if (entry == nullptr) return {};
  if (section == "services") return operations_without(*entry, name, rest);
  if (section != "strategies") return {};
  const auto [steps, behind_steps] = split(rest);
  const auto [step_name, key] = split(behind_steps);
  const Node* step = entry_of(entry_of(entry, steps), step_name);
  return step != nullptr ? ways_without(*step, fmt::format("strategies.{}.steps.{}", name, step_name), key)
                         : std::vector<std::string>{};
}

}  // namespace

void find_takers(Reading& reading) {
  for (world::DrawnProperty& property : reading.world.drawn) property.taken_by = takers_of(reading, property.path);
}

}  // namespace knockon::scenario
