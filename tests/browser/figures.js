// Figures as the page writes them, read back into numbers: what is shown must be what was computed.

const prefixes = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 };
const units = { d: 1440, h: 60, m: 1, s: 1 / 60 };

// In minutes, amounts or shares; null for a dash or a bound ("> 6h").
export function valueOf(text) {
  if (text === "–" || /^[<>]/.test(text)) return null;
  if (text.startsWith("−")) return -valueOf(text.slice(1));
  const percent = text.match(/^([\d.]+)\s%$/);
  if (percent) return Number(percent[1]) / 100;
  if (/^(\d[\d.]*[dhms])( \d[\d.]*[dhms])*$/.test(text)) {
    return text.split(" ").reduce((sum, part) => sum + Number(part.slice(0, -1)) * units[part.slice(-1)], 0);
  }
  const amount = text.match(/^([\d.]+)([kMGTPE]?)(?: (?:min|h|[A-Z]{3}))?$/);
  if (amount) return Number(amount[1]) * prefixes[amount[2]];
  throw new Error(`not a figure: ${text}`);
}

// Three figures, or whole minutes of hours.
export function isNear(shown, value) {
  return Math.abs(shown - value) <= Math.max(Math.abs(value) * 0.006, value > 10 && value < 3000 ? 0.51 : 1 / 60, value >= 2880 ? 31 : 0) + 1e-9;
}

export function at(json, path) {
  return path.split(".").reduce((value, key) => value?.[key], json);
}
