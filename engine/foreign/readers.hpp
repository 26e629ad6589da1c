// One reader for each format. Each adds what a file says to the graph and what is wrong with it to the faults, takes
// any bytes that are UTF-8, and stops where it cannot go on.
#pragma once

#include "engine/foreign/material.hpp"

namespace knockon::foreign {

// Jaeger's /api/dependencies: parent, child and callCount, in a list or behind `data`.
void read_jaeger_dependencies(Material& material);
// Jaeger's /api/traces: spans with their processes and references. Operations are known by what services were asked.
void read_jaeger_traces(Material& material);
// Metrics of OpenTelemetry's service graph connector, as a Prometheus text exposition.
void read_service_graph_metrics(Material& material);
// Kiali's graph, as its interface and its export have it: elements of nodes and edges.
void read_kiali(Material& material);
// Entities of a Backstage catalog, one document each.
void read_backstage(Material& material);
void read_docker_compose(Material& material);
// Graphviz's language: its whole grammar; what is only for the eye is passed over.
void read_dot(Material& material);
void read_graphml(Material& material);
// A platform of SimGrid: zones become regions, their hosts and clusters sites, the routes between them links.
void read_simgrid(Material& material);
// The architecture of a MiSim experiment.
void read_misim(Material& material);
// A table of callers and callees: separated by commas, semicolons or tabs, with or without a heading.
void read_edge_list(Material& material);

}  // namespace knockon::foreign
