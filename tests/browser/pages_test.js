// Every page of both outages, as people meet it.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
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
    if (name.endsWith("-graph")) continue;
    const { page, close } = await browser.opened(file);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await settled(page);
    const figures = await page.evaluate(() => [...document.querySelectorAll(".figure")].map((one) => ({ path: one.dataset.path, value: one.dataset.value, text: one.textContent })));

    assert.ok(figures.length > 15, `${name} shows figures`);
    for (const { path, value, text } of figures) {
      const expected = at(result, path);
      assert.notEqual(expected, undefined, `${name}: ${path} stands in the JSON`);
      assert.equal(value === undefined ? null : Number(value), expected, `${name}: ${path}`);
      const shown = valueOf(text.replaceAll(" ", " "));
      if (text.startsWith("> ") && expected !== null) assert.ok(isNear(valueOf(text.slice(2).replaceAll(" ", " ")), expected), `${name}: ${path} is more than ${expected}, and reads ${text}`);
      else if (shown !== null) assert.ok(isNear(shown, expected), `${name}: ${path} is ${expected}, and reads ${text}`);
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

test("the curves' readings at a moment are the series' values there, and so is the median among them", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { shown } = shownIn(file);
  const { page, close } = await browser.opened(file);
  const { series, world } = shown;

  for (const minute of [12, 61.3, 140]) {
    await setMoment(page, minute);
    const point = Math.round(minute / series.step_minutes);
    const readings = await page.evaluate(() => [...document.querySelectorAll("#curves figure")].map((figure) => [...figure.querySelectorAll(".curve-key span")].map((one) => one.textContent)));
    const read = (text) => text.replaceAll("\u00a0", " ").match(/ (\S+(?: %| min| [A-Z]{3})?) \((.*) – (.*)\)$/).slice(1, 4).map((one) => valueOf(one.replace("/s", "")));
    const facebook = series.apps.find((one) => world.apps[one.app] === "facebook");
    for (let r = 0; r < world.regions.length; ++r) {
      const success = facebook.success[r];
      read(readings[0][r]).forEach((value, i) => assert.ok(value === null || Math.abs(value - [success.p50, success.p05, success.p95][i][point] / 1000) < 0.006, `success ${world.regions[r].name} at ${minute}`));
      const load = facebook.tries_per_s[r];
      read(readings[1][r]).forEach((value, i) => assert.ok(isNear(value, [load.p50, load.p05, load.p95][i][point]), `load ${world.regions[r].name} at ${minute}`));
    }
    for (const [place, band] of [[2, series.user_minutes_lost], [3, series.money_lost]])
      read(readings[place][0]).forEach((value, i) => assert.ok(isNear(value, [band.p50, band.p05, band.p95][i][point]), `losses at ${minute}`));
  }
  await close();
});

test("the timeline has a row for every app, its bars are the intervals, and its whisker nine runs of ten", async () => {
  for (const name of ["meta-2024-03-05-run", "facebook-2021-10-04-run"]) {
    const { file } = named(name);
    const { shown } = shownIn(file);
    const { page, close } = await browser.opened(file);

    const names = await page.evaluate(() => [...document.querySelectorAll("#timeline .row-name title")].map((one) => one.textContent));
    for (const app of shown.world.apps) assert.ok(names.includes(app), `${name}: ${app}`);
    const bars = await page.locator("#timeline .timeline rect.state-down").count();
    assert.equal(bars, shown.day.apps.flatMap((app) => app.regions.flatMap((region) => region.down)).length, name);
    const whiskers = await page.locator("#timeline .timeline .whisker").count();
    assert.equal(whiskers, shown.result.apps.flatMap((app) => app.regions).filter((region) => region.restored_minute.p05 !== null).length, name);
    const phases = await page.evaluate(() => [...document.querySelectorAll("#timeline g.phase")].length);
    assert.ok(phases >= 5, `${name}: phases stand on the same axis`);
    const flags = await page.evaluate(() => [...document.querySelectorAll("#timeline .flag text")].map((one) => one.textContent));
    for (const [flag, minute] of Object.entries(shown.day.dates)) if (minute !== null) assert.ok(flags.includes(flag), `${name}: ${flag}`);
    await close();
  }
});

test("the page says in words why the app is as it is, and marks what the fault strikes", async () => {
  const { file } = named("meta-2024-03-05-run");
  const { shown } = shownIn(file);
  const { page, close } = await browser.opened(file);
  await setMoment(page, 30);

  assert.match(await page.locator(".graph-why").innerText(), /^facebook is down: logins-rejected begins: .* → facebook goes down in apac$/);
  const struck = await page.evaluate(() => {
    const graph = document.querySelector(".graph").knockonGraph;
    return [...graph.struck].filter((i) => graph.health[i] > 0 && graph.path.has(i)).map((i) => graph.graph.vertices[i].name);
  });
  assert.ok(struck.includes("auth"), `the way reaches what is struck: ${struck}`);
  assert.match(await page.locator(".graph-list").innerText(), /↯ .*auth service, (down|degraded), struck, on the way/);
  // When the fault is over, nothing is struck any more.
  const over = shown.day.events.find((event) => event.change === "fault ended" && event.subject === "logins-rejected").minute;
  await setMoment(page, over + 0.5);
  const later = await page.evaluate(() => document.querySelector(".graph").knockonGraph.struck.has(document.querySelector(".graph").knockonGraph.names.indexOf("auth")));
  assert.equal(later, false);
  await close();
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
  await settled(page);  // what was played last is shown with the next frame
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

test("a story is read by the same clock as everything else", async () => {
  const { file } = named("facebook-2021-10-04-explain");
  const { page, close } = await browser.opened(file);

  await page.locator(".player select").selectOption("UTC");
  await settled(page);

  // Onset is at 15:39 UTC.
  assert.equal(await page.locator(".story time").first().innerText(), "04 Oct 15:39");
  assert.match(await page.locator(".story-about").innerText(), /backbone-off begins: .* 04 Oct 15:39/);
  await close();
});

test("who hangs on whom can be read without the picture", async () => {
  for (const name of ["meta-2024-03-05-run", "meta-2024-03-05-explain", "meta-2024-03-05-graph"]) {
    const { file } = named(name);
    const { shown } = shownIn(file);
    const { page, close } = await browser.opened(file);

    await page.locator("#graph summary", { hasText: "what hangs on what" }).click();
    const rows = page.locator("#graph details[open] tbody tr");
    await rows.first().waitFor(); // the table is made when it is opened
    assert.equal(await rows.count(), shown.graph.vertices.length, name);
    const auth = shown.graph.vertices.findIndex((vertex) => vertex.name === "auth");
    const text = await rows.nth(auth).innerText();
    for (const [from, to] of shown.graph.edges) {
      if (from === auth) assert.ok(text.includes(shown.graph.vertices[to].name), `${name}: auth hangs on ${shown.graph.vertices[to].name}`);
      if (to === auth) assert.ok(text.includes(shown.graph.vertices[from].name), `${name}: ${shown.graph.vertices[from].name} hangs on auth`);
    }
    await close();
  }
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
  assert.equal(await page.locator("#timeline .timeline .pin-cause").count(), chain.length - 1);
  // The story stands beside its timeline.
  const [timeline, story] = await Promise.all(["#timeline .timeline", ".story"].map((place) => page.locator(place).boundingBox()));
  assert.ok(story.x >= timeline.x + timeline.width && story.y < timeline.y + timeline.height);
  // From there its cause can be chosen in turn, which led to it.
  await page.locator(".story-about .event-link").first().click();
  assert.ok((await page.locator(".story-about").innerText()).includes(chain[1].text));
  assert.equal(await page.locator(".story button:not([tabindex='-1'])").count(), 1, "Tab reaches the story once");
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

test("what the graph page counts are the JSON's counts, and each knot is drawn once for all plans that share it", async () => {
  for (const name of ["meta-2024-03-05-graph", "facebook-2021-10-04-graph"]) {
    const { file, result } = named(name);
    const { page, close } = await browser.opened(file);

    const singles = new Set(result.single_points.map((one) => `${one.kind} ${one.component}`));
    assert.match(await page.locator(".headline").innerText(), new RegExp(`^${singles.size} components`), name);
    assert.match(await page.locator(".chips").innerText(), new RegExp(`${result.services} services\\s+${result.dependencies} dependencies`), name);
    assert.equal(await page.locator("#single-points tbody tr").count(), singles.size, name);
    const knots = new Set(result.recovery_knots.map(({ strategy, ...knot }) => JSON.stringify(knot)));
    assert.equal(await page.locator(".knot").count(), knots.size, name);
    const marked = await page.evaluate(() => {
      const { graph, singles: doubled } = document.querySelector(".graph").knockonGraph;
      return [...doubled].map((i) => `${graph.vertices[i].kind} ${graph.vertices[i].name}`);
    });
    assert.deepEqual(marked.sort(), [...singles].filter((one) => /^(service|session) /.test(one)).sort(), name);
    await close();
  }
});

test("on paper there is nothing to press, and nothing is cut off", async () => {
  for (const { name, file } of pages) {
    const { page, close } = await browser.opened(file, { width: 720 });
    await page.emulateMedia({ media: "print" });
    await settled(page);

    assert.equal(await page.locator(".player:visible, .graph-tools:visible").count(), 0, name);
    const cut = await page.evaluate(() => [...document.querySelectorAll(".story, .story-about, .graph-list")].filter((one) => one.scrollHeight > one.clientHeight + 1).length);
    assert.equal(cut, 0, name);
    await close();
  }
});

test("a finger moves the graph sideways, and the page up and down", async () => {
  const { file } = named("meta-2024-03-05-graph");
  const { page, close } = await browser.opened(file, { width: 390 });

  const moved = await page.evaluate(() => {
    const canvas = document.querySelector(".graph");
    const send = (type, x, y) => canvas.dispatchEvent(new PointerEvent(type, { pointerType: "touch", pointerId: 1, clientX: x, clientY: y, bubbles: true }));
    canvas.setPointerCapture = () => {};
    const before = { left: canvas.knockonGraph.left, top: canvas.knockonGraph.top };
    send("pointerdown", 200, 300);
    send("pointermove", 120, 340);
    send("pointerup", 120, 340);
    return { left: canvas.knockonGraph.left - before.left, top: canvas.knockonGraph.top - before.top, zoom: canvas.knockonGraph.zoom };
  });

  assert.deepEqual({ left: moved.left, top: moved.top }, { left: -80, top: 0 });
  assert.ok(moved.zoom >= 0.5, "names can be read on a phone");
  await close();
});

test("compare sets the same day side by side, and greys what is dominated", async () => {
  const { file, result } = named("meta-2024-03-05-compare");
  const { page, close } = await browser.opened(file);

  assert.equal(await page.locator("#days .timeline svg").count(), 2);
  const dominated = new Set(result.dominated.map((one) => one.name));
  assert.equal(await page.locator("#costs svg g.faded").count(), dominated.size);
  await page.locator("#differences select").first().selectOption("money_lost");
  assert.match(await page.locator("#differences caption").innerText(), /^money lost/);
  // Any two can be held against each other, and turning them turns the sign.
  const differenceOf = async (base, name) => {
    await page.locator("#differences select").nth(1).selectOption(base);
    return valueOf((await page.locator("#differences tbody tr", { has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").first().innerText()).replaceAll("\u00a0", " "));
  };
  const pair = result.pairs.find((one) => one.measure === "money_lost" && one.app === null && one.a !== result.baseline && one.b !== result.baseline);
  assert.ok(isNear(await differenceOf(pair.b, pair.a), pair.difference.mean));
  assert.ok(isNear(await differenceOf(pair.a, pair.b), -pair.difference.mean));
  const other = result.entries.find((entry) => entry.name !== result.baseline).name;
  await page.locator("#days select").nth(2).selectOption({ label: other });
  assert.match(await page.locator("#days figcaption").nth(1).innerText(), new RegExp(`^${other}:`));
  const rows = await page.evaluate(() => [...document.querySelectorAll("#days .timeline")].map((one) => [...one.querySelectorAll(".row-name title")].map((name) => name.textContent).join()));
  assert.equal(rows[0], rows[1], "the same rows stand side by side");
  const slider = await page.evaluate(() => Number(document.getElementById("moment").max));
  assert.ok(slider > 60);
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

test("the page of 200 replications of Meta 2024 is under 2 MB and opens in under a second", async () => {
  const { file } = written("meta-200", "run", "meta-2024-03-05", "--replications", "200");
  const times = [];
  // What else the machine does may delay one of them.
  for (let i = 0; i < 5; ++i) {
    const { page, close } = await browser.opened(file);
    times.push(await page.evaluate(() => Number(document.querySelector("main").dataset.ready)));
    await close();
  }

  console.log(`the page of 200 replications: ${(statSync(file).size / 1e6).toFixed(2)} MB, ready after ${times.map((time) => `${Math.round(time)} ms`).join(", ")}`);
  assert.ok(statSync(file).size < 2e6);
  assert.ok(Math.min(...times) < 1000, times.join());
});
