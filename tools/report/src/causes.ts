// What of the graph is in trouble at a moment, and along which edges the trouble comes.
import type { Health } from "./graph";
import type { Day, Graph, Happening, Interval } from "./shown";

const followed = 400;

const holds = (intervals: Interval[], minute: number) => intervals.some(([from, to]) => from <= minute && minute < to);

// Apps by their worst region.
export function healthAt(day: Day, graph: Graph, minute: number): Health[] {
  return graph.vertices.map((vertex, i) => {
    if (vertex.kind === "app") {
      const app = day.apps[vertex.index];
      if (!app) return 0;
      const states = [app, ...app.regions];
      if (states.some((state) => holds(state.down, minute))) return 2;
      return states.some((state) => holds(state.degraded, minute)) ? 1 : 0;
    }
    let health: Health = 0;
    for (const [from, state] of day.spells[i] ?? []) {
      if (from > minute) break;
      health = state;
    }
    return health;
  });
}

// What faults and reactions hold at a moment, by the vertices that they strike.
export function struckAt(day: Day, minute: number): Set<number> {
  const struck = new Map<string, number[]>();
  for (const event of day.events) {
    if (event.minute > minute) continue;
    if (/^(fault|reaction) began$/.test(event.change)) struck.set(`${event.change[0]} ${event.subject}`, event.strikes);
    else if (/^(fault|reaction) ended$/.test(event.change)) struck.delete(`${event.change[0]} ${event.subject}`);
  }
  return new Set([...struck.values()].flat());
}

// Why an app is as it is at a moment: from where it began to the event that made it so. Empty: it is ok.
export function whyAt(day: Day, name: string, minute: number): Happening[] {
  let last: Happening | undefined;
  for (const event of day.events) {
    if (event.minute > minute || event.subject.split("@")[0] !== name) continue;
    if (event.change !== "down" && event.change !== "degraded") continue;
    const isWorse = last === undefined || (event.change === "down" && last.change !== "down");
    if (isWorse || (event.change === last!.change && event.minute > last!.minute && event.cause !== last!.cause)) last = event;
  }
  const chain: Happening[] = [];
  const byNumber = new Map(day.events.map((event) => [event.event, event]));
  for (let event = last; event !== undefined; event = event.cause === null ? undefined : byNumber.get(event.cause)) chain.unshift(event);
  return chain;
}

// The first of the moments at which most is in trouble: where a page that nobody has touched yet stands.
export function peak(day: Day, graph: Graph, end: number): number {
  const steps = 48;
  let best = { minute: 0, sick: 0 };
  for (let i = 1; i < steps; ++i) {
    const minute = (end * i) / steps;
    const sick = healthAt(day, graph, minute).reduce<number>((sum, health) => sum + health, 0);
    if (sick > best.sick) best = { minute, sick };
  }
  return best.minute;
}

// From an app that is not ok down through everything that is not ok: nodes and edges by their numbers.
export function causalPath(graph: Graph, health: Health[], app: number): { nodes: Set<number>; edges: Set<number> } {
  const nodes = new Set<number>();
  const edges = new Set<number>();
  const start = graph.vertices.findIndex((vertex) => vertex.kind === "app" && vertex.index === app);
  if (start < 0 || !health[start]) return { nodes, edges };
  const below = outgoing(graph);
  const open = [start];
  const cameBy = new Map<number, number>();
  const ends: number[] = [];
  nodes.add(start);
  for (let i = 0; i < open.length; ++i) {
    const sick = below[open[i]!]!.filter((edge) => health[graph.edges[edge]![1]]);
    if (sick.length === 0) ends.push(open[i]!);
    for (const edge of sick) {
      const to = graph.edges[edge]![1];
      edges.add(edge);
      if (nodes.has(to)) continue;
      nodes.add(to);
      cameBy.set(to, edge);
      open.push(to);
    }
  }
  return graph.vertices.length > followed ? shortestWays(graph, start, ends, cameBy) : { nodes, edges };
}

// Among very many, the shortest way to each end is what an eye can follow.
function shortestWays(graph: Graph, start: number, ends: number[], cameBy: Map<number, number>): { nodes: Set<number>; edges: Set<number> } {
  const nodes = new Set([start]);
  const edges = new Set<number>();
  for (let vertex of ends) {
    while (!nodes.has(vertex)) {
      nodes.add(vertex);
      const edge = cameBy.get(vertex)!;
      edges.add(edge);
      vertex = graph.edges[edge]![0];
    }
  }
  return { nodes, edges };
}

const known = new WeakMap<Graph, number[][]>();
function outgoing(graph: Graph): number[][] {
  let lists = known.get(graph);
  if (!lists) {
    lists = graph.vertices.map(() => []);
    graph.edges.forEach(([from], i) => lists![from]!.push(i));
    known.set(graph, lists);
  }
  return lists;
}
