// One replication as a story beside its timeline: an event shows what brought it about and what it led to.
import { peak } from "./causes";
import { asTable, choice, html, section, table } from "./elements";
import { amount, count, duration, figure, unbroken } from "./figures";
import { heading, misfortunes, provenance } from "./heading";
import { minuteBars } from "./minutes";
import { Moment } from "./moment";
import { outageGraph } from "./outage_graph";
import { player } from "./player";
import { flagsOf, merged, rowsOf, sparedRows } from "./run";
import { phaseWords, Pins, stateKey, timeline } from "./timeline";
import type { Day, ExplainPage, Happening } from "./shown";

const effectsMost = 12;

export function explainPage(page: ExplainPage): HTMLElement[] {
  const { result, day, world } = page;
  // Some events are dated back to when they became true.
  day.events.sort((a, b) => a.minute - b.minute || a.event - b.event);
  const ends = day.apps.flatMap((app) => [app, ...app.regions].flatMap((states) => [...states.down, ...states.degraded].map(([, to]) => to)));
  const end = Math.min(day.end_minute, Math.max(1, ...ends) * 1.05 + 1);
  const moment = new Moment(end, day.onset, world.regions);
  const hit = world.apps.flatMap((name, a) => {
    const states = day.apps[a]!.regions;
    return states.some((one) => one.down.length + one.degraded.length > 0) ? [{ name, states, a }] : [];
  });
  const spared = world.apps.filter((name) => hit.every((one) => one.name !== name));
  const rows = [...rowsOf(hit, world.regions.map((region) => region.name)), ...sparedRows(spared)];
  const pins = new Pins();
  let app = hit[0]?.a ?? 0;
  const listeners: (() => void)[] = [];
  const parts: (HTMLElement | null)[] = [
    heading(world.title, `One outage explained: number ${result.replication}, ${page.which}`, result, [`seed ${result.seed}`]),
    misfortunes(result),
    html("p", { class: "headline" }, unbroken(summary(page, hit.map((one) => one.name)))),
    html(
      "div",
      {},
      html("div", { class: "beside" },
      section(
      "timeline",
      "App by app",
      `From its onset at ${day.onset}. Point at a time, or choose an event of the story: everything shows that moment.`,
      stateKey(false),
      timeline({ rows, phases: merged(day, end), flags: flagsOf(day), pins, label: "When each app was down or degraded in each region" }, moment, end),
      html("p", { class: "key" }, html("span", {}, html("i", { class: "pin-key pin-cause" }, "▲"), " when what brought the chosen event about happened"), html("span", {}, html("i", { class: "pin-key pin-effect" }, "▲"), " when what it led to happened")),
      asTable(
        "when each app was down and degraded",
        [
          { title: "app", of: (row: (typeof rows)[number]) => row.app },
          { title: "region", of: (row) => row.region },
          { title: "down", of: (row) => row.states.down.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
          { title: "degraded", of: (row) => row.states.degraded.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
        ],
        rows,
      ),
    ),
    story(page, moment, pins),
    ),
    section(
      "graph",
      "What hangs on what",
      "The thick line leads from the app to what keeps it from working at that moment.",
      choice("App", world.apps.map((name, i) => ({ value: String(i), text: name })), String(app), (value) => {
        app = Number(value);
        listeners.forEach((listener) => listener());
      }),
      outageGraph(page.graph, day, moment, () => app, (listener) => listeners.push(listener)),
    ),
      player(moment),
    ),
    section("minutes", "Where the minutes went", null, minuteBars([{ name: "this run", minutes: result.minutes, path: "minutes" }], "where the minutes went")),
    waiting(page),
    counterfactuals(page),
    provenance(result),
  ];
  moment.begin(peak(day, page.graph, end));
  return parts.filter((part): part is HTMLElement => part !== null);
}

function summary(page: ExplainPage, hit: string[]): string {
  if (hit.length === 0) return "Nobody notices anything.";
  const { day } = page;
  const worst = [...page.result.minutes].sort((a, b) => (b.mean ?? 0) - (a.mean ?? 0))[0];
  const names = hit.length > 4 ? `${hit.slice(0, 3).join(", ")} and ${hit.length - 3} more` : hit.join(", ");
  const over = day.dates.restored === null || day.dates.restored === undefined ? `not over by the horizon (${duration(day.end_minute)} after onset)` : `over after ${duration(day.dates.restored)}`;
  const most = worst && worst.mean ? ` The longest part of it, ${duration(worst.mean)}, is ${phaseWords[worst.phase] ?? worst.phase}.` : "";
  return `It hits ${names}, and is ${over}.${most}`;
}

function leads(day: Day): Map<number, number[]> {
  const effects = new Map<number, number[]>();
  for (const event of day.events) {
    if (event.cause === null) continue;
    const list = effects.get(event.cause);
    if (list) list.push(event.event);
    else effects.set(event.cause, [event.event]);
  }
  return effects;
}

// Those that the chains and the way to the end are made of; the whole trace is there on demand.
function told(page: ExplainPage): Set<number> {
  const { day } = page;
  const chosen = new Set<number>();
  for (const chain of page.result.chains) for (const event of chain.events) chosen.add(event.event);
  for (const phase of day.phases) if (phase.ended_by !== null) chosen.add(phase.ended_by);
  for (const event of day.events) if (/fault|milestone|announced|stuck/.test(event.change)) chosen.add(event.event);
  return chosen;
}

function story(page: ExplainPage, moment: Moment, pins: Pins): HTMLElement {
  const { day } = page;
  const byNumber = new Map(day.events.map((event) => [event.event, event]));
  const effects = leads(day);
  const chosenEvents = told(page);
  const list = html("ol", { class: "story" });
  const about = html("div", { class: "story-about", "aria-live": "polite" });
  let isWhole = false;
  let chosen: number | null = null;
  const buttons = new Map<number, HTMLElement>();

  const link = (event: Happening) =>
    html("button", { type: "button", class: "event-link", click: () => choose(event.event) }, html("time", {}, moment.clock.text(event.minute)), ` ${event.text}`);
  const choose = (number: number) => {
    const event = byNumber.get(number)!;
    chosen = number;
    moment.set(event.minute);
    const causes: Happening[] = [];
    for (let cause = event.cause; cause !== null; ) {
      const one = byNumber.get(cause);
      if (!one) break;
      causes.unshift(one);
      cause = one.cause;
    }
    const led = (effects.get(number) ?? []).flatMap((effect) => byNumber.get(effect) ?? []);
    pins.set(causes.map((one) => one.minute), led.map((one) => one.minute));
    about.replaceChildren(
      html("h3", {}, "Chosen"),
      html("p", {}, html("b", {}, event.text), html("span", { class: "muted" }, moment.isDated ? ` ${moment.clock.text(event.minute)}` : event.minute === 0 ? " at onset" : ` after ${duration(event.minute)}`)),
      html("h3", {}, causes.length > 0 ? "What brought it about" : "Nothing brought it about: here it begins"),
      html("ol", { class: "plain" }, ...causes.map((one) => html("li", {}, link(one)))),
      html("h3", {}, led.length > 0 ? "What it led to" : "It led to nothing that is recorded"),
      html("ul", { class: "plain" }, ...led.slice(0, effectsMost).map((one) => html("li", {}, link(one)))),
      ...(led.length > effectsMost ? [html("p", { class: "muted" }, `and ${led.length - effectsMost} more`)] : []),
    );
    if (!buttons.has(number)) {
      isWhole = true;
      draw();
    }
    mark(new Set(causes.map((one) => one.event)), new Set(led.map((one) => one.event)));
  };
  const mark = (causes: Set<number>, led: Set<number>) => {
    for (const [number, button] of buttons) {
      button.classList.toggle("is-chosen", number === chosen);
      button.setAttribute("aria-pressed", String(number === chosen));
      // Tab reaches the story once; arrows go through it.
      button.tabIndex = number === chosen ? 0 : -1;
      button.classList.toggle("is-cause", causes.has(number));
      button.classList.toggle("is-effect", led.has(number));
    }
    const button = chosen === null ? undefined : buttons.get(chosen);
    // Within the story's own box only: the page must not jump.
    if (button && (button.offsetTop < list.scrollTop || button.offsetTop > list.scrollTop + list.clientHeight - 40)) list.scrollTop = button.offsetTop - 60;
  };
  const draw = () => {
    buttons.clear();
    list.replaceChildren(
      ...day.events
        .filter((event) => isWhole || chosenEvents.has(event.event))
        .map((event) => {
          const button = html("button", { type: "button", "aria-pressed": "false", "data-event": event.event, click: () => choose(event.event) }, html("time", {}, moment.clock.text(event.minute)), html("span", {}, event.text));
          buttons.set(event.event, button);
          return html("li", {}, button);
        }),
    );
  };
  draw();
  // Arrows go from event to event, as in any list.
  list.addEventListener("keydown", (event) => {
    const all = [...buttons.values()];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const next = event.key === "ArrowDown" ? at + 1 : event.key === "ArrowUp" ? at - 1 : -1;
    if (at < 0 || next < 0 || next >= all.length) return;
    event.preventDefault();
    all[next]!.focus();
    choose(Number(all[next]!.dataset.event));
  });
  const first = day.events.find((event) => chosenEvents.has(event.event));
  if (first) choose(first.event);
  // The story is read by the clock that everything is read by.
  const place = html("div", { class: "story-and-about" }, list, about);
  moment.listenToClock(() => {
    place.classList.toggle("is-dated", moment.isDated);
    draw();
    if (chosen !== null) choose(chosen);
  });
  const whole = html("input", { type: "checkbox" });
  whole.addEventListener("change", () => {
    isWhole = whole.checked;
    draw();
    if (chosen !== null && buttons.has(chosen)) choose(chosen);
  });
  const hidden = day.events_in_all - day.events.length;
  return section(
    "story",
    "The story",
    "Choose an event to see what brought it about and what it led to; arrow keys go through them.",
    html("label", { class: "choice" }, whole, html("span", {}, `all ${count(day.events.length)} events`)),
    hidden > 0 ? html("p", { class: "left-out" }, `${hidden} later events of this run are left out.`) : null,
    place,
  );
}

function waiting(page: ExplainPage): HTMLElement | null {
  const { stuck, unfinished } = page.result;
  if (stuck.length + unfinished.length === 0) return null;
  const rows = [...stuck.map((one) => ({ ...one, how: "stuck: it waits for what only it would mend" })), ...unfinished.map((one) => ({ ...one, how: "unfinished" }))];
  return section(
    "waiting",
    "What still waited at the end",
    null,
    table(
      "steps that were not done by the horizon",
      [
        { title: "step", of: (row: (typeof rows)[number]) => row.step },
        { title: "how", of: (row) => row.how },
        { title: "waits for", of: (row) => row.waits_for },
        { title: "because of", of: (row) => row.because.join(", ") || "–" },
      ],
      rows,
    ),
  );
}

function counterfactuals(page: ExplainPage): HTMLElement | null {
  const list = page.result.counterfactuals;
  if (list.length === 0) return null;
  return section(
    "counterfactuals",
    "What would have helped",
    "The same day once more for each line, with one thing changed.",
    table(
      "the same replication without one thing",
      [
        { title: "without", of: (one: (typeof list)[number]) => one.without },
        { title: "shorter by", isNumber: true, of: (one) => html("span", {}, one.at_least ? "at least " : "", figure(`counterfactuals.${list.indexOf(one)}.saves_minutes`, one.saves_minutes, duration(one.saves_minutes))) },
        { title: "minutes that people do not lose", isNumber: true, of: (one) => figure(`counterfactuals.${list.indexOf(one)}.saves_user_minutes`, one.saves_user_minutes, amount(one.saves_user_minutes, "user_minutes")) },
      ],
      list,
    ),
  );
}
