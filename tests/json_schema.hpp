// JSON Schemas that values can be held against, and scenarios as the values that an editor sees.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/scenario/document.hpp"

namespace knockon::tests {

class JsonSchema {
 public:
  explicit JsonSchema(const std::string& text);
  ~JsonSchema();
  JsonSchema(const JsonSchema&) = delete;
  JsonSchema& operator=(const JsonSchema&) = delete;

  [[nodiscard]] bool accepts(const nlohmann::json& value) const;
  // Where and why the value is refused, a line each; empty when it is accepted.
  [[nodiscard]] std::string objections(const nlohmann::json& value) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

// An editor's YAML parser gives plain scalars a type by how they look (YAML 1.2, core schema) and leaves quoted ones
// text. The reader makes no difference between the two.
enum class Scalars { plain, quoted };
[[nodiscard]] nlohmann::json json_of(const scenario::Node& node, Scalars scalars);

// What the schema says against a scenario's text, with its scalars as they stand and with all of them in quotes.
[[nodiscard]] std::string objections_to(const std::string& text, const JsonSchema& schema);

}  // namespace knockon::tests
