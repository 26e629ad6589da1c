// The graph of who hangs on whom, at positions that were computed beforehand.
import cytoscape from "cytoscape";
import { html } from "./elements";
import { shortened } from "./timeline";
import type { Graph } from "./shown";

export type Health = 0 | 1 | 2;
export const healthWords = ["ok", "degraded", "down"] as const;
// Put before a name, so that a state can be told without its colour.
const signs = ["", "◐ ", "✕ "] as const;

export interface GraphView {
  element: HTMLElement;
  show: (health: Health[], path: Set<number>, edges: Set<number>) => void;
  // What is marked stands out, everything else is faint; null: nothing is marked.
  mark: (vertices: Map<number, string> | null) => void;
  onPoint: (listener: (vertex: number | null) => void) => void;
}

function colours(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"),
    muted: of("--muted"),
    ground: of("--ground"),
    panel: of("--panel"),
    rule: of("--rule"),
    edge: of("--edge"),
    down: of("--down"),
    downInk: of("--down-ink"),
    degraded: of("--degraded"),
    degradedInk: of("--degraded-ink"),
    path: of("--path"),
    app: of("--app"),
  };
}

// So many that they are drawn more plainly, and changed a few at a time, to keep up with a moving slider.
const many = 400;

function looks(isLarge: boolean): cytoscape.StylesheetJson {
  const c = colours();
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: "data(width)",
        height: 28,
        shape: "rectangle",
        "background-color": c.panel!,
        "border-width": 1,
        "border-color": c.muted!,
        color: c.ink!,
        "font-size": 12,
        "font-family": "system-ui, sans-serif",
        "text-valign": "center",
        "text-halign": "center",
        "min-zoomed-font-size": 5,
      },
    },
    { selector: ".app", style: { shape: "round-rectangle", "background-color": c.app!, "font-weight": "bold" } },
    { selector: ".session", style: { shape: "ellipse", "border-style": "dotted", height: 34 } },
    { selector: "node.degraded", style: { label: "data(degraded)", "background-color": c.degraded!, color: c.degradedInk!, "border-style": "dashed", "border-width": 2, "border-color": c.degradedInk! } },
    { selector: "node.down", style: { label: "data(down)", "background-color": c.down!, color: c.downInk!, "border-style": "solid", "border-width": 3, "border-color": c.ink! } },
    {
      selector: "edge",
      style: { width: 1, "line-color": c.edge!, "curve-style": isLarge ? "haystack" : "straight", "haystack-radius": 0, "target-arrow-shape": "triangle", "target-arrow-color": c.edge!, "arrow-scale": 0.7 },
    },
    { selector: ".soft", style: { "line-style": "dashed" } },
    { selector: ".async", style: { "line-style": "dotted" } },
    { selector: "edge.path", style: { width: 3.5, "line-color": c.path!, "target-arrow-color": c.path!, "z-index": 9 } },
    { selector: "node.path", style: { "border-color": c.path!, "border-width": 4 } },
    { selector: ".single", style: { "border-width": 4, "border-color": c.ink!, "border-style": "double" } },
    { selector: ".faint", style: { opacity: 0.18 } },
    { selector: ".chosen", style: { "border-width": 4, "border-color": c.path! } },
  ] as cytoscape.StylesheetJson;
}

export function graphView(graph: Graph, label: string, singles: Set<number> = new Set()): GraphView {
  const canvas = html("div", { class: "graph", role: "img", "aria-label": label });
  const isLarge = graph.vertices.length > many;
  const nameOf = (i: number) => shortened(graph.vertices[i]!.name, 24);
  const view = cytoscape({
    container: canvas,
    elements: {
      nodes: graph.vertices.map((vertex, i) => ({
        data: { id: String(i), label: nameOf(i), degraded: signs[1] + nameOf(i), down: signs[2] + nameOf(i), width: Math.max(46, [...nameOf(i)].length * 7 + 26) },
        position: { x: vertex.x, y: vertex.y },
        classes: `${vertex.kind}${singles.has(i) ? " single" : ""}`,
      })),
      edges: graph.edges.map(([from, to, kind], i) => ({
        data: { id: `e${i}`, source: String(from), target: String(to) },
        classes: ["soft", "cache", "name"].includes(kind) ? "soft" : kind,
      })),
    },
    layout: { name: "preset", fit: true, padding: 16 },
    style: looks(isLarge),
    minZoom: 0.05,
    maxZoom: 3,
    autoungrabify: true,
    boxSelectionEnabled: false,
    // A page must scroll past a picture; zooming is by buttons, or with two fingers.
    userZoomingEnabled: false,
    textureOnViewport: isLarge,
    hideEdgesOnViewport: isLarge,
    pixelRatio: isLarge ? 1 : undefined,
  });
  new ResizeObserver(() => {
    view.resize();
    view.fit(undefined, 16);
  }).observe(canvas);
  // It was made outside of the document, where it cannot know what may scroll beneath the pointer.
  addEventListener("scroll", () => (view as unknown as { renderer(): { invalidateContainerClientCoordsCache(): void } }).renderer().invalidateContainerClientCoordsCache(), {
    capture: true,
    passive: true,
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => view.style(looks(isLarge)));

  const shown: Health[] = graph.vertices.map(() => 0);
  const wanted: Health[] = [...shown];
  const marked = { "": new Set<number>(), e: new Set<number>() };
  let path: { "": Set<number>; e: Set<number> } = { "": new Set(), e: new Set() };
  let isChanging = false;
  // What has still to change, the states before the way.
  const change = function* () {
    for (let i = 0; i < wanted.length; ++i) {
      if (shown[i] === wanted[i]) continue;
      shown[i] = wanted[i]!;
      const kind = graph.vertices[i]!.kind + (singles.has(i) ? " single" : "") + (marked[""].has(i) ? " path" : "");
      view.getElementById(String(i)).classes(`${kind} ${shown[i] === 2 ? "down" : shown[i] === 1 ? "degraded" : ""}`);
      yield;
    }
    for (const prefix of ["", "e"] as const) {
      for (const i of marked[prefix]) {
        if (path[prefix].has(i)) continue;
        marked[prefix].delete(i);
        view.getElementById(prefix + i).removeClass("path");
        yield;
      }
      for (const i of path[prefix]) {
        if (marked[prefix].has(i)) continue;
        marked[prefix].add(i);
        view.getElementById(prefix + i).addClass("path");
        yield;
      }
    }
  };
  // A frame's worth at a time; what comes in between is simply wanted instead.
  const changeSome = () => {
    let isDone = true;
    view.batch(() => {
      let left = isLarge ? 120 : Infinity;
      for (const _ of change()) {
        if (--left > 0) continue;
        isDone = false;
        break;
      }
    });
    isChanging = !isDone;
    if (isChanging) requestAnimationFrame(changeSome);
  };
  const show = (health: Health[], nodes: Set<number>, edges: Set<number>) => {
    health.forEach((state, i) => (wanted[i] = state));
    path = { "": nodes, e: edges };
    if (!isChanging) changeSome();
  };
  const mark = (vertices: Map<number, string> | null) => {
    view.batch(() => {
      view.elements().removeClass("faint down degraded chosen");
      if (!vertices) return;
      view.elements().addClass("faint");
      for (const [i, kind] of vertices) {
        view.getElementById(String(i)).removeClass("faint").addClass(kind);
      }
      graph.edges.forEach(([from, to], i) => {
        if (vertices.has(from) && vertices.has(to)) view.getElementById(`e${i}`).removeClass("faint");
      });
    });
  };
  const listeners: ((vertex: number | null) => void)[] = [];
  const tell = (vertex: number | null) => listeners.forEach((listener) => listener(vertex));
  view.on("mouseover tapstart", "node", (event) => tell(Number(event.target.id())));
  view.on("mouseout", "node", () => tell(null));

  const zoom = (factor: number) =>
    view.zoom({ level: view.zoom() * factor, renderedPosition: { x: view.width() / 2, y: view.height() / 2 } });
  const button = (text: string, name: string, act: () => void) => html("button", { type: "button", "aria-label": name, title: name, click: act }, text);
  const element = html(
    "div",
    { class: "graph-box" },
    canvas,
    html(
      "div",
      { class: "graph-tools" },
      button("+", "Zoom in", () => zoom(1.3)),
      button("−", "Zoom out", () => zoom(1 / 1.3)),
      button("⤢", "Fit all of it", () => view.fit(undefined, 16)),
    ),
  );
  (canvas as unknown as { knockonGraph: cytoscape.Core }).knockonGraph = view;
  return { element, show, mark, onPoint: (listener) => listeners.push(listener) };
}
