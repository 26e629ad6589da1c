// The moment that the whole page shows, in minutes after onset, and how clocks are read: one for all its pictures.
import { duration } from "./figures";

type Listener = (minute: number) => void;

export interface Clock {
  name: string;
  text: (minute: number) => string;
}

export class Moment {
  private minute = 0;
  private listeners: { listener: Listener; of?: Element; wasShown: boolean }[] = [];
  private clockListeners: (() => void)[] = [];
  private isWaiting = false;
  // Nobody has moved it yet.
  isFresh = true;
  readonly clocks: Clock[];
  clock: Clock;

  constructor(
    readonly end: number,
    onset: string,
    regions: { name: string; clock_minutes: number }[],
  ) {
    const began = Date.parse(onset);
    const dated = (offset: number) => (minute: number) => {
      const date = new Date(began + (minute + offset) * 60000);
      const text = date.toISOString();
      return `${text.slice(8, 10)} ${month(date)} ${text.slice(11, 16)}`;
    };
    this.clocks = [
      { name: "after onset", text: (minute) => (minute === 0 ? "0" : duration(minute)) },
      { name: "UTC", text: dated(0) },
      ...regions.map((region) => ({ name: `in ${region.name}`, text: dated(region.clock_minutes) })),
    ];
    this.clock = this.clocks[0]!;
  }

  now(): number {
    return this.minute;
  }

  // Pictures are told once a frame at most, however fast a pointer moves.
  begin(minute: number): void {
    this.set(minute);
    this.isFresh = true;
  }

  set(minute: number): void {
    this.isFresh = false;
    this.minute = Math.min(this.end, Math.max(0, minute));
    if (this.isWaiting) return;
    this.isWaiting = true;
    requestAnimationFrame(() => {
      this.isWaiting = false;
      this.tell();
    });
  }

  // As long as the page holds `of`; without it for ever.
  listen(listener: Listener, of?: Element): void {
    this.listeners.push({ listener, of, wasShown: false });
    listener(this.minute);
  }

  private tell(): void {
    this.listeners = this.listeners.filter(({ of, wasShown }) => of === undefined || of.isConnected || !wasShown);
    for (const one of this.listeners) {
      one.wasShown ||= one.of?.isConnected ?? false;
      one.listener(this.minute);
    }
  }

  setClock(name: string): void {
    this.clock = this.clocks.find((clock) => clock.name === name) ?? this.clocks[0]!;
    for (const listener of this.clockListeners) listener();
    this.set(this.minute);
  }

  listenToClock(listener: () => void): void {
    this.clockListeners.push(listener);
  }

  // Dates are long: fewer of them fit beside each other.
  get isDated(): boolean {
    return this.clock !== this.clocks[0];
  }
}

function month(date: Date): string {
  return ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.getUTCMonth()]!;
}

// Marks at round times, as many as fit.
export function marks(end: number, most: number): number[] {
  const steps = [1 / 4, 1 / 2, 1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080];
  const step = steps.find((candidate) => end / candidate <= most) ?? end;
  const list: number[] = [];
  for (let minute = 0; minute <= end + 1e-9; minute += step) list.push(minute);
  return list;
}
