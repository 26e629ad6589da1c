// What the graph alone says: what takes an app down, how far it reaches, and recovery that waits for itself.
import { asTable, choice, html, section, svg, table } from "./elements";
import { counted } from "./figures";
import { graphView, type Health } from "./graph";
import { captionOf, graphTable, tableMost } from "./graph_table";
import { heading, provenance } from "./heading";
import { shortened } from "./label";
import type { GraphPage } from "./shown";

const choicesMost = 2000;

export function graphPage(page: GraphPage): HTMLElement[] {
  const { result } = page;
  const parts: (HTMLElement | null)[] = [
    heading(page.world.title, "What hangs on what, before anything is run", { cause: result.cause }, [counted(result.services, "service"), result.dependencies === 1 ? "1 dependency" : `${result.dependencies} dependencies`]),
    html("p", { class: "headline" }, summary(page)),
    reach(page),
    knots(page),
    standstills(page),
    singles(page),
    cuts(page),
    circles(page),
    provenance({ knockon: result.knockon, scenario: result.scenario, scenario_sha256: result.scenario_sha256 }),
  ];
  return parts.filter((part): part is HTMLElement => part !== null);
}

function summary(page: GraphPage): string {
  const { single_points, recovery_knots, standstills, cycles } = page.result;
  const components = new Set(single_points.map((one) => `${one.kind} ${one.component}`));
  const list = grouped(recovery_knots);
  const tight = list.filter(({ knot }) => knot.untied_by === null && !knot.given_up).length;
  const knots = list.length === 0 ? "No recovery step waits for what it must mend." : `${counted(list.length, "way")} of recovery steps ${list.length === 1 ? "needs" : "need"} what is broken when ${list.length === 1 ? "its" : "their"} turn comes; ${tight === 0 ? "none of them holds the recovery up for good" : `nothing unties ${tight} of them`}.`;
  const alone = `${counted(components.size, "component")} ${components.size === 1 ? "takes" : "each take"} an app down alone.`;
  const never = standstills.length > 0 ? ` ${counted(standstills.length, "standstill")}: steps that are never done.` : "";
  return `${alone} ${knots}${never}${cycles.length > 0 ? ` ${counted(cycles.length, "circle")} of services hang${cycles.length === 1 ? "s" : ""} on each other.` : ""}`;
}

function reach(page: GraphPage): HTMLElement {
  const { result, graph } = page;
  const number = new Map(graph.vertices.map((vertex, i) => [`${vertex.kind} ${vertex.name}`, i]));
  const singleNames = new Set(result.single_points.map((one) => `${one.kind} ${one.component}`));
  const singles = new Set([...singleNames].flatMap((name) => number.get(name) ?? []));
  const view = graphView(graph, "Who hangs on whom; the list and the table beside it say the same", singles);
  const about = html("div", { class: "graph-list", tabindex: 0, role: "region", "aria-label": "How far it reaches", "aria-live": "polite" });
  const idle = () => [html("p", {}, "Point at something, or choose it above, to see what goes down with it.")];
  const show = (key: string | null) => {
    if (key === null || key === "") {
      view.mark(null);
      about.replaceChildren(...idle());
      return;
    }
    const blast = result.blast_radius.find((one) => `${one.kind} ${one.component}` === key);
    const health = new Map<number, Health>();
    for (const app of blast?.apps ?? []) {
      const i = number.get(`app ${app.app}`);
      if (i !== undefined) health.set(i, app.severity === "down" ? 2 : 1);
    }
    const self = number.get(key);
    if (self !== undefined) for (const i of between(graph.edges, graph.vertices.length, self, new Set(health.keys()))) if (!health.has(i)) health.set(i, 0);
    view.mark({ health, chosen: self ?? null });
    const name = key.slice(key.indexOf(" ") + 1);
    const kind = key.slice(0, key.indexOf(" "));
    const down = (blast?.apps ?? []).filter((app) => app.severity === "down");
    const degraded = (blast?.apps ?? []).filter((app) => app.severity === "degraded");
    about.replaceChildren(
      html("p", {}, html("b", {}, name), ` (${kind})`, singleNames.has(key) ? " is a single point: alone it takes an app down." : ""),
      html("p", {}, down.length + degraded.length === 0 ? "No app goes down or is degraded with it alone." : "With it alone:"),
      html("ul", {}, ...down.map((app) => html("li", { class: "is-down" }, html("b", {}, `✕ ${app.app}`), html("span", {}, " down"))), ...degraded.map((app) => html("li", {}, html("b", {}, `◐ ${app.app}`), html("span", {}, " degraded")))),
    );
  };
  about.replaceChildren(...idle());
  view.onPoint((vertex) => {
    if (vertex === null) return;
    const { kind, name } = graph.vertices[vertex]!;
    if (kind !== "app") show(`${kind} ${name}`);
  });
  const ranked = [...result.blast_radius].sort((a, b) => b.apps.filter((app) => app.severity === "down").length - a.apps.filter((app) => app.severity === "down").length);
  return section(
    "graph",
    "How far each thing reaches",
    "Apps are on the left, and what they hang on is to their right. A double border marks a single point.",
    choice("Component", [{ value: "", text: "none" }, ...ranked.slice(0, choicesMost).map((one) => ({ value: `${one.kind} ${one.component}`, text: `${one.component} (${one.kind})` }))], "", show),
    html("div", { class: "graph-and-list" }, view.element, about),
    html(
      "p",
      { class: "key" },
      html("span", {}, html("i", { class: "node-single" }), " single point"),
      html("span", {}, html("i", { class: "node-down" }, "✕"), " goes down with it"),
      html("span", {}, html("i", { class: "node-degraded" }, "◐"), " is degraded with it"),
      html("span", {}, "boxes are services, rounded ones apps, ovals sessions; dashed is soft, dotted not waited for"),
    ),
    ranked.length > choicesMost ? html("p", { class: "left-out" }, `${ranked.length - choicesMost} components that take down fewer apps cannot be chosen here; the JSON has them all.`) : null,
    graph.omitted > 0 ? html("p", { class: "left-out" }, `${graph.omitted} more services and sessions, the farthest from the apps, are left out of the picture.`) : null,
    asTable(
      captionOf("what goes down with what", ranked.length),
      [
        { title: "component", of: (one: (typeof ranked)[number]) => one.component },
        { title: "kind", of: (one) => one.kind },
        { title: "takes down", of: (one) => one.apps.filter((app) => app.severity === "down").map((app) => app.app).join(", ") || "–" },
        { title: "degrades", of: (one) => one.apps.filter((app) => app.severity === "degraded").map((app) => app.app).join(", ") || "–" },
      ],
      ranked.slice(0, tableMost),
    ),
    graphTable(graph),
  );
}

// What lies on a way from any of the apps to the component.
function between(edges: [number, number, string][], size: number, to: number, apps: Set<number>): Set<number> {
  const walk = (from: Iterable<number>, forward: boolean) => {
    const next: number[][] = Array.from({ length: size }, () => []);
    for (const [a, b] of edges) (forward ? next[a]! : next[b]!).push(forward ? b : a);
    const seen = new Set(from);
    const open = [...seen];
    while (open.length > 0) for (const other of next[open.pop()!]!) if (!seen.has(other)) seen.add(other), open.push(other);
    return seen;
  };
  const above = walk([to], false);
  const below = walk(apps, true);
  return new Set([...above].filter((i) => below.has(i)));
}

type Knot = GraphPage["result"]["recovery_knots"][number];

// Plans that share a step share its knot.
function grouped(knots: Knot[]): { knot: Knot; plans: string[] }[] {
  const groups = new Map<string, { knot: Knot; plans: string[] }>();
  for (const knot of knots) {
    const key = JSON.stringify([knot.step, knot.way, knot.waits_for, knot.which_needs, knot.untied_by, knot.given_up]);
    const group = groups.get(key);
    if (group) group.plans.push(knot.strategy);
    else groups.set(key, { knot, plans: [knot.strategy] });
  }
  return [...groups.values()];
}

function endingOf(knot: Knot): string {
  if (knot.untied_by !== null) return `untied by way ${knot.untied_by + 1}`;
  return knot.given_up ? "given up; the plan goes on without" : "nothing unties it";
}

// Each knot as the circle that it is: the step waits for a need, which hangs on what is broken, which the plan would mend.
function knots(page: GraphPage): HTMLElement | null {
  const list = grouped(page.result.recovery_knots);
  if (list.length === 0) return null;
  const shown = list.slice(0, 24);
  type Line = (typeof list)[number];
  return section(
    "knots",
    "Recovery that waits for what is broken",
    "From left to right: a step waits for what it needs, which hangs on what the cause has taken down. The arrow back says who would mend that: the same plan.",
    html("div", { class: "knots" }, ...shown.map((one) => knotPicture(one.knot, one.plans))),
    list.length > shown.length ? html("p", { class: "left-out" }, `${list.length - shown.length} more are in the table.`) : null,
    table(
      captionOf("recovery knots", list.length),
      [
        { title: "step", of: ({ knot }: Line) => knot.step },
        { title: "way", isNumber: true, of: ({ knot }) => knot.way + 1 },
        { title: "waits for", of: ({ knot }) => knot.waits_for },
        { title: "which needs", of: ({ knot }) => knot.which_needs.join(" → ") || "–" },
        { title: "in the end", of: ({ knot }) => endingOf(knot) },
        { title: "plans", of: ({ plans }) => plans.join(", ") },
      ],
      list.slice(0, tableMost),
    ),
  );
}

function knotPicture(knot: Knot, plans: string[]): HTMLElement {
  const chain = knot.which_needs[0] === knot.waits_for ? knot.which_needs : [knot.waits_for, ...knot.which_needs];
  const names = [knot.step, ...chain].slice(0, 6);
  const widths = names.map((name) => Math.min(150, [...shortened(name, 20)].length * 7.2 + 18));
  const xs: number[] = [];
  let x = 4;
  for (const width of widths) {
    xs.push(x);
    x += width + 30;
  }
  const width = x - 26;
  const isUntied = knot.untied_by !== null || knot.given_up;
  const picture = svg("svg", { width, height: 84, viewBox: `0 0 ${width} 84`, role: "img", "aria-label": `${knot.step} waits for ${chain.join(", which needs ")}` });
  names.forEach((name, i) => {
    const isLast = i === names.length - 1;
    picture.append(
      svg("rect", { x: xs[i]!, y: 12, width: widths[i]!, height: 28, rx: i === 0 ? 12 : 0, class: isLast ? "knot-broken" : "knot-node" }),
      svg("text", { x: xs[i]! + widths[i]! / 2, y: 30, "text-anchor": "middle", class: isLast ? "knot-broken-text" : undefined }, (isLast ? "✕ " : "") + shortened(name, isLast ? 18 : 20), svg("title", {}, name)),
    );
    if (!isLast) picture.append(svg("path", { d: `M${xs[i]! + widths[i]!} 26h24m-6 -4l6 4l-6 4`, class: "knot-arrow" }));
  });
  const last = xs[names.length - 1]! + widths[names.length - 1]! / 2;
  const first = xs[0]! + widths[0]! / 2;
  picture.append(
    svg("path", { d: `M${last} 40v22H${first}v-18m-4 6l4 -6l4 6`, class: isUntied ? "knot-arrow is-untied" : "knot-arrow is-tight" }),
    svg("text", { x: (first + last) / 2, y: 77, "text-anchor": "middle", class: "tick" }, endingOf(knot)),
  );
  picture.style.setProperty("--natural", `${width}px`);
  return html("figure", { class: "knot" }, html("figcaption", {}, `${knot.step}, way ${knot.way + 1}`, html("span", { class: "of-plans" }, ` of ${plans.join(", ")}`)), html("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": `knot of ${knot.step}` }, picture));
}

function standstills(page: GraphPage): HTMLElement | null {
  const list = page.result.standstills;
  if (list.length === 0) return null;
  return section(
    "standstills",
    "Plans that never end",
    "Steps that are never done: each waits for what only they would mend, or for another of them.",
    table(
      "standstills",
      [
        { title: "plan", of: (one: (typeof list)[number]) => one.strategy },
        { title: "steps that wait", of: (one) => one.waiting.join(", ") },
        { title: "would be mended by", of: (one) => one.would_mend.join(", ") || "no step" },
        { title: "steps behind them", of: (one) => one.behind.join(", ") || "–" },
      ],
      list.slice(0, tableMost),
    ),
  );
}

function circles(page: GraphPage): HTMLElement | null {
  const { cycles } = page.result;
  if (cycles.length === 0) return null;
  return section(
    "circles",
    "Circles",
    "Services that hang on each other: none of them can be started from nothing without the others.",
    html("ul", {}, ...cycles.slice(0, tableMost).map((names) => html("li", {}, names.join(", ")))),
  );
}

function singles(page: GraphPage): HTMLElement {
  const { single_points } = page.result;
  const byComponent = new Map<string, { component: string; kind: string; apps: Set<string> }>();
  for (const point of single_points) {
    const key = `${point.kind} ${point.component}`;
    const known = byComponent.get(key) ?? { component: point.component, kind: point.kind, apps: new Set<string>() };
    known.apps.add(point.app);
    byComponent.set(key, known);
  }
  const rows = [...byComponent.values()].sort((a, b) => b.apps.size - a.apps.size);
  return section(
    "single-points",
    "Single points",
    "Components that alone take a journey of an app down in some region.",
    table(
      "single points, those of most apps first",
      [
        { title: "component", of: (row: (typeof rows)[number]) => row.component },
        { title: "kind", of: (row) => row.kind },
        { title: "apps", isNumber: true, of: (row) => row.apps.size },
        { title: "takes down", of: (row) => [...row.apps].join(", ") },
      ],
      rows.slice(0, tableMost),
    ),
    rows.length > tableMost ? html("p", { class: "left-out" }, `${rows.length - tableMost} more are left out here; the JSON has them all.`) : null,
  );
}

function cuts(page: GraphPage): HTMLElement | null {
  const rows = page.result.cut_sets.flatMap((one) => one.sets.filter((set) => set.length > 1).map((set) => ({ ...one, set })));
  if (rows.length === 0) return null;
  return section(
    "cut-sets",
    "Together",
    "Smallest sets of components that take a journey down together, and no part of them does.",
    asTable(
      `${rows.length > tableMost ? `the first ${tableMost} of ` : ""}${rows.length} sets of two and more`,
      [
        { title: "together", of: (row: (typeof rows)[number]) => row.set.join(" + ") },
        { title: "journey", of: (row) => row.journey },
        { title: "region", of: (row) => row.region },
      ],
      rows.slice(0, tableMost),
    ),
  );
}
