// Reads what is to be shown from the page itself, and shows it.
import "uplot/dist/uPlot.min.css";
import "./style.css";
import { comparePage } from "./compare";
import { html } from "./elements";
import { explainPage } from "./explain";
import { graphPage } from "./graph_page";
import { runPage } from "./run";
import type { Shown } from "./shown";

function shownParts(shown: Shown): HTMLElement[] {
  switch (shown.page) {
    case "run":
      return runPage(shown);
    case "compare":
      return comparePage(shown);
    case "explain":
      return explainPage(shown);
    case "graph":
      return graphPage(shown);
  }
}

const place = document.getElementById("page")!;
try {
  const shown = JSON.parse(document.getElementById("shown")!.textContent!) as Shown;
  place.append(...shownParts(shown));
  // When everything stands there, in milliseconds after the page was asked for: so that it can be measured.
  requestAnimationFrame(() => requestAnimationFrame(() => (place.dataset.ready = performance.now().toFixed(0))));
} catch (error) {
  place.append(html("p", { class: "misfortune" }, `This page cannot be shown: ${String(error)}`));
  throw error;
}
