// Who hangs on whom in words, for those who do not point at a picture.
import { asTable } from "./elements";
import type { Graph } from "./shown";

export const tableMost = 200;
const namesMost = 12;

function listed(names: string[]): string {
  if (names.length === 0) return "–";
  return names.length <= namesMost ? names.join(", ") : `${names.slice(0, namesMost).join(", ")} and ${names.length - namesMost} more`;
}

// "the first 200 of 3,004: what hangs on what", where not all of them are in the table.
export function captionOf(caption: string, count: number): string {
  return count > tableMost ? `the first ${tableMost} of ${count}: ${caption}` : caption;
}

export function graphTable(graph: Graph): HTMLElement {
  const needs: string[][] = graph.vertices.map(() => []);
  const users: string[][] = graph.vertices.map(() => []);
  for (const [from, to, kind] of graph.edges) {
    needs[from]!.push(graph.vertices[to]!.name + (kind === "hard" ? "" : ` (${kind})`));
    users[to]!.push(graph.vertices[from]!.name);
  }
  const rows = graph.vertices.map((_, i) => i);
  return asTable(
    captionOf("what hangs on what", rows.length),
    [
      { title: "name", of: (i: number) => graph.vertices[i]!.name },
      { title: "kind", of: (i) => graph.vertices[i]!.kind },
      { title: "hangs on", of: (i) => listed(needs[i]!) },
      { title: "needed by", of: (i) => listed(users[i]!) },
    ],
    rows.slice(0, tableMost),
  );
}
