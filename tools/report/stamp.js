// Writes into the built page whose work it holds beside ours, and which sources it was built from, so that a page that has gone stale is found without Node.
// The same is computed by tests/house: SHA-256 of every source's name and text, in the order of their names.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const sources = ["package-lock.json", "package.json", "report.html", "tsconfig.json", "vite.config.ts", ...readdirSync("src").map((name) => `src/${name}`)].sort();
const hash = createHash("sha256");
for (const name of sources) hash.update(`${name}\n${readFileSync(name, "utf8")}\n`);
const built = readFileSync("dist/report.html", "utf8");
const licence = readFileSync("node_modules/uplot/LICENSE", "utf8").trim();
writeFileSync("dist/report.html.new", `${built.trimEnd()}\n<!-- It holds uPlot.\n\n${licence}\n-->\n<!-- built from ${hash.digest("hex")} -->\n`);
renameSync("dist/report.html.new", "dist/report.html");
