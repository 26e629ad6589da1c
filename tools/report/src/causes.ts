// What of the graph is in trouble at a moment, and along which edges the trouble comes.
import type { Health } from "./graph";
import type { Day, Graph, Interval } from "./shown";

const wayMost = 400;

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
  nodes.add(start);
  while (open.length > 0) {
    const vertex = open.pop()!;
    for (const edge of below[vertex]!) {
      const to = graph.edges[edge]![1];
      if (!health[to]) continue;
      // Among very many, one way to each is enough to follow with the eye.
      if (nodes.has(to) && graph.vertices.length > wayMost) continue;
      edges.add(edge);
      if (nodes.has(to)) continue;
      nodes.add(to);
      open.push(to);
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
