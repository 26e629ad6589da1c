// Curves over time with the spread of nine runs of ten, all with the page's moment as their cursor.
import uPlot from "uplot";
import { html } from "./elements";
import { marks, type Moment } from "./moment";
import type { Band } from "./shown";

export interface Line {
  name: string;
  band: Band;
  // The single day that the rest of the page shows, where it is known.
  day?: number[];
}

export interface Plot {
  title: string;
  lines: Line[];
  stepMinutes: number;
  factor: number;
  format: (value: number) => string;
  // On the axis, where the title says the unit.
  tick?: (value: number) => string;
  most?: number;
}

// Okabe and Ito's colours, told apart by their dashes as well.
const strokes = ["--line-1", "--line-2", "--line-3", "--line-4", "--line-5", "--line-6"];
const dashes = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2]];

export function lineStyle(i: number): { color: string; dash: number[] } {
  const name = strokes[i % strokes.length]!;
  return { color: getComputedStyle(document.documentElement).getPropertyValue(name).trim(), dash: dashes[i % dashes.length]! };
}

function faded(color: string): string {
  return /^#[0-9a-f]{6}$/i.test(color) ? `${color}24` : color;
}

export function curves(plot: Plot, moment: Moment, end: number): HTMLElement {
  const box = html("div", { class: "curves", role: "img", "aria-label": plot.title });
  const figure = html("figure", {}, html("figcaption", {}, plot.title), box);
  const points = Math.min(plot.lines[0]?.band.p50.length ?? 0, Math.floor(end / plot.stepMinutes) + 1);
  const xs = Array.from({ length: points }, (_, i) => i * plot.stepMinutes);
  const scaled = (values: number[]) => values.slice(0, points).map((value) => value * plot.factor);
  const data: uPlot.AlignedData = [xs, ...plot.lines.flatMap((line) => [scaled(line.band.p05), scaled(line.band.p95), scaled(line.band.p50)])];
  let chart: uPlot | null = null;

  const build = () => {
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--muted").trim();
    const rule = style.getPropertyValue("--rule").trim();
    const width = Math.max(240, box.clientWidth || 560);
    const series: uPlot.Series[] = [{}];
    const bands: uPlot.Band[] = [];
    plot.lines.forEach((line, i) => {
      const { color, dash } = lineStyle(i);
      const edge = { stroke: "transparent", width: 0, points: { show: false } };
      series.push({ ...edge, label: `${line.name} 5 %` }, { ...edge, label: `${line.name} 95 %` });
      series.push({ label: line.name, stroke: color, width: 2, dash, points: { show: false } });
      bands.push({ series: [3 * i + 2, 3 * i + 1], fill: faded(color) });
    });
    chart?.destroy();
    chart = new uPlot(
      {
        width,
        height: 180,
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, range: [0, end] },
          y: { range: (_, least, most) => [Math.min(0, least), plot.most ?? (most > 0 ? most * 1.05 : 1)] },
        },
        axes: [
          {
            stroke: ink,
            size: 26,
            grid: { stroke: rule, width: 1 },
            ticks: { show: false },
            splits: () => marks(end, Math.max(2, Math.floor(width / (moment.isDated ? 130 : 80)))),
            values: (_, splits) => splits.map((minute) => moment.clock.text(minute)),
            font: "12px system-ui, sans-serif",
          },
          {
            stroke: ink,
            grid: { stroke: rule, width: 1 },
            ticks: { show: false },
            size: 52,
            values: (_, splits) => splits.map((value) => (plot.tick ?? plot.format)(value)),
            font: "12px system-ui, sans-serif",
          },
        ],
        series,
        bands,
        hooks: { draw: [(self) => drawMoment(self, moment.now(), style.getPropertyValue("--ink").trim())] },
      },
      data,
      box,
    );
    chart.over.addEventListener("pointermove", point);
    chart.over.addEventListener("pointerdown", point);
  };
  const point = (event: PointerEvent) => {
    if (!chart) return;
    const bounds = chart.over.getBoundingClientRect();
    moment.set(chart.posToVal(event.clientX - bounds.left, "x"));
  };
  let width = 0;
  new ResizeObserver(() => {
    if (box.clientWidth === width || box.clientWidth === 0) return;
    width = box.clientWidth;
    build();
  }).observe(box);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", build);
  moment.listenToClock(() => width > 0 && build());

  const readout = html("p", { class: "curve-key" });
  moment.listen((minute) => {
    chart?.redraw(false, false);
    const at = Math.min(points - 1, Math.round(minute / plot.stepMinutes));
    readout.replaceChildren(
      ...plot.lines.map((line, i) => {
        const value = (values: number[]) => plot.format((values[at] ?? 0) * plot.factor);
        const { p05, p50, p95 } = line.band;
        return html("span", { class: `line-${(i % strokes.length) + 1}` }, html("b", {}, line.name), ` ${value(p50)} (${value(p05)} – ${value(p95)})`);
      }),
    );
  }, figure);
  figure.append(readout);
  return figure;
}

function drawMoment(self: uPlot, minute: number, color: string): void {
  const x = self.valToPos(minute, "x", true);
  const { ctx, bbox } = self;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}
