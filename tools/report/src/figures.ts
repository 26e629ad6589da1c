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

// "1 run", "200 runs".
export function counted(value: number, word: string): string {
  return `${value} ${word}${value === 1 ? "" : "s"}`;
}

// "2h 39m" stays on one line, and so does "155G min".
export function unbroken(text: string): string {
  return text.replace(/(\d[\d.]*[dhkMGTPE]?) (?=\d+[hms]\b|min\b|h\b|[A-Z]{3}\b)/g, "$1\u00a0");
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

export const units: Unit[] = ["minutes", "user_minutes", "money", "hours", "share", "count"];

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

// A time that was not over by the horizon is known only to be longer, and such runs are the longest of all.
function isBound(statistic: Statistic, quantile: number, unit: Unit): boolean {
  return unit === "minutes" && statistic.censored_share > 1 - quantile + 1e-9;
}

function quantileText(statistic: Statistic, value: number | null, quantile: number, unit: Unit, end: number): string {
  if (value !== null) return (isBound(statistic, quantile, unit) ? "> " : "") + amount(value, unit, statistic.currency);
  return statistic.n > 0 && statistic.censored_share > 0 && unit === "minutes" ? `> ${duration(end)}` : "–";
}

// From the 5th to the 95th percentile; beyond the end of what was simulated, in minutes after onset, nothing is known.
export function spread(statistic: Statistic, unit: Unit, end: number): string {
  const low = quantileText(statistic, statistic.p05, 0.05, unit, end);
  return low.startsWith(">") ? low : range(low, quantileText(statistic, statistic.p95, 0.95, unit, end));
}

export function median(statistic: Statistic, unit: Unit, end: number): string {
  return quantileText(statistic, statistic.p50, 0.5, unit, end);
}

// A figure that can be traced: where it stands in the JSON, and its value there.
export function figure(path: string, value: number | null, text: string): HTMLElement {
  return html("span", { class: "figure", "data-path": path, "data-value": value === null ? undefined : value }, text);
}

export function medianFigure(path: string, statistic: Statistic, unit: Unit, end: number): HTMLElement {
  return figure(`${path}.p50`, statistic.p50, median(statistic, unit, end));
}

export function meanFigure(path: string, statistic: Statistic, unit: Unit): HTMLElement {
  const text = statistic.mean === null ? "–" : amount(statistic.mean, unit, statistic.currency);
  return figure(`${path}.mean`, statistic.mean, text);
}
