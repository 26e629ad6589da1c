#include "engine/foreign/xml.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace knockon::foreign {
namespace {

// What stands between an element's tags, up to what anybody would call a name.
constexpr std::size_t text_max = 1000;

// y:NodeLabel is NodeLabel.
std::string local(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return std::string{colon == std::string_view::npos ? name : name.substr(colon + 1)};
}

}  // namespace

struct Xml::Parts {
  struct Element {
    std::string name, text;
  };

  Parts(Material& its_material, std::string its_root, Reader its_reader)
      : material{its_material},
        root{std::move(its_root)},
        reader{std::move(its_reader)},
        parser{XML_ParserCreate(nullptr), XML_ParserFree} {
    if (!parser) throw std::bad_alloc{};
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetEntityDeclHandler(parser.get(), on_entity);
  }

  // ---- what expat calls

  static Parts& self(void* data) { return *static_cast<Parts*>(data); }
  static void on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
    self(data).start(local(name), Attributes{attributes});
  }
  static void on_end(void* data, const XML_Char*) { self(data).end(); }
  static void on_text(void* data, const XML_Char* text, int size) {
    Parts& parts = self(data);
    if (parts.open.empty()) return;
    std::string& into = parts.open.back().text;
    into.append(text,
                std::min<std::size_t>(static_cast<std::size_t>(size), text_max - std::min(text_max, into.size())));
  }
  // Entities are what files made to hurt are made of, and no tool that draws graphs or platforms writes them.
  static void on_entity(void* data, const XML_Char* name, int, const XML_Char*, int, const XML_Char*, const XML_Char*,
                        const XML_Char*, const XML_Char*) {
    self(data).stop("xml-entity", fmt::format("an entity {} of its own", scenario::quoted(name)),
                    "write what it stands for");
  }

  void start(const std::string& name, const Attributes& attributes) {
    if (is_stopped) return;
    if (open.size() >= DocumentLimits{}.depth)
      return stop("too-deep", fmt::format("nested more than {} levels deep", DocumentLimits{}.depth));
    if (open.empty() && name != root)
      return stop("wrong-shape",
                  fmt::format("expected <{}>, found <{}>", root, scenario::printable(name.substr(0, 60))));
    reader.start(name, attributes);
    open.push_back({name, {}});
  }

  void end() {
    if (is_stopped) return;
    const Element element = std::move(open.back());
    open.pop_back();
    reader.end(element.name, element.text);
  }

  // ---- faults

  [[nodiscard]] std::uint32_t line() const {
    return static_cast<std::uint32_t>(std::max<XML_Size>(1, XML_GetCurrentLineNumber(parser.get())));
  }
  [[nodiscard]] std::string complaint() const {
    const XML_Error error = XML_GetErrorCode(parser.get());
    if (error == XML_ERROR_TAG_MISMATCH && !open.empty())
      return fmt::format("expected </{}> first", scenario::printable(open.back().name.substr(0, 60)));
    return XML_ErrorString(error);
  }
  void refuse(const char* code, const std::string& message, const char* hint) {
    const auto last = static_cast<std::uint32_t>(material.source.line_starts.size());
    const auto column = static_cast<std::size_t>(XML_GetCurrentColumnNumber(parser.get()));
    const std::uint32_t here = std::min(line(), last);
    material.faults.error(span_of(material.source, here, column, 1), code, message, hint);
  }
  void stop(const char* code, const std::string& message, const char* hint = "") {
    if (is_stopped) return;
    is_stopped = true;
    refuse(code, message, hint);
    XML_StopParser(parser.get(), XML_FALSE);
  }

  Material& material;
  std::string root;
  Reader reader;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser;
  std::vector<Element> open = {};
  bool is_stopped = false;
};

std::string Xml::Attributes::find(std::string_view name) const {
  for (const char** at = all_; *at != nullptr; at += 2) {
    if (name == at[0]) return at[1];
  }
  return {};
}

Xml::Xml(Material& material, std::string root, Reader reader)
    : parts_{std::make_unique<Parts>(material, std::move(root), std::move(reader))} {}
Xml::~Xml() = default;

bool Xml::read() {
  const std::string& text = parts_->material.source.text;
  const auto status = XML_Parse(parts_->parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (status == XML_STATUS_OK) return true;
  if (!parts_->is_stopped) parts_->refuse("xml-syntax", "this is not XML: " + parts_->complaint(), "");
  return false;
}

std::uint32_t Xml::line() const { return parts_->line(); }
void Xml::refuse(const char* code, const std::string& message, const char* hint) {
  parts_->refuse(code, message, hint);
}
void Xml::stop(const char* code, const std::string& message, const char* hint) { parts_->stop(code, message, hint); }
bool Xml::is_stopped() const { return parts_->is_stopped; }

std::string Xml::needed(const Attributes& attributes, const char* name, const char* what) {
  std::string value = attributes.find(name);
  if (value.empty()) stop("missing-key", fmt::format("expected '{}', {}", name, what));
  return value;
}

}  // namespace knockon::foreign
