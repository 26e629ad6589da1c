// The graph of who hangs on whom, drawn at positions that the program has computed. A canvas of our own: it draws two
// thousand things many times a second, which general libraries for graphs do not.
import { html } from "./elements";
import { shortened } from "./label";
import type { Graph } from "./shown";

export type Health = 0 | 1 | 2;
export const healthWords = ["ok", "degraded", "down"] as const;
// Put before a name, so that a state can be told without its colour.
const signs = ["", "◐ ", "✕ "] as const;
export const struckSign = "↯";

export interface GraphView {
  element: HTMLElement;
  show: (shown: Shown) => void;
  // What is marked stands out, everything else is faint; null: nothing is marked.
  mark: (marks: Marks | null) => void;
  onPoint: (listener: (vertex: number | null) => void) => void;
}

export interface Shown {
  health: Health[];
  path: Set<number>;
  pathEdges: Set<number>;
  // What a fault holds at that moment.
  struck: Set<number>;
}

export interface Marks {
  health: Map<number, Health>;
  chosen: number | null;
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const nodeHeight = 28;
const margin = 18;
const toolsHeight = 26;
const heightLeast = 260;
// Smaller than this, letters are no letters any more.
const legible = 0.42;
// Smaller than this, dashes are finer than a pixel: they would be seen by nobody, and cost most of a frame.
const dashable = 0.3;
// Where all of it would be too small to read, as on a phone, the view begins with the apps at this zoom.
const comfortable = 0.72;
const comfortableMost = 300;
const dashes: Record<string, number[]> = { soft: [6, 4], cache: [6, 4], name: [6, 4], async: [2, 3] };

function colours(): Record<string, string> {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "muted", "ground", "panel", "edge", "down", "down-ink", "degraded", "degraded-ink", "path", "app"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

class Drawing {
  readonly boxes: Box[];
  readonly names: string[];
  health: Health[];
  path = new Set<number>();
  pathEdges = new Set<number>();
  struck = new Set<number>();
  marks: Marks | null = null;
  zoom = 1;
  // Of the drawing's origin, in pixels of the screen.
  left = 0;
  top = 0;
  private colours = colours();
  private isWaiting = false;

  constructor(
    readonly graph: Graph,
    readonly canvas: HTMLCanvasElement,
    readonly singles: Set<number>,
  ) {
    this.names = graph.vertices.map((vertex) => shortened(vertex.name, 24));
    this.health = graph.vertices.map(() => 0);
    this.boxes = graph.vertices.map((vertex, i) => {
      const width = Math.max(46, [...this.names[i]!].length * 7 + 30);
      return { x: vertex.x, y: vertex.y, width, height: vertex.kind === "session" ? nodeHeight + 6 : nodeHeight };
    });
  }

  // Once a frame, however much changes in it.
  redraw(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.draw();
    });
  }

  recolour(): void {
    this.colours = colours();
    this.redraw();
  }

  // As high as it is at the canvas's width, so that small graphs do not stand in a void.
  wantedHeight(): number {
    const width = this.canvas.clientWidth;
    if (this.boxes.length === 0) return heightLeast;
    const most = width < 600 ? 380 : 520;
    const { from, to } = this.extent();
    const zoom = Math.min(1.4, (width - 2 * margin) / Math.max(1, to.x - from.x));
    return Math.round(Math.min(most, Math.max(heightLeast, (to.y - from.y) * zoom + 2 * margin + toolsHeight)));
  }

  private extent(): { from: { x: number; y: number }; to: { x: number; y: number } } {
    return {
      from: { x: Math.min(...this.boxes.map((box) => box.x - box.width / 2)), y: Math.min(...this.boxes.map((box) => box.y - box.height / 2)) },
      to: { x: Math.max(...this.boxes.map((box) => box.x + box.width / 2)), y: Math.max(...this.boxes.map((box) => box.y + box.height / 2)) },
    };
  }

  // All of it where that can be read, else the apps and what stands next to them.
  begin(): void {
    this.fit();
    if (this.zoom >= legible || this.boxes.length > comfortableMost) return;
    const apps = this.boxes.filter((_, i) => this.graph.vertices[i]!.kind === "app");
    const shown = apps.length > 0 ? apps : this.boxes;
    const middle = shown.reduce((sum, box) => sum + box.y, 0) / shown.length;
    this.zoom = comfortable;
    this.left = margin - Math.min(...shown.map((box) => box.x - box.width / 2)) * this.zoom;
    this.top = this.canvas.clientHeight / 2 - middle * this.zoom;
    this.redraw();
  }

  fit(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || this.boxes.length === 0) return;
    const { from, to } = this.extent();
    // What stands below the tools is not hidden by them.
    const free = height - 2 * margin - toolsHeight;
    this.zoom = Math.min(1.4, (width - 2 * margin) / (to.x - from.x), free / (to.y - from.y));
    this.left = (width - (from.x + to.x) * this.zoom) / 2;
    this.top = (height + toolsHeight - (from.y + to.y) * this.zoom) / 2;
    this.redraw();
  }

  // Keeps the middle where it is.
  zoomBy(factor: number): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const zoom = Math.min(3, Math.max(0.04, this.zoom * factor));
    this.left = width / 2 - ((width / 2 - this.left) / this.zoom) * zoom;
    this.top = height / 2 - ((height / 2 - this.top) / this.zoom) * zoom;
    this.zoom = zoom;
    this.redraw();
  }

  place(vertex: number): { x: number; y: number } {
    return { x: this.left + this.boxes[vertex]!.x * this.zoom, y: this.top + this.boxes[vertex]!.y * this.zoom };
  }

  vertexAt(x: number, y: number): number | null {
    const at = { x: (x - this.left) / this.zoom, y: (y - this.top) / this.zoom };
    const i = this.boxes.findIndex((box) => Math.abs(at.x - box.x) <= box.width / 2 && Math.abs(at.y - box.y) <= box.height / 2);
    return i < 0 ? null : i;
  }

  private isFaint(vertex: number): boolean {
    return this.marks !== null && !this.marks.health.has(vertex) && this.marks.chosen !== vertex;
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = devicePixelRatio;
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const context = this.canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = this.colours.ground!;
    context.fillRect(0, 0, width, height);
    context.translate(this.left, this.top);
    context.scale(this.zoom, this.zoom);
    this.drawEdges(context);
    this.graph.vertices.forEach((_, i) => this.drawNode(context, i));
  }

  // All lines of one look in one stroke.
  private drawEdges(context: CanvasRenderingContext2D): void {
    const looks = new Map<string, number[]>();
    const isDashed = this.zoom > dashable;
    this.graph.edges.forEach(([from, to, kind], i) => {
      const isPath = this.pathEdges.has(i);
      const look = `${isPath ? "path" : isDashed ? (dashes[kind] ?? []).join(" ") : ""}|${!isPath && (this.isFaint(from) || this.isFaint(to)) ? "faint" : ""}`;
      const list = looks.get(look);
      if (list) list.push(i);
      else looks.set(look, [i]);
    });
    const withArrows = this.zoom > legible / 2 || this.graph.edges.length < 800;
    const ordered = [...looks].sort(([a], [b]) => Number(a.startsWith("path")) - Number(b.startsWith("path")));
    for (const [look, edges] of ordered) {
      const [dash, faint] = look.split("|") as [string, string];
      const isPath = dash === "path";
      context.globalAlpha = faint ? 0.15 : 1;
      context.strokeStyle = context.fillStyle = isPath ? this.colours.path! : this.colours.edge!;
      context.lineWidth = isPath ? Math.max(3, 1.6 / this.zoom) : 1;
      context.setLineDash(isPath || dash === "" ? [] : dash.split(" ").map(Number));
      context.beginPath();
      const heads = new Path2D();
      for (const i of edges) {
        const [from, to] = this.graph.edges[i]!;
        const a = this.boxes[from]!;
        const b = this.boxes[to]!;
        const end = borderOf(b, a);
        context.moveTo(a.x, a.y);
        context.lineTo(end.x, end.y);
        if (withArrows) addHead(heads, a, end, isPath ? 10 : 7);
      }
      context.stroke();
      if (withArrows) context.fill(heads);
    }
    context.globalAlpha = 1;
    context.setLineDash([]);
  }

  private drawNode(context: CanvasRenderingContext2D, i: number): void {
    const { kind } = this.graph.vertices[i]!;
    const { x, y, width, height } = this.boxes[i]!;
    const health = this.marks ? (this.marks.health.get(i) ?? 0) : this.health[i]!;
    const c = this.colours;
    context.beginPath();
    if (kind === "session") context.ellipse(x, y, width / 2, height / 2, 0, 0, 2 * Math.PI);
    else if (kind === "app" && this.zoom > dashable) context.roundRect(x - width / 2, y - height / 2, width, height, 8);
    else context.rect(x - width / 2, y - height / 2, width, height);
    if (this.isFaint(i)) {
      // What is faint still hides the lines behind it.
      context.fillStyle = c.ground!;
      context.fill();
      context.globalAlpha = 0.22;
    }
    context.fillStyle = health === 2 ? c.down! : health === 1 ? c.degraded! : kind === "app" ? c.app! : c.panel!;
    context.fill();
    const isPath = this.path.has(i) || this.marks?.chosen === i;
    const isDashed = this.zoom > dashable;
    context.setLineDash(isDashed && health === 1 ? [4, 3] : isDashed && kind === "session" && health === 0 ? [2, 2] : []);
    context.lineWidth = isPath ? Math.max(4, 2 / this.zoom) : health === 2 ? 3 : health === 1 ? 2 : 1;
    context.strokeStyle = isPath ? c.path! : health === 2 ? c.ink! : health === 1 ? c["degraded-ink"]! : c.muted!;
    context.stroke();
    context.setLineDash([]);
    if (this.singles.has(i)) {
      context.lineWidth = 1.2;
      context.strokeStyle = health === 2 ? c["down-ink"]! : c.muted!;
      context.beginPath();
      if (kind === "session") context.ellipse(x, y, width / 2 - 3.5, height / 2 - 3.5, 0, 0, 2 * Math.PI);
      else context.rect(x - width / 2 + 3.5, y - height / 2 + 3.5, width - 7, height - 7);
      context.stroke();
    }
    if (this.zoom < legible) {
      context.globalAlpha = 1;
      return;
    }
    context.font = `${kind === "app" ? "600 " : ""}12px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = health === 2 ? c["down-ink"]! : health === 1 ? c["degraded-ink"]! : c.ink!;
    const isStruck = health > 0 && this.marks === null && this.struck.has(i);
    context.fillText((isStruck ? `${struckSign} ` : "") + signs[health] + this.names[i]!, x, y + 0.5, width - 6);
    context.globalAlpha = 1;
  }
}

// Where a line from elsewhere to the middle of the box meets its border.
function borderOf(box: Box, from: Box): { x: number; y: number } {
  const dx = from.x - box.x;
  const dy = from.y - box.y;
  if (dx === 0 && dy === 0) return box;
  const share = Math.min(dx === 0 ? Infinity : box.width / 2 / Math.abs(dx), dy === 0 ? Infinity : box.height / 2 / Math.abs(dy), 1);
  return { x: box.x + dx * share, y: box.y + dy * share };
}

function addHead(path: Path2D, from: Box, tip: { x: number; y: number }, size: number): void {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  path.moveTo(tip.x, tip.y);
  path.lineTo(tip.x - size * Math.cos(angle - 0.42), tip.y - size * Math.sin(angle - 0.42));
  path.lineTo(tip.x - size * Math.cos(angle + 0.42), tip.y - size * Math.sin(angle + 0.42));
  path.closePath();
}

export function graphView(graph: Graph, label: string, singles: Set<number> = new Set()): GraphView {
  const canvas = html("canvas", { class: "graph", role: "img", "aria-label": label });
  const drawing = new Drawing(graph, canvas, singles);
  const listeners: ((vertex: number | null) => void)[] = [];
  let pointed: number | null = null;
  let dragged: { x: number; y: number } | null = null;

  // In a frame of its own: an observer may not change what it observes.
  new ResizeObserver(() =>
    requestAnimationFrame(() => {
      canvas.style.height = `${drawing.wantedHeight()}px`;
      drawing.begin();
    }),
  ).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawing.recolour());
  const point = (event: PointerEvent) => {
    const vertex = drawing.vertexAt(event.offsetX, event.offsetY);
    canvas.style.cursor = vertex === null ? "grab" : "pointer";
    if (vertex === pointed) return;
    pointed = vertex;
    for (const listener of listeners) listener(vertex);
  };
  canvas.addEventListener("pointermove", (event) => {
    if (!dragged) return point(event);
    drawing.left += event.clientX - dragged.x;
    // A finger that moves up or down scrolls the page.
    if (event.pointerType === "mouse") drawing.top += event.clientY - dragged.y;
    dragged = { x: event.clientX, y: event.clientY };
    drawing.redraw();
  });
  canvas.addEventListener("pointerdown", (event) => {
    point(event);
    dragged = { x: event.clientX, y: event.clientY };
    canvas.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) canvas.addEventListener(end, () => (dragged = null));

  const button = (text: string, name: string, act: () => void) => html("button", { type: "button", "aria-label": name, title: name, click: act }, text);
  const move = (x: number, y: number) => () => {
    drawing.left += x;
    drawing.top += y;
    drawing.redraw();
  };
  const element = html(
    "div",
    { class: "graph-box" },
    canvas,
    html(
      "div",
      { class: "graph-tools" },
      button("←", "Move left", move(90, 0)),
      button("→", "Move right", move(-90, 0)),
      button("↑", "Move up", move(0, 90)),
      button("↓", "Move down", move(0, -90)),
      button("+", "Zoom in", () => drawing.zoomBy(1.3)),
      button("−", "Zoom out", () => drawing.zoomBy(1 / 1.3)),
      button("⤢", "Fit all of it", () => drawing.fit()),
    ),
  );
  (canvas as unknown as { knockonGraph: Drawing }).knockonGraph = drawing;
  return {
    element,
    show: (shown) => {
      Object.assign(drawing, shown);
      drawing.redraw();
    },
    mark: (marks) => {
      drawing.marks = marks;
      drawing.redraw();
    },
    onPoint: (listener) => listeners.push(listener),
  };
}
