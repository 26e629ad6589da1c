// Every page of both outages, as people meet it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { barriers, Browser, momentOf, overflow, setMoment, settled, shownIn, withShown, written } from "./browser.js";
import { at, isNear, valueOf } from "./figures.js";

let browser;
const pages = [];

before(async () => {
  browser = await Browser.started();
  for (const scenario of ["meta-2024-03-05", "facebook-2021-10-04"]) {
    pages.push(written(`${scenario}-run`, "run", scenario, "--replications", "40"));
    pages.push(written(`${scenario}-compare`, "compare", scenario, "--replications", "20"));
    pages.push(written(`${scenario}-explain`, "explain", scenario, "--replications", "20"));
    pages.push(written(`${scenario}-graph`, "graph", scenario));
  }
});
after(() => browser.stop());

const named = (name) => pages.find((page) => page.name === name);

test("every page opens from disk without an error, a word on the console or a request", async () => {
  for (const { name, file } of pages) {
    const { page, complaints, close } = await browser.opened(file);

    assert.deepEqual(complaints, [], name);
    assert.ok((await page.locator("h2").count()) >= 3, `${name} has parts`);
    assert.ok((await page.title()).endsWith("· knockon"), name);
    await close();
  }
});

test("no page is wider than its window, at 1280 and at 390 pixels", async () => {
  for (const { name, file } of pages) {
    for (const width of [1280, 390]) {
      const { page, close } = await browser.opened(file, { width });

      assert.equal(await overflow(page), 0, `${name} at ${width}`);
      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      await settled(page);
      assert.equal(await overflow(page), 0, `${name} at ${width}, with its tables open`);
      await close();
    }
  }
});

test("an accessibility checker finds nothing serious, by day and by night", async () => {
  for (const { name, file } of pages) {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await browser.opened(file, { colorScheme });

      assert.deepEqual(await barriers(page), [], `${name}, ${colorScheme}`);
      await close();
    }
  }
});

test("the checker finds what is wrong", async () => {
  const { page, close } = await browser.opened(named("meta-2024-03-05-run").file);
  await page.evaluate(() => document.querySelector("main").append(Object.assign(document.createElement("img"), { src: "data:," })));

  assert.match((await barriers(page)).join(), /image-alt/);
  await close();
});

test("each picture says in words what it is, and each canvas has its words beside it", async () => {
  for (const { name, file } of pages) {
    const { page, close } = await browser.opened(file);

    const unnamed = await page.evaluate(() => [...document.querySelectorAll("svg:not([aria-hidden])")].filter((picture) => !picture.getAttribute("aria-label")).length);
    assert.equal(unnamed, 0, name);
    const lonely = await page.evaluate(() => [...document.querySelectorAll("canvas")].filter((canvas) => !canvas.closest("section").querySelector("details.as-table, .graph-list")).length);
    assert.equal(lonely, 0, name);
    await close();
  }
});

test("the figures shown are the JSON's", async () => {
  for (const { name, file, result } of pages) {
    if (name.endsWith("-graph") || name.endsWith("-explain")) continue;
    const { page, close } = await browser.opened(file);
    const figures = await page.evaluate(() => [...document.querySelectorAll(".figure")].map((one) => ({ path: one.dataset.path, value: one.dataset.value, text: one.textContent })));

    assert.ok(figures.length > 15, `${name} shows figures`);
    for (const { path, value, text } of figures) {
      const expected = at(result, path);
      assert.notEqual(expected, undefined, `${name}: ${path} stands in the JSON`);
      assert.equal(value === undefined ? null : Number(value), expected, `${name}: ${path}`);
      const shown = valueOf(text.replaceAll(" ", " "));
      if (shown !== null) assert.ok(isNear(shown, expected), `${name}: ${path} is ${expected}, and reads ${text}`);
      else assert.ok(expected === null || expected === 0, `${name}: ${path} is ${expected}, and reads ${text}`);
    }
    await close();
  }
});

// What is not ok at a minute, worked out anew from the intervals and spells.
function sickAt({ graph, day }, minute) {
  const during = (intervals) => intervals.some(([from, to]) => from <= minute && minute < to);
  return graph.vertices.flatMap((vertex, i) => {
    let state = 0;
    if (vertex.kind === "app") {
      const places = [day.apps[vertex.index], ...day.apps[vertex.index].regions];
      state = places.some((place) => during(place.down)) ? 2 : places.some((place) => during(place.degraded)) ? 1 : 0;
    } else {
      for (const [from, health] of day.spells[i]) if (from <= minute) state = health;
    }
    return state > 0 ? [`${vertex.name} ${state === 2 ? "down" : "degraded"}`] : [];
  });
}

const coloured = (page) =>
  page.evaluate(() =>
    document
      .querySelector(".graph")
      .knockonGraph.health.flatMap((state, i) => (state > 0 ? [`${i} ${state === 2 ? "down" : "degraded"}`] : [])),
  );

test("the slider moves the graph, the list and the reading to what was so at that moment", async () => {
  for (const name of ["meta-2024-03-05-run", "facebook-2021-10-04-run", "facebook-2021-10-04-explain"]) {
    const { file } = named(name);
    const { shown } = shownIn(file);
    const { page, close } = await browser.opened(file);
    let most = 0;

    for (const minute of [0.5, 20, 75, 130]) {
      await setMoment(page, minute);
      const expected = sickAt(shown, minute);
      most = Math.max(most, expected.length);
      const names = (await coloured(page)).map((text) => `${shown.graph.vertices[Number(text.split(" ")[0])].name} ${text.split(" ")[1]}`);
      assert.deepEqual(names.sort(), expected.sort(), `${name} at ${minute}`);
      const listed = await page.locator(".graph-list").innerText();
      if (expected.length > 0) assert.match(listed, new RegExp(`^${expected.length} of ${shown.graph.vertices.length} are not ok`), `${name} at ${minute}`);
      assert.match(await page.locator("#readout").innerText(), /after onset$/);
    }
    assert.ok(most > 5, `${name} has something to show`);
    await close();
  }
});

test("the way from the app to the trouble goes along edges, through what is not ok only", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);
  await setMoment(page, 30);

  const way = await page.evaluate(() => {
    const graph = document.querySelector(".graph").knockonGraph;
    return [...graph.pathEdges].map((edge) => graph.graph.edges[edge].slice(0, 2).map((vertex) => graph.health[vertex] > 0));
  });

  assert.ok(way.length > 0);
  for (const ends of way) assert.deepEqual(ends, [true, true]);
  await close();
});

test("play moves through the outage, pause stops it, and it ends at the end", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);

  await page.click("#play");
  await page.waitForFunction(() => Number(document.getElementById("moment").value) > 2);
  await page.click("#play");
  const stopped = await momentOf(page);
  await settled(page);
  await settled(page);
  assert.equal(await momentOf(page), stopped);
  const end = await page.evaluate(() => Number(document.getElementById("moment").max));
  await setMoment(page, end - 0.5);
  await page.click("#play");
  await page.waitForFunction(() => document.getElementById("play").textContent.includes("Play"));
  await settled(page);
  assert.ok(Math.abs((await momentOf(page)) - end) < 1e-6);
  await close();
});

test("all of it works from the keyboard", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);

  await page.focus("#moment");
  await page.keyboard.press("End");
  await settled(page);
  const end = await momentOf(page);
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await settled(page);
  const step = await momentOf(page);
  await page.keyboard.press("PageUp");
  await settled(page);

  assert.ok(end > 100);
  assert.ok(step > 0 && step < end / 100);
  assert.ok((await momentOf(page)) > step * 5);
  await page.focus("#play");
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#play").innerText(), /Pause/);
  await page.keyboard.press("Enter");
  // Whatever can be pressed, opened or scrolled is reached by Tab.
  await page.evaluate(() => (document.activeElement.blur(), window.scrollTo(0, 0)));
  const reached = new Set();
  for (let i = 0; i < 80; ++i) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.tagName));
  }
  for (const tag of ["SUMMARY", "SELECT", "BUTTON", "INPUT", "DIV"]) assert.ok(reached.has(tag), `Tab reaches a ${tag}`);
  await page.locator("#timeline summary").first().focus();
  await page.keyboard.press("Enter");
  await page.locator("#timeline table").first().waitFor();
  assert.ok((await page.locator("#timeline table").first().locator("tbody tr").count()) > 5);
  await close();
});

test("pointing at a time in a chart or the timeline moves everything there", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);

  for (const place of ["#timeline .timeline", "#curves .u-over"]) {
    const picture = page.locator(place).first();
    await picture.scrollIntoViewIfNeeded();
    const box = await picture.boundingBox();
    await page.mouse.move(box.x + box.width * 0.6, box.y + 30);
    await settled(page);
    const early = await momentOf(page);
    await page.mouse.move(box.x + box.width * 0.9, box.y + 30);
    await settled(page);
    assert.ok(early > 10, place);
    assert.ok((await momentOf(page)) > early, place);
  }
  await close();
});

test("times can be read by the clock of a region", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);
  await setMoment(page, 90);

  // Onset is at 15:00 UTC; apac's clock is ahead of it by what its scenario says.
  const { shown } = shownIn(file);
  const apac = shown.world.regions.find((region) => region.name === "apac");
  const minutes = (16 * 60 + 30 + apac.clock_minutes) % 1440;
  await page.locator(".player select").selectOption("UTC");
  await settled(page);
  assert.match(await page.locator("#readout").innerText(), /05 Mar 16:30/);
  await page.locator(".player select").selectOption("in apac");
  await settled(page);
  assert.ok((await page.locator("#readout").innerText()).endsWith(`${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`));
  await close();
});

test("another app has other curves, and is where the way in the graph begins", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { page, close } = await browser.opened(file);

  await page.locator("#curves select").selectOption({ label: "internal-tools" });
  await setMoment(page, 30);

  assert.match(await page.locator("#curves figcaption").first().innerText(), /^internal-tools/);
  const start = await page.evaluate(() => {
    const { graph, path, health } = document.querySelector(".graph").knockonGraph;
    return [...path].filter((i) => graph.vertices[i].kind === "app").map((i) => `${graph.vertices[i].name} ${health[i]}`);
  });
  assert.deepEqual(start, ["internal-tools 2"]);
  await close();
});

test("an event of the story shows what brought it about and what it led to", async () => {
  const { file } = named("facebook-2021-10-04-explain");
  const { shown } = shownIn(file);
  const { page, close } = await browser.opened(file);
  const chain = shown.result.chains[0].events;
  const last = chain[chain.length - 1];

  await page.locator(`.story button[data-event="${last.event}"]`).click();
  const about = await page.locator(".story-about").innerText();

  for (const event of chain) assert.ok(about.includes(event.text), event.text);
  assert.equal(await page.locator(".story .is-cause").count(), chain.length - 1);
  // From there its cause can be chosen in turn, which led to it.
  await page.locator(".story-about .event-link").first().click();
  assert.ok((await page.locator(".story-about").innerText()).includes(chain[1].text));
  await page.locator(".story .is-chosen").focus();
  await page.keyboard.press("ArrowDown");
  assert.notEqual(await page.locator(".story .is-chosen").getAttribute("data-event"), String(chain[0].event));
  await close();
});

test("pointing at a service of the graph shows what goes down with it", async () => {
  const { file, result } = named("meta-2024-03-05-graph");
  const { page, close } = await browser.opened(file);
  const down = result.blast_radius.find((one) => one.component === "edge").apps.filter((app) => app.severity === "down");
  await page.locator(".graph").scrollIntoViewIfNeeded();
  const place = await page.evaluate(() => {
    const graph = document.querySelector(".graph").knockonGraph;
    const at = graph.place(graph.names.indexOf("edge"));
    const box = document.querySelector(".graph").getBoundingClientRect();
    return { x: box.x + at.x, y: box.y + at.y };
  });

  await page.mouse.move(place.x - 40, place.y - 30);
  await page.mouse.move(place.x, place.y);
  await page.waitForFunction(() => document.querySelector(".graph-list").innerText.startsWith("edge ("));
  const listed = await page.locator(".graph-list li.is-down").allInnerTexts();

  assert.deepEqual(listed.map((text) => text.replace("✕ ", "").replace(" down", "")).sort(), down.map((app) => app.app).sort());
  // The same from the keyboard.
  await page.locator("#graph select").selectOption("service auth");
  assert.match(await page.locator(".graph-list").innerText(), /^auth/);
  assert.ok((await page.locator(".knot").count()) > 0);
  await close();
});

test("compare sets the same day side by side, and greys what is dominated", async () => {
  const { file, result } = named("meta-2024-03-05-compare");
  const { page, close } = await browser.opened(file);

  assert.equal(await page.locator("#days .timeline svg").count(), 2);
  const dominated = new Set(result.dominated.map((one) => one.name));
  assert.equal(await page.locator("#costs svg g.faded").count(), dominated.size);
  await page.locator("#differences select").selectOption("money_lost");
  assert.match(await page.locator("#differences caption").innerText(), /^money lost/);
  const other = result.entries.find((entry) => entry.name !== result.baseline).name;
  await page.locator("#days select").nth(2).selectOption({ label: other });
  assert.match(await page.locator("#days figcaption").nth(1).innerText(), new RegExp(`^${other}:`));
  await close();
});

const hostile = [
  `</script><script>window.hacked = 1</script>`,
  `"><img src=x onerror="window.hacked = 2">`,
  `'"\`&lt;\\u003c<!--`,
  "💥".repeat(40),
  "עברית العربية ‫mixed",
  "x".repeat(500),
  "javascript:window.hacked=3",
  "__proto__",
];

// Every text of the data, however deep, replaced by one that means harm, but for those that steer the page.
function spoiled(value, key = "") {
  const steers = ["page", "kind", "onset", "starts", "verdict", "severity", "measure", "phase", "change", "across", "fingerprint", "scenario_sha256", "currency", "knockon"];
  if (typeof value === "string") {
    if (steers.includes(key)) return value;
    // The same name must stay the same name wherever it stands.
    const sum = [...value].reduce((total, letter) => (total * 31 + letter.codePointAt(0)) % 100003, 7);
    return hostile[sum % hostile.length] + value;
  }
  if (Array.isArray(value)) return value.map((one) => (key === "edges" ? one : spoiled(one, key)));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === "edges" ? one : spoiled(one, name)]));
  return value;
}

test("no name, however hostile, breaks a page or gets into it as anything but text", async () => {
  for (const { name, file } of pages.slice(0, 4)) {
    const { file: spoiledFile } = withShown(file, `${name}-hostile`, (shown) => spoiled(shown));
    for (const width of [1280, 390]) {
      const { page, complaints, close } = await browser.opened(spoiledFile, { width });

      await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
      await settled(page);
      assert.deepEqual(complaints, [], name);
      assert.equal(await page.evaluate(() => window.hacked), undefined, name);
      assert.equal(await page.locator("img").count(), 0, name);
      assert.equal(await page.locator("main script").count(), 0, name);
      assert.equal(await overflow(page), 0, `${name} at ${width}`);
      await close();
    }
  }
});

test("a page without its data says so instead of being blank", async () => {
  const { file } = withShown(named("meta-2024-03-05-run").file, "empty", () => ({ page: "run" }));
  const context = await browser.chromium.newContext();
  const page = await context.newPage();
  await page.goto(`file://${file}`);

  await page.waitForSelector(".misfortune");
  assert.match(await page.locator(".misfortune").innerText(), /cannot be shown/);
  await context.close();
});
