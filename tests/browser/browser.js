// One browser for all tests of a file, and what every page is held to: no error, no request, no overflow.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const program = process.env.KNOCKON_PROGRAM;
const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const folder = mkdtempSync(join(tmpdir(), "knockon-browser-"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What a promise breaks is no failure of the page's.
export function knockon(...words) {
  try {
    return execFileSync(program, words, { cwd: project, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw new Error(`knockon ${words.join(" ")}: ${error.stderr}`);
  }
}

// The page's file, and the results that were printed beside it.
export function written(name, ...words) {
  const file = join(folder, `${name}.html`);
  const result = JSON.parse(knockon(...words, "-q", "--json", "-", "--report", file));
  return { name, file, result };
}

export function shownIn(file) {
  const page = readFileSync(file, "utf8");
  const begin = '<script id="shown" type="application/json">';
  const from = page.indexOf(begin) + begin.length;
  return { page, from, to: page.indexOf("</script>", from), shown: JSON.parse(page.slice(from, page.indexOf("</script>", from))) };
}

// The page with other data in it, written as the program writes them.
export function withShown(file, name, change) {
  const { page, from, to, shown } = shownIn(file);
  const json = JSON.stringify(change(shown) ?? shown).replaceAll("<", "\\u003c");
  const changed = join(folder, `${name}.html`);
  writeFileSync(changed, page.slice(0, from) + json + page.slice(to));
  return { file: changed, shown };
}

export class Browser {
  static async started() {
    const browser = new Browser();
    browser.chromium = await chromium.launch({
      executablePath: process.env.KNOCKON_CHROMIUM,
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return browser;
  }

  async stop() {
    await this.chromium.close();
    rmSync(folder, { recursive: true, force: true });
  }

  // `complaints` holds whatever a page may not do: errors, words on the console, requests beside the file itself.
  async opened(file, { width = 1280, colorScheme = "light", reducedMotion = "no-preference" } = {}) {
    const context = await this.chromium.newContext({ viewport: { width, height: 900 }, colorScheme, reducedMotion });
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => (complaints.push(`dialog: ${dialog.message()}`), dialog.dismiss()));
    page.on("request", (request) => {
      const url = request.url();
      if (url !== `file://${file}` && !url.startsWith("data:")) complaints.push(`request: ${url}`);
    });
    await page.goto(`file://${file}`);
    await page.waitForSelector("main[data-ready]");
    await settled(page);
    return { page, complaints, close: () => context.close() };
  }
}

// Two frames: charts are drawn when their size is known, and pictures follow the moment once a frame.
export async function settled(page) {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

// What axe finds serious or worse, one line each.
export async function barriers(page) {
  await page.evaluate(`${axe}; undefined`);
  const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
  return found
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).slice(0, 3).join("; ")}`);
}

export async function setMoment(page, minute) {
  await page.evaluate((to) => {
    const slider = document.getElementById("moment");
    slider.value = String(to);
    slider.dispatchEvent(new Event("input"));
  }, minute);
  await settled(page);
}

export const momentOf = (page) => page.evaluate(() => Number(document.getElementById("moment").value));
