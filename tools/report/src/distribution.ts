// Distributions of single days: a bar for each stretch of values, the median and nine runs of ten marked below.
import { html, svg } from "./elements";
import { amount, type Unit } from "./figures";
import type { Sample } from "./shown";

export function roundScale(most: number, wanted: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const list: number[] = [];
  for (let value = 0; value < most + step; value += step) list.push(value);
  return list;
}

// Minutes fall on other round numbers than amounts do.
export function ticksFor(most: number, unit: Unit, wanted: number): number[] {
  if (unit !== "minutes") return roundScale(most, wanted);
  const steps = [1 / 6, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080];
  const step = steps.find((candidate) => most / candidate <= wanted) ?? most / wanted;
  const list: number[] = [];
  for (let value = 0; value < most + step; value += step) list.push(value);
  return list;
}

export interface Bin {
  from: number;
  to: number;
  share: number;
}

// Of the values there are; they stand for all `n`.
export function binned(sample: Sample, most: number, count: number): Bin[] {
  const bins: Bin[] = Array.from({ length: count }, (_, i) => ({ from: (most * i) / count, to: (most * (i + 1)) / count, share: 0 }));
  for (const value of sample.values) bins[Math.min(count - 1, Math.max(0, Math.floor((value / most) * count)))]!.share += 1 / sample.values.length;
  return bins;
}

export interface Shape {
  name: string;
  sample: Sample;
  p05: number | null;
  p50: number | null;
  p95: number | null;
  isFaded?: boolean;
  note?: string;
}

const rowHeight = 58;

// One below the other on one scale, so that they can be compared.
export function distributions(shapes: Shape[], unit: Unit, currency: string, label: string): HTMLElement {
  const box = html("div", { class: "distributions" });
  const most = Math.max(1e-9, ...shapes.flatMap((shape) => [shape.p95 ?? 0, ...shape.sample.values]));
  const draw = () => {
    const width = Math.max(260, box.clientWidth || 900);
    const left = width < 600 ? 96 : 190;
    const inner = width - left - 64;
    const ticks = ticksFor(most, unit, Math.max(2, Math.floor(inner / 90)));
    const end = ticks[ticks.length - 1]!;
    const scale = (value: number) => left + (value / end) * inner;
    const height = shapes.length * rowHeight + 26;
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    for (const tick of ticks) {
      picture.append(
        svg("line", { x1: scale(tick), x2: scale(tick), y1: 4, y2: height - 22, class: "grid" }),
        svg("text", { x: scale(tick), y: height - 6, class: "tick", "text-anchor": tick === 0 ? "start" : "middle" }, amount(tick, unit, currency)),
      );
    }
    shapes.forEach((shape, i) => drawShape(picture, shape, i * rowHeight + 4, { left, scale, end, unit, currency }));
    box.replaceChildren(picture);
  };
  new ResizeObserver(draw).observe(box);
  return box;
}

function drawShape(
  picture: SVGElement,
  shape: Shape,
  y: number,
  to: { left: number; scale: (value: number) => number; end: number; unit: Unit; currency: string },
): void {
  const base = y + rowHeight - 20;
  const letters = Math.floor((to.left - 10) / 7);
  const name = [...shape.name].length > letters ? [...shape.name].slice(0, letters - 1).join("") + "…" : shape.name;
  const group = svg("g", { class: shape.isFaded ? "faded" : undefined });
  group.append(svg("text", { x: 0, y: base - 8, class: "row-name" }, name, svg("title", {}, shape.name)));
  if (shape.note) group.append(svg("text", { x: 0, y: base + 8, class: "tick" }, shape.note));
  if (shape.sample.values.length > 0) {
    const bins = binned(shape.sample, to.end, 60);
    const highest = Math.max(...bins.map((bin) => bin.share));
    for (const bin of bins) {
      if (bin.share === 0) continue;
      const height = Math.max(1.5, (bin.share / highest) * (rowHeight - 26));
      group.append(
        svg(
          "rect",
          { x: to.scale(bin.from) + 0.5, y: base - height, width: Math.max(1, to.scale(bin.to) - to.scale(bin.from) - 1), height, class: "bar" },
          svg("title", {}, `${amount(bin.from, to.unit, to.currency)} – ${amount(bin.to, to.unit, to.currency)}: ${(bin.share * 100).toFixed(1)} % of the runs`),
        ),
      );
    }
  } else {
    group.append(svg("text", { x: to.scale(0) + 6, y: base - 8, class: "tick" }, "in no run"));
  }
  if (shape.p05 !== null) {
    const low = to.scale(shape.p05);
    const high = to.scale(Math.min(to.end, shape.p95 ?? to.end));
    group.append(
      svg(
        "g",
        { class: "whisker" },
        svg("line", { x1: low, x2: high, y1: base + 6, y2: base + 6 }),
        svg("line", { x1: low, x2: low, y1: base + 2, y2: base + 10 }),
        shape.p95 !== null ? svg("line", { x1: high, x2: high, y1: base + 2, y2: base + 10 }) : null,
        shape.p50 !== null ? svg("circle", { cx: to.scale(shape.p50), cy: base + 6, r: 3.2 }) : null,
      ),
    );
    if (shape.p50 !== null) group.append(svg("text", { x: high + 6, y: base + 10, class: "tick" }, amount(shape.p50, to.unit, to.currency)));
  }
  picture.append(group);
}
