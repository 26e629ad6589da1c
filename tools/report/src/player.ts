// The bar that moves the whole page through the outage: play, a slider, the moment's date, and whose clock it is read by.
import { choice, html } from "./elements";
import type { Moment } from "./moment";

const wholeShowMs = 20000;

export function player(moment: Moment): HTMLElement {
  const button = html("button", { type: "button", class: "play", id: "play" }, "▶ Play");
  const step = moment.end / 1000;
  const slider = html("input", {
    type: "range",
    id: "moment",
    min: 0,
    max: moment.end,
    step: "any",
    "aria-label": "Moment of the outage",
  });
  const readout = html("output", { for: "moment", class: "readout", id: "readout" });
  let timer = 0;

  const pause = () => {
    cancelAnimationFrame(timer);
    timer = 0;
    button.textContent = "▶ Play";
    button.setAttribute("aria-pressed", "false");
  };
  const play = () => {
    let last = performance.now();
    let minute = moment.isFresh || moment.now() >= moment.end - step ? 0 : moment.now();
    const go = (now: number) => {
      minute += ((now - last) / wholeShowMs) * moment.end;
      last = now;
      moment.set(minute);
      if (minute >= moment.end) pause();
      else timer = requestAnimationFrame(go);
    };
    timer = requestAnimationFrame(go);
    button.textContent = "❚❚ Pause";
    button.setAttribute("aria-pressed", "true");
  };
  button.addEventListener("click", () => (timer ? pause() : play()));
  slider.addEventListener("input", () => {
    if (timer) pause();
    moment.set(Number(slider.value));
  });
  // A slider that can stand anywhere has no steps of its own for the keyboard.
  slider.addEventListener("keydown", (event) => {
    const moves: Record<string, number> = {
      ArrowRight: moment.now() + moment.end / 200,
      ArrowUp: moment.now() + moment.end / 200,
      ArrowLeft: moment.now() - moment.end / 200,
      ArrowDown: moment.now() - moment.end / 200,
      PageUp: moment.now() + moment.end / 20,
      PageDown: moment.now() - moment.end / 20,
      Home: 0,
      End: moment.end,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (timer) pause();
    moment.set(to);
  });
  moment.listen((minute) => {
    slider.value = String(minute);
    const text = minute === 0 && !moment.isDated ? "onset" : moment.clock.text(minute) + (moment.isDated ? "" : " after onset");
    readout.textContent = text;
    slider.setAttribute("aria-valuetext", text);
  });
  const clocks = choice(
    "Time",
    moment.clocks.map((clock) => ({ value: clock.name, text: clock.name })),
    moment.clock.name,
    (name) => moment.setClock(name),
  );
  return html("div", { class: "player", role: "group", "aria-label": "Through the outage" }, button, slider, readout, clocks);
}
