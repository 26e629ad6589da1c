// YAML as other tools read it.
#include <fmt/format.h>

#include "engine/foreign/document.hpp"
#include "engine/scenario/faults.hpp"
#include "engine/scenario/readable_text.hpp"

namespace knockon::foreign {
namespace {

using scenario::Node;

// Recursion is as deep as the reader allows: DocumentLimits::depth.
bool copy(const Node& node, std::string_view key, Document& document) {
  const Document::Spot spot{node.span.line, node.span.column};
  if (node.is_scalar() || node.is_removal())
    return document.add(node.is_scalar() ? Document::Kind::text : Document::Kind::null, key, node.text, spot);
  if (!document.open(node.is_map() ? Document::Kind::map : Document::Kind::list, key, spot)) return false;
  for (const scenario::Entry& entry : node.entries) {
    if (!copy(*entry.value, entry.key, document)) return false;
  }
  for (const scenario::NodePtr item : node.items) {
    if (!copy(*item, {}, document)) return false;
  }
  document.close();
  return true;
}

}  // namespace

void read_yaml_documents(const scenario::SourceText& source, scenario::Faults& faults,
                         const std::function<void(const View& root)>& take) {
  if (scenario::has_directive(source, faults)) return;
  scenario::Limits limits{.bytes = DocumentLimits{}.bytes, .depth = DocumentLimits{}.depth, .key_bytes = 1000};
  scenario::read_plain_documents(source, faults, limits, [&](const Node& root) {
    Document document{source};
    if (!copy(root, {}, document)) {
      faults.error(root.span, "too-large", fmt::format("more than {} values in one document", DocumentLimits{}.values),
                   "give it in several files");
      return false;
    }
    take(document.root());
    return true;
  });
}

}  // namespace knockon::foreign
