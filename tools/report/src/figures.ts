// Numbers as people read them: three figures, a unit, and a sign where a value is only a bound.
import { html } from "./elements";
import type { Statistic } from "./shown";

const space = " ";

function threeFigures(value: number): string {
  if (value === 0) return "0";
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  const text = value.toFixed(Math.min(9, Math.max(0, 3 - before)));
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

export function duration(minutes: number): string {
  if (minutes < 0) return "−" + duration(-minutes);
  const seconds = minutes * 60;
  if (seconds === 0) return "0s";
  if (seconds < 9.95) return `${threeFigures(Math.round(seconds * 10) / 10)}s`;
  if (seconds < 59.5) return `${Math.round(seconds)}s`;
  if (minutes < 10) {
    const whole = Math.round(seconds);
    return whole % 60 === 0 ? `${whole / 60}m` : `${Math.floor(whole / 60)}m ${whole % 60}s`;
  }
  const whole = Math.round(minutes);
  if (whole < 60) return `${whole}m`;
  if (whole < 48 * 60) return whole % 60 === 0 ? `${whole / 60}h` : `${Math.floor(whole / 60)}h ${whole % 60}m`;
  const hours = Math.round(minutes / 60);
  return hours % 24 === 0 ? `${hours / 24}d` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

export function count(value: number): string {
  const prefixes = ["", "k", "M", "G", "T", "P", "E"];
  const sign = value < 0 ? "−" : "";
  let rest = Math.abs(value);
  if (rest > 0) {
    const unit = 10 ** (Math.floor(Math.log10(rest)) - 2);
    rest = Math.round(rest / unit) * unit;
  }
  let prefix = 0;
  for (; rest >= 999.5 && prefix + 1 < prefixes.length; ++prefix) rest /= 1000;
  return sign + threeFigures(rest) + prefixes[prefix];
}

export function share(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent >= 9.95) {
    return percent > 99 && percent < 100
      ? `${threeFigures(Math.floor(percent * 10) / 10)}${space}%`
      : `${percent.toFixed(0)}${space}%`;
  }
  return percent < 0.01 ? `< 0.01${space}%` : `${percent.toFixed(percent < 0.0995 ? 2 : 1)}${space}%`;
}

export type Unit = "minutes" | "user_minutes" | "money" | "hours" | "share" | "count";

export function amount(value: number, unit: Unit, currency = ""): string {
  switch (unit) {
    case "minutes":
      return duration(value);
    case "user_minutes":
      return `${count(value)} min`;
    case "money":
      return `${count(value)} ${currency}`;
    case "hours":
      return `${count(value)} h`;
    case "share":
      return share(value);
    case "count":
      return count(value);
  }
}

export function range(low: string, high: string): string {
  return low === high ? low : `${low} – ${high}`;
}

// From the 5th to the 95th percentile; beyond the horizon nothing is known.
export function spread(statistic: Statistic, unit: Unit, horizon: number, currency = ""): string {
  if (statistic.p05 === null && statistic.p95 === null && statistic.n === 0) return "–";
  const beyond = `> ${duration(horizon)}`;
  if (statistic.p05 === null) return unit === "minutes" ? beyond : "–";
  const low = amount(statistic.p05, unit, currency);
  return range(low, statistic.p95 === null ? beyond : amount(statistic.p95, unit, currency));
}

export function median(statistic: Statistic, unit: Unit, horizon: number, currency = ""): string {
  if (statistic.p50 !== null) return amount(statistic.p50, unit, currency);
  return statistic.n > 0 && statistic.censored_share > 0 ? `> ${duration(horizon)}` : "–";
}

// A figure that can be traced: where it stands in the JSON, and its value there.
export function figure(path: string, value: number | null, text: string): HTMLElement {
  return html("span", { class: "figure", "data-path": path, "data-value": value === null ? undefined : value }, text);
}

export function medianFigure(path: string, statistic: Statistic, unit: Unit, horizon: number): HTMLElement {
  return figure(`${path}.p50`, statistic.p50, median(statistic, unit, horizon, statistic.currency));
}

export function meanFigure(path: string, statistic: Statistic, unit: Unit): HTMLElement {
  const text = statistic.mean === null ? "–" : amount(statistic.mean, unit, statistic.currency);
  return figure(`${path}.mean`, statistic.mean, text);
}
