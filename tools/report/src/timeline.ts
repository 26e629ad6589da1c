// Apps and regions over time: a tall solid bar is down, a low hatched one degraded, a thin line ok. What shapes say,
// colours only repeat.
import { html, svg } from "./elements";
import { duration } from "./figures";
import { labelSpace, shortened } from "./label";
import { marks, type Moment } from "./moment";
import type { States } from "./shown";

export interface Row {
  app: string;
  region: string;
  states: States;
  // When nine runs of ten are restored, and the median; null where unknown or beyond the horizon.
  restored?: { p05: number | null; p50: number | null; p95: number | null };
}

export interface PhaseBar {
  phase: string;
  from: number;
  to: number;
}

export interface Flag {
  minute: number;
  name: string;
}

// Times that are marked below the axis, and change.
export class Pins {
  private listener = () => {};
  causes: number[] = [];
  effects: number[] = [];

  set(causes: number[], effects: number[]): void {
    this.causes = causes;
    this.effects = effects;
    this.listener();
  }

  listen(listener: () => void): void {
    this.listener = listener;
  }
}

interface Layout {
  rows: Row[];
  phases?: PhaseBar[];
  flags?: Flag[];
  pins?: Pins;
  label: string;
}

const rowHeight = 22;
const phaseHeight = 26;
const laneHeight = 13;
const lanesMost = 3;
let hatches = 0;

export const phaseWords: Record<string, string> = {
  detect: "finding out that something is wrong",
  acknowledge: "until somebody answers the page",
  access: "getting to the tools",
  diagnose: "finding the cause",
  misdiagnose: "following a wrong cause",
  wait: "waiting for something that is down itself",
  fix: "mending",
  propagate: "until what was mended has spread",
  ramp: "letting people in again step by step",
  tail: "the last apps and regions",
  unresolved: "not over by the horizon",
};

export function phaseClass(phase: string): string {
  return `phase phase-${phase in phaseWords ? phase : "unresolved"}`;
}

// Drawn anew when its width changes: text keeps its size on narrow screens.
export function timeline(layout: Layout, moment: Moment, end: number): HTMLElement {
  const box = html("div", { class: "timeline" });
  let cursor: SVGLineElement | null = null;
  let pinned: SVGGElement | null = null;
  let scale = (minute: number) => minute;
  const draw = () => {
    const width = Math.max(260, box.clientWidth || 900);
    const isNarrow = width < 600;
    const regionSpace = layout.rows.some((row) => row.region !== "") ? (isNarrow ? 38 : 56) : 0;
    const names = [...layout.rows.map((row) => row.app), ...(layout.phases ? [phaseLabel(isNarrow)] : [])];
    const left = labelSpace(names, width, 0, regionSpace);
    const right = 12;
    const inner = width - left - right;
    scale = (minute) => left + (Math.min(end, Math.max(0, minute)) / end) * inner;
    const hatch = `hatch-${++hatches}`;
    const flags = placed(layout.flags ?? [], scale, width);
    const flagSpace = 5 + laneHeight * Math.max(0, ...flags.map((flag) => flag.lane + 1));
    const top = flagSpace + (layout.phases ? phaseHeight + 6 : 0);
    const below = layout.pins ? 28 : 20;
    const height = top + layout.rows.length * rowHeight + below + 6;
    const picture = svg(
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": layout.label },
      svg(
        "defs",
        {},
        svg(
          "pattern",
          { id: hatch, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
          svg("rect", { width: 5, height: 5, class: "hatch-ground" }),
          svg("rect", { width: 2, height: 5, class: "hatch-line" }),
        ),
      ),
    );
    const marked = marks(end, Math.max(2, Math.floor(inner / (moment.isDated ? 110 : 64))));
    for (const minute of marked) {
      const x = scale(minute);
      picture.append(
        svg("line", { x1: x, x2: x, y1: top - 2, y2: height - below, class: "grid" }),
        svg("text", { x, y: height - 6, class: "tick", "text-anchor": minute === 0 ? "start" : "middle" }, moment.clock.text(minute)),
      );
    }
    if (layout.phases) drawPhases(picture, layout.phases, scale, flagSpace, left, isNarrow);
    layout.rows.forEach((row, i) => drawRow(picture, row, top + i * rowHeight, i, { left, regionSpace, scale, end, hatch, isNarrow, rows: layout.rows }));
    drawFlags(picture, flags, height - below);
    pinned = svg("g", { class: "pins" });
    picture.append(pinned);
    drawPins(height - below);
    cursor = svg("line", { y1: flagSpace - 4, y2: height - below, class: "moment" });
    picture.append(cursor);
    box.replaceChildren(picture);
    move(moment.now());
  };
  const drawPins = (y: number) => {
    const marked = (minutes: number[] | undefined, name: string) =>
      (minutes ?? []).filter((minute) => minute <= end).map((minute) => svg("path", { d: `M${scale(minute)} ${y - 1}l-4 8h8z`, class: name }));
    pinned?.replaceChildren(...marked(layout.pins?.effects, "pin-effect"), ...marked(layout.pins?.causes, "pin-cause"));
    layout.pins?.listen(() => drawPins(y));
  };
  const move = (minute: number) => {
    cursor?.setAttribute("x1", String(scale(minute)));
    cursor?.setAttribute("x2", String(scale(minute)));
  };
  const point = (event: PointerEvent) => {
    const bounds = box.getBoundingClientRect();
    const from = scale(0);
    const to = scale(end);
    if (event.clientX - bounds.left < from - 6) return;
    moment.set(((event.clientX - bounds.left - from) / (to - from)) * end);
  };
  box.addEventListener("pointermove", point);
  box.addEventListener("pointerdown", point);
  new ResizeObserver(draw).observe(box);
  moment.listenToClock(draw);
  moment.listen(move);
  return box;
}

interface Drawing {
  left: number;
  regionSpace: number;
  scale: (minute: number) => number;
  end: number;
  hatch: string;
  isNarrow: boolean;
  rows: Row[];
}

function drawRow(picture: SVGElement, row: Row, y: number, i: number, to: Drawing): void {
  const middle = y + rowHeight / 2;
  const isFirst = i === 0 || to.rows[i - 1]!.app !== row.app;
  if (isFirst && i > 0) picture.append(svg("line", { x1: 0, x2: to.scale(to.end), y1: y, y2: y, class: "rule" }));
  if (isFirst) {
    const letters = Math.floor((to.left - to.regionSpace - 10) / 7);
    picture.append(
      svg("text", { x: 0, y: middle + 4, class: "row-name" }, shortened(row.app, letters), svg("title", {}, row.app)),
    );
  }
  if (row.region !== "")
    picture.append(
      svg(
        "text",
        { x: to.left - 8, y: middle + 4, class: "row-region", "text-anchor": "end" },
        shortened(row.region, to.isNarrow ? 5 : 8),
        svg("title", {}, row.region),
      ),
    );
  picture.append(svg("line", { x1: to.scale(0), x2: to.scale(to.end), y1: middle, y2: middle, class: "state-ok" }));
  const bar = (from: number, until: number, half: number, attributes: Record<string, string>, word: string) => {
    const x = to.scale(from);
    picture.append(
      svg(
        "rect",
        { x, y: middle - half, width: Math.max(1.5, to.scale(until) - x), height: 2 * half, ...attributes },
        svg("title", {}, `${row.app} ${row.region}: ${word} for ${duration(until - from)}`),
      ),
    );
  };
  for (const [from, until] of row.states.degraded) {
    if (from < to.end) bar(from, until, 4.5, { class: "state-degraded", fill: `url(#${to.hatch})` }, "degraded");
  }
  for (const [from, until] of row.states.down) {
    if (from < to.end) bar(from, until, 8, { class: "state-down" }, "down");
  }
  const restored = row.restored;
  if (restored && restored.p05 !== null && restored.p05 < to.end) {
    const low = to.scale(restored.p05);
    const high = to.scale(restored.p95 ?? to.end);
    const words = `restored in nine runs of ten after ${duration(restored.p05)} – ${restored.p95 === null ? "beyond the horizon" : duration(restored.p95)}`;
    picture.append(
      svg(
        "g",
        { class: "whisker" },
        svg("title", {}, `${row.app} ${row.region}: ${words}`),
        svg("line", { x1: low, x2: high, y1: middle, y2: middle }),
        svg("line", { x1: low, x2: low, y1: middle - 4, y2: middle + 4 }),
        svg("line", { x1: high, x2: high, y1: middle - 4, y2: middle + 4 }),
        restored.p50 !== null ? svg("circle", { cx: to.scale(restored.p50), cy: middle, r: 2.8 }) : null,
      ),
    );
  }
}

const phaseLabel = (isNarrow: boolean) => (isNarrow ? "phase" : "phase of the incident");

function drawPhases(
  picture: SVGElement,
  phases: PhaseBar[],
  scale: (minute: number) => number,
  y: number,
  left: number,
  isNarrow: boolean,
): void {
  picture.append(svg("text", { x: 0, y: y + phaseHeight / 2 + 2, class: "row-name" }, phaseLabel(isNarrow)));
  for (const { phase, from, to } of phases) {
    const x = scale(from);
    const width = scale(to) - x;
    if (width <= 0) continue;
    picture.append(
      svg(
        "g",
        { class: phaseClass(phase) },
        svg("rect", { x, y, width, height: phaseHeight - 4 }),
        width > phase.length * 7 + 6 ? svg("text", { x: x + 5, y: y + phaseHeight / 2 + 2 }, phase) : null,
        svg("title", {}, `${phase}: ${phaseWords[phase] ?? ""}, ${duration(to - from)}`),
      ),
    );
  }
  picture.append(svg("line", { x1: left, x2: left, y1: y, y2: y + phaseHeight - 4, class: "grid" }));
}

interface PlacedFlag extends Flag {
  x: number;
  lane: number;
  isLeft: boolean;
  // What would still write over another keeps its pole and loses its word.
  hasWord: boolean;
}

// Words that would write over each other go into another lane; lane 0 is the lowest.
function placed(flags: Flag[], scale: (minute: number) => number, width: number): PlacedFlag[] {
  const free: number[] = [];
  return [...flags]
    .sort((a, b) => a.minute - b.minute)
    .map((flag) => {
      const x = scale(flag.minute);
      const space = flag.name.length * 6.4 + 8;
      const isLeft = x + space > width;
      const from = isLeft ? x - space : x;
      let lane = free.findIndex((end) => from >= end);
      if (lane < 0) lane = free.length;
      const hasWord = lane < lanesMost;
      if (hasWord) free[lane] = from + space;
      return { ...flag, x, lane: hasWord ? lane : 0, isLeft, hasWord };
    });
}

function drawFlags(picture: SVGElement, flags: PlacedFlag[], bottom: number): void {
  const lanes = Math.max(0, ...flags.map((flag) => flag.lane));
  const heightOf = (lane: number) => (lanes - lane + 1) * laneHeight - 2;
  for (const { x, lane, hasWord } of flags) picture.append(svg("g", { class: "flag" }, svg("line", { x1: x, x2: x, y1: heightOf(lane) - (hasWord ? 9 : 0), y2: bottom })));
  for (const { name, minute, x, lane, isLeft, hasWord } of flags) {
    const y = heightOf(lane);
    picture.append(
      svg(
        "g",
        { class: "flag" },
        // Where a pointer finds what the pole is.
        svg("line", { x1: x, x2: x, y1: y, y2: bottom, class: "unseen" }),
        hasWord ? svg("text", { x: isLeft ? x - 3 : x + 3, y, "text-anchor": isLeft ? "end" : "start", class: "on-ground" }, name) : null,
        svg("title", {}, `${name} after ${duration(minute)}`),
      ),
    );
  }
}

export function stateKey(withSpread: boolean): HTMLElement {
  const mark = (content: SVGElement) => svg("svg", { width: 26, height: 16, "aria-hidden": "true" }, content);
  return html(
    "p",
    { class: "key" },
    html("span", {}, mark(svg("rect", { x: 1, y: 0, width: 24, height: 16, class: "state-down" })), " down"),
    html(
      "span",
      {},
      svg(
        "svg",
        { width: 26, height: 16, "aria-hidden": "true" },
        svg(
          "defs",
          {},
          svg(
            "pattern",
            { id: "hatch-key", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
            svg("rect", { width: 5, height: 5, class: "hatch-ground" }),
            svg("rect", { width: 2, height: 5, class: "hatch-line" }),
          ),
        ),
        svg("rect", { x: 1, y: 3.5, width: 24, height: 9, class: "state-degraded", fill: "url(#hatch-key)" }),
      ),
      " degraded",
    ),
    html("span", {}, mark(svg("line", { x1: 1, x2: 25, y1: 8, y2: 8, class: "state-ok" })), " ok"),
    withSpread
      ? html(
          "span",
          {},
          svg(
            "svg",
            { width: 34, height: 16, "aria-hidden": "true" },
            svg(
              "g",
              { class: "whisker" },
              svg("line", { x1: 2, x2: 32, y1: 8, y2: 8 }),
              svg("line", { x1: 2, x2: 2, y1: 4, y2: 12 }),
              svg("line", { x1: 32, x2: 32, y1: 4, y2: 12 }),
              svg("circle", { cx: 15, cy: 8, r: 2.8 }),
            ),
          ),
          " restored: median, and nine runs of ten",
        )
      : null,
  );
}
