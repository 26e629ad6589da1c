// Axes with marks at round values: minutes fall on other round numbers than amounts do.
import type { Unit } from "./figures";

export interface Axis {
  ticks: number[];
  from: number;
  to: number;
}

const minuteSteps = [1 / 6, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080];
// Beyond the outermost value, so that nothing lies on the edge.
const air = 0.03;

// With `wanted` marks at most, and zero in it.
export function axisOf(least: number, most: number, unit: Unit, wanted: number): Axis {
  const low = Math.min(0, least);
  const high = Math.max(0, most);
  const span = high - low > 0 ? high - low : 1;
  const rough = span / wanted;
  const step = unit === "minutes" ? (minuteSteps.find((candidate) => candidate >= rough) ?? rough) : roundStep(rough);
  const from = low < 0 ? low - span * air : 0;
  const to = high > 0 || low === 0 ? high + span * air : 0;
  const ticks: number[] = [];
  for (let i = Math.ceil(from / step); i * step <= to; ++i) ticks.push(i * step);
  return { ticks, from, to };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
}
