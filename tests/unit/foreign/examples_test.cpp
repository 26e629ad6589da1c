// One example of each format: the services and calls of the scenario are the file's, no more and no fewer.
#include <catch2/catch.hpp>

#include "engine/foreign/import.hpp"
#include "engine/graph/findings.hpp"
#include "tests/foreign.hpp"

using namespace knockon;
using namespace knockon::tests;

namespace {

using Strings = std::set<std::string>;

// The world of an example, after the graph has been asked about it.
world::World world_of(const std::string& format, const std::string& name) {
  const std::vector<foreign::File> files{{name, example_text(name)}};
  REQUIRE(foreign::format_of(files) == format);
  const auto text = foreign::imported(format, files);
  REQUIRE(text.has_value());
  world::World world = read_scenario(*text).world;
  REQUIRE_FALSE(graph::findings_of(world, {}).relations.empty());
  return world;
}

// How many calls the only operation of one service makes to another for each request.
double per_request(const world::World& world, const std::string& from, const std::string& to) {
  for (const world::Operation& operation : world.operations) {
    if (operation.name != from) continue;
    for (const world::Call& call : operation.calls) {
      if (world[call.to].name == to) return call.per_request;
    }
  }
  throw std::runtime_error{from + " does not call " + to};
}

int replicas(const world::World& world, const std::string& name) {
  for (const world::Service& service : world.services) {
    if (service.name == name) return static_cast<int>(service.replicas.front());
  }
  throw std::runtime_error{"no service " + name};
}

}  // namespace

TEST_CASE("Jaeger's dependencies become services and calls, two for those that call each other") {
  const world::World world = world_of("jaeger-dependencies", "jaeger-dependencies.json");
  const Shape shape = shape_of(world);

  CHECK(shape.services ==
        Strings{"customer", "driver", "frontend", "mysql", "notification-hub", "redis-manual", "route"});
  CHECK(shape.calls == Strings{"frontend -> customer", "frontend -> driver", "frontend -> route", "customer -> mysql",
                               "driver -> redis-manual", "driver -> notification-hub", "notification-hub -> driver"});
  CHECK(per_request(world, "frontend", "route") == Approx(12000.0 / 1200));
  // 16560 calls for the 1200 requests of frontend and the 15 of the hub.
  CHECK(per_request(world, "driver.answer", "redis-manual") == Approx(16560.0 / 1215).epsilon(.005));
  // Only requests of frontend lead back to the hub.
  CHECK(per_request(world, "driver.answer", "notification-hub.for-driver") == Approx(300.0 / 1200));
}

TEST_CASE("Jaeger's traces become operations, by what each service was asked") {
  const world::World world = world_of("jaeger-traces", "jaeger-traces.json");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"cart", "mailer", "payment", "shop"});
  CHECK(shape.calls == Strings{"shop -> payment", "shop -> cart", "shop -> mailer (async)"});
  CHECK(per_request(world, "shop.http-get-checkout", "cart.fetch") == 2);
  CHECK(per_request(world, "shop.http-get", "cart.fetch") == 1);
  CHECK(world.journeys.size() == 2);  // the two requests that came from outside
}

TEST_CASE("service graph metrics become calls, by what users asked") {
  const world::World world = world_of("otel-service-graph", "otel-service-graph.txt");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"basket", "basket-db", "catalogue", "e-mail", "storefront"});
  CHECK(shape.calls ==
        Strings{"storefront -> catalogue", "storefront -> basket", "basket -> basket-db", "basket -> e-mail (async)"});
  CHECK(per_request(world, "storefront", "catalogue") == Approx((7350.0 + 150) / 5000));
  CHECK(per_request(world, "basket", "basket-db") == 2);
}

TEST_CASE("Kiali's nodes become services, without boxes and without who calls from outside") {
  const world::World world = world_of("kiali", "kiali.json");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"istio-ingressgateway", "mongodb", "productpage-v1", "ratings-v1", "reviews",
                                  "reviews-v1", "reviews-v2"});
  CHECK(shape.calls == Strings{"istio-ingressgateway -> productpage-v1", "productpage-v1 -> reviews",
                               "reviews -> reviews-v1", "reviews -> reviews-v2", "reviews-v2 -> ratings-v1",
                               "ratings-v1 -> mongodb"});
  CHECK(per_request(world, "productpage-v1", "reviews") == Approx(.9));
  CHECK(per_request(world, "reviews", "reviews-v2") == Approx(1.0 / 3).epsilon(.002));
}

TEST_CASE("Backstage's components and resources become services, and interfaces lead to who provides them") {
  const Shape shape = shape_of(world_of("backstage", "backstage.yaml"));

  CHECK(shape.services ==
        Strings{"artist-lookup", "artist-reports", "artist-web", "artists-db", "billing-api", "session-service"});
  CHECK(shape.calls == Strings{"artist-web -> artist-lookup", "artist-web -> session-service",
                               "artist-lookup -> billing-api", "artist-lookup -> artists-db",
                               "artist-lookup -> session-service", "artist-reports -> artists-db"});
}

TEST_CASE("a compose file's services become services, with their replicas") {
  const world::World world = world_of("docker-compose", "docker-compose.yaml");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"db", "redis", "result", "tracing", "vote", "worker"});
  CHECK(shape.calls ==
        Strings{"vote -> redis", "vote -> tracing (soft)", "result -> db", "worker -> redis", "worker -> db"});
  CHECK(replicas(world, "vote") == 3);
}

TEST_CASE("a DOT graph's nodes become services, also those of subgraphs and those without edges") {
  const world::World world = world_of("dot", "graph.dot");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"ads", "api", "lb", "lonely", "mail", "user-db", "web-one", "web2"});
  CHECK(shape.calls == Strings{"lb -> web-one", "lb -> web2", "web-one -> api", "web2 -> api", "api -> user-db",
                               "api -> mail (async)", "api -> ads (soft)"});
  // 350 of the 900 + 350 requests that come from the two webs.
  CHECK(per_request(world, "api", "user-db") == Approx(350.0 / 1250));
}

TEST_CASE("a GraphML graph's nodes become services, also nested ones and those that yEd labels") {
  const world::World world = world_of("graphml", "graph.graphml");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"gateway", "orders-returns", "stock", "stock-db"});
  CHECK(shape.calls == Strings{"gateway -> orders-returns", "gateway -> stock (soft)", "orders-returns -> stock",
                               "stock -> stock-db"});
  CHECK(per_request(world, "orders-returns", "stock") == 2);
}

TEST_CASE("MiSim's microservices become services with operations, and its chances become calls for each request") {
  const world::World world = world_of("misim", "misim.json");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"gateway", "pricing", "warehouse"});
  CHECK(shape.calls == Strings{"gateway -> warehouse", "gateway -> pricing", "warehouse -> pricing"});
  CHECK(per_request(world, "gateway.order", "pricing.quote") == 3);
  CHECK(per_request(world, "gateway.look", "pricing.quote") == Approx(.2));
  CHECK(per_request(world, "warehouse.reserve", "pricing.quote") == Approx(.25));
  CHECK(replicas(world, "warehouse") == 4);
}

TEST_CASE("a platform's zones become regions, its hosts and clusters sites, its routes links") {
  const std::string platform = example_text("platform.xml");
  const world::World world = imported_world("simgrid", platform);
  const auto name = [&](const world::Endpoint& end) { return world[std::get<world::SiteId>(end)].name; };
  Strings regions, sites, links;
  for (const world::Region& region : world.regions) regions.insert(region.name);
  for (const world::Site& site : world.sites) sites.insert(site.name + " in " + world[site.region].name);
  for (const world::Link& link : world.links)
    links.insert(fmt::format("{} - {}: {:.4g} ms, {:.4g} Mbit/s", name(link.from), name(link.to),
                             link.latency.in_seconds() * 1e3,
                             link.bandwidth ? link.bandwidth->bytes_per_second() * 8e-6 : 0));

  CHECK(foreign::format_of({{"platform.xml", platform}}) == "simgrid");
  CHECK(regions == Strings{"paris", "world"});
  CHECK(sites ==
        Strings{"front-paris in paris", "back-paris in paris", "gw-paris in paris", "kyoto in world", "rack in world"});
  CHECK(links == Strings{"front-paris - gw-paris: 0.1001 ms, 1000 Mbit/s",
                         "back-paris - gw-paris: 0.3004 ms, 1000 Mbit/s", "gw-paris - kyoto: 120 ms, 100 Mbit/s",
                         "gw-paris - rack: 11 ms, 100 Mbit/s"});
  // As many replicas as machines, where there are any.
  CHECK(world.services.size() == 1);
  CHECK(world.services[0].replicas == std::vector<double>{1, 1, 17, 2});
}

TEST_CASE("what a platform has and a scenario has not is named") {
  const auto text = foreign::imported("simgrid", {{"platform.xml", example_text("platform.xml")}});
  REQUIRE(text.has_value());
  std::string notes;  // without the breaks of lines
  for (std::size_t at = 0; at < text->size(); ++at)
    notes += text->substr(at, 6) == "\n#    " ? (at += 5, ' ') : (*text)[at];

  for (const char* said :
       {"a platform says nothing of software", "links carry both ways",
        "is in each of them, as if each had it for itself", "also where each way had its own", "limits nobody",
        "a cluster is one site", "disks are left out", "settings of the simulator are left out"}) {
    INFO(said);
    CHECK(notes.find(said) != std::string::npos);
  }
}

TEST_CASE("a platform of the oldest kind, with AS and ASroute, is read the same") {
  const world::World world = imported_world(
      "simgrid",
      "<platform version='3'><AS id='top' routing='Full'><AS id='a' routing='None'><host id='x' power='1'/></AS>"
      "<AS id='b' routing='None'><host id='y' power='1'/></AS><link id='l' bandwidth='1.25E6' latency='5E-3'/>"
      "<ASroute src='a' dst='b' gw_src='x' gw_dst='y'><link_ctn id='l'/></ASroute></AS></platform>");

  REQUIRE(world.links.size() == 1);
  CHECK(world.links[0].latency.in_seconds() == Approx(5e-3).epsilon(1e-3));
  CHECK(world.links[0].bandwidth->bytes_per_second() == Approx(1.25e6));
}

TEST_CASE("a table's callers and callees become services, also one that has no calls") {
  const world::World world = world_of("csv", "calls.csv");
  const Shape shape = shape_of(world);

  CHECK(shape.services == Strings{"audit", "cart", "idle", "search-new", "stock", "web"});
  CHECK(shape.calls == Strings{"web -> search-new", "web -> cart", "cart -> stock", "search-new -> stock (soft)",
                               "cart -> audit (async)"});
  CHECK(per_request(world, "cart", "stock") == 2);
}

TEST_CASE("several files are one graph: interfaces are found in whichever file provides them") {
  const std::string consumer =
      "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: web}\nspec: {consumesApis: [orders]}\n";
  const std::string provider =
      "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: till}\nspec: {providesApis: [orders]}\n";

  const auto text = foreign::imported("backstage", {{"folder/web.yaml", consumer}, {"till.yaml", provider}});

  REQUIRE(text.has_value());
  const Shape shape = shape_of(read_scenario(*text).world);
  CHECK(shape.services == Strings{"till", "web"});
  CHECK(shape.calls == Strings{"web -> till"});
  CHECK(text->find("# web.yaml:4") != std::string::npos);
}

TEST_CASE("calls that two files saw are added up") {
  const auto text =
      foreign::imported("csv", {{"monday.csv", "web,api,10\nuser,web,10\n"}, {"tuesday.csv", "web,api,20\n"}});

  REQUIRE(text.has_value());
  CHECK(per_request(read_scenario(*text).world, "web", "api") == Approx(3));
}

TEST_CASE("what looks like nothing that is known is not guessed") {
  const auto format = [](const std::string& text) { return std::string{foreign::format_of({{"file", text}})}; };

  CHECK(format("").empty());
  CHECK(format("{\"nodes\": []}").empty());
  CHECK(format("a line of prose\n").empty());
  CHECK(format("a;b\n") == "csv");
  CHECK(foreign::format_of({{"one", "a,b\n"}, {"two", "digraph {}"}}).empty());
}

TEST_CASE("comments say which line told a thing, unless all stands in one line") {
  const std::string in_lines = imported_text("jaeger-dependencies",
                                             "[{\"parent\": \"a\", \"child\": \"b\", \"callCount\": 2},\n"
                                             "{\"parent\": \"b\", \"child\": \"c\", \"callCount\": 7}]");
  const std::string in_one = imported_text(
      "jaeger-dependencies", R"([{"parent": "a", "child": "b"}, {"parent": "b", "child": "c", "callCount": 7}])");

  CHECK(in_lines.find("- b                                               # twice, line 1\n") != std::string::npos);
  CHECK(in_lines.find("# 7 times, line 2\n") != std::string::npos);
  CHECK(in_one.find("      - b\n") != std::string::npos);
  CHECK(in_one.find("# 7 times\n") != std::string::npos);
  CHECK(in_one.find("line") == std::string::npos);
}
