#include "engine/scenario/fields.hpp"

#include <algorithm>
#include <utility>

#include "engine/quantity/contract.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {

namespace {

double number_in(const Node& node, const Key& key) {
  if (node.is_map() && is_drawable(key)) {
    const auto drawn = drawn_of(node, key, nullptr);
    return drawn ? drawn->median() : 0;
  }
  return wrong_with(key.type, node.text) ? 0 : number_of(key.type, node.text).value_or(0);
}

quantity::Duration duration_in(const Node& node, const Key& key) {
  if (node.is_map()) return quantity::Duration::of_seconds(number_in(node, key));
  return node.is_scalar() ? quantity::parse_duration(node.text).value_or(quantity::Duration{}) : quantity::Duration{};
}

}  // namespace

const Defaults::Read* Defaults::read(const Key& key) {
  if (key.fallback.empty()) return nullptr;
  const auto [place, is_new] = read_.try_emplace(&key);
  Read& one = place->second;
  if (is_new) {
    one.source = std::make_unique<SourceText>("default", std::string{key.fallback}, 0);
    Faults faults;
    one.node = parsed(*one.source, one.nodes, faults);
    quantity::require(one.node && !faults.any_errors(), "a default in the description is text of the language");
    one.number = number_in(*one.node, key);
    one.duration = duration_in(*one.node, key);
  }
  return &one;
}

const Node* Defaults::of(const Key& key) {
  const Read* one = read(key);
  return one ? one->node : nullptr;
}

double Defaults::number(const Key& key) {
  const Read* one = read(key);
  return one ? one->number : 0;
}

quantity::Duration Defaults::duration(const Key& key) {
  const Read* one = read(key);
  return one ? one->duration : quantity::Duration{};
}

const Node* Fields::written(std::string_view key) const {
  if (node_.is_map()) {
    const Entry* entry = node_.find(key);
    return entry ? entry->value : nullptr;
  }
  return !record_.main.empty() && key == record_.main ? &node_ : nullptr;
}

const Node* Fields::at(std::string_view name) const {
  const Node* node = written(name);
  return node ? node : defaults_.of(key(name));
}

Span Fields::span_of(std::string_view key) const {
  const Entry* entry = node_.is_map() ? node_.find(key) : nullptr;
  return entry ? entry->key_span : node_.span;
}

const Key& Fields::key(std::string_view name) const {
  if (const Key* key = record_.find(name)) return *key;
  if (verb_) {
    const auto found =
        std::find_if(verb_->arguments.begin(), verb_->arguments.end(), [&](const Key& k) { return k.name == name; });
    if (found != verb_->arguments.end()) return *found;
  }
  throw quantity::ContractError{"the reader asks only for keys that the description has"};
}

std::string Fields::text(std::string_view key) const {
  const Node* node = at(key);
  return node && node->is_scalar() ? std::string{node->text} : std::string{};
}

bool Fields::flag(std::string_view key) const { return flag_of(text(key)).value_or(false); }

double Fields::number(std::string_view name) const {
  const Node* node = written(name);
  return node ? number_in(*node, key(name)) : defaults_.number(key(name));
}

int Fields::whole(std::string_view key) const { return static_cast<int>(number(key)); }
double Fields::count(std::string_view key) const { return number(key); }
quantity::Share Fields::share(std::string_view key) const { return quantity::Share{number(key)}; }
quantity::Rate Fields::rate(std::string_view key) const { return quantity::Rate::per_second(number(key)); }

quantity::DataRate Fields::data_rate(std::string_view key) const {
  return quantity::DataRate::bytes_per_second(number(key));
}
quantity::DataSize Fields::data_size(std::string_view key) const { return quantity::DataSize{number(key)}; }

quantity::Duration Fields::duration(std::string_view name) const {
  const Node* node = written(name);
  return node ? duration_in(*node, key(name)) : defaults_.duration(key(name));
}

std::optional<quantity::Duration> Fields::duration_if_any(std::string_view key) const {
  return at(key) ? std::optional{duration(key)} : std::nullopt;
}

random::DurationDistribution Fields::duration_drawn(std::string_view name) const {
  const Node* node = at(name);
  if (!node) return {};
  Type type;
  type.form = Type::Form::duration;
  const auto distribution = distribution_of(*node, type, nullptr);
  return distribution ? random::DurationDistribution{*distribution} : random::DurationDistribution{};
}

}  // namespace knockon::scenario
