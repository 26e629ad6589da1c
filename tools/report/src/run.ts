// What a run found: how long, who, how much and how sure, and its median day from beginning to end.
import { curves, type Line } from "./curves";
import { asTable, choice, html, section, table } from "./elements";
import { amount, count, counted, duration, figure, meanFigure, median, medianFigure, range, share, spread, unbroken, units, type Unit } from "./figures";
import { distributions } from "./distribution";
import { heading, misfortunes, provenance } from "./heading";
import { intervalRows } from "./intervals";
import { minuteBars } from "./minutes";
import { peak } from "./causes";
import { Moment } from "./moment";
import { outageGraph } from "./outage_graph";
import { player } from "./player";
import { stateKey, timeline, type Flag, type PhaseBar, type Row } from "./timeline";
import type { AppResult, Day, Promised, RunPage, Statistic } from "./shown";

// A little beyond what is of interest, and never beyond the horizon.
function windowOf(page: RunPage): number {
  const day = page.day!;
  const ends = day.apps.flatMap((app) => [app, ...app.regions].flatMap((states) => [...states.down, ...states.degraded].map(([, to]) => to)));
  const restored = page.result.apps.flatMap((app) => [app.restored_minute.p95, ...app.regions.map((region) => region.restored_minute.p95)]);
  const last = Math.max(1, ...ends, ...restored.map((minute) => minute ?? 0));
  return Math.min(day.end_minute, last * 1.08 + 2);
}

// What takes longer than this after onset is not seen to its end.
function knownUntil(page: RunPage): number {
  return page.day?.end_minute ?? page.result.horizon_minutes;
}

function isHit(app: AppResult): boolean {
  return [app, ...app.regions].some((one) => (one.down_minutes.mean ?? 0) > 0 || (one.degraded_minutes.mean ?? 0) > 0);
}

// The app that the headline begins with, or else the one that people lose most of.
function worstApp(page: RunPage): number {
  const down = page.result.apps.findIndex((app) => [app, ...app.regions].some((one) => one.ever_down_share >= 0.5));
  if (down >= 0 && page.series.apps.some((one) => one.app === down)) return down;
  const lost = page.result.apps.map((app) => app.user_minutes_lost.mean ?? 0);
  const drawn = page.series.apps.map((one) => one.app);
  return drawn.reduce((best, app) => (lost[app]! > lost[best]! ? app : best), drawn[0] ?? 0);
}

export function runPage(page: RunPage): HTMLElement[] {
  const { result } = page;
  const parts: (HTMLElement | null)[] = [
    heading(page.world.title, "An outage, simulated", result, [`${counted(result.replications, "run")} of ${duration(result.horizon_minutes)}`, `seed ${result.seed}`]),
    misfortunes(result),
    html("p", { class: "headline" }, unbroken(page.headline)),
  ];
  if (result.replications > 0) parts.push(tiles(page));
  if (page.day) parts.push(...overTime(page));
  if (result.replications > 0) parts.push(durations(page), minutes(page), observed(page), promises(page), outages(page));
  parts.push(provenance(result));
  return parts.filter((part): part is HTMLElement => part !== null);
}

function tiles(page: RunPage): HTMLElement {
  const { incident, apps } = page.result;
  const end = knownUntil(page);
  const worst = worstApp(page);
  const app = apps[worst];
  const tile = (title: string, value: Node, note: string) => html("div", { class: "tile" }, html("h3", {}, title), html("p", { class: "value" }, value), html("p", { class: "note" }, unbroken(note)));
  const minutes = (title: string, path: string, statistic: Statistic) =>
    tile(title, medianFigure(path, statistic, "minutes", end), `nine runs of ten: ${spread(statistic, "minutes", end)}`);
  const sums = (title: string, path: string, statistic: Statistic, unit: Unit) => {
    const bounds = statistic.ci95;
    const sure = bounds && bounds[0] !== null && bounds[1] !== null ? `mean; 95 % sure of ${range(amount(bounds[0], unit, statistic.currency), amount(bounds[1], unit, statistic.currency))}` : "mean";
    return tile(title, meanFigure(path, statistic, unit), sure);
  };
  return html(
    "div",
    { class: "tiles" },
    app ? minutes(`${app.app} down`, `apps.${worst}.down_minutes`, app.down_minutes) : null,
    minutes("until all is ok again", "incident.restored_minute", incident.restored_minute),
    minutes("until detected", "incident.detected_minute", incident.detected_minute),
    sums("people lose", "incident.user_minutes_lost", incident.user_minutes_lost, "user_minutes"),
    incident.money_lost.mean ? sums("money lost", "incident.money_lost", incident.money_lost, "money") : null,
    incident.staff_hours.mean ? sums("work of engineers", "incident.staff_hours", incident.staff_hours, "hours") : null,
  );
}

// Neighbours of one phase as one bar.
export function merged(day: Day, end: number): PhaseBar[] {
  const bars: PhaseBar[] = [];
  for (const { phase, from, to } of day.phases) {
    const last = bars[bars.length - 1];
    if (from >= end) continue;
    if (last && last.phase === phase && Math.abs(last.to - from) < 1e-6) last.to = Math.min(to, end);
    else bars.push({ phase, from, to: Math.min(to, end) });
  }
  return bars;
}

export function rowsOf(
  apps: { name: string; states: { down: [number, number][]; degraded: [number, number][] }[] }[],
  regions: string[],
  restored?: (app: number, region: number) => Statistic | undefined,
): Row[] {
  return apps.flatMap((app, a) =>
    app.states.map((states, r) => {
      const statistic = restored?.(a, r);
      return { app: app.name, region: regions.length > 1 ? regions[r]! : "", states, restored: statistic && { p05: statistic.p05, p50: statistic.p50, p95: statistic.p95 } };
    }),
  );
}

function overTime(page: RunPage): HTMLElement[] {
  const { result, world } = page;
  const day = page.day!;
  const end = windowOf(page);
  const moment = new Moment(end, day.onset, world.regions);
  const regions = world.regions.map((region) => region.name);
  const hit = result.apps.map((app, a) => ({ app, a })).filter(({ app }) => isHit(app));
  const spared = result.apps.filter((app) => !isHit(app)).map((app) => app.app);
  const rows = [
    ...rowsOf(
      hit.map(({ app, a }) => ({ name: app.app, states: day.apps[a]!.regions })),
      regions,
      (i, r) => hit[i]!.app.regions[r]?.restored_minute,
    ),
    ...sparedRows(spared),
  ];
  const phases = merged(day, end);
  const appListeners: (() => void)[] = [];
  let app = worstApp(page);
  const plots = html("div", { class: "plots" });
  const drawCurves = () => plots.replaceChildren(...curvesOf(page, app, moment, end));
  const chosen = choice(
    "App",
    page.series.apps.map((one) => ({ value: String(one.app), text: world.apps[one.app]! })),
    String(app),
    (value) => {
      app = Number(value);
      drawCurves();
      appListeners.forEach((listener) => listener());
    },
  );
  drawCurves();
  const parts = [
    section(
      "timeline",
      "App by app",
      `The median run, number ${day.replication} of those simulated, from its onset at ${day.onset}. Point anywhere at a time: everything on this page shows that moment.`,
      stateKey(true),
      timeline({ rows, phases, flags: flagsOf(day), label: "When each app was down or degraded in each region" }, moment, end),
      spared.length > 0 ? html("p", { class: "spared" }, `Spared in every run: ${spared.join(", ")}.`) : null,
      asTable(
        "when each app was down and degraded in the median run",
        [
          { title: "app", of: (row: Row) => row.app },
          { title: "region", of: (row: Row) => row.region },
          { title: "down", of: (row: Row) => row.states.down.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
          { title: "degraded", of: (row: Row) => row.states.degraded.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
        ],
        rows,
      ),
      asTable(
        "the phases of the incident in the median run",
        [
          { title: "phase", of: (phase) => phase.phase },
          { title: "from", isNumber: true, of: (phase) => duration(phase.from) },
          { title: "to", isNumber: true, of: (phase) => duration(phase.to) },
        ],
        day.phases,
      ),
    ),
  ];
  if (page.series.points > 1)
    parts.push(
      section(
        "curves",
        "Success and load",
        `Lines are medians over ${page.series.replications} runs, shades hold nine runs of ten.`,
        chosen,
        plots,
        page.series.apps_left_out > 0 ? html("p", { class: "left-out" }, `${page.series.apps_left_out} apps that people lost less of are left out here.`) : null,
      ),
    );
  parts.push(
    section("graph", "What hangs on what", "The same moment of the median run in the graph. The thick line leads from the app chosen above to what keeps it from working.", outageGraph(page.graph, day, moment, () => app, (listener) => appListeners.push(listener))),
    player(moment),
  );
  moment.begin(peak(day, page.graph, end));
  return [html("div", {}, ...parts)];
}

// One row each: nothing happens to them anywhere. Of very many, words will do.
const sparedMost = 12;
export function sparedRows(apps: string[]): Row[] {
  return apps.length > sparedMost ? [] : apps.map((app) => ({ app, region: "all", states: { down: [], degraded: [] } }));
}

export function flagsOf(day: Day): Flag[] {
  return Object.entries(day.dates).flatMap(([name, minute]) => (minute === null ? [] : [{ name, minute }]));
}

function curvesOf(page: RunPage, app: number, moment: Moment, end: number): HTMLElement[] {
  const { series, world } = page;
  const chosen = series.apps.find((one) => one.app === app);
  if (!chosen) return [];
  const lines = (bands: { p05: number[]; p50: number[]; p95: number[] }[]): Line[] =>
    bands.flatMap((band, r) => (band.p95.some((value) => value > 0) ? [{ name: world.regions[r]!.name, band }] : []));
  const stepMinutes = series.step_minutes;
  const name = world.apps[app]!;
  const plots = [
    curves({ title: `${name}: success, of first tries`, lines: lines(chosen.success), stepMinutes, factor: 1 / 1000, format: share, most: 1 }, moment, end),
    curves({ title: `${name}: load, tries a second`, lines: lines(chosen.tries_per_s), stepMinutes, factor: 1, format: (value) => `${count(Math.round(value * 10) / 10)}/s`, tick: count }, moment, end),
    curves({ title: "All apps: minutes lost so far", lines: [{ name: "lost", band: series.user_minutes_lost }], stepMinutes, factor: 1, format: (value) => `${count(value)} min`, tick: count }, moment, end),
  ];
  if (series.money_lost.p95.some((value) => value > 0))
    plots.push(curves({ title: `All apps: money lost so far, ${world.currency}`, lines: [{ name: "lost", band: series.money_lost }], stepMinutes, factor: 1, format: (value) => `${count(value)} ${world.currency}`, tick: count }, moment, end));
  const every = Math.max(1, Math.round(end / 24 / stepMinutes));
  const points = chosen.success[0]?.p50.flatMap((_, i) => (i % every === 0 && i * stepMinutes <= end ? [i] : [])) ?? [];
  plots.push(
    asTable(
      `${name} over time, medians`,
      [
        { title: "after onset", of: (i: number) => duration(i * stepMinutes) },
        ...world.regions.flatMap((region, r) => [
          { title: `success ${region.name}`, isNumber: true, of: (i: number) => share((chosen.success[r]!.p50[i] ?? 0) / 1000) },
          { title: `tries/s ${region.name}`, isNumber: true, of: (i: number) => count(chosen.tries_per_s[r]!.p50[i] ?? 0) },
        ]),
        { title: "minutes lost, all apps", isNumber: true, of: (i: number) => count(series.user_minutes_lost.p50[i] ?? 0) },
        { title: `${world.currency} lost, all apps`, isNumber: true, of: (i: number) => count(series.money_lost.p50[i] ?? 0) },
      ],
      points,
    ),
  );
  return plots;
}

function durations(page: RunPage): HTMLElement {
  const { apps, incident, horizon_minutes: horizon } = page.result;
  const end = knownUntil(page);
  const restored = page.samples.incident.restored_minute;
  const shapes = [
    {
      name: "until all is ok again",
      sample: restored,
      statistic: incident.restored_minute,
      beyond: restored.censored > 0 ? `${share(restored.censored / restored.of)} not over` : undefined,
    },
    ...apps.flatMap((app, a) => {
      const sample = page.samples.down_minutes[a]!.all;
      if ((app.down_minutes.mean ?? 0) === 0) return [];
      return [{ name: app.app, sample, statistic: app.down_minutes }];
    }),
  ];
  return section(
    "durations",
    "How long it lasts",
    `First until everything is ok again, then how long each app is down. Each bar is a share of the ${counted(page.result.replications, "run")}; below are the median and nine runs of ten.`,
    distributions(shapes.slice(0, 24), "minutes", "", "How long each app is down, over all runs", end),
    shapes.length > 24 ? html("p", { class: "left-out" }, `${shapes.length - 24} more apps are in the table of all outages.`) : null,
    restored.censored > 0
      ? html("p", { class: "left-out" }, `${counted(restored.censored, "run")} of ${restored.of} ${restored.censored === 1 ? "was" : "were"} not over by the horizon of ${duration(horizon)}, and ${restored.censored === 1 ? "is" : "are"} drawn there.`)
      : null,
    asTable(
      "durations over all runs",
      [
        { title: "what", of: (shape: (typeof shapes)[number]) => (shape.sample === restored ? shape.name : `${shape.name} down`) },
        { title: "median", isNumber: true, of: (shape) => median(shape.statistic, "minutes", end) },
        { title: "nine runs of ten", isNumber: true, of: (shape) => spread(shape.statistic, "minutes", end) },
        { title: "runs", isNumber: true, of: (shape) => shape.sample.n },
      ],
      shapes,
    ),
  );
}

function minutes(page: RunPage): HTMLElement {
  return section("minutes", "Where the minutes went", "The mean of all runs: each minute from onset to the end belongs to one phase.", minuteBars([{ name: "all runs", minutes: page.result.minutes, path: "minutes" }], "where the minutes went"));
}

// Most of what is observed are times; the others are told apart by how they begin.
function unitOf(what: string): Unit | null {
  if (/^(down|degraded|restored|mitigated|first_impact|detected|acknowledged|diagnosed|announced|data_lost)\b/.test(what)) return "minutes";
  return /^[a-z_]+\(/.test(what) ? null : "minutes";
}

function observed(page: RunPage): HTMLElement | null {
  const { observed: lines } = page.result;
  const end = knownUntil(page);
  if (lines.length === 0) return null;
  const times = lines.filter((line) => unitOf(line.what) === "minutes");
  const text = (line: (typeof lines)[number], value: number) => (unitOf(line.what) === "minutes" ? duration(value) : count(value));
  const judged = (line: (typeof lines)[number]) => {
    const { p50 } = line.simulated;
    const [low, high] = line.observed;
    if (p50 === null) return "not over by the horizon, or never";
    if (p50 >= low && p50 <= high) return "within";
    const nearest = p50 < low ? low : high;
    return nearest > 0 ? `×${(p50 / nearest).toFixed(2)}` : "beyond";
  };
  return section(
    "observed",
    "What really happened",
    "The broad bar is what was reported, the line nine simulated runs of ten, and the point their median.",
    intervalRows(
      times.map((line) => ({ name: line.what, low: line.simulated.p05, point: line.simulated.p50, high: line.simulated.p95, box: line.observed, note: judged(line) })),
      "minutes",
      "",
      "What was observed beside what is simulated",
    ),
    table(
      "observed beside simulated",
      [
        { title: "what", of: (line: (typeof lines)[number]) => line.what },
        { title: "observed", isNumber: true, of: (line) => range(text(line, line.observed[0]), text(line, line.observed[1])) },
        { title: "simulated median", isNumber: true, of: (line) => figure(`observed.${lines.indexOf(line)}.simulated.p50`, line.simulated.p50, line.simulated.p50 === null ? "–" : text(line, line.simulated.p50)) },
        { title: "nine runs of ten", isNumber: true, of: (line) => (unitOf(line.what) === "minutes" ? spread(line.simulated, "minutes", end) : range(count(line.simulated.p05 ?? 0), count(line.simulated.p95 ?? 0))) },
        { title: "median against observed", of: judged },
      ],
      lines,
    ),
  );
}

// What the promise was held against, with its interval.
function measured(promise: Promised, page: RunPage): HTMLElement | null {
  // Of a promise that must hold in every run, the share that keeps it is worth saying only when it is not all.
  if (promise.value === null || (promise.verdict === "kept" && promise.unit === "share")) return null;
  const unit = promise.unit as Unit | undefined;
  if (unit === undefined || !units.includes(unit)) return null;
  const text = (value: number) => amount(value, unit, page.world.currency);
  const [low, high] = promise.ci95 ?? [null, null];
  const path = `promises.${page.result.promises.indexOf(promise)}.value`;
  const interval = low === null || high === null || low === high ? "" : `, 95 % interval ${range(text(low), text(high))}`;
  const decided = promise.replications_needed ? `; about ${promise.replications_needed} runs would decide` : "";
  return html("span", { class: "measured" }, figure(path, promise.value, text(promise.value)), interval, decided);
}

function promises(page: RunPage): HTMLElement | null {
  const list = page.result.promises;
  if (list.length === 0) return null;
  const sign = { kept: "✓ kept", broken: "✕ BROKEN", undecided: "? undecided" };
  return section(
    "promises",
    "Promises",
    null,
    html("ul", { class: "promises" }, ...list.map((promise) => html("li", { class: `is-${promise.verdict}` }, html("b", {}, sign[promise.verdict]), html("span", {}, promise.text, measured(promise, page))))),
  );
}

function outages(page: RunPage): HTMLElement {
  const { apps } = page.result;
  const end = knownUntil(page);
  const rows = apps.flatMap((app, a) => [
    { name: app.app, region: "everywhere", measures: app, path: `apps.${a}` },
    ...(app.regions.length > 1 ? app.regions.map((region, r) => ({ name: app.app, region: region.region, measures: region, path: `apps.${a}.regions.${r}` })) : []),
  ]);
  type Line = (typeof rows)[number];
  const sum = (line: Line, key: "user_minutes_lost" | "money_lost", unit: Unit) => meanFigure(`${line.path}.${key}`, line.measures[key] as Statistic, unit);
  return section(
    "outages",
    "All outages",
    "Medians of the minutes, with nine runs of ten; means of what is lost.",
    table(
      "every app in every region",
      [
        { title: "app", of: (line: Line) => line.name },
        { title: "region", of: (line) => line.region },
        { title: "down", isNumber: true, of: (line) => medianFigure(`${line.path}.down_minutes`, line.measures.down_minutes, "minutes", end) },
        { title: "in nine runs of ten", isNumber: true, of: (line) => spread(line.measures.down_minutes, "minutes", end) },
        { title: "ever down", isNumber: true, of: (line) => figure(`${line.path}.ever_down_share`, line.measures.ever_down_share, line.measures.ever_down_share === 0 ? `< ${share(line.measures.ever_down_share_ci95[1])}` : share(line.measures.ever_down_share)) },
        { title: "degraded", isNumber: true, of: (line) => medianFigure(`${line.path}.degraded_minutes`, line.measures.degraded_minutes, "minutes", end) },
        { title: "restored after", isNumber: true, of: (line) => median(line.measures.restored_minute, "minutes", end) },
        { title: "minutes lost", isNumber: true, of: (line) => sum(line, "user_minutes_lost", "user_minutes") },
        { title: "money lost", isNumber: true, of: (line) => sum(line, "money_lost", "money") },
      ],
      rows,
    ),
  );
}
