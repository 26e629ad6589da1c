// Distributions of single days: a bar for each stretch of values, the median and nine runs of ten marked below.
import { html, svg } from "./elements";
import { axisOf } from "./axis";
import { amount, median, spread, type Unit } from "./figures";
import { labelSpace, shortened } from "./label";
import type { Sample, Statistic } from "./shown";

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
  statistic: Statistic;
  isFaded?: boolean;
  // Of the runs, where some were not over by the horizon.
  beyond?: string;
}

const rowHeight = 60;

// One below the other on one scale, so that they can be compared. What lasts beyond `known`, in minutes, is not known.
export function distributions(shapes: Shape[], unit: Unit, currency: string, label: string, known: number): HTMLElement {
  const box = html("div", { class: "distributions" });
  const most = Math.max(1e-9, ...shapes.flatMap((shape) => [shape.statistic.p95 ?? 0, ...shape.sample.values]));
  const draw = () => {
    const width = Math.max(260, box.clientWidth || 900);
    const left = labelSpace(shapes.map((shape) => shape.name), width, 176);
    const inner = width - left - 24;
    const { ticks, to: end } = axisOf(0, most, unit, Math.max(2, Math.floor(inner / 90)));
    const scale = (value: number) => left + (value / end) * inner;
    const height = shapes.length * rowHeight + 26;
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    for (const tick of ticks) {
      picture.append(
        svg("line", { x1: scale(tick), x2: scale(tick), y1: 4, y2: height - 22, class: "grid" }),
        svg("text", { x: scale(tick), y: height - 6, class: "tick", "text-anchor": "middle" }, amount(tick, unit, currency)),
      );
    }
    shapes.forEach((shape, i) => drawShape(picture, shape, i * rowHeight + 4, { left, scale, end, unit, currency, known }));
    box.replaceChildren(picture);
  };
  new ResizeObserver(draw).observe(box);
  return box;
}

function drawShape(
  picture: SVGElement,
  shape: Shape,
  y: number,
  to: { left: number; scale: (value: number) => number; end: number; unit: Unit; currency: string; known: number },
): void {
  const base = y + rowHeight - 20;
  const group = svg("g", { class: shape.isFaded ? "faded" : undefined });
  group.append(svg("text", { x: 0, y: base - 11, class: "row-name" }, shortened(shape.name, Math.floor((to.left - 10) / 7)), svg("title", {}, shape.name)));
  const { p05, p50, p95 } = shape.statistic;
  const middle = median(shape.statistic, to.unit, to.known);
  const around = spread(shape.statistic, to.unit, to.known);
  const both = around === middle ? middle : `${middle} (${around})`;
  // Where there is no room for both, the whisker still says the spread.
  group.append(svg("text", { x: 0, y: base + 5, class: "tick" }, [...both].length * 6.1 < to.left - 8 ? both : middle));
  if (shape.beyond) group.append(svg("text", { x: to.scale(to.end), y: y + 7, class: "tick", "text-anchor": "end" }, shape.beyond));
  if (shape.sample.values.length > 0) {
    const bins = binned(shape.sample, to.end, 60);
    const highest = Math.max(...bins.map((bin) => bin.share));
    for (const bin of bins) {
      if (bin.share === 0) continue;
      const height = Math.max(1.5, (bin.share / highest) * (rowHeight - 30));
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
  if (p05 !== null) {
    const low = to.scale(p05);
    const high = to.scale(Math.min(to.end, p95 ?? to.end));
    group.append(
      svg(
        "g",
        { class: "whisker" },
        svg("line", { x1: low, x2: high, y1: base + 6, y2: base + 6 }),
        svg("line", { x1: low, x2: low, y1: base + 2, y2: base + 10 }),
        p95 !== null ? svg("line", { x1: high, x2: high, y1: base + 2, y2: base + 10 }) : null,
        p50 !== null ? svg("circle", { cx: to.scale(p50), cy: base + 6, r: 3.2 }) : null,
      ),
    );
  }
  picture.append(group);
}
