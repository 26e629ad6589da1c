// The graph through one outage, with the list beside it that says the same in words.
import { html } from "./elements";
import { causalPath, healthAt, struckAt, whyAt } from "./causes";
import { graphView, healthWords, struckSign, type Health } from "./graph";
import { graphTable } from "./graph_table";
import type { Moment } from "./moment";
import type { Day, Graph } from "./shown";

const listedMost = 40;
const chainMost = 6;

export function outageGraph(graph: Graph, day: Day, moment: Moment, app: () => number, onApp: (listener: () => void) => void): HTMLElement {
  const view = graphView(graph, "Who hangs on whom, coloured by state at the moment of the slider; the list beside it says the same");
  const list = html("div", { class: "graph-list", tabindex: 0, role: "region", "aria-label": "What is not ok at this moment" });
  let said: string | null = null;
  let saidWhy = "";
  const show = (minute: number) => {
    const health = healthAt(day, graph, minute);
    const path = causalPath(graph, health, app());
    const struck = struckAt(day, minute);
    tellWhy(health, minute);
    const sick = health.flatMap((state, i) => (state > 0 ? [{ state, i }] : []));
    const rank = (i: number) => (path.nodes.has(i) ? 0 : graph.vertices[i]!.kind === "app" ? 1 : 2);
    sick.sort((a, b) => rank(a.i) - rank(b.i) || b.state - a.state || a.i - b.i);
    const key = sick.map(({ state, i }) => `${state}:${i}:${path.nodes.has(i)}:${struck.has(i)}`).join(",");
    // Most moments look as the one before them did.
    if (key === said) return;
    said = key;
    view.show({ health, path: path.nodes, pathEdges: path.edges, struck });
    list.replaceChildren(...summary(graph, sick, path.nodes, struck));
  };
  const why = html("p", { class: "graph-why" });
  const vertexOf = (number: number) => graph.vertices.findIndex((vertex) => vertex.kind === "app" && vertex.index === number);
  const tellWhy = (health: Health[], minute: number) => {
    const i = vertexOf(app());
    const name = graph.vertices[i]?.name ?? "";
    const chain = health[i] ? whyAt(day, name, minute) : [];
    const steps = chain.length > chainMost ? [...chain.slice(0, 2).map((event) => event.text), "…", ...chain.slice(2 - chainMost).map((event) => event.text)] : chain.map((event) => event.text);
    const words = `${name} is ${healthWords[health[i] ?? 0]}`;
    const rest = chain.length > 0 ? `: ${steps.join(" → ")}` : ".";
    if (saidWhy === words + rest) return;
    saidWhy = words + rest;
    why.replaceChildren(html("b", {}, words), rest);
  };
  moment.listen(show);
  onApp(() => show(moment.now()));
  const about = html("p", { class: "graph-about" });
  view.onPoint((vertex) => {
    if (vertex === null) return;
    const { name, kind } = graph.vertices[vertex]!;
    const needs = graph.edges.filter(([from]) => from === vertex).map(([, to]) => graph.vertices[to]!.name);
    const users = graph.edges.filter(([, to]) => to === vertex).map(([from]) => graph.vertices[from]!.name);
    about.textContent = `${name} (${kind}) hangs on ${needs.length > 0 ? needs.slice(0, 8).join(", ") : "nothing"}; ${users.length > 0 ? `${users.slice(0, 8).join(", ")} hang on it` : "nothing hangs on it"}.`;
  });
  return html(
    "div",
    {},
    why,
    html("div", { class: "graph-and-list" }, view.element, list),
    about,
    html(
      "p",
      { class: "key" },
      html("span", {}, html("i", { class: "node-down" }, "✕"), " down"),
      html("span", {}, html("i", { class: "node-degraded" }, "◐"), " degraded"),
      html("span", {}, html("i", {}, struckSign), " struck by a fault"),
      html("span", {}, html("i", { class: "node-path" }), " on the way from the app to the trouble"),
      html("span", {}, "boxes are services, rounded ones apps, ovals sessions; dashed is soft, dotted not waited for"),
    ),
    graph.omitted > 0 ? html("p", { class: "left-out" }, `${graph.omitted} more services and sessions, the farthest from the apps, are left out.`) : null,
    graphTable(graph),
  );
}

function summary(graph: Graph, sick: { state: Health; i: number }[], path: Set<number>, struck: Set<number>): HTMLElement[] {
  if (sick.length === 0) return [html("p", { class: "all-well" }, "Everything is ok.")];
  const items = sick.slice(0, listedMost).map(({ state, i }) => {
    const { name, kind } = graph.vertices[i]!;
    return html(
      "li",
      { class: `is-${healthWords[state]}` },
      html("b", {}, struck.has(i) ? `${struckSign} ` : "", state === 2 ? "✕ " : "◐ ", name),
      html("span", {}, ` ${kind}, ${healthWords[state]}${struck.has(i) ? ", struck" : ""}${path.has(i) && kind !== "app" ? ", on the way" : ""}`),
    );
  });
  return [
    html("p", {}, `${sick.length} of ${graph.vertices.length} are not ok:`),
    html("ul", {}, ...items),
    ...(sick.length > listedMost ? [html("p", {}, `and ${sick.length - listedMost} more`)] : []),
  ];
}
