// Files of other tools made to hurt who imports them: megabytes of one thing, things in each other without end, and
// little that stands for much.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/hostile.hpp"

namespace knockon::tests {

struct HostileFile {
  std::string name, format;
  bool is_accepted = false;  // only large, or only strange
  std::function<std::string()> text;
};

inline std::vector<HostileFile> hostile_files() {
  std::vector<HostileFile> files;
  const auto add = [&](const char* name, const char* format, bool is_accepted, std::function<std::string()> text) {
    files.push_back({name, format, is_accepted, std::move(text)});
  };
  const char* const json = "jaeger-dependencies";
  const std::string link = R"({"parent": "a#", "child": "a+", "callCount": #},)";

  add("brackets", json, false, [] { return repeated("["); });
  add("braces", "kiali", false, [] { return repeated("{\"a\":"); });
  add("closing brackets", json, false, [] { return repeated("]"); });
  add("a list of numbers", json, false, [] { return "[" + repeated("1,", 16'000'000) + "1]"; });
  add("a text of escapes", json, false, [] { return "[\"" + repeated("\\u0041", 16'000'000) + "\"]"; });
  add("a text that stays open", "misim", false, [] { return "[\"" + repeated("a"); });
  add("a number of digits", "misim", false, [] { return repeated("1"); });
  add("zeros", "jaeger-traces", false, [] { return std::string(hostile_size, '\0'); });
  add("bytes that are no text", "csv", false, [] { return repeated("\xFF"); });
  add("keys", "kiali", false, [] { return "{" + numbered(300'000, "\"k#\": 1,") + "\"elements\": 1}"; });
  add("a circle of fifty thousand", json, true,
      [=] { return "[" + numbered(50'000, link) + R"({"parent": "a50000", "child": "a0"}])"; });
  add("counts beyond all", json, true, [] {
    return R"([{"parent": "a", "child": "b", "callCount": 1e308}, {"parent": "a", "child": "b", "callCount": 1e308},
                     {"parent": "c", "child": "a", "callCount": 1e-300}])";
  });
  add("everybody calls everybody", json, true, [] {
    std::string text = "[";
    for (int a = 0; a < 200; ++a)
      for (int b = 0; b < 200; ++b)
        text += R"({"parent": "s)" + std::to_string(a) + R"(", "child": "s)" + std::to_string(b) +
                R"(", "callCount": )" + std::to_string(a * b % 97) + "},";
    text.back() = ']';
    return text;
  });
  add("more services than there may be", json, false, [=] { return "[" + numbered(70'000, link) + "{}]"; });
  add("a chain of spans that bites its tail", "jaeger-traces", true, [] {
    return R"({"data": [{"spans": [)" +
           numbered(20'000, R"({"spanID": "#", "processID": "p", "references": [{"spanID": "+"}]},)") +
           R"({"spanID": "20000", "processID": "p", "references": [{"spanID": "0"}]}], "processes": {"p": {"serviceName": "a"}}}]})";
  });
  add("operations by the thousand", "jaeger-traces", true, [] {
    return R"({"data": [{"spans": [)" +
           numbered(20'000, R"({"spanID": "#", "processID": "p", "operationName": "GET /#"},)") +
           R"({"spanID": "x", "processID": "p"}], "processes": {"p": {"serviceName": "a"}}}]})";
  });
  add("samples", "otel-service-graph", false, [] { return repeated("service_graph_request_total{"); });
  add("labels", "otel-service-graph", false,
      [] { return "service_graph_request_total{" + repeated("client=\"a\",") + "} 1\n"; });
  add("samples without end", "otel-service-graph", true,
      [] { return repeated("x_service_graph_request_total{client=\"a\",server=\"b\"} 1\n"); });

  add("dashes", "backstage", false, [] { return repeated("---\n"); });
  add("documents", "backstage", false, [] { return repeated("---\na: b\n"); });
  add("lists in lists", "backstage", false, [] { return repeated("- "); });
  add("aliases of aliases", "docker-compose", false, [] {
    return "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" +
           numbered(20, "a+: &a+ [*a#, *a#, *a#, *a#, *a#, *a#, *a#, *a#, *a#]\n");
  });
  add("merges of merges", "docker-compose", false,
      [] { return "a0: &a0 {" + numbered(90, "k#: 1, ") + "}\n" + numbered(4000, "b#: {<<: [*a0, *a0, *a0]}\n"); });
  add("a merge of a text", "docker-compose", true, [] { return "services:\n  web: {<<: text, depends_on: [db]}\n"; });
  add("services without end", "docker-compose", false, [] { return "services:\n" + numbered(100'000, "  s#: {}\n"); });

  add("graphs in graphs", "dot", false, [] { return "digraph " + repeated("{"); });
  add("subgraphs in subgraphs", "dot", false, [] { return "digraph { " + repeated("subgraph {"); });
  add("arrows", "dot", false, [] { return "digraph { a" + repeated("->a") + "}"; });
  add("nodes to nodes", "dot", false, [] {
    const std::string many = "{" + numbered(3000, "a# ") + "}";
    return "digraph { " + many + " -> " + many + " }";
  });
  add("the same nodes to nodes", "dot", false, [] {
    const std::string many = "{" + numbered(300, "a# ") + "}";
    return "digraph { " + repeated(many + " -> " + many + ";", 4'000'000) + " }";
  });
  add("HTML in HTML", "dot", false, [] { return "digraph { a [label=" + repeated("<"); });
  add("texts and texts", "dot", true, [] { return "digraph { " + repeated("\"a\"+") + "\"a\" }"; });
  add("attributes", "dot", true, [] { return "digraph { a [" + repeated("b=c,") + "] }"; });

  add("elements in elements", "graphml", false, [] { return repeated("<graphml>"); });
  add("an attribute", "graphml", false, [] { return "<graphml a='" + repeated("a") + "'/>"; });
  add("attributes by the thousand", "graphml", false, [] { return "<graphml " + numbered(200'000, "a#='' ") + "/>"; });
  add("a billion laughs", "graphml", false, [] {
    return "<!DOCTYPE g [<!ENTITY l0 \"ha\">" +
           numbered(30, "<!ENTITY l+ \"&l#;&l#;&l#;&l#;&l#;&l#;&l#;&l#;&l#;&l#;\">") +
           "]><graphml><graph><node id='&l30;'/></graph></graphml>";
  });
  add("a file of the machine", "graphml", false, [] {
    return std::string{
        "<!DOCTYPE g [<!ENTITY f SYSTEM \"file:///etc/hostname\">]><graphml><graph><node id='a'>"
        "<data key='name'>&f;</data></node></graph></graphml>"};
  });
  add("comments", "graphml", false, [] { return repeated("<!-- -->"); });
  add("edges without end", "graphml", true, [] {
    return "<graphml><graph><node id='a'/>" + repeated("<edge source='a' target='a'/>") + "</graph></graphml>";
  });

  add("zones in zones", "simgrid", false, [] { return "<platform>" + repeated("<zone id='z' routing='Full'>"); });
  add("a billion hosts", "simgrid", true, [] {
    return std::string{
        "<platform><zone id='z'><cluster id='c' prefix='' suffix='' radical='0-4000000000'/></zone></platform>"};
  });
  add("hosts without end", "simgrid", false,
      [] { return "<platform><zone id='z'>" + numbered(400'000, "<host id='h#'/>") + "</zone></platform>"; });
  add("zones without end", "simgrid", false,
      [] { return "<platform>" + numbered(200'000, "<zone id='z#'><host id='h#'/></zone>") + "</platform>"; });
  add("routes without end", "simgrid", true, [] {
    return "<platform><zone id='z'><host id='a'/><host id='b'/>" + repeated("<route src='a' dst='b'/>") +
           "</zone></platform>";
  });
  add("machines to be found in clusters", "simgrid", false, [] {
    return "<platform><zone id='z'><host id='a'/>" +
           numbered(4000, "<cluster id='c#' prefix='' suffix='#' radical='7'/>") +
           numbered(150'000, "<route src='a' dst='#-none'/>") + "</zone></platform>";
  });
  add("a route over everything", "simgrid", true, [] {
    return "<platform><zone id='z'><host id='a'/><host id='b'/><link id='l' bandwidth='1Gbps' latency='1h'/>"
           "<route src='a' dst='b'>" +
           repeated("<link_ctn id='l'/>") + "</route></zone></platform>";
  });

  add("quotes", "csv", true, [] { return repeated("\""); });
  add("commas", "csv", false, [] { return repeated(","); });
  add("lines", "csv", false, [] { return repeated("\n"); });
  add("rows without end", "csv", false, [] { return repeated("a,b\n", 16'000'000); });
  add("rows of new services", "csv", false, [] { return numbered(400'000, "s#,t#,1\n"); });
  add("a name", "csv", true, [] { return repeated("a") + ",b\n"; });
  add("entangled calls", "csv", true, [] {
    std::string text;
    for (unsigned i = 0; i < 80'000; ++i)
      text += "s" + std::to_string(i * 7919U % 17'989) + ",s" + std::to_string(i * 104'729U % 17'977) + "," +
              std::to_string(i % 1000) + "\n";
    return text;
  });
  add("long names for many calls", "csv", false, [] {
    std::string text;
    for (int i = 0; i < 190'000; ++i)
      text += std::string(55, static_cast<char>('a' + i % 20)) + std::to_string(i % 10'000) + "," +
              std::string(50, static_cast<char>('a' + i % 26)) + std::to_string(i % 9'999) + "\n";
    return text.substr(0, 16'000'000);
  });
  add("a loop of all calls", "csv", true, [] { return numbered(190'000, "a,b#\n").substr(0, 500'000) + "\nb1,a\n"; });
  return files;
}

}  // namespace knockon::tests
