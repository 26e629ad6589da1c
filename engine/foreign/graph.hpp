// A graph of services as another tool saw it: what every reader of a foreign format makes, and all that the writer of a
// scenario knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/quantity/amount.hpp"
#include "engine/quantity/time.hpp"
#include "engine/world/service.hpp"

namespace knockon::foreign {

// Which of the files said it, from 0, and in which line, from 1.
struct Origin {
  std::uint32_t file = 0, line = 1;
};

// What a graph may be. Services and calls: what a scenario may be (decision 0012).
struct GraphLimits {
  std::size_t services = 60'000;
  std::size_t calls = 200'000;
  std::size_t mentions = 1'000'000;  // of calls: the same ones over and over cost time too
  std::size_t operations = 50;  // of one service: beyond it, an address in a name makes each request look like a kind
  std::size_t regions = 500, sites = 5000, links = 20'000;
};

struct Operation {
  std::string name;         // empty: the file does not tell requests to this service apart
  double from_outside = 0;  // requests that nobody in the file made; 0: unknown
};

struct Service {
  std::string name;  // as the file writes it: any characters
  Origin origin;
  std::vector<Operation> operations;
  std::optional<std::uint32_t> replicas;
  bool is_described = false;  // where files describe their services: not only named by others
};

// An operation of a service, by their places in the graph.
struct Place {
  std::size_t service = 0, operation = 0;
  friend bool operator==(const Place&, const Place&) = default;
  friend auto operator<=>(const Place&, const Place&) = default;
};

struct Call {
  Place from, to;
  double times = 0;                   // how often it was seen; 0: unknown
  std::optional<double> per_request;  // where the file says it so
  world::CallKind kind = world::CallKind::hard;
  Origin origin;
};

// Where things stand, in files that tell of places and not of software.
struct Geography {
  struct Region {
    std::string name;
    Origin origin;
    bool has_machines = false;
  };
  struct Site {
    std::string name;
    std::size_t region = 0;
    double machines = 0;  // none: only ways lead through it
    Origin origin;
  };
  // Carries both ways.
  struct Link {
    std::size_t from = 0, to = 0;  // sites
    quantity::Duration latency;
    std::optional<quantity::DataRate> bandwidth;
    Origin origin;
  };
  std::vector<Region> regions;
  std::vector<Site> sites;
  std::vector<Link> links;
};

class Graph {
 public:
  Graph() = default;
  explicit Graph(const GraphLimits& limits) : limits_{limits} {}

  // The service that the files know by this identity, which is added with its first mention; `name` is what it is
  // called, and the identity itself when it is empty.
  std::size_t service(std::string_view identity, Origin origin, std::string_view name = {});
  [[nodiscard]] std::optional<std::size_t> service_if_any(std::string_view identity) const;
  // Here is what the files say about it.
  void describe(std::size_t service, Origin origin);
  Place operation(std::size_t service, std::string_view name = {});
  // Calls of the same kind between the same operations are one: their times are added.
  void add_call(const Call& call);
  // Whoever calls the one calls the other: an interface stands for who provides it. Holds once `settle` is called.
  void let_stand_for(std::string_view identity, std::string_view provider);
  // They are no services after all. REQUIRES: nobody calls them, and they call nobody. Holds once `settle` is called.
  void leave_out(const std::set<std::string>& identities);
  // What was taken for granted about the files, as a sentence; each is kept once.
  void assume(std::string_view sentence);
  // Does what was asked for; what the files call things is then forgotten.
  void settle();

  [[nodiscard]] const std::vector<Service>& services() const { return services_; }
  [[nodiscard]] std::vector<Service>& services() { return services_; }
  [[nodiscard]] const std::vector<Call>& calls() const { return calls_; }
  [[nodiscard]] const Geography& geography() const { return geography_; }
  [[nodiscard]] Geography& geography() { return geography_; }
  [[nodiscard]] const std::vector<std::string>& assumptions() const { return assumptions_; }
  // More than the limits allow: what came later was left out.
  [[nodiscard]] bool is_too_large() const { return is_too_large_; }
  [[nodiscard]] const GraphLimits& limits() const { return limits_; }

 private:
  void put_right();

  GraphLimits limits_;
  std::vector<Service> services_;
  std::vector<Call> calls_;
  Geography geography_;
  std::vector<std::string> assumptions_;
  std::map<std::string, std::size_t, std::less<>> by_identity_;
  // Of each service that calls: from which of its operations, where to and how; not all in one, which would be deep.
  std::vector<std::map<std::tuple<std::size_t, Place, world::CallKind>, std::size_t>> known_calls_;
  std::map<std::string, std::string, std::less<>> providers_;
  std::set<std::size_t> left_out_;
  std::size_t mentions_ = 0;
  bool is_too_large_ = false;
};

}  // namespace knockon::foreign
