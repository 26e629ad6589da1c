#include "engine/scenario/removals.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/scenario/description.hpp"
#include "engine/scenario/names.hpp"
#include "engine/scenario/values.hpp"

namespace knockon::scenario {
namespace {

using Form = Type::Form;

class Removals {
 public:
  explicit Removals(Faults& faults) : faults_{faults} {}

  void check(const Type& type, const Node& node) {
    if (type.is_partial || (!node.is_map() && !node.is_list())) return;
    switch (type.form) {
      case Form::record:
        return check_record(type.record(), node);
      case Form::entries:
        return check_entries(type, node);
      case Form::points:
        return check_points(node);
      case Form::distribution:
        return check_keys(distribution_record(), node);
      case Form::list:
        return check_list(type.of.front(), node);
      case Form::any:
        for (const Type& alternative : type.of) check(alternative, node);
        return;
      default:
        return;
    }
  }

 private:
  void check_list(const Type& item_type, const Node& node) {
    if (!node.is_list()) return check(item_type, node);
    for (const NodePtr item : node.items) check(item_type, *item);
  }

  void check_record(const Record& record, const Node& node) {
    check_keys(record, node);
    for (const Entry& entry : node.entries) {
      const Key* key = record.find(entry.key);
      if (!key) continue;
      if (is_drawable(*key) && entry.value->is_map()) check_keys(distribution_record(), *entry.value);
      check(key->type, *entry.value);
    }
  }

  void check_keys(const Record& record, const Node& node) {
    for (const Entry& entry : node.entries) {
      if (entry.value->is_removal() && !is_known(record, entry.key)) report_unknown(record, entry);
    }
  }

  static bool is_known(const Record& record, std::string_view key) {
    if (record.find(key)) return true;
    if (key == "like") return !record.section.empty() && record.main.empty();
    return record.use != Use::none && is_argument(key);
  }

  // Of any verb: an entry may be like another that does something else.
  static bool is_argument(std::string_view name) {
    for (const VerbRow& row : verb_rows()) {
      for (const Key& key : row.arguments) {
        if (key.name == name) return true;
      }
    }
    return false;
  }

  void report_unknown(const Record& record, const Entry& entry) {
    std::vector<std::string_view> keys;
    for (const Key& key : record.keys) keys.push_back(key.name);
    faults_.error(entry.key_span, "unknown-key",
                  fmt::format("{} has no key {}", with_article(record.name), scenario::quoted(entry.key)),
                  faults_.is_full() ? "" : did_you_mean(entry.key, keys));
  }

  void check_entries(const Type& type, const Node& node) {
    for (const Entry& entry : node.entries) {
      if (!entry.value->is_removal()) {
        check(type.of.front(), *entry.value);
      } else if (!is_name(entry.key)) {
        report_bad_name(entry.key, entry.key_span, faults_);
      }
    }
  }

  void check_points(const Node& node) {
    for (const Entry& entry : node.entries) {
      if (!entry.value->is_removal() || quantity::parse_local_hour(entry.key)) continue;
      faults_.error(entry.key_span, "bad-value",
                    fmt::format("{} is not an hour of the day; expected 0h to 23h59m", scenario::quoted(entry.key)));
    }
  }

  Faults& faults_;
};

}  // namespace

void check_removals(const Node& scenario, Faults& faults) {
  Type type;
  type.form = Form::record;
  type.record = scenario_record;
  Removals{faults}.check(type, scenario);
}

}  // namespace knockon::scenario
