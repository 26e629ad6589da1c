#include "engine/report/graph_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "engine/quantity/text.hpp"
#include "engine/report/figure.hpp"
#include "engine/report/page.hpp"

namespace knockon::report {
namespace {

using graph::Blast;
using graph::ComponentId;
using graph::Findings;
using graph::Severity;
using Kind = graph::Component::Kind;

constexpr std::size_t columns = 80;
constexpr std::size_t rows_max = 12;
constexpr std::size_t names_max = 8;

std::string plural(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

// Wrapped behind what already stands on the first line: that and every later line is `indent` wide.
std::string hanging(const std::string& text, std::size_t indent) {
  return wrapped(std::string(indent, '.') + text, columns, indent).substr(indent);
}

class Page {
 public:
  Page(const Findings& findings, const Paint& paint) : findings_{findings}, world_{*findings.world}, paint_{paint} {}

  std::string text() {
    title();
    headline();
    single_points();
    apps();
    pairs();
    recovery();
    circles();
    burden();
    availability();
    random_failures();
    promises();
    return std::move(text_);
  }

 private:
  // --- names ---------------------------------------------------------------------------------------------------------

  [[nodiscard]] std::string name(ComponentId id) const {
    return printable(graph::name_of(world_, findings_.components[id]));
  }
  [[nodiscard]] std::string name(world::OperationId id) const { return printable(world_[id].name); }
  [[nodiscard]] std::vector<std::string> names(const std::vector<ComponentId>& ids) const {
    std::vector<std::string> all;
    for (const ComponentId id : ids) all.push_back(name(id));
    return all;
  }
  // "in apac and emea"; nothing where it is everywhere that the app is used.
  [[nodiscard]] std::string where(const std::vector<world::RegionId>& regions, std::size_t of) const {
    if (regions.size() >= of) return {};
    std::vector<std::string> list;
    for (const world::RegionId region : regions) list.push_back(printable(world_[region].name));
    return " in " + listed(list, 3);
  }
  [[nodiscard]] std::size_t regions_of(world::AppId app) const {
    std::set<world::RegionId> regions;
    for (const auto& one : findings_.cut_sets) {
      if (one.app == app) regions.insert(one.region);
    }
    return regions.size();
  }

  // --- layout --------------------------------------------------------------------------------------------------------

  void section(const std::string& title, const std::string& about) { text_ += report::section(title, about, paint_); }
  void row(const std::string& label, std::size_t width, const std::string& what) {
    const std::string first = "  " + left(label, width) + "  ";
    const bool is_too_long = width_of(label) > width;
    if (is_too_long) text_ += "  " + label + "\n";
    text_ += (is_too_long ? std::string(width + 4, ' ') : first) + hanging(what, width + 4) + "\n";
  }

  // --- what the page says --------------------------------------------------------------------------------------------

  void title() {
    text_ += paint_(Ink::strong, wrapped(printable(world_.title.empty() ? world_.name : world_.title), columns)) + "\n";
    const std::size_t regions = world_.regions.size();
    text_ +=
        paint_(Ink::faint, wrapped(fmt::format("the graph: {}, {}, {} in {}", plural(world_.services.size(), "service"),
                                               findings_.relations.size() == 1
                                                   ? "1 dependency"
                                                   : fmt::format("{} dependencies", findings_.relations.size()),
                                               plural(world_.apps.size(), "app"), plural(regions, "region")),
                                   columns)) +
        "\n\n";
  }

  void headline() {
    std::size_t points = 0;
    for (const Blast& blast : findings_.impact.blast_radius) points += downed(blast) > 0 ? 1 : 0;
    std::string text;
    if (points == 0) {
      text = "No single component takes an app down.";
    } else {
      const Blast& worst = findings_.impact.blast_radius.front();
      const std::size_t most = downed(worst);
      text = fmt::format("{} down alone.",
                         points == 1 ? "1 component takes an app" : fmt::format("{} components take an app", points));
      if (world_.apps.size() > 1) {
        text += fmt::format(" The worst, {}, takes down {}.", name(worst.component),
                            most == world_.apps.size() ? fmt::format("all {} apps", most)
                                                       : fmt::format("{} of {} apps", most, world_.apps.size()));
      }
    }
    for (const auto& [journey, region] : findings_.impact.broken) {
      text += fmt::format(" {} does not work in {} as it is.", printable(world_[journey].name),
                          printable(world_[region].name));
    }
    if (findings_.cause) {
      std::set<world::StrategyId> stuck;
      for (const auto& still : findings_.recovery.standstills) stuck.insert(still.strategy);
      if (!stuck.empty()) {
        std::vector<std::string> strategies;
        for (const auto strategy : stuck) strategies.push_back(printable(world_[strategy].name));
        text += fmt::format(" Against {}, {} never {}.", printable(world_[*findings_.cause].name),
                            listed(strategies, names_max), strategies.size() == 1 ? "ends" : "end");
      }
    }
    text_ += wrapped(text, columns) + "\n";
  }

  [[nodiscard]] static std::size_t downed(const Blast& blast) {
    return static_cast<std::size_t>(std::count_if(blast.apps.begin(), blast.apps.end(),
                                                  [](const auto& hit) { return hit.severity == Severity::down; }));
  }

  // What a component does to apps, in words; components that do the same share a row.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> effects_of(const Blast& blast) const {
    std::map<std::string, std::vector<std::string>> down, degraded;  // by place
    for (const Blast::Hit& hit : blast.apps) {
      const std::size_t of = regions_of(hit.app);
      const std::string app = printable(world_[hit.app].name);
      if (!hit.down.empty()) down[where(hit.down, of)].push_back(app);
      if (!hit.degraded.empty()) degraded[where(hit.degraded, of)].push_back(app);
    }
    std::vector<std::pair<std::string, std::string>> lines;
    for (const auto& [place, apps] : down) lines.emplace_back("down", all_or_listed(apps) + place);
    for (const auto& [place, apps] : degraded) lines.emplace_back("degraded", all_or_listed(apps) + place);
    return lines;
  }
  [[nodiscard]] std::string all_or_listed(const std::vector<std::string>& apps) const {
    if (apps.size() == world_.apps.size() && apps.size() > 1) return fmt::format("all {} apps", apps.size());
    return listed(apps, names_max);
  }

  void single_points() {
    using Lines = std::vector<std::pair<std::string, std::string>>;
    std::vector<std::pair<Lines, std::vector<ComponentId>>> rows;
    std::vector<ComponentId> only_degrading;
    for (const Blast& blast : findings_.impact.blast_radius) {
      if (downed(blast) == 0) {
        only_degrading.push_back(blast.component);
        continue;
      }
      Lines lines = effects_of(blast);
      const auto same = std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.first == lines; });
      if (same == rows.end()) {
        rows.push_back({std::move(lines), {blast.component}});
      } else {
        same->second.push_back(blast.component);
      }
    }
    if (rows.empty() && only_degrading.empty()) return;
    section("single points of failure", "gone alone, everything else healthy");
    for (std::size_t i = 0; i < std::min(rows.size(), rows_max); ++i) {
      text_ += "  " + hanging(with_kinds(rows[i].second), 2) + "\n";
      for (const auto& [severity, apps] : rows[i].first) {
        text_ += "      " + paint_(severity == "down" ? Ink::bad : Ink::doubtful, left(severity, 9)) + " " +
                 hanging(apps, 16) + "\n";
      }
    }
    if (rows.size() > rows_max) {
      std::size_t left_out = 0;
      for (std::size_t i = rows_max; i < rows.size(); ++i) left_out += rows[i].second.size();
      text_ += paint_(Ink::faint, fmt::format("  and {} that take down fewer", plural(left_out, "component"))) + "\n";
    }
    if (!only_degrading.empty()) {
      text_ += "  " + hanging("only degrading: " + listed(names(only_degrading), 12), 2) + "\n";
    }
  }

  // "auth, session-store · site dc-apac · group backbone": services go without saying.
  [[nodiscard]] std::string with_kinds(const std::vector<ComponentId>& ids) const {
    std::map<Kind, std::vector<std::string>> by_kind;
    for (const ComponentId id : ids) by_kind[findings_.components[id].kind].push_back(name(id));
    std::string text;
    for (const auto& [kind, list] : by_kind) {
      const std::string kind_name = fmt::format("{}{} ", graph::text_of(kind), list.size() == 1 ? "" : "s");
      text += (text.empty() ? "" : "; ") + kind_name + listed(list, 24);
    }
    return text;
  }

  void apps() {
    section("each app", "single points, and what it does not notice");
    std::size_t width = 0;
    for (const world::App& app : world_.apps) width = std::max(width, width_of(printable(app.name)));
    width = std::min<std::size_t>(width, 24);
    for (std::size_t a = 0; a < world_.apps.size(); ++a) {
      const world::AppId app{a};
      std::map<Kind, std::size_t> points;
      std::set<ComponentId> noticed;
      for (const Blast& blast : findings_.impact.blast_radius) {
        for (const Blast::Hit& hit : blast.apps) {
          if (hit.app != app) continue;
          noticed.insert(blast.component);
          if (hit.severity == Severity::down) ++points[findings_.components[blast.component].kind];
        }
      }
      std::vector<std::string> parts;
      for (const auto& [kind, count] : points) parts.push_back(plural(count, graph::text_of(kind)));
      std::size_t services = 0;
      for (const ComponentId id : noticed) services += findings_.components[id].kind == Kind::service ? 1 : 0;
      row(printable(world_[app].name), width,
          (parts.empty() ? "no single points" : listed(parts, parts.size())) +
              fmt::format("; does not notice {} of {}", world_.services.size() - services,
                          plural(world_.services.size(), "service")));
    }
  }

  // Pairs and threes that are no single points, by app and journey; of all regions at once where they are the same.
  void pairs() {
    std::map<std::vector<ComponentId>, std::set<world::JourneyId>> sets;
    bool is_complete = true;
    for (const auto& one : findings_.cut_sets) {
      is_complete = is_complete && one.cuts.complete;
      for (const auto& set : one.cuts.sets) {
        if (set.size() == 2) sets[set].insert(one.journey);
      }
    }
    if (sets.empty() && is_complete) return;
    section("pairs", "neither takes the journey down alone, both together do");
    std::vector<std::pair<std::vector<ComponentId>, std::set<world::JourneyId>>> rows{sets.begin(), sets.end()};
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
    for (std::size_t i = 0; i < std::min(rows.size(), rows_max); ++i) {
      std::vector<std::string> journeys;
      for (const world::JourneyId journey : rows[i].second) journeys.push_back(printable(world_[journey].name));
      row(listed(names(rows[i].first), 3), 30, listed(journeys, 4));
    }
    if (rows.size() > rows_max) {
      text_ += paint_(Ink::faint, fmt::format("  and {} more", plural(rows.size() - rows_max, "pair"))) + "\n";
    }
    if (!is_complete) {
      text_ += paint_(Ink::doubtful, "  not all of them: some journeys have too many to list") + "\n";
    }
  }

  void recovery() {
    if (!findings_.cause) return;
    const std::string cause = printable(world_[*findings_.cause].name);
    if (findings_.recovery.knots.empty()) {
      if (!world_.strategies.empty()) {
        section("recovery knots", "none: no step needs what " + cause + " takes down");
      }
      return;
    }
    section("recovery knots", "ways that need what " + cause + " takes down");
    // Strategies that are tied in the same way share their lines.
    std::vector<std::pair<std::string, std::vector<std::string>>> tied;
    for (std::size_t i = 0; i < world_.strategies.size(); ++i) {
      const std::string lines = knots_of(world::StrategyId{i});
      if (lines.empty()) continue;
      const auto same = std::find_if(tied.begin(), tied.end(), [&](const auto& one) { return one.first == lines; });
      const std::string strategy = printable(world_.strategies[i].name);
      if (same == tied.end()) {
        tied.push_back({lines, {strategy}});
      } else {
        same->second.push_back(strategy);
      }
    }
    for (const auto& [lines, strategies] : tied) {
      text_ += "  " + paint_(Ink::strong, hanging(listed(strategies, names_max), 2)) + "\n" + lines;
    }
  }

  [[nodiscard]] std::string knots_of(world::StrategyId strategy) const {
    std::string lines;
    for (const auto& knot : findings_.recovery.knots) {
      if (knot.strategy == strategy) lines += line_of(knot);
    }
    for (const auto& still : findings_.recovery.standstills) {
      if (still.strategy != strategy) continue;
      lines += "    " + paint_(Ink::bad, "never ends") + ": " + hanging(standstill(still), 16) + "\n";
    }
    return lines;
  }

  [[nodiscard]] std::string line_of(const graph::Knot& knot) const {
    constexpr std::size_t indent = 8;
    const world::Step& step = world_[knot.step];
    std::string label = printable(step.name);
    if (step.ways.size() > 1) label += fmt::format(", way {} of {}", knot.way + 1, step.ways.size());
    std::string end = "nothing unties it";
    if (knot.untied_by) end = fmt::format("untied by way {}", *knot.untied_by + 1);
    if (knot.is_given_up) end = "given up; the plan goes on without";
    std::string chain = "needs " + printable(knot.waits_for);
    for (const std::string& through : knot.through) chain += " → " + printable(through);
    const std::string first = "    " + label + ": " + paint_(knot.is_tied() ? Ink::bad : Ink::faint, end) + "\n";
    return first + std::string(indent, ' ') + hanging(chain, indent) + "\n";
  }

  [[nodiscard]] std::string standstill(const graph::Standstill& still) const {
    const auto steps = [&](const std::vector<world::StepId>& ids) {
      std::vector<std::string> list;
      for (const world::StepId id : ids) list.push_back(printable(world_[id].name));
      return listed(list, names_max);
    };
    std::string text = steps(still.waiting) + (still.waiting.size() == 1 ? " waits" : " wait");
    if (still.menders.empty()) return text + ", and no step ends what it waits for";
    text += " for what only " + steps(still.menders) + " would mend";
    if (!still.behind.empty()) text += fmt::format("; {} behind it", plural(still.behind.size(), "step"));
    return text;
  }

  void circles() {
    if (findings_.circles.empty()) return;
    section("circles", "hang on each other; the edge that is the cheapest to give up");
    for (std::size_t i = 0; i < std::min(findings_.circles.size(), rows_max); ++i) {
      const graph::Circle& circle = findings_.circles[i];
      text_ += "  " + hanging(listed(names(circle.members), 12), 2) + "\n";
      text_ += "      " +
               hanging(fmt::format("{} → {} ({}){}", name(circle.cheapest.from), name(circle.cheapest.to),
                                   graph::text_of(circle.cheapest.kind),
                                   circle.is_enough ? "" : ", and others: one is not enough"),
                       6) +
               "\n";
    }
  }

  void burden() {
    const graph::Burden& burden = findings_.burden;
    section("the shape of calls", "");
    std::vector<std::string> chain;
    for (const world::ServiceId id : burden.deepest) chain.push_back(printable(world_[id].name));
    if (!chain.empty()) {
      row("longest chain", 16, fmt::format("{}: {}", plural(burden.depth, "service"), arrows(chain)));
    }
    row("most callers", 16, most_of([](const graph::Fan& fan) { return fan.in; }));
    row("most calls", 16, most_of([](const graph::Fan& fan) { return fan.out; }));
    if (!burden.latency_paths.empty()) {
      const auto& slowest = burden.latency_paths.front();
      std::vector<std::string> path;
      for (const world::OperationId id : slowest.path) path.push_back(name(id));
      row("slowest journey", 16,
          fmt::format("{} in {}: {} of medians; longest by {}", printable(world_[slowest.journey].name),
                      printable(world_[slowest.region].name), quantity::rounded_text_of(slowest.total), arrows(path)));
    }
    if (!burden.amplifications.empty()) {
      const auto& worst = burden.amplifications.front();
      std::vector<std::string> path;
      for (const world::OperationId id : worst.path) path.push_back(name(id));
      row("most retries", 16, fmt::format("×{:g} when it fails: {}", worst.times, arrows(path)));
    }
    if (!burden.impatience.empty()) {
      row("impatient calls", 16, impatience());
    }
  }

  template <class Count>
  [[nodiscard]] std::string most_of(const Count& count) const {
    std::vector<graph::Fan> fans = findings_.burden.fans;
    std::stable_sort(fans.begin(), fans.end(), [&](const auto& a, const auto& b) { return count(a) > count(b); });
    std::vector<std::string> list;
    for (std::size_t i = 0; i < std::min<std::size_t>(fans.size(), 4) && count(fans[i]) > 0; ++i) {
      list.push_back(fmt::format("{} {}", printable(world_[fans[i].service].name), count(fans[i])));
    }
    return list.empty() ? "none" : fmt::format("{}", fmt::join(list, ", "));
  }

  [[nodiscard]] std::string impatience() const {
    const auto& worst = findings_.burden.impatience.front();
    const bool is_journey = worst.caller_journey != graph::Impatience::none;
    const std::string caller =
        is_journey ? world_.journeys[worst.caller_journey].name : world_.operations[worst.caller_operation].name;
    const std::size_t count = findings_.burden.impatience.size();
    return fmt::format("{} before the callee does; {} waits {} for {}, which may take {}",
                       count == 1 ? "1 gives up" : fmt::format("{} give up", count), printable(caller),
                       quantity::rounded_text_of(worst.waits), name(worst.callee),
                       quantity::rounded_text_of(worst.may_take));
  }

  static std::string arrows(const std::vector<std::string>& list) {
    constexpr std::size_t shown_max = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(list.size(), shown_max); ++i) text += (i == 0 ? "" : " → ") + list[i];
    return list.size() > shown_max ? text + fmt::format(" → {} more", list.size() - shown_max) : text;
  }

  void availability() {
    if (findings_.availability.empty()) return;
    section("availability", "if services, sites and links fail on their own");
    for (const auto& one : findings_.availability) {
      const std::string label = printable(world_[one.journey].name) +
                                (world_.regions.size() > 1 ? "@" + printable(world_[one.region].name) : "");
      if (!one.unavailable) {
        row(label, 30, "too large to work out");
        continue;
      }
      std::string text = fmt::format("{:.4f} %, down {} a year", 100 * (1 - *one.unavailable),
                                     minutes_text(*one.unavailable * 365.25 * 24 * 60));
      std::vector<std::string> most;
      for (std::size_t i = 0; i < std::min<std::size_t>(one.parts.size(), 3); ++i) {
        most.push_back(name(one.parts[i].component));
      }
      row(label, 30, text + (most.empty() ? "" : "; most by " + listed(most, 3)));
    }
  }

  void random_failures() {
    if (findings_.random_failures) random_failures("random failures", "journeys served", *findings_.random_failures);
    if (findings_.random_failures_under_load)
      random_failures("under load", "answered after 30 min", *findings_.random_failures_under_load);
  }
  void random_failures(const char* title, const char* what, const graph::RandomFailures& found) {
    section(title, fmt::format("{} of {} gone, {}, {}", found.gone, plural(found.instances, "instance"), what,
                               found.is_exact ? "exact" : fmt::format("from {} draws", found.cases)));
    for (std::size_t a = 0; a < world_.apps.size(); ++a) {
      std::string served = fmt::format("{:.2f} %", 100 * found.served[a]);
      if (!found.is_exact) served += fmt::format(" ± {:.2f}", 196 * found.standard_error[a]);
      row(printable(world_.apps[a].name), 24, served);
    }
  }

  void promises() {
    if (findings_.promises.empty()) return;
    section("promises", "");
    for (const auto& promise : findings_.promises) {
      text_ += "  " + paint_(promise.is_kept ? Ink::good : Ink::bad, left(promise.is_kept ? "kept" : "BROKEN", 11)) +
               printable(promise.text) + (promise.is_kept ? "" : fmt::format(" (it is {:g})", promise.value)) + "\n";
    }
  }

  const Findings& findings_;
  const world::World& world_;
  const Paint& paint_;
  std::string text_;
};

}  // namespace

std::string text_of(const Findings& findings, const TextStyle& style) {
  const Paint paint{style.has_colour};
  return Page{findings, paint}.text();
}

namespace {

void add_changes(const std::string& title, const graph::Changes& changes, const Paint& paint, std::string& text) {
  constexpr std::size_t lines_max = 40;
  if (changes.is_empty()) return;
  text += "\n" + paint(Ink::strong, title) + "\n";
  for (const auto* list : {&changes.gone, &changes.added}) {
    const bool is_gone = list == &changes.gone;
    for (std::size_t i = 0; i < std::min(list->size(), lines_max); ++i) {
      text +=
          paint(is_gone ? Ink::bad : Ink::good, is_gone ? "  - " : "  + ") + hanging(printable((*list)[i]), 4) + "\n";
    }
    if (list->size() > lines_max) text += fmt::format("    and {} more\n", list->size() - lines_max);
  }
}

}  // namespace

std::string text_of(const graph::Difference& difference, const std::string& before, const std::string& after,
                    const TextStyle& style) {
  const Paint paint{style.has_colour};
  std::string changes;
  add_changes("single points of failure", difference.single_points, paint, changes);
  add_changes("recovery knots", difference.knots, paint, changes);
  add_changes("circles", difference.circles, paint, changes);
  add_changes("components", difference.components, paint, changes);
  add_changes("dependencies", difference.relations, paint, changes);
  const std::string head = fmt::format("What changes from {} (-) to {} (+)", printable(before), printable(after));
  return paint(Ink::strong, wrapped(head, columns)) + "\n" + (changes.empty() ? "\nNothing.\n" : changes);
}

}  // namespace knockon::report
