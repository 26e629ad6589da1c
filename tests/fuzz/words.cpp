// Prints the language's words as a fuzzer's dictionary, so that it need not guess them letter by letter.
#include <cstdio>
#include <set>
#include <string>
#include <string_view>

#include "engine/scenario/description.hpp"
#include "engine/world/incident.hpp"

using namespace knockon::scenario;

namespace {

using Words = std::set<std::string_view>;

// What files of other tools are made of.
void add_foreign(Words& words) {
  static constexpr std::string_view foreign[] = {"parent",
                                                 "child",
                                                 "callCount",
                                                 "data",
                                                 "spans",
                                                 "processes",
                                                 "spanID",
                                                 "processID",
                                                 "serviceName",
                                                 "references",
                                                 "refType",
                                                 "FOLLOWS_FROM",
                                                 "CHILD_OF",
                                                 "operationName",
                                                 "tags",
                                                 "span.kind",
                                                 "consumer",
                                                 "traces_service_graph_request_total",
                                                 "client=",
                                                 "server=",
                                                 "connection_type=",
                                                 "virtual_node",
                                                 "messaging_system",
                                                 "elements",
                                                 "nodes",
                                                 "edges",
                                                 "nodeType",
                                                 "source",
                                                 "target",
                                                 "traffic",
                                                 "protocol",
                                                 "rates",
                                                 "isBox",
                                                 "unknown",
                                                 "apiVersion: ",
                                                 "kind: Component\n",
                                                 "kind: Resource\n",
                                                 "metadata: ",
                                                 "name: ",
                                                 "spec: ",
                                                 "dependsOn: ",
                                                 "dependencyOf: ",
                                                 "consumesApis: ",
                                                 "providesApis: ",
                                                 "component:",
                                                 "---\n",
                                                 "services:\n",
                                                 "depends_on: ",
                                                 "links: ",
                                                 "required: false",
                                                 "replicas: ",
                                                 "<<: ",
                                                 "digraph {",
                                                 "subgraph ",
                                                 "->",
                                                 "--",
                                                 "style=dashed",
                                                 "style=dotted",
                                                 "label=",
                                                 "per_request=",
                                                 "/*",
                                                 "*/",
                                                 "<graphml>",
                                                 "</graphml>",
                                                 "<graph>",
                                                 "</graph>",
                                                 "<node id='",
                                                 "<edge source='",
                                                 " target='",
                                                 "<data key='",
                                                 "</data>",
                                                 "<key id='",
                                                 "attr.name='",
                                                 "<y:NodeLabel>",
                                                 "<!ENTITY a ",
                                                 "<![CDATA[",
                                                 "&amp;",
                                                 "<platform>",
                                                 "<zone id='",
                                                 " routing='Full'>",
                                                 "</zone>",
                                                 "<host id='",
                                                 "<cluster id='",
                                                 " radical='0-9'",
                                                 " prefix='",
                                                 " suffix='",
                                                 "<router id='",
                                                 "<link id='",
                                                 " bandwidth='1Gbps'",
                                                 " latency='1ms'",
                                                 "<route src='",
                                                 " dst='",
                                                 "<zoneRoute gw_src='",
                                                 " gw_dst='",
                                                 "<link_ctn id='",
                                                 "symmetrical='NO'",
                                                 "microservices",
                                                 "operations",
                                                 "operation",
                                                 "dependencies",
                                                 "probability",
                                                 "iterations",
                                                 "alternativeProbability",
                                                 "instances",
                                                 "from,to,calls,kind\n",
                                                 "1e-300"};
  words.insert(std::begin(foreign), std::end(foreign));
}

void add(Words& words, const Record& record, std::set<const Record*>& seen);

void add(Words& words, const Type& type, std::set<const Record*>& seen) {
  for (const Word& word : type.words) words.insert(word.text);
  for (const Type& inner : type.of) add(words, inner, seen);
  if (type.record) add(words, type.record(), seen);
}

void add(Words& words, const Record& record, std::set<const Record*>& seen) {
  if (!seen.insert(&record).second) return;
  for (const Key& key : record.keys) {
    words.insert(key.name);
    words.insert(key.fallback);
    add(words, key.type, seen);
  }
}

}  // namespace

int main() {
  Words words{
      "and",          "or",      "not",        "for",   "in ",          "from",      "..",          "<=",
      "@here",        "{}",      "[]",         "~",     "#@ block ",    "#@ set ",   "#@ variant ", "use: [b]\n",
      "extends: b\n", "success", "degraded",   "stale", "turned_away",  "rate",      "load",        "backlog",
      "age",          "wait",    "p50",        "p99",   "capacity",     "hit",       "held",        "reports",
      "burn",         "time",    "local_time", "up",    "reachable",    "usable",    "down",        "active",
      "alerted",      "done",    "failed",     "p95",   "mean",         "detected",  "mitigated",   "restored",
      "1h30m",        "85%",     "20/s",       "12/d",  "4 MiB",        "10 Gbit/s", "0.08 USD",    "257k USD/m",
      "UTC+5:30",     "1e308",   "&a ",        "*a",    "knockon: 1\n", "like: "};
  add_foreign(words);
  std::set<const Record*> seen;
  add(words, scenario_record(), seen);
  for (const VerbRow& row : verb_rows()) {
    words.insert(knockon::world::text_of(row.verb));
    for (const Key& argument : row.arguments) words.insert(argument.name);
  }
  for (const std::string_view word : words) {
    if (word.empty() || word.find_first_of("\"\\") != std::string_view::npos) continue;
    std::string text;
    for (const char c : word) text += c == '\n' ? "\\x0A" : std::string{c};
    std::printf("\"%s\"\n", text.c_str());
  }
}
