// Names beside charts: as much room as they need, and no more than a chart can spare.

const letterWidth = 7;

// What a short name leaves out can be read when pointing at it.
export function shortened(text: string, most: number): string {
  const letters = [...text];
  return letters.length <= most ? text : letters.slice(0, Math.max(1, most - 1)).join("") + "…";
}

// In pixels, of a chart so wide; `besides` is for what stands between a name and the chart.
export function labelSpace(names: string[], width: number, least = 0, besides = 0): number {
  const longest = Math.max(0, ...names.map((name) => [...name].length));
  const wanted = Math.max(least, longest * letterWidth + 14 + besides);
  return Math.min(wanted, Math.round(width * 0.34), 300);
}
