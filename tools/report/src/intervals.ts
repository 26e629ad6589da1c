// Rows of intervals with a point in them: what was observed beside what is simulated, and differences of pairs.
import { html, svg } from "./elements";
import { amount, type Unit } from "./figures";
import { axisOf } from "./axis";
import { labelSpace, shortened } from "./label";

export interface IntervalRow {
  name: string;
  low: number | null;
  point: number | null;
  high: number | null;
  // Drawn as a box behind the interval.
  box?: [number, number];
  isStrong?: boolean;
  note?: string;
}

const rowHeight = 34;

export function intervalRows(rows: IntervalRow[], unit: Unit, currency: string, label: string): HTMLElement {
  const box = html("div", { class: "intervals" });
  const ends = rows.flatMap((row) => [row.low, row.point, row.high, ...(row.box ?? [])]).filter((value): value is number => value !== null);
  const draw = () => {
    const width = Math.max(260, box.clientWidth || 900);
    const left = labelSpace(rows.flatMap((row) => [row.name, row.note ?? ""]), width, 0, 20);
    const inner = width - left - 24;
    const { ticks, from, to } = axisOf(Math.min(0, ...ends), Math.max(0, ...ends), unit, Math.max(2, Math.floor(inner / 100)));
    const scale = (value: number) => left + ((value - from) / (to - from)) * inner;
    const height = rows.length * rowHeight + 26;
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
    for (const tick of ticks) {
      picture.append(
        svg("line", { x1: scale(tick), x2: scale(tick), y1: 0, y2: height - 22, class: tick === 0 ? "zero" : "grid" }),
        svg("text", { x: scale(tick), y: height - 6, class: "tick", "text-anchor": "middle" }, amount(tick, unit, currency)),
      );
    }
    rows.forEach((row, i) => {
      const y = i * rowHeight + rowHeight / 2;
      picture.append(
        svg("text", { x: 0, y: row.note ? y - 2 : y + 4, class: "row-name" }, shortened(row.name, Math.floor((left - 12) / 7)), svg("title", {}, row.name)),
      );
      if (row.note) picture.append(svg("text", { x: 0, y: y + 12, class: "tick" }, shortened(row.note, Math.floor((left - 8) / 6))));
      if (row.box) {
        const x = scale(row.box[0]);
        picture.append(
          svg("rect", { x: x - 1, y: y - 9, width: Math.max(3, scale(row.box[1]) - x + 2), height: 18, class: "observed" }),
        );
      }
      const low = scale(row.low ?? from);
      const high = scale(row.high ?? to);
      if (row.low !== null || row.high !== null) {
        picture.append(
          svg(
            "g",
            { class: row.isStrong ? "whisker strong" : "whisker" },
            svg("line", { x1: low, x2: high, y1: y, y2: y }),
            row.low !== null ? svg("line", { x1: low, x2: low, y1: y - 5, y2: y + 5 }) : null,
            row.high !== null ? svg("line", { x1: high, x2: high, y1: y - 5, y2: y + 5 }) : null,
          ),
        );
      }
      if (row.point !== null) picture.append(svg("circle", { cx: scale(row.point), cy: y, r: 4, class: row.isStrong ? "point strong" : "point" }));
    });
    box.replaceChildren(picture);
  };
  new ResizeObserver(draw).observe(box);
  return box;
}
