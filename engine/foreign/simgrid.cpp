#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/foreign/readers.hpp"
#include "engine/foreign/xml.hpp"
#include "engine/quantity/contract.hpp"

namespace knockon::foreign {
namespace {

using quantity::DataRate;
using quantity::Duration;

constexpr const char* software_said =
    "a platform says nothing of software and its users: one service at every site with machines stands for all of it";
constexpr const char* one_way_said =
    "links carry both ways: of a route that is not symmetrical, and of two that are not alike, the slower counts";
constexpr const char* shared_said =
    "a link that several routes lead over is in each of them, as if each had it for itself";
constexpr const char* duplex_said = "a link's bandwidth is for both ways together, also where each way had its own";
constexpr const char* fat_said = "a link that gives all its bandwidth to everybody at once limits nobody";
constexpr const char* inside_said = "a cluster is one site: how its machines are joined is left out";

// What a platform has beside places and ways, and what is said where it has any.
struct LeftOut {
  const char *element, *said;
};
constexpr LeftOut left_out[] = {
    {"disk", "disks are left out: give services a disk"},
    {"storage", "disks are left out: give services a disk"},
    {"mount", "disks are left out: give services a disk"},
    {"bypassRoute", "bypasses are left out: calls take the fastest way there is"},
    {"bypassZoneRoute", "bypasses are left out: calls take the fastest way there is"},
    {"bypassASroute", "bypasses are left out: calls take the fastest way there is"},
    {"actor", "processes are left out: services and their calls say what runs where"},
    {"process", "processes are left out: services and their calls say what runs where"},
    {"trace", "traces of speed and availability are left out: faults say what fails and when"},
    {"trace_connect", "traces of speed and availability are left out: faults say what fails and when"},
    {"include", "files that the platform includes are not read: import each"},
    {"config", "settings of the simulator are left out"},
};

// ---- values with units

struct Unit {
  std::string_view text;
  double factor;
};
constexpr Unit of_time[] = {{"", 1},       {"s", 1},  {"ms", 1e-3}, {"us", 1e-6}, {"ns", 1e-9},
                            {"ps", 1e-12}, {"m", 60}, {"h", 3600},  {"d", 86400}, {"w", 7.0 * 86400}};

std::optional<double> factor_of(std::string_view unit) {
  for (const Unit& one : of_time) {
    if (one.text == unit) return one.factor;
  }
  return std::nullopt;
}

// `MBps`, `Gbps`, `KiBps`: bytes or bits, thousands or 1024s. Bytes where nothing is written.
std::optional<double> bytes_in(std::string_view unit) {
  if (unit.empty()) return 1;
  if (unit.size() < 3 || unit.substr(unit.size() - 2) != "ps") return std::nullopt;
  const char what = unit[unit.size() - 3];
  std::string_view prefix = unit.substr(0, unit.size() - 3);
  if (what != 'B' && what != 'b') return std::nullopt;
  const bool is_binary = !prefix.empty() && prefix.back() == 'i';
  if (is_binary) prefix.remove_suffix(1);
  constexpr std::string_view prefixes = "kMGTPE";
  const char first = prefix == "K" ? 'k' : prefix.empty() ? ' ' : prefix.front();
  const std::size_t power = prefixes.find(first);
  if (prefix.size() > 1 || (!prefix.empty() && power == std::string_view::npos) || (prefix.empty() && is_binary))
    return std::nullopt;
  const double step = is_binary ? 1024 : 1000;
  const double scale = prefix.empty() ? 1 : std::pow(step, static_cast<double>(power + 1));
  return scale * (what == 'B' ? 1 : 0.125);
}

std::optional<double> value_of(std::string_view text, std::optional<double> (*factor)(std::string_view unit)) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || !std::isfinite(number)) return std::nullopt;
  std::string_view unit{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  const auto scale = factor(unit);
  return scale ? std::optional{number * *scale} : std::nullopt;
}

// The numbers of a cluster's machines: `0-15,20,30-40`.
struct Radical {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges;
  [[nodiscard]] double count() const {
    double all = 0;
    for (const auto& [first, last] : ranges) all += static_cast<double>(last) - first + 1;
    return all;
  }
  [[nodiscard]] bool has(std::uint32_t number) const {
    return std::any_of(ranges.begin(), ranges.end(),
                       [=](const auto& range) { return range.first <= number && number <= range.second; });
  }
};

std::optional<std::uint32_t> whole(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_all = !text.empty() && error == std::errc{} && end == text.data() + text.size();
  return is_all ? std::optional{number} : std::nullopt;
}

std::optional<Radical> radical_of(std::string_view text) {
  constexpr std::size_t ranges_max = 1000;
  Radical radical;
  while (true) {
    const std::size_t comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    const std::size_t dash = part.find('-');
    const auto first = whole(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole(part.substr(dash + 1));
    if (!first || !last || *first > *last || radical.ranges.size() >= ranges_max) return std::nullopt;
    radical.ranges.emplace_back(*first, *last);
    if (comma == std::string_view::npos) return radical;
    text.remove_prefix(comma + 1);
  }
}

bool is_yes(const std::string& word) { return word != "NO" && word != "no"; }

class Reader {
 public:
  explicit Reader(Material& material)
      : material_{material},
        geography_{material.graph.geography()},
        first_site_{geography_.sites.size()},
        xml_{material,
             "platform",
             {.start = [this](const std::string& name, const Xml::Attributes& attributes) { start(name, attributes); },
              .end = [this](const std::string& name, const std::string&) { end(name); }}} {}

  void read() {
    if (!xml_.read()) return;
    settle();
    if (material_.faults.any_errors()) return;
    const bool has_machines = std::any_of(geography_.sites.begin() + static_cast<std::ptrdiff_t>(first_site_),
                                          geography_.sites.end(), [](const auto& site) { return site.machines > 0; });
    if (!has_machines) return xml_.refuse("no-sites", "expected at least one host or cluster, found none");
    material_.graph.assume(software_said);
    (void)material_.graph.service("example-service", {});
  }

 private:
  // A zone that is being read. The sites of most stand in it; a cluster, however it is written, is one.
  struct Zone {
    std::string id;
    std::uint32_t line;
    std::optional<std::size_t> region;  // once it has sites
    std::optional<std::size_t> site;    // of a cluster
    bool is_cluster;
  };
  struct Cluster {
    std::string prefix, suffix;
    Radical radical;
    std::size_t site;
  };
  struct Router {
    std::string zone;
    std::uint32_t line;
  };
  struct Wire {
    double latency_s;
    std::optional<double> bytes_per_s;
    int routes = 0;
  };
  struct Route {
    std::string from, to;
    bool is_both_ways;
    std::uint32_t line;
    double latency_s = 0;
    std::optional<double> bytes_per_s;
    std::vector<std::string> over;
  };

  // ---- elements

  void start(const std::string& name, const Xml::Attributes& attributes) {
    if (name == "zone" || name == "AS") return start_zone(attributes);
    if (name == "host" || name == "peer") return add_host(attributes);
    if (name == "cluster" || name == "cabinet") return add_cluster(attributes);
    if (name == "router") return add_router(attributes);
    if (name == "link") return add_wire(attributes);
    if (name == "route") return start_route(attributes, "src", "dst");
    if (name == "zoneRoute" || name == "ASroute") return start_route(attributes, "gw_src", "gw_dst");
    if (name == "link_ctn") return add_to_route(attributes);
    for (const LeftOut& one : left_out) {
      if (name == one.element) material_.graph.assume(one.said);
    }
  }

  void end(const std::string& name) {
    if (name == "zone" || name == "AS") zones_.pop_back();
    if (name == "route" || name == "zoneRoute" || name == "ASroute") is_in_route_ = false;
  }

  void start_zone(const Xml::Attributes& attributes) {
    std::string routing = attributes.find("routing");
    const bool is_cluster = routing.starts_with("Cluster") || routing == "Star";
    zones_.push_back(
        {.id = xml_.needed(attributes, "id", "the zone's name"), .line = xml_.line(), .is_cluster = is_cluster});
  }

  // The innermost zone that is no cluster, as a region; none: there is no zone around.
  std::optional<std::size_t> region_here() {
    const auto zone = std::find_if(zones_.rbegin(), zones_.rend(), [](const Zone& one) { return !one.is_cluster; });
    if (zone == zones_.rend()) {
      if (zones_.empty()) {
        xml_.stop("wrong-shape", "expected a <zone> around hosts and clusters");
        return std::nullopt;
      }
      return region_of(zones_.front());
    }
    return region_of(*zone);
  }
  std::size_t region_of(Zone& zone) {
    if (!zone.region) zone.region = region_called(zone.id, zone.line);
    return *zone.region;
  }
  std::size_t region_called(const std::string& id, std::uint32_t line) {
    const auto [known, is_new] = regions_.try_emplace(id, geography_.regions.size());
    if (is_new) geography_.regions.push_back({.name = id, .origin = material_.origin(line)});
    if (geography_.regions.size() > material_.graph.limits().regions)
      xml_.stop("too-large", fmt::format("more than {} zones with hosts", material_.graph.limits().regions));
    return known->second;
  }

  std::optional<std::size_t> added_site(const std::string& id, double machines) {
    const auto region = region_here();
    if (!region) return std::nullopt;
    geography_.regions[*region].has_machines = true;
    return added_site(id, machines, *region, xml_.line());
  }
  std::size_t added_site(const std::string& id, double machines, std::size_t region, std::uint32_t line) {
    geography_.sites.push_back({.name = id, .region = region, .machines = machines, .origin = material_.origin(line)});
    if (geography_.sites.size() > material_.graph.limits().sites)
      xml_.stop("too-large", fmt::format("more than {} hosts and clusters", material_.graph.limits().sites),
                "clusters of one place are one site: write them as a <cluster>");
    return geography_.sites.size() - 1;
  }

  void let_mean(const std::string& id, std::size_t site) {
    if (!sites_.emplace(id, site).second)
      xml_.stop("duplicate-name", fmt::format("{} a second time", scenario::quoted(id)));
  }

  void add_host(const Xml::Attributes& attributes) {
    const std::string id = xml_.needed(attributes, "id", "the host's name");
    if (xml_.is_stopped()) return;
    if (!zones_.empty() && zones_.back().is_cluster) {
      Zone& zone = zones_.back();
      material_.graph.assume(inside_said);
      if (!zone.site) zone.site = added_site(zone.id, 0);
      if (!zone.site) return;
      geography_.sites[*zone.site].machines += 1;
      return let_mean(id, *zone.site);
    }
    if (const auto site = added_site(id, 1)) let_mean(id, *site);
  }

  void add_cluster(const Xml::Attributes& attributes) {
    const std::string id = xml_.needed(attributes, "id", "the cluster's name");
    const std::string radical = xml_.needed(attributes, "radical", "the numbers of its machines");
    if (xml_.is_stopped()) return;
    auto numbers = radical_of(radical);
    if (!numbers)
      return xml_.stop("bad-value", fmt::format("{} are no machines' numbers; expected some such as 0-15,20",
                                                scenario::quoted(radical)));
    const auto site = added_site(id, numbers->count());
    if (!site) return;
    material_.graph.assume(inside_said);
    const std::string prefix = attributes.find("prefix"), suffix = attributes.find("suffix");
    std::string router = attributes.find("router_id");
    if (router.empty()) router = prefix + id + "_router" + suffix;
    let_mean(router, *site);
    if (!xml_.is_stopped() && router != id) let_mean(id, *site);
    clusters_.push_back({prefix, suffix, std::move(*numbers), *site});
  }

  // A place of its own where ways lead through it; a cluster's is the cluster.
  void add_router(const Xml::Attributes& attributes) {
    const std::string id = xml_.needed(attributes, "id", "the router's name");
    if (xml_.is_stopped() || zones_.empty()) return;
    Zone& zone = zones_.back();
    if (!zone.is_cluster) {
      routers_.insert_or_assign(id, Router{zone.id, xml_.line()});
      return;
    }
    if (!zone.site) zone.site = added_site(zone.id, 0);
    if (zone.site) let_mean(id, *zone.site);
  }

  void add_wire(const Xml::Attributes& attributes) {
    constexpr double day_s = 86400, least = 0.125, most = 1e18;
    const std::string id = xml_.needed(attributes, "id", "the link's name");
    const std::string bandwidth = xml_.needed(attributes, "bandwidth", "how much it carries");
    if (xml_.is_stopped()) return;
    const std::string latency = attributes.find("latency"), policy = attributes.find("sharing_policy");
    const auto bytes = value_of(bandwidth, bytes_in);
    if (!bytes || *bytes < least || *bytes > most)
      return xml_.stop("bad-value", fmt::format("{} is no bandwidth of a link; expected one such as 125MBps or 10Gbps",
                                                scenario::quoted(bandwidth)));
    const auto seconds = latency.empty() ? std::optional{0.0} : value_of(latency, factor_of);
    if (!seconds || *seconds < 0 || *seconds > day_s)
      return xml_.stop("bad-value", fmt::format("{} is no latency of a link; expected one such as 50us or 0.01",
                                                scenario::quoted(latency)));
    const bool is_fat = policy == "FATPIPE";
    if (is_fat) material_.graph.assume(fat_said);
    if (policy == "SPLITDUPLEX" || policy == "FULLDUPLEX") material_.graph.assume(duplex_said);
    wires_.insert_or_assign(id, Wire{*seconds, is_fat ? std::nullopt : bytes});
  }

  void start_route(const Xml::Attributes& attributes, const char* from, const char* to) {
    Route route{.from = xml_.needed(attributes, from, "where it begins"),
                .to = xml_.needed(attributes, to, "where it ends"),
                .is_both_ways = is_yes(attributes.find("symmetrical")),
                .line = xml_.line()};
    if (xml_.is_stopped()) return;
    routes_.push_back(std::move(route));
    is_in_route_ = true;
    note_mention();
  }

  void add_to_route(const Xml::Attributes& attributes) {
    std::string id = xml_.needed(attributes, "id", "the link's name");
    if (!is_in_route_ || xml_.is_stopped()) return;
    routes_.back().over.push_back(std::move(id));
    note_mention();
  }

  void note_mention() {
    if (++mentions_ > material_.graph.limits().mentions)
      xml_.stop("too-large", fmt::format("more than {} routes and links in them", material_.graph.limits().mentions));
  }

  // ---- routes, once everything is known

  void settle() {
    for (Route& route : routes_) {
      if (!measure(route)) return;
    }
    for (const Route& route : routes_) {
      const auto from = site(route.from, route.line), to = site(route.to, route.line);
      if (!from || !to) return;
      if (*from != *to) join(*from, *to, route);
      if (geography_.links.size() > material_.graph.limits().links)
        return material_.faults.error(
            span_of(material_.source, route.line, 0, 1), "too-large",
            fmt::format("more than {} pairs of hosts and clusters with a route", material_.graph.limits().links),
            "write routes between routers, or hosts of one place as a <cluster>");
    }
    for (const auto& [id, wire] : wires_) {
      if (wire.routes > 1) material_.graph.assume(shared_said);
    }
  }

  // The latencies of what it leads over are summed, and the least bandwidth counts.
  bool measure(Route& route) {
    constexpr double day_s = 86400;
    for (const std::string& id : route.over) {
      Wire* const wire = wire_called(id);
      if (wire == nullptr) {
        report_unknown("link", id, route.line);
        return false;
      }
      ++wire->routes;
      route.latency_s = std::min(day_s, route.latency_s + wire->latency_s);
      if (wire->bytes_per_s)
        route.bytes_per_s = std::min(route.bytes_per_s.value_or(*wire->bytes_per_s), *wire->bytes_per_s);
    }
    return true;
  }

  // Older files write the two ways of a link as NAME_UP and NAME_DOWN.
  Wire* wire_called(const std::string& id) {
    if (const auto known = wires_.find(id); known != wires_.end()) return &known->second;
    for (const std::string_view end : {"_UP", "_DOWN"}) {
      if (!id.ends_with(end)) continue;
      const auto known = wires_.find(id.substr(0, id.size() - end.size()));
      if (known != wires_.end()) return &known->second;
    }
    return nullptr;
  }

  std::optional<std::size_t> site(const std::string& id, std::uint32_t line) {
    if (const auto known = sites_.find(id); known != sites_.end()) return known->second;
    if (const auto router = routers_.find(id); router != routers_.end()) {
      const std::size_t region = region_called(router->second.zone, router->second.line);
      const std::size_t added = added_site(id, 0, region, router->second.line);
      sites_.emplace(id, added);
      return added;
    }
    if (const auto cluster = cluster_of(id)) {
      sites_.emplace(id, *cluster);
      return cluster;
    }
    report_unknown("host, cluster or router", id, line);
    return std::nullopt;
  }

  // The one that has a machine of this name.
  std::optional<std::size_t> cluster_of(std::string_view id) {
    constexpr std::size_t looks_max = 20'000'000;  // beyond it, names were made to cost time
    for (const Cluster& cluster : clusters_) {
      if (++looks_ > looks_max) return std::nullopt;
      const std::size_t around = cluster.prefix.size() + cluster.suffix.size();
      if (id.size() < around || !id.starts_with(cluster.prefix) || !id.ends_with(cluster.suffix)) continue;
      looks_ += cluster.radical.ranges.size();
      const auto number = whole(id.substr(cluster.prefix.size(), id.size() - around));
      if (number && cluster.radical.has(*number)) return cluster.site;
    }
    return std::nullopt;
  }

  void report_unknown(const char* what, const std::string& id, std::uint32_t line) {
    const std::string_view written = material_.source.line(line);
    const std::size_t begin = written.find(id);
    const bool is_there = begin != std::string_view::npos;
    material_.faults.error(span_of(material_.source, line, is_there ? begin : 0, is_there ? id.size() : 1),
                           "unknown-name", fmt::format("there is no {} {}", what, scenario::quoted(id)));
  }

  void join(std::size_t from, std::size_t to, const Route& route) {
    const Duration latency = Duration::of_seconds(route.latency_s);
    const auto bandwidth =
        route.bytes_per_s ? std::optional{DataRate::bytes_per_second(*route.bytes_per_s)} : std::nullopt;
    const auto [known, is_new] = links_.try_emplace({std::min(from, to), std::max(from, to)}, geography_.links.size());
    if (!route.is_both_ways) material_.graph.assume(one_way_said);
    if (is_new) {
      geography_.links.push_back(
          {.from = from, .to = to, .latency = latency, .bandwidth = bandwidth, .origin = material_.origin(route.line)});
      return;
    }
    Geography::Link& link = geography_.links[known->second];
    if (latency != link.latency || bandwidth != link.bandwidth) material_.graph.assume(one_way_said);
    link.latency = std::max(link.latency, latency);
    if (bandwidth && (!link.bandwidth || *bandwidth < *link.bandwidth)) link.bandwidth = bandwidth;
  }

  Material& material_;
  Geography& geography_;
  std::size_t first_site_;
  Xml xml_;
  std::vector<Zone> zones_;  // around what is being read
  std::map<std::string, std::size_t> regions_, sites_;
  std::map<std::string, Router> routers_;
  std::map<std::string, Wire> wires_;
  std::vector<Cluster> clusters_;
  std::vector<Route> routes_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> links_;
  std::size_t mentions_ = 0, looks_ = 0;
  bool is_in_route_ = false;
};

}  // namespace

void read_simgrid(Material& material) { Reader{material}.read(); }

}  // namespace knockon::foreign
