// Strategies, causes, variants or scenarios on the same bad days: how they differ, how sure that is, and one day told twice.
import { axisOf } from "./axis";
import { distributions } from "./distribution";
import { asTable, choice, html, section, svg, table } from "./elements";
import { amount, count, counted, duration, figure, median, share, spread, unbroken, type Unit } from "./figures";
import { heading, misfortunes, provenance } from "./heading";
import { intervalRows } from "./intervals";
import { minuteBars } from "./minutes";
import { Moment } from "./moment";
import { player } from "./player";
import { rowsOf } from "./run";
import { stateKey, timeline } from "./timeline";
import type { ComparePage, Entry, IncidentSamples, Outline, Pair, Statistic } from "./shown";

interface Measure {
  key: keyof IncidentSamples;
  words: string;
  unit: Unit;
}

const measures: Measure[] = [
  { key: "restored_minute", words: "until all is ok again", unit: "minutes" },
  { key: "down_minutes", words: "some app down somewhere", unit: "minutes" },
  { key: "user_minutes_lost", words: "minutes that people lose", unit: "user_minutes" },
  { key: "money_lost", words: "money lost", unit: "money" },
  { key: "staff_hours", words: "work of engineers", unit: "hours" },
];

const singular: Record<string, string> = { strategies: "strategy", causes: "cause", variants: "variant", scenarios: "scenario" };

function statisticOf(entry: Entry, key: keyof IncidentSamples): Statistic {
  return entry.incident[key];
}

export function comparePage(page: ComparePage): HTMLElement[] {
  const { result } = page;
  const across = result.across;
  const parts: (HTMLElement | null)[] = [
    heading(page.world.title, `${across[0]!.toUpperCase()}${across.slice(1)} on the same bad days`, result, [
      `${counted(result.replications, "run")} each of ${duration(result.horizon_minutes)}`,
      `seed ${result.seed}`,
      `held against ${result.baseline}`,
    ]),
    misfortunes(result),
    html("p", { class: "headline" }, unbroken(page.headline)),
    standings(page),
  ];
  if (result.replications > 0)
    parts.push(spreads(page), differences(page), costs(page), section("minutes", "Where the minutes went", "Means of all runs; each minute from onset to the end belongs to one phase.", minuteBars(ranked(page).map((entry) => ({ ...entry, path: `entries.${result.entries.indexOf(entry)}.minutes` })), "where the minutes went")), ...days(page));
  parts.push(provenance(result));
  return parts.filter((part): part is HTMLElement => part !== null);
}

function listed(names: string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
}

// What takes longer than this after onset is not seen to its end.
function knownUntil(page: ComparePage): number {
  return page.days[0]?.entries[0]?.end_minute ?? page.result.horizon_minutes;
}

function rankOf(page: ComparePage, name: string): number {
  const { ranking } = page.result;
  const group = ranking.findIndex((names) => names.includes(name));
  return 1 + ranking.slice(0, group).reduce((sum, names) => sum + names.length, 0);
}

// Best first, as everything on the page is ordered.
function ranked(page: ComparePage): Entry[] {
  return [...page.result.entries].sort((a, b) => rankOf(page, a.name) - rankOf(page, b.name));
}

// Nobody chooses among causes: that one is worse than another in everything helps nobody.
function dominators(page: ComparePage, name: string): string[] {
  if (page.result.across === "causes") return [];
  return page.result.dominated.filter((one) => one.name === name).map((one) => one.by);
}

function standings(page: ComparePage): HTMLElement {
  const { result } = page;
  const path = (entry: Entry, key: string) => `entries.${result.entries.indexOf(entry)}.incident.${key}`;
  const mean = (entry: Entry, key: keyof IncidentSamples, unit: Unit) => {
    const statistic = statisticOf(entry, key);
    return figure(`${path(entry, key)}.mean`, statistic.mean, statistic.mean === null ? "–" : amount(statistic.mean, unit, statistic.currency));
  };
  return section(
    "standings",
    "In a table",
    "Best first by the minutes that people lose; what shares a rank cannot be told apart." +
      (result.across === "causes" ? "" : " Another dominates an entry that is nowhere better than it, and somewhere worse."),
    table(
      `the ${result.across} compared`,
      [
        { title: singular[result.across] ?? "entry", of: (entry: Entry) => entry.name + (entry.name === result.baseline ? " (baseline)" : "") },
        { title: "rank", isNumber: true, of: (entry) => rankOf(page, entry.name) },
        { title: "all ok after", isNumber: true, of: (entry) => figure(`${path(entry, "restored_minute")}.p50`, entry.incident.restored_minute.p50, median(entry.incident.restored_minute, "minutes", knownUntil(page))) },
        { title: "in nine runs of ten", isNumber: true, of: (entry) => spread(entry.incident.restored_minute, "minutes", knownUntil(page)) },
        { title: "minutes lost", isNumber: true, of: (entry) => mean(entry, "user_minutes_lost", "user_minutes") },
        { title: "money lost", isNumber: true, of: (entry) => mean(entry, "money_lost", "money") },
        { title: "engineers", isNumber: true, of: (entry) => mean(entry, "staff_hours", "hours") },
        ...(result.across === "causes" ? [] : [{ title: "dominated by", of: (entry: Entry) => listed(dominators(page, entry.name)) || "–" }]),
      ],
      ranked(page),
    ),
  );
}

function spreads(page: ComparePage): HTMLElement {
  const { result } = page;
  const place = html("div", {});
  const draw = (key: string) => {
    const measure = measures.find((one) => one.key === key)!;
    const shapes = ranked(page).map((entry) => {
      const statistic = statisticOf(entry, measure.key);
      const sample = page.samples[result.entries.indexOf(entry)]![measure.key];
      return {
        name: entry.name,
        sample,
        statistic,
        isFaded: dominators(page, entry.name).length > 0,
        beyond: sample.censored > 0 ? `${share(sample.censored / sample.of)} not over` : undefined,
      };
    });
    place.replaceChildren(
      distributions(shapes, measure.unit, page.world.currency, `${measure.words}, by ${singular[result.across]}`, knownUntil(page)),
      asTable(
        measure.words,
        [
          { title: singular[result.across] ?? "entry", of: (shape: (typeof shapes)[number]) => shape.name },
          { title: "median", isNumber: true, of: (shape) => median(shape.statistic, measure.unit, knownUntil(page)) },
          { title: "nine runs of ten", isNumber: true, of: (shape) => spread(shape.statistic, measure.unit, knownUntil(page)) },
        ],
        shapes,
      ),
    );
  };
  draw(measures[0]!.key);
  return section(
    "spreads",
    "Side by side",
    `Each bar is a share of the runs; below are the median and nine runs of ten.${result.across === "causes" ? "" : " Faint: dominated by another."}`,
    choice("Measure", measures.map((one) => ({ value: one.key, text: one.words })), measures[0]!.key, draw),
    place,
  );
}

// Turned so that it says the entry minus what it is held against.
function against(pair: Pair, base: string): { name: string; mean: number | null; low: number | null; high: number | null; better: number | null; tie: number | null; pair: Pair } {
  const isFirst = pair.b === base;
  const sign = isFirst ? 1 : -1;
  const turned = (value: number | null | undefined) => (value === null || value === undefined ? null : sign * value);
  const [low, high] = pair.difference.ci95 ?? [null, null];
  return {
    name: isFirst ? pair.a : pair.b,
    mean: turned(pair.difference.mean),
    low: turned(isFirst ? low : high),
    high: turned(isFirst ? high : low),
    better: isFirst ? pair.a_better_share : pair.b_better_share,
    tie: pair.tie_share,
    pair,
  };
}

function differences(page: ComparePage): HTMLElement {
  const { result } = page;
  const place = html("div", {});
  let key: string = "user_minutes_lost";
  let base = result.baseline;
  const draw = () => {
    const measure = measures.find((one) => one.key === key)!;
    const pairsBy = (name: string) => result.pairs.filter((pair) => pair.measure === name && pair.app === null && (pair.a === base || pair.b === base));
    // Dates beyond the horizon have no mean; where there are such, the outage up to the horizon has one.
    const outages = key === "restored_minute" && pairsBy(key).some((pair) => pair.difference.mean === null) ? pairsBy("outage_minutes") : [];
    const rows = (outages.length > 0 ? outages : pairsBy(key))
      .map((pair) => against(pair, base))
      .sort((a, b) => rankOf(page, a.name) - rankOf(page, b.name));
    const known = rows.filter((row) => row.mean !== null);
    place.replaceChildren(
      ...(outages.length > 0 ? [html("p", { class: "left-out" }, "A run that is not restored counts up to its end, and would go on.")] : []),
      known.length === 0
        ? html("p", { class: "left-out" }, "Some runs were not over by the horizon, so this has no mean difference; the table says on which share of days each was better.")
        : intervalRows(
            known.map((row) => ({
              name: row.name,
              low: row.low,
              point: row.mean,
              high: row.high,
              isStrong: row.pair.significant,
              note: row.better === null ? undefined : `better on ${share(row.better)}`,
            })),
            measure.unit,
            page.world.currency,
            `Differences from ${base}: ${measure.words}`,
          ),
      table(
        `${measure.words}: each minus ${base}`,
        [
          { title: singular[result.across] ?? "entry", of: (row: (typeof rows)[number]) => row.name },
          { title: "mean difference", isNumber: true, of: (row) => (row.mean === null ? "–" : amount(row.mean, measure.unit, page.world.currency)) },
          { title: "95 % interval", isNumber: true, of: (row) => (row.low === null || row.high === null ? "–" : `${amount(row.low, measure.unit, page.world.currency)} … ${amount(row.high, measure.unit, page.world.currency)}`) },
          { title: "better on", isNumber: true, of: (row) => (row.better === null ? "–" : share(row.better)) },
          { title: "alike on", isNumber: true, of: (row) => (row.tie === null ? "–" : share(row.tie)) },
          { title: "told apart", of: (row) => (row.pair.significant ? "yes" : "no") },
        ],
        rows,
      ),
    );
  };
  draw();
  // Of very many entries, each is held against the baseline only.
  const bases = result.pairs_of === "all" ? result.entries.map((entry) => entry.name) : [result.baseline];
  return section(
    "differences",
    "Differences, day by day",
    "On the same random numbers: left of zero is better than what it is held against. Filled points are told apart from it; below each name, on how many of the days it is better.",
    html(
      "p",
      { class: "choices" },
      choice("Measure", measures.map((one) => ({ value: one.key, text: one.words })), key, (value) => ((key = value), draw())),
      choice("held against", bases.map((name) => ({ value: name, text: name })), base, (value) => ((base = value), draw())),
    ),
    place,
  );
}

function costs(page: ComparePage): HTMLElement {
  const { result } = page;
  const hasMoney = result.entries.some((entry) => (entry.incident.money_lost.mean ?? 0) > 0);
  const measure = hasMoney ? measures[3]! : measures[2]!;
  const box = html("div", { class: "scatter" });
  const points = result.entries.map((entry) => {
    const price = statisticOf(entry, measure.key);
    const time = entry.incident.restored_minute;
    return { name: entry.name, price, time, isDominated: dominators(page, entry.name).length > 0 };
  });
  const horizon = knownUntil(page);
  const mostTime = Math.max(1, ...points.map((point) => point.time.p95 ?? horizon));
  const mostPrice = Math.max(1e-9, ...points.map((point) => point.price.p95 ?? point.price.mean ?? 0));
  const shapes = ["circle", "square", "triangle", "diamond"] as const;
  const draw = () => {
    const width = Math.max(260, box.clientWidth || 900);
    const height = 340;
    const left = width < 600 ? 48 : 64;
    const inner = width - left - 20;
    const { ticks: ticksX, to: endX } = axisOf(0, mostTime, "minutes", Math.max(2, Math.floor(inner / 90)));
    const { ticks: ticksY, to: endY } = axisOf(0, mostPrice, measure.unit, 5);
    const x = (value: number) => left + (value / endX) * inner;
    const y = (value: number) => height - 46 - (value / endY) * (height - 66);
    const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Cost against duration by ${singular[result.across]}` });
    for (const tick of ticksX)
      picture.append(svg("line", { x1: x(tick), x2: x(tick), y1: 14, y2: height - 46, class: "grid" }), svg("text", { x: x(tick), y: height - 30, class: "tick", "text-anchor": "middle" }, amount(tick, "minutes")));
    for (const tick of ticksY)
      picture.append(svg("line", { x1: left, x2: left + inner, y1: y(tick), y2: y(tick), class: "grid" }), svg("text", { x: left - 6, y: y(tick) + 4, class: "tick", "text-anchor": "end" }, count(tick)));
    picture.append(
      svg("text", { x: left + inner, y: height - 8, class: "tick", "text-anchor": "end" }, "until all is ok again: median, nine runs of ten →"),
      svg("text", { x: 0, y: 11, class: "tick" }, `↑ ${measure.words}${measure.unit === "money" ? `, ${page.world.currency}` : ""}: mean, nine runs of ten`),
    );
    const placedPoints = points.map((point) => ({ ...point, x: x(Math.min(point.time.p50 ?? horizon, endX)), y: y(point.price.mean ?? 0) }));
    const labels = placedLabels(
      placedPoints.map((point) => ({ x: point.x, y: point.y, text: point.time.p50 === null ? `${point.name}, > ${duration(horizon)}` : point.name })),
      { left, right: left + inner, top: 14, bottom: height - 46 },
    );
    placedPoints.forEach((point, i) => {
      const cost = point.price.mean === null ? "–" : amount(point.price.mean, measure.unit, point.price.currency);
      const title = `${point.name}: ${median(point.time, "minutes", horizon)}, ${cost}${point.isDominated ? "; dominated" : ""}`;
      const group = svg("g", { class: point.isDominated ? "faded" : undefined }, svg("title", {}, title));
      const cross = svg("g", { class: "whisker thin" });
      cross.append(svg("line", { x1: x(point.time.p05 ?? horizon), x2: x(Math.min(point.time.p95 ?? endX, endX)), y1: point.y, y2: point.y }));
      if (point.price.p05 !== null && point.price.p95 !== null) cross.append(svg("line", { x1: point.x, x2: point.x, y1: y(point.price.p05), y2: y(point.price.p95) }));
      group.append(cross, symbol(shapes[i % shapes.length]!, point.x, point.y, point.isDominated));
      picture.append(group);
    });
    labels.forEach(({ x, y, text }, i) => picture.append(svg("g", { class: points[i]!.isDominated ? "is-dominated" : undefined }, svg("text", { x, y, class: "row-name on-ground" }, text))));
    box.replaceChildren(picture);
  };
  new ResizeObserver(draw).observe(box);
  return section(
    "costs",
    "Cost against duration",
    `Down and to the left is better.${result.across === "causes" ? "" : " Grey and hollow: dominated, so there is another that is never worse."}`,
    box,
    result.entries.some((entry) => dominators(page, entry.name).length > 0)
      ? html("ul", {}, ...result.entries.filter((entry) => dominators(page, entry.name).length > 0).map((entry) => html("li", {}, `${entry.name} is dominated by ${listed(dominators(page, entry.name))}.`)))
      : result.across === "causes"
        ? null
        : html("p", { class: "left-out" }, "None is dominated by another."),
  );
}

interface Label {
  x: number;
  y: number;
  text: string;
}

// Beside the points in the first place where a label meets neither another nor a point; else where it meets fewest.
function placedLabels(points: Label[], within: { left: number; right: number; top: number; bottom: number }): Label[] {
  const height = 15;
  const placed: { x: number; y: number; width: number }[] = [];
  return points.map((point) => {
    const width = [...point.text].length * 7.2;
    const places = [0, 1, 2, 3].flatMap((step) =>
      [-6 - step * height, 16 + step * height].flatMap((below) => [10, -10 - width].map((beside) => ({ x: point.x + beside, y: point.y + below, width }))),
    );
    const inside = places.filter((place) => place.x >= within.left - 4 && place.x + width <= within.right + 12 && place.y >= within.top && place.y <= within.bottom);
    const meetings = (place: { x: number; y: number }) =>
      placed.filter((other) => Math.abs(other.y - place.y) < height && place.x < other.x + other.width && other.x < place.x + width).length +
      points.filter((other) => other.x > place.x - 7 && other.x < place.x + width + 7 && other.y > place.y - height - 4 && other.y < place.y + 7).length;
    const candidates = inside.length > 0 ? inside : [{ x: Math.max(within.left, Math.min(point.x, within.right - width)), y: Math.max(within.top, point.y - 8), width }];
    const best = candidates.reduce((least, place) => (meetings(place) < meetings(least) ? place : least));
    placed.push(best);
    return { x: best.x, y: best.y, text: point.text };
  });
}

function symbol(shape: "circle" | "square" | "triangle" | "diamond", x: number, y: number, isHollow: boolean): SVGElement {
  const attributes = { class: isHollow ? "point" : "point strong" };
  switch (shape) {
    case "circle":
      return svg("circle", { cx: x, cy: y, r: 5.5, ...attributes });
    case "square":
      return svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, ...attributes });
    case "triangle":
      return svg("path", { d: `M${x} ${y - 6.5}L${x + 6} ${y + 5}H${x - 6}Z`, ...attributes });
    case "diamond":
      return svg("path", { d: `M${x} ${y - 7}L${x + 6} ${y}L${x} ${y + 7}L${x - 6} ${y}Z`, ...attributes });
  }
}

function lastMinute(outline: Outline): number {
  return Math.max(1, ...outline.apps.flatMap((app) => [app, ...app.regions].flatMap((states) => [...states.down, ...states.degraded].map(([, to]) => to))));
}

function days(page: ComparePage): HTMLElement[] {
  const { result } = page;
  if (page.days.length === 0 || result.entries.length < 2) return [];
  const base = Math.max(0, result.entries.findIndex((entry) => entry.name === result.baseline));
  const best = result.entries.findIndex((entry) => entry.name === result.ranking[0]?.[0]);
  let left = base;
  let right = best >= 0 && best !== base ? best : base === 0 ? 1 : 0;
  let day = Math.floor((page.days.length - 1) / 2);
  const place = html("div", {});
  const draw = () => place.replaceChildren(...sameDay(page, day, [left, right]));
  const entries = result.entries.map((entry, i) => ({ value: String(i), text: entry.name }));
  const words = (i: number) => (page.days.length === 1 ? "the day" : i === 0 ? "the best day" : i === page.days.length - 1 ? "the worst day" : i === (page.days.length - 1) / 2 ? "the median day" : `worse than ${Math.round((100 * i) / (page.days.length - 1))} % of days`);
  draw();
  return [
    section(
      "days",
      "The same day, twice",
      `One day as each would have met it. Days are ranked by what people lose with ${result.baseline}.`,
      html(
        "p",
        { class: "choices" },
        choice("Day", page.days.map((one, i) => ({ value: String(i), text: `${words(i)} (number ${one.replication})` })), String(day), (value) => ((day = Number(value)), draw())),
        choice("left", entries, String(left), (value) => ((left = Number(value)), draw())),
        choice("right", entries, String(right), (value) => ((right = Number(value)), draw())),
      ),
      stateKey(false),
      place,
    ),
  ];
}

// On one axis, with the same rows side by side: what either of them hits.
function sameDay(page: ComparePage, day: number, chosen: number[]): HTMLElement[] {
  const { entries } = page.days[day]!;
  const end = Math.min(page.result.horizon_minutes, Math.max(...chosen.map((i) => Math.min(entries[i]!.end_minute, lastMinute(entries[i]!)))) * 1.05 + 1);
  const moment = new Moment(end, entries[chosen[0]!]!.onset, page.world.regions);
  const isHit = (name: string) =>
    chosen.some((i) => {
      const app = entries[i]!.apps[page.worlds[i]!.apps.indexOf(name)];
      return app?.regions.some((states) => states.down.length + states.degraded.length > 0);
    });
  const names = [...new Set(chosen.flatMap((i) => page.worlds[i]!.apps))].filter(isHit);
  const told = chosen.map((i) => {
    const outline = entries[i]!;
    const world = page.worlds[i]!;
    const regions = world.regions.map((region) => region.name);
    const rows = rowsOf(
      names.map((name) => ({ name, states: outline.apps[world.apps.indexOf(name)]?.regions ?? regions.map(() => ({ down: [], degraded: [] })) })),
      regions,
    );
    const name = page.result.entries[i]!.name;
    const last = lastMinute(outline);
    const ending = rows.every((row) => row.states.down.length + row.states.degraded.length === 0) ? "nobody notices anything" : last >= outline.end_minute ? `not over by the horizon of ${duration(page.result.horizon_minutes)}` : `all ok after ${duration(last)}`;
    return html(
      "figure",
      {},
      html("figcaption", {}, `${name}: ${ending}`),
      timeline({ rows, label: `The day with ${name}` }, moment, end),
      asTable(
        `the day with ${name}`,
        [
          { title: "app", of: (row: (typeof rows)[number]) => row.app },
          { title: "region", of: (row) => row.region },
          { title: "down", of: (row) => row.states.down.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
          { title: "degraded", of: (row) => row.states.degraded.map(([from, to]) => `${duration(from)} – ${duration(to)}`).join(", ") || "never" },
        ],
        rows,
      ),
    );
  });
  return [html("div", { class: "plots" }, ...told), player(moment)];
}
