// Where the minutes went: one bar of all phases, or several below each other. Each row says where in the JSON it stands.
import { asTable, html } from "./elements";
import { duration, figure } from "./figures";
import { phaseClass, phaseWords } from "./timeline";
import type { Phase } from "./shown";

export function minuteBars(rows: { name: string; minutes: Phase[]; path: string }[], caption: string): HTMLElement {
  const total = (minutes: Phase[]) => minutes.reduce((sum, phase) => sum + (phase.mean ?? 0), 0);
  const most = Math.max(1e-9, ...rows.map((row) => total(row.minutes)));
  const box = html("div", { class: "minutes", role: "img", "aria-label": caption });
  for (const row of rows) {
    const bar = html("div", { class: "minute-bar" });
    for (const phase of row.minutes) {
      const share = (phase.mean ?? 0) / most;
      if (share <= 0) continue;
      const piece = html("div", { class: phaseClass(phase.phase), title: `${phase.phase}, ${phaseWords[phase.phase] ?? ""}: ${duration(phase.mean!)}` });
      piece.style.flex = `0 0 ${(share * 100).toFixed(3)}%`;
      if (share > 0.085) piece.append(html("span", {}, phase.phase));
      bar.append(piece);
    }
    box.append(
      html("div", { class: "minute-row" }, rows.length > 1 ? html("span", { class: "minute-name" }, row.name) : null, bar, html("span", { class: "minute-sum" }, duration(total(row.minutes)))),
    );
  }
  const used = rows[0]?.minutes.filter((_, i) => rows.some((row) => (row.minutes[i]?.mean ?? 0) > 0)) ?? [];
  const key = html(
    "p",
    { class: "key" },
    ...used.map((phase) =>
      html(
        "span",
        { title: phaseWords[phase.phase] ?? "" },
        html("i", { class: phaseClass(phase.phase) }),
        ` ${phase.phase}`,
        rows.length === 1 ? figure(`${rows[0]!.path}.${rows[0]!.minutes.indexOf(phase)}.mean`, phase.mean, duration(phase.mean ?? 0)) : null,
      ),
    ),
  );
  const phases = rows[0]?.minutes.map((phase) => phase.phase) ?? [];
  return html(
    "div",
    {},
    box,
    key,
    asTable(
      caption,
      [
        { title: "phase", of: (phase: string) => phase },
        { title: "what it is", of: (phase: string) => phaseWords[phase] ?? "" },
        ...rows.map((row) => ({
          title: rows.length > 1 ? row.name : "mean of all runs",
          isNumber: true,
          of: (phase: string) => {
            const i = row.minutes.findIndex((one) => one.phase === phase);
            const mean = row.minutes[i]?.mean;
            return mean === null || mean === undefined ? "–" : figure(`${row.path}.${i}.mean`, mean, duration(mean));
          },
        })),
      ],
      phases,
    ),
  );
}
