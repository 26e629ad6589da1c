#include "engine/foreign/scenario_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "engine/foreign/draft.hpp"
#include "engine/foreign/names.hpp"
#include "engine/quantity/text.hpp"

namespace knockon::foreign {
namespace {

using Role = DraftOperation::Role;

constexpr std::size_t comment_column = 56;
constexpr std::size_t journeys_max = 12;  // of the example app: more would say nothing more
constexpr std::size_t width = 100;
constexpr std::size_t commented_calls_max = 20'000;  // beyond, a comment on each call would be half of the file
constexpr std::size_t values_beside = 200;           // of a scenario beside its services, and more

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// The text, then the comment at its column.
std::string commented(const std::string& text, const std::string& comment) {
  if (comment.empty()) return text + "\n";
  const std::size_t gap = text.size() + 2 > comment_column ? 2 : comment_column - text.size();
  return text + std::string(gap, ' ') + "# " + comment + "\n";
}

// A sentence as a list item of a comment, in lines.
std::string item(const std::string& sentence) {
  std::string text = "#   -", line = text;
  std::size_t at = 0;
  while (at < sentence.size()) {
    const std::size_t end = std::min(sentence.size(), sentence.find(' ', at));
    const std::string word = sentence.substr(at, end - at);
    if (line.size() + 1 + word.size() > width) {
      text += "\n#    ";
      line = "#    ";
    }
    text += " " + word;
    line += " " + word;
    at = end + 1;
  }
  return text + "\n";
}

// With a comma between them, where there are both.
std::string joined(const std::string& one, const std::string& other) {
  return one + (one.empty() || other.empty() ? "" : ", ") + other;
}

std::string times_text(double times) {
  const double rounded = times >= 100 ? std::round(times) : times;
  return rounded == 1 ? "once" : rounded == 2 ? "twice" : fmt::format("{:.10g} times", rounded);
}

class Writer {
 public:
  Writer(const Graph& graph, const Provenance& provenance)
      : graph_{graph}, provenance_{provenance}, draft_{draft_of(graph)} {
    if (!is_geography()) region_ = names_.unique("example-region", "");
    app_ = names_.unique("example-app", "");
    for (const Geography::Region& region : geography().regions)
      region_names_.push_back(names_.unique(region.name, "region"));
    for (const Geography::Site& site : geography().sites) site_names_.push_back(names_.unique(site.name, "site"));
    for (const Service& service : graph.services()) service_names_.push_back(names_.unique(service.name, "service"));
    name_operations();
    are_lines_told_ = provenance.files.size() > 1 ||
                      std::any_of(graph.services().begin(), graph.services().end(),
                                  [](const Service& service) { return service.origin.line > 1; }) ||
                      std::any_of(graph.calls().begin(), graph.calls().end(),
                                  [](const Call& call) { return call.origin.line > 1; }) ||
                      std::any_of(geography().sites.begin(), geography().sites.end(),
                                  [](const Geography::Site& site) { return site.origin.line > 1; });
    is_brief_ = graph.calls().size() > commented_calls_max;
    are_described_ = std::any_of(graph.services().begin(), graph.services().end(),
                                 [](const Service& service) { return service.is_described; });
  }

  Written written() {
    // The head comes last: it tells what was found out on the way.
    const std::string places = places_text(), services = services_text(), people = people_text(),
                      incident = incident_text();
    return {head() + places + services + people + incident, values_ + values_beside};
  }

 private:
  // ---- names

  void name_operations() {
    operation_names_.resize(draft_.operations.size());
    for (const std::vector<std::size_t>& operations : draft_.of_service) {
      Names names;
      for (const std::size_t operation : operations)
        operation_names_[operation] = names.unique(wish_for(operation), "operation");
    }
  }
  [[nodiscard]] std::string wish_for(std::size_t index) const {
    const DraftOperation& operation = draft_.operations[index];
    if (operation.role == Role::alone) return "alone";
    if (operation.role == Role::for_caller) return "for-" + service_names_[operation.caller];
    const std::string& name = graph_.services()[operation.service].operations[operation.operation].name;
    return name.empty() ? "answer" : name;
  }
  // What needs no name of its own: a service's only operation, when the files do not name it.
  [[nodiscard]] bool is_only(const std::vector<std::size_t>& operations) const {
    return operations.size() == 1 && written_name(operations.front()).empty();
  }
  [[nodiscard]] std::string written_name(std::size_t index) const {
    const DraftOperation& operation = draft_.operations[index];
    return operation.role == Role::whole ? graph_.services()[operation.service].operations[operation.operation].name
                                         : std::string{};
  }
  [[nodiscard]] std::string path_of(std::size_t operation) const {
    const std::size_t service = draft_.operations[operation].service;
    const bool is_alone = is_only(draft_.of_service[service]);
    return is_alone ? service_names_[service] : service_names_[service] + "." + operation_names_[operation];
  }
  // Empty where it would say nothing: of programs' files that are all in one line.
  [[nodiscard]] std::string place_of(const Origin& origin) const {
    if (!are_lines_told_) return {};
    return provenance_.files.size() == 1 ? fmt::format("line {}", origin.line)
                                         : fmt::format("{}:{}", shown(provenance_.files[origin.file]), origin.line);
  }

  // ---- the head

  std::string head() {
    std::string files;
    for (const std::string& file : provenance_.files) files += (files.empty() ? "" : ", ") + shown(file);
    if (provenance_.files.size() > 3) files = plural(provenance_.files.size(), "file");
    std::string text = fmt::format("# Imported from {} ({}): {}.\n#\n", files, provenance_.format, contents());
    text += fmt::format("# Not in there, and added as an example: {}, the app and its journeys, the incident.\n",
                        is_geography() ? "all that runs there and its users" : "the region and its people");
    text += "# Assumed, until somebody who knows says better:\n";
    for (const std::string& assumption : assumptions()) text += item(assumption);
    text += "#\n#";
    if (are_lines_told_) text += " Comments say which line of the file told it.";
    text += " Next: knockon check, then knockon graph, with this file.\n";
    text += "knockon: 1\n";
    text += fmt::format("title: Imported from {}\n", title_of(files));
    return text + "starts: 2026-01-05T09:00:00Z\nhorizon: 8h\n";
  }
  [[nodiscard]] std::string contents() const {
    if (is_geography())
      return fmt::format("{}, {}, {}", plural(geography().regions.size(), "region"),
                         plural(geography().sites.size(), "site"), plural(geography().links.size(), "link"));
    return fmt::format("{}, {}", plural(graph_.services().size(), "service"), plural(graph_.calls().size(), "call"));
  }
  // What YAML could read as something else than a text is left out.
  static std::string title_of(const std::string& files) {
    std::string title;
    for (const char c : files) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
                            c == '-' || c == '_' || c == ' ';
      title += is_plain ? c : '_';
    }
    return title.empty() || title.back() == ' ' ? title + "_" : title;
  }

  std::vector<std::string> assumptions() const {
    std::vector<std::string> all;
    if (!is_geography())
      all.emplace_back(
          "each call is hard unless it says otherwise (without it the request fails), waits for 1s and is tried once");
    all.emplace_back("each service has capacity for twice its load at peak, and answers in 5ms");
    if (draft_.are_rates_guessed)
      all.emplace_back(
          "what nobody in the file asks is asked as often as it makes the middle one of its calls (by how often)");
    if (draft_.has_directions)
      all.emplace_back(
          "services that call each other do so for different requests: one operation for each direction, so that "
          "nobody "
          "waits for itself (operations called for-…)");
    if (draft_.softened > 0)
      all.push_back(fmt::format(
          "{} closed a circle in which everybody waits for everybody: the least called is soft, and what it asks "
          "answers alone (marked below)",
          plural(draft_.softened, "call")));
    if (is_brief_) all.emplace_back("there are so many calls that comments only say what was assumed about them");
    if (is_renamed_) all.emplace_back("names have the spelling of the scenario language; comments have the file's");
    all.insert(all.end(), graph_.assumptions().begin(), graph_.assumptions().end());
    if (draft_.entries.size() > journeys_max)
      all.push_back(fmt::format("the example app asks the {} that users ask most; {} more are asked by nobody",
                                journeys_max, draft_.entries.size() - journeys_max));
    return all;
  }

  // ---- places

  [[nodiscard]] const Geography& geography() const { return graph_.geography(); }
  [[nodiscard]] bool is_geography() const { return !geography().sites.empty(); }

  // The comment on something that has got this name.
  std::string comment_on(const std::string& written, const std::string& name, const Origin& origin) {
    if (written == name) return place_of(origin);
    is_renamed_ = true;
    return joined(fmt::format("\"{}\"", shown(written)), place_of(origin));
  }

  std::string places_text() {
    if (!is_geography()) return {};
    std::string text = "\nregions:\n";
    for (std::size_t r = 0; r < geography().regions.size(); ++r) {
      const Geography::Region& region = geography().regions[r];
      text += commented(fmt::format("  {}: {{{}}}", region_names_[r], region.has_machines ? "users: 1M" : ""),
                        comment_on(region.name, region_names_[r], region.origin));
    }
    text += "\nsites:\n";
    for (std::size_t s = 0; s < geography().sites.size(); ++s) {
      const Geography::Site& site = geography().sites[s];
      text += commented(fmt::format("  {}: {{in: {}}}", site_names_[s], region_names_[site.region]),
                        comment_on(site.name, site_names_[s], site.origin));
    }
    values_ += 3 * geography().regions.size() + 2 * geography().sites.size();
    return text + links_text();
  }

  std::string links_text() {
    if (geography().links.empty()) return {};
    std::string text = "\nlinks:\n";
    for (const Geography::Link& link : geography().links) {
      const std::string &from = site_names_[link.from], &to = site_names_[link.to];
      const std::string bandwidth =
          link.bandwidth ? ", bandwidth: " + quantity::text_of(*link.bandwidth) : std::string{};
      text +=
          commented(fmt::format("  {}: {{between: [{}, {}], latency: {}{}}}", names_.unique(from + "-" + to, "link"),
                                from, to, quantity::text_of(link.latency), bandwidth),
                    place_of(link.origin));
      values_ += 6;
    }
    return text;
  }

  // Where there are machines, and as many as there are.
  std::string where_text() {
    const std::vector<Geography::Site>& sites = geography().sites;
    const bool are_alike = std::all_of(sites.begin(), sites.end(), [&](const Geography::Site& site) {
      return site.machines == sites.front().machines && site.machines > 0;
    });
    if (are_alike) return fmt::format("    replicas: {}\n", quantity::text_of_count(sites.front().machines));
    std::string in, replicas;
    for (std::size_t s = 0; s < sites.size(); ++s) {
      if (sites[s].machines <= 0) continue;
      in += (in.empty() ? "" : ", ") + site_names_[s];
      replicas += fmt::format("      {}: {}\n", site_names_[s], quantity::text_of_count(sites[s].machines));
      values_ += 2;
    }
    return fmt::format("    in: [{}]\n    replicas:\n{}", in, replicas);
  }

  // ---- services

  std::string services_text() {
    std::string text = "\nservices:\n";
    for (std::size_t s = 0; s < graph_.services().size(); ++s) text += service_text(s);
    return text;
  }

  std::string service_text(std::size_t s) {
    const Service& service = graph_.services()[s];
    const std::vector<std::size_t>& operations = draft_.of_service[s];
    values_ += (service.replicas ? 2 : 1) + (is_only(operations) ? 0 : 1);  // its map, and that of its operations
    if (is_geography())
      return commented(fmt::format("  {}:", service_names_[s]), "an example: all that runs there") + where_text();
    std::string comment = place_of(service.origin);
    if (are_described_ && !service.is_described) comment = joined(comment, "only named there");
    if (service_names_[s] != service.name) {
      is_renamed_ = true;
      comment = joined(fmt::format("\"{}\"", shown(service.name)), comment);
    }
    if (is_only(operations) && draft_.operations[operations.front()].calls.empty()) {
      const std::string replicas = service.replicas ? fmt::format("replicas: {}", *service.replicas) : std::string{};
      return commented(fmt::format("  {}: {{{}}}", service_names_[s], replicas), comment);
    }
    std::string text = commented(fmt::format("  {}:", service_names_[s]), comment);
    if (service.replicas) text += fmt::format("    replicas: {}\n", *service.replicas);
    if (is_only(operations)) return text + calls_text(operations.front(), "    ");
    text += "    operations:\n";
    for (const std::size_t operation : operations) text += operation_text(operation);
    return text;
  }

  std::string operation_text(std::size_t index) {
    const DraftOperation& operation = draft_.operations[index];
    ++values_;
    std::string comment;
    if (operation.role == Role::alone) comment = "asks nobody: assumed, for whoever closes a circle";
    if (operation.role == Role::for_caller)
      comment = fmt::format("for requests that come from {}", service_names_[operation.caller]);
    if (const std::string written = written_name(index); !written.empty() && written != operation_names_[index]) {
      is_renamed_ = true;
      comment = fmt::format("\"{}\"", shown(written));
    }
    const std::string name = operation_names_[index];
    if (operation.calls.empty()) return commented(fmt::format("      {}: {{}}", name), comment);
    return commented(fmt::format("      {}:", name), comment) + calls_text(index, "        ");
  }

  std::string calls_text(std::size_t index, const std::string& indent) {
    std::string text = indent + "calls:\n";
    ++values_;
    for (const DraftCall& call : draft_.operations[index].calls) {
      std::string line = path_of(call.to);
      std::string more;
      if (call.kind != world::CallKind::hard)
        more += call.kind == world::CallKind::soft ? ", kind: soft" : ", kind: async";
      if (call.per_request != 1) more += fmt::format(", per_request: {}", quantity::text_of_count(call.per_request));
      if (!more.empty()) line = fmt::format("{{to: {}{}}}", line, more);
      values_ += more.empty() ? 1 : 2 + static_cast<std::size_t>(std::count(more.begin(), more.end(), ','));
      text += commented(indent + "  - " + line, comment_of(call));
    }
    return text;
  }

  [[nodiscard]] std::string comment_of(const DraftCall& call) const {
    const Call& said = graph_.calls()[*call.said];
    if (is_brief_) return call.is_softened ? "soft is assumed" : "";
    std::string comment = place_of(said.origin);
    if (said.times > 0) comment = joined(times_text(said.times), comment);
    if (call.is_softened)
      comment = joined(comment, said.kind == world::CallKind::hard ? "soft is assumed" : "a circle ends here");
    return comment;
  }

  // ---- what no such file knows

  std::string people_text() {
    const std::size_t count = std::min(draft_.entries.size(), journeys_max);
    std::string text = fmt::format("\n# From here on everything is an example: nobody in {} says who uses this.\n",
                                   provenance_.files.size() == 1 ? "the file" : "the files");
    if (!is_geography()) text += fmt::format("regions:\n  {}: {{users: 1M, clock: UTC}}\n\n", region_);
    text += fmt::format("apps:\n  {}:\n    journeys:\n", app_);
    std::string does = "\npopulations:\n  example-people:\n    does:\n";
    Names names;
    double most = 0;
    for (std::size_t i = 0; i < count; ++i) most = std::max(most, draft_.operations[draft_.entries[i]].asked);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t entry = draft_.entries[i];
      std::string path = path_of(entry);
      const std::string journey = names.unique("use-" + path, "use");
      text += fmt::format("      {}: {{calls: [{}]}}\n", journey, path);
      const double asked = draft_.operations[entry].asked;
      const double rate = most > 0 && asked > 0 ? std::max(0.01, 10 * asked / most) : 10;
      does += commented(fmt::format("      {}.{}: {}/d", app_, journey, quantity::text_of_count(rounded(rate))),
                        i == 0 ? "a person, on average" : "");
    }
    return text + does;
  }
  static double rounded(double rate) { return std::round(rate * 100) / 100; }

  // About what most others call.
  std::string incident_text() {
    std::vector<std::size_t> callers(graph_.services().size(), 0);
    for (const Call& call : graph_.calls()) {
      if (call.from.service != call.to.service) ++callers[call.to.service];
    }
    const auto most = std::max_element(callers.begin(), callers.end());
    const std::string& target = service_names_[static_cast<std::size_t>(most - callers.begin())];
    return fmt::format(R"(
causes:
  example-outage:
    faults:
      gone: {{do: down, target: {0}, at: 10m, ended_by: roll-back}}

monitors:
  example-alert: {{alert: success({1}) < 90% for 2m}}

teams:
  example-team: {{people: 2}}

strategies:
  example-plan:
    steps:
      find-out: {{do: diagnose, team: example-team, takes: {{median: 20m, p90: 50m}}}}
      undo: {{do: roll-back, target: {0}, team: example-team, takes: 5m}}
)",
                       target, app_);
  }

  const Graph& graph_;
  const Provenance& provenance_;
  Draft draft_;
  Names names_;
  std::string region_, app_;
  std::vector<std::string> region_names_, site_names_;
  std::vector<std::string> service_names_, operation_names_;
  bool are_described_ = false;  // the format has a place for each service
  bool are_lines_told_ = false;
  bool is_brief_ = false;  // calls have comments only where something was assumed
  std::size_t values_ = 0;
  bool is_renamed_ = false;  // known once everything is written
};

}  // namespace

Written written_scenario(const Graph& graph, const Provenance& provenance) {
  return Writer{graph, provenance}.written();
}

}  // namespace knockon::foreign
