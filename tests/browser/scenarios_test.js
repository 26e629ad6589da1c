// Pages of other scenarios than the two outages: a hostile title, a small shop, and very many services.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser, folder, overflow, setMoment, shownIn, written } from "./browser.js";

const firstSteps = join(dirname(fileURLToPath(import.meta.url)), "../../scenarios/first-steps/scenario.yaml");
let browser;

before(async () => {
  browser = await Browser.started();
});
after(() => browser.stop());

function scenario(name, change) {
  mkdirSync(join(folder, name), { recursive: true });
  const path = join(folder, name, "scenario.yaml");
  writeFileSync(path, change(readFileSync(firstSteps, "utf8")));
  return path;
}

test("a title that means harm is a title", async () => {
  const title = `</script><script>window.hacked = 1</script> 'q' "dq" 💥 עברית &amp; <b>bold</b> ${"x".repeat(500)}`;
  const path = scenario("hostile", (text) => text.replace(/^title: .*$/m, `title: ${JSON.stringify(title)}`));

  for (const command of ["run", "compare", "explain", "graph"]) {
    const words = command === "graph" ? [] : ["--replications", "10"];
    const { file } = written(`hostile-${command}`, command, path, ...words);
    const { page, complaints, close } = await browser.opened(file, { width: 390 });

    assert.equal(await page.locator("h1").innerText(), title, command);
    assert.equal(await page.evaluate(() => window.hacked), undefined, command);
    assert.deepEqual(complaints, [], command);
    assert.equal(await overflow(page), 0, command);
    await close();
  }
});

test("a run in which nothing happens has a page", async () => {
  const path = scenario("calm", (text) => text.replace("share: 80%", "share: 0.1%"));
  const { file } = written("calm", "run", path, "--replications", "10");
  const { page, complaints, close } = await browser.opened(file);

  assert.deepEqual(complaints, []);
  assert.match(await page.locator(".headline").innerText(), /Nobody notices anything|No app goes down/);
  await close();
});

test("a single run has a page", async () => {
  const { file } = written("single", "run", "first-steps", "--only", "3");
  const { page, complaints, close } = await browser.opened(file);

  assert.deepEqual(complaints, []);
  assert.ok((await page.locator("#timeline svg rect.state-down").count()) > 0);
  await close();
});

// What a frame costs the page's own thread, in milliseconds of its time, while it plays and the graph is drawn anew in
// each, as if it changed all the time. Time that other programs take does not count; how often a frame came is told too.
async function framesAtPlay(page, forMs) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const threadSeconds = async () => (await session.send("Performance.getMetrics")).metrics.find((one) => one.name === "ThreadTime").value;
  await page.click("#play");
  const before = await threadSeconds();
  const count = await page.evaluate(
    (ms) =>
      new Promise((done) => {
        let frames = 0;
        const began = performance.now();
        const frame = (now) => {
          ++frames;
          document.querySelector(".graph").knockonGraph.redraw();
          if (now - began < ms) requestAnimationFrame(frame);
          else done(frames);
        };
        requestAnimationFrame(frame);
      }),
    forMs,
  );
  const spent = (await threadSeconds()) - before;
  await page.click("#play");
  return { cost: (spent * 1000) / count, every: forMs / count };
}

test("of three thousand services two thousand are drawn and follow the slider, and the page says how many are not", async () => {
  const names = Array.from({ length: 3000 }, (_, i) => `part-${i}`);
  const services = names.map((name, i) => `  ${name}: {calls: [${i < 1500 ? `part-${i + 1500}` : ""}]}`).join("\n");
  const path = scenario("large", (text) =>
    text
      .replace("shop: {calls: [stock,", `shop: {calls: [stock, ${names.slice(0, 1500).map((name) => `{to: ${name}, kind: soft}`).join(", ")},`)
      .replace("  prices: {}", `  prices: {}\n${services}`),
  );
  const { file } = written("large", "run", path, "--replications", "2");
  const { shown } = shownIn(file);
  const { page, complaints, close } = await browser.opened(file);

  assert.deepEqual(complaints, []);
  assert.equal(shown.graph.vertices.length, 2000);
  assert.equal(shown.graph.omitted, 1004);
  assert.match(await page.locator("#graph .left-out").innerText(), /^1004 more services/);
  await setMoment(page, 30);
  assert.ok((await page.locator(".graph-list li").count()) > 0);
  await page.locator("#graph").scrollIntoViewIfNeeded();
  const { cost, every } = await framesAtPlay(page, 3000);
  console.log(`2,000 services at play: ${cost.toFixed(1)} ms of work for a frame, one every ${every.toFixed(1)} ms on this machine`);
  assert.ok(cost < 33, "thirty frames a second without a graphics card");
  await close();
});
