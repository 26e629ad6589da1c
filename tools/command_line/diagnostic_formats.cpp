#include "tools/command_line/diagnostic_formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace knockon::command_line {
namespace {

using Json = nlohmann::ordered_json;
using scenario::Diagnostic;
using scenario::Diagnostics;
using scenario::Severity;

const char* word_of(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

std::string text_of(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

// An option's text has positions, and is no file.
bool is_in_file(const Diagnostic& diagnostic) { return !diagnostic.path.starts_with("--"); }

std::vector<std::string> codes_in(const Diagnostics& diagnostics) {
  std::vector<std::string> codes;
  for (const Diagnostic& diagnostic : diagnostics) codes.push_back(diagnostic.code);
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

Json sarif_location(const Diagnostic& diagnostic) {
  Json region = {{"startLine", diagnostic.line},
                 {"startColumn", diagnostic.column},
                 {"endLine", diagnostic.line},
                 {"endColumn", diagnostic.end_column}};
  if (!diagnostic.source_line.empty()) region["snippet"] = {{"text", diagnostic.source_line}};
  return {{"physicalLocation", {{"artifactLocation", {{"uri", uri_of(diagnostic.path)}}}, {"region", region}}}};
}

Json sarif_result(const Diagnostic& diagnostic, const std::vector<std::string>& codes) {
  const auto rule = std::lower_bound(codes.begin(), codes.end(), diagnostic.code) - codes.begin();
  const bool is_located = is_in_file(diagnostic);
  const std::string sentence = scenario::sentence_of(diagnostic);
  const std::string text = is_located ? sentence : fmt::format("{}: {}", diagnostic.path, sentence);
  Json result = {{"ruleId", diagnostic.code},
                 {"ruleIndex", rule},
                 {"level", word_of(diagnostic.severity)},
                 {"message", {{"text", text}}}};
  if (is_located) result["locations"] = Json::array({sarif_location(diagnostic)});
  return result;
}

// GitHub's workflow commands: % and line breaks are escaped in what is said, : and , besides in what stands before it.
std::string escaped(std::string_view text, bool is_property) {
  std::string result;
  for (const char c : text) {
    const bool is_special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    result += is_special ? fmt::format("%{:02X}", static_cast<unsigned char>(c)) : std::string{c};
  }
  return result;
}

}  // namespace

// RFC 3986: everything but unreserved characters and slashes is escaped; an absolute path becomes a file URI.
std::string uri_of(std::string_view path) {
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          std::string_view{"-._~/"}.find(c) != std::string_view::npos;
    uri += is_plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

std::string json_of(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    list.push_back({{"path", diagnostic.path},
                    {"line", diagnostic.line},
                    {"column", diagnostic.column},
                    {"end_column", diagnostic.end_column},
                    {"severity", word_of(diagnostic.severity)},
                    {"code", diagnostic.code},
                    {"message", diagnostic.message},
                    {"hint", diagnostic.hint},
                    {"note", diagnostic.note}});
  }
  return text_of({{"diagnostics", std::move(list)}});
}

std::string sarif_of(const Diagnostics& diagnostics) {
  const std::vector<std::string> codes = codes_in(diagnostics);
  Json rules = Json::array();
  for (const std::string& code : codes) rules.push_back({{"id", code}});
  Json results = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) results.push_back(sarif_result(diagnostic, codes));
  Json driver = {{"name", "knockon"}, {"version", KNOCKON_VERSION}, {"rules", std::move(rules)}};
  Json run = {
      {"tool", {{"driver", std::move(driver)}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}};
  return text_of({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                  {"version", "2.1.0"},
                  {"runs", Json::array({std::move(run)})}});
}

std::string github_annotations_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics) {
    const std::string place = is_in_file(diagnostic)
                                  ? fmt::format("file={},line={},col={},endColumn={},", escaped(diagnostic.path, true),
                                                diagnostic.line, diagnostic.column, diagnostic.end_column)
                                  : "";
    text += fmt::format("::{} {}title={}::{}\n", word_of(diagnostic.severity), place, escaped(diagnostic.code, true),
                        escaped(scenario::sentence_of(diagnostic), false));
  }
  return text;
}

}  // namespace knockon::command_line
