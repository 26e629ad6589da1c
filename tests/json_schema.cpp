#include "tests/json_schema.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "engine/scenario/faults.hpp"

namespace knockon::tests {

using nlohmann::json;
using valijson::adapters::NlohmannJsonAdapter;

struct JsonSchema::Parsed {
  valijson::Schema schema;
  valijson::Validator validator{valijson::Validator::kStrongTypes};  // a text is no number, whatever it says
};

JsonSchema::JsonSchema(const std::string& text) : parsed_{std::make_unique<Parsed>()} {
  const json document = json::parse(text);
  valijson::SchemaParser{valijson::SchemaParser::kDraft7}.populateSchema(NlohmannJsonAdapter{document},
                                                                         parsed_->schema);
}

JsonSchema::~JsonSchema() = default;

bool JsonSchema::accepts(const json& value) const {
  return parsed_->validator.validate(parsed_->schema, NlohmannJsonAdapter{value}, nullptr);
}

std::string JsonSchema::objections(const json& value) const {
  valijson::ValidationResults results;
  if (parsed_->validator.validate(parsed_->schema, NlohmannJsonAdapter{value}, &results)) return {};
  std::string text;
  for (valijson::ValidationResults::Error error; results.popError(error);) {
    for (const std::string& step : error.context) text += step;
    text += ": " + error.description + "\n";
  }
  return text;
}

namespace {

json plain_scalar(const std::string& text) {
  static const std::regex null{"~|null|Null|NULL|"}, yes{"true|True|TRUE"}, no{"false|False|FALSE"},
      whole{"[-+]?[0-9]{1,15}"}, octal{"0o[0-7]{1,15}"}, hexadecimal{"0x[0-9a-fA-F]{1,12}"},
      number{"[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?"}, infinite{"[-+]?\\.(inf|Inf|INF)"};
  const auto is = [&](const std::regex& form) { return text.size() < 400 && std::regex_match(text, form); };
  if (is(null)) return nullptr;
  if (is(yes)) return true;
  if (is(no)) return false;
  if (is(whole)) return std::stoll(text);
  if (is(octal)) return std::stoll(text.substr(2), nullptr, 8);
  if (is(hexadecimal)) return std::stoll(text, nullptr, 16);
  if (is(number)) return std::strtod(text.c_str(), nullptr);
  if (is(infinite)) return std::numeric_limits<double>::infinity();
  return text;
}

}  // namespace

json json_of(const scenario::Node& node, Scalars scalars) {
  switch (node.kind) {
    case scenario::Node::Kind::map: {
      json map = json::object();
      for (const scenario::Entry& entry : node.entries) map[std::string{entry.key}] = json_of(*entry.value, scalars);
      return map;
    }
    case scenario::Node::Kind::list: {
      json list = json::array();
      for (const scenario::NodePtr item : node.items) list.push_back(json_of(*item, scalars));
      return list;
    }
    case scenario::Node::Kind::scalar:
      return scalars == Scalars::plain ? plain_scalar(std::string{node.text}) : json(node.text);
    case scenario::Node::Kind::removal:
      break;
  }
  return nullptr;
}

std::string objections_to(const std::string& text, const JsonSchema& schema) {
  const scenario::SourceText source{"scenario.yaml", text, 0};
  scenario::Faults faults;
  scenario::Nodes nodes;
  const scenario::NodePtr root = scenario::parsed(source, nodes, faults);
  if (!root) return "not YAML\n";
  return schema.objections(json_of(*root, Scalars::plain)) + schema.objections(json_of(*root, Scalars::quoted));
}

}  // namespace knockon::tests
