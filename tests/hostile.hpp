// Texts made to hurt who reads them: five megabytes of one thing, and small ones that stand for much. Each with the
// code of the answer that it must get.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace knockon::tests {

struct HostileText {
  std::string name, code;             // "accepted" for what is only large
  std::function<std::string()> text;  // made when it is asked for: all together are hundreds of megabytes
};

inline constexpr std::size_t hostile_size = 5'000'000;

inline std::string repeated(std::string_view piece, std::size_t bytes = hostile_size) {
  std::string text;
  text.reserve(bytes + piece.size());
  while (text.size() < bytes) text += piece;
  return text;
}

// `pattern` for each number below `count`, # being the number and + the next.
inline std::string numbered(int count, std::string_view pattern) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    for (const char c : pattern)
      text += c == '#' ? std::to_string(i) : c == '+' ? std::to_string(i + 1) : std::string{c};
  }
  return text;
}

inline std::vector<HostileText> hostile_texts() {
  const std::string head = "knockon: 1\n";
  const std::string world =
      "knockon: 1\ntitle: t\nstarts: 2026-03-02T09:00:00Z\nregions: {home: {}}\napps: {a: {journeys: {b: {calls: "
      "[s0]}}}}\n";
  const std::string services = world + "services:\n";
  const std::string doubled =
      "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + numbered(20, "a+: &a+ [*a#, *a#, *a#, *a#, *a#, *a#, *a#, *a#, *a#]\n");
  std::string deeper;
  for (std::size_t depth = 0; deeper.size() < hostile_size; ++depth) deeper += std::string(depth, ' ') + "a:\n";
  return {
      // One thing again and again.
      {"[", "too-deep", [=] { return repeated("["); }},
      {"{", "too-deep", [=] { return repeated("{"); }},
      {"[ on lines of their own", "too-deep", [=] { return repeated("[\n"); }},
      {"- - -", "too-deep", [=] { return repeated("- "); }},
      {"? ? ?", "too-deep", [=] { return repeated("? "); }},
      {"-", "too-large", [=] { return repeated("-\n"); }},
      {": on lines of their own", "yaml-syntax", [=] { return repeated(":\n"); }},
      {": : :", "yaml-syntax", [=] { return repeated(": "); }},
      {"]", "yaml-syntax", [=] { return repeated("]"); }},
      {",", "yaml-syntax", [=] { return repeated(","); }},
      {"double quotes", "yaml-syntax", [=] { return repeated("\""); }},
      {"single quotes", "wrong-shape", [=] { return repeated("'"); }},
      {"anchors", "yaml-syntax", [=] { return repeated("&a "); }},
      {"anchored items", "too-large", [=] { return repeated("- &a x\n", 4 * hostile_size / 2); }},
      {"aliases in brackets", "too-many-aliases", [=] { return "a: &a 1\nb: [" + repeated("*a, ") + "]\n"; }},
      {"aliases on lines", "too-many-aliases", [=] { return "a: &a 1\nb:\n" + repeated("- *a\n"); }},
      {"aliases of aliases", "too-many-aliases", [=] { return doubled; }},
      {"tags", "yaml-tag", [=] { return repeated("!a "); }},
      {"directives", "yaml-directive", [=] { return numbered(250'000, "%TAG !a#! b\n"); }},
      {"documents", "empty-value", [=] { return repeated("---\n"); }},
      {"comments", "empty-file", [=] { return repeated("# a\n"); }},
      {"spaces", "empty-file", [=] { return repeated(" "); }},
      {"tabs", "yaml-syntax", [=] { return repeated("\t"); }},
      {"line ends", "empty-file", [=] { return repeated("\n"); }},
      {"line ends of Windows", "empty-file", [=] { return repeated("\r\n"); }},
      {"line ends of old", "empty-file", [=] { return repeated("\r"); }},
      {"deeper and deeper", "too-deep", [=] { return deeper; }},
      {"byte order marks", "control-character", [=] { return repeated("\xEF\xBB\xBF"); }},
      {"line separators", "control-character", [=] { return repeated("\xE2\x80\xA8"); }},
      {"emoji", "wrong-shape", [=] { return repeated("\xF0\x9F\x92\xA5"); }},
      {"bytes that are no text", "not-utf8", [=] { return repeated("\xFF"); }},
      {"zeros", "control-character", [=] { return std::string(hostile_size, '\0'); }},
      // One huge thing.
      {"a text", "unknown-key", [=] { return head + "x: " + repeated("a") + "\n"; }},
      {"a text of words", "unknown-key", [=] { return head + "x: " + repeated("a ") + "\n"; }},
      {"a quoted text", "unknown-key", [=] { return head + "x: \"" + repeated("a") + "\"\n"; }},
      {"a text of escapes", "control-character", [=] { return head + "x: \"" + repeated("\\x01") + "\"\n"; }},
      {"a folded text", "unknown-key", [=] { return head + "x: >\n" + repeated("  a\n"); }},
      {"a text of empty lines", "unknown-key", [=] { return head + "x: |\n" + repeated("\n"); }},
      {"a key", "yaml-syntax", [=] { return head + repeated("a") + ": x\n"; }},
      {"a key after a question mark", "too-large", [=] { return head + "? " + repeated("a") + "\n: x\n"; }},
      {"a title", "accepted",
       [=] {
         return "knockon: 1\ntitle: " + repeated("a") + services.substr(services.find("\nstarts")) + "  s0: {}\n";
       }},
      {"a block's name", "bad-name", [=] { return head + "use: " + repeated("a") + "\n"; }},
      {"a list in one line", "too-large", [=] { return head + "x: [" + repeated("a, ") + "]\n"; }},
      {"a map in one line", "duplicate-key", [=] { return head + "x: {" + repeated("a: b, ", 900'000) + "}\n"; }},
      {"lists on lines", "too-large", [=] { return head + "x:\n" + repeated("- [[[[a]]]]\n"); }},
      // Tens of thousands of mistakes.
      {"unknown keys", "unknown-key", [=] { return head + numbered(100'000, "k#: 1\n"); }},
      {"unknown keys in one line", "wrong-shape",
       [=] { return services + "  s0: {}\ngroups: [" + numbered(100'000, "k#, ") + "]\n"; }},
      {"keys twice", "duplicate-key",
       [=] { return head + numbered(100'000, "k#: 1\n") + numbered(100'000, "k#: 1\n"); }},
      {"values of no unit", "bad-value", [=] { return services + numbered(60'000, "  s#: {latency: 5M}\n"); }},
      {"calls of nothing", "unknown-name", [=] { return services + numbered(60'000, "  s#: {calls: [t#]}\n"); }},
      {"nothing to be like", "unknown-name", [=] { return services + numbered(60'000, "  s#: {like: t#}\n"); }},
      {"nothing after keys", "empty-value", [=] { return head + numbered(100'000, "k#:\n"); }},
      {"tagged values", "yaml-tag", [=] { return head + numbered(100'000, "k#: !t 1\n"); }},
      {"maps as keys", "yaml-key", [=] { return head + repeated("{a: b}: 1\n", 1'000'000); }},
      // Small, and standing for much.
      {"likenesses in a chain", "too-deep",
       [=] { return services + "  s0: {}\n" + numbered(50'000, "  t#: {like: t+}\n"); }},
      {"a hundred thousand services", "too-large", [=] { return services + numbered(100'000, "  s#: {}\n"); }},
      {"regions times services", "too-large",
       [=] {
         return world + "services:\n" + numbered(5000, "  s#: {}\n") + "sites:\n" + numbered(500, "  p#: {in: home}\n");
       }},
      {"conditions in parentheses", "too-deep",
       [=] {
         return services + "  s0: {}\nmonitors:\n" + numbered(400, "  m#: {alert: \"" + repeated("(", 9000) + "\"}\n");
       }},
      {"groups of all services", "accepted",
       [=] {
         return services + numbered(3000, "  s#: {}\n") + "groups:\n" +
                numbered(1000, "  g#: {has: [s1, s2, s3, s4, s5, s6, s7, s8, s9, s10]}\n");
       }},
  };
}

}  // namespace knockon::tests
