// Pictures of pages for the documents: node pictures.js FOLDER-OF-PAGES FOLDER-OF-PICTURES, as tools/pictures calls it.
import { join, resolve } from "node:path";
import { Browser, setMoment, settled } from "./browser.js";

const [pages, pictures] = process.argv.slice(2).map((path) => resolve(path));

// `from` is the part of the page that the picture begins with; none: its head.
const wanted = [
  { page: "run", picture: "run.png", height: 1060 },
  { page: "run", picture: "run-graph.png", from: "graph", moment: 30, height: 640 },
  { page: "run", picture: "run-curves.png", from: "curves", moment: 75, height: 640 },
  { page: "compare", picture: "compare.png", from: "costs", height: 620 },
  { page: "explain", picture: "explain.png", from: "timeline", height: 860 },
  { page: "graph", picture: "graph.png", from: "graph", component: "service dns", height: 1010 },
];

const browser = await Browser.started();
for (const { page: name, picture, from, moment, component, height } of wanted) {
  const { page, close } = await browser.opened(join(pages, `${name}.html`));
  await page.setViewportSize({ width: 1280, height });
  if (moment !== undefined) await setMoment(page, moment);
  if (component) await page.locator("#graph select").selectOption(component);
  if (picture === "explain.png") await page.locator(".story button", { hasText: /is done$/ }).first().click();
  // The bar would cover what the picture is of.
  await page.addStyleTag({ content: ".player { position: static !important; }" });
  await page.evaluate((id) => (id ? document.getElementById(id).scrollIntoView() : window.scrollTo(0, 0)), from);
  await settled(page);
  await page.screenshot({ path: join(pictures, picture) });
  await close();
}
await browser.stop();
