// The head and the foot of every page: what was asked, and where the answer comes from.
import { html } from "./elements";
import { counted, duration } from "./figures";
import type { Head } from "./shown";

export function heading(title: string, kind: string, head: Partial<Head>, facts: string[]): HTMLElement {
  document.title = `${title} · knockon`;
  const chips = [
    ...(head.cause ? [`cause ${head.cause}`] : []),
    ...(head.strategy ? [`met with ${head.strategy}`] : []),
    ...(head.variants ?? []).map((variant) => `variant ${variant}`),
    ...(head.set ?? []).map(([path, value]) => `${path}=${value}`),
    ...facts,
  ];
  return html(
    "header",
    {},
    html("p", { class: "kind" }, kind),
    html("h1", {}, title),
    html("ul", { class: "chips" }, ...chips.map((chip) => html("li", {}, chip))),
  );
}

export function misfortunes(head: Head): HTMLElement | null {
  const lines: string[] = [];
  if (head.interrupted) lines.push(`Interrupted: these are the first ${head.replications} of ${head.requested} runs.`);
  if (head.died.length > 0) {
    lines.push(`${head.died.length} of ${head.requested} runs died and are left out:`);
    for (const died of head.died.slice(0, 5)) lines.push(`number ${died.index}${died.entry ? ` with ${died.entry}` : ""}: ${died.error}`);
    if (head.died.length > 5) lines.push(`and ${head.died.length - 5} more`);
  }
  return lines.length === 0 ? null : html("div", { class: "misfortune", role: "note" }, ...lines.map((line) => html("p", {}, line)));
}

export function provenance(head: Partial<Head>): HTMLElement {
  const facts = [
    `knockon ${head.knockon ?? ""}`,
    `scenario ${head.scenario ?? ""} (${(head.scenario_sha256 ?? "").slice(0, 16)})`,
    ...(head.seed === undefined ? [] : [`seed ${head.seed}`]),
    ...(head.replications === undefined ? [] : [`${counted(head.replications, "run")} of ${duration(head.horizon_minutes ?? 0)}`]),
    ...(head.fingerprint ? [`fingerprint ${head.fingerprint}`] : []),
  ];
  return html(
    "footer",
    {},
    html("p", {}, facts.join(" · ")),
    html("p", {}, "Simulated. Minutes count from the moment the first fault begins. “Nine runs of ten” lie between the 5th and the 95th percentile; k, M, G and T are thousand, million, 10⁹ and 10¹²."),
  );
}
