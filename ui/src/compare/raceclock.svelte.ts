import { untrack } from 'svelte';
import { PACES, Player, type Clock, type Pace, type TimeMachine } from '../timemachine.svelte';
import type { Run } from '../run.svelte';
import { firstBeyond } from '../selection.svelte';

/** A run that races, and the time machine that shows it in its column. */
export interface Racer {
  /** The whole run; it knows when it began on the clock that all share. */
  run: Run;
  time: TimeMachine;
}

/** When an event of `run` came, on the common clock. */
const timeOf = (run: Run, index: number) => run.startUs + (run.events[index]?.at_us ?? 0);

/** When a run was over on the common clock; for one that goes on, when it last told something. */
export function endOf({ startUs, ended, lastWord, attempts }: Run): number {
  const begun = attempts.at(-1)?.startedAt ?? 0;
  return startUs + Math.max(ended ?? 0, lastWord ?? 0, begun);
}

/** One time for several recordings: each is shown as it was at the same instant after Send. */
export class RaceClock implements Clock {
  now = $state<number>();
  /** What the clock of a race that goes on shows; the page moves it. */
  live = $state(0);
  readonly #player = new Player();
  #begun = 0;

  constructor(private readonly racers: () => readonly Racer[]) {}

  get isPast(): boolean {
    return this.now !== undefined;
  }

  get isPlaying(): boolean {
    return this.#player.isPlaying;
  }

  get pace(): Pace {
    return this.#player.pace;
  }

  set pace(pace: Pace) {
    this.#player.pace = PACES.find((it) => it === pace) ?? 1;
  }

  get isOver(): boolean {
    const all = this.racers();
    return all.length > 0 && all.every(({ run }) => run.isOver);
  }

  get duration(): number {
    return this.#settled(() => Math.max(0, ...this.racers().map(({ run }) => endOf(run))));
  }

  /** The instant that is shown: of the past, of the end, or of now. */
  get instant(): number {
    if (this.now !== undefined) return this.now;
    return this.isOver ? this.duration : Math.max(this.live, this.duration);
  }

  get frames(): { seen: number; all: number } {
    const sum = (of: (racer: Racer) => number) =>
      this.racers().reduce((total, it) => total + of(it), 0);
    return this.#settled(() => ({
      seen: sum(({ run, time }) => time.run?.frames ?? run.frames),
      all: sum(({ run }) => run.frames),
    }));
  }

  /** What `of` says; while the race goes on, as it stood when the clock was last moved. */
  #settled<T>(of: () => T): T {
    if (this.isOver) return of();
    void this.live;
    return untrack(of);
  }

  moments(): readonly number[] {
    return this.racers().flatMap(({ run }) => run.log.all.map(({ at }) => run.startUs + at));
  }

  /** A new race begins. */
  start(): void {
    this.leave();
    this.#begun = performance.now();
    this.live = 0;
  }

  /** The page's own clock goes on while something is yet to come. */
  tick(): void {
    this.live = (performance.now() - this.#begun) * 1000;
  }

  goTo(at: number): void {
    if (!this.isOver) return;
    if (at >= this.duration) {
      this.leave();
      return;
    }
    this.now = at;
    for (const { run, time } of this.racers()) time.goTo(at - run.startUs);
  }

  /** To the next event of any of them, so many times, or back. */
  step(by: number): void {
    this.pause();
    let at: number | undefined = this.now ?? this.duration;
    for (let step = 0; step < Math.abs(by) && at !== undefined; step++) {
      at = by > 0 ? this.#after(at) : this.#before(at);
    }
    this.goTo(at ?? (by > 0 ? Infinity : 0));
  }

  #after(at: number): number | undefined {
    const next = this.racers().map(({ run }) => {
      const place = firstBeyond((index) => timeOf(run, index), run.events.length, at);
      return place < run.events.length ? timeOf(run, place) : Infinity;
    });
    const least = Math.min(...next);
    return Number.isFinite(least) ? least : undefined;
  }

  #before(at: number): number | undefined {
    const last = this.racers().map(({ run }) => {
      const place = firstBeyond(
        (index) => timeOf(run, index),
        run.events.length,
        Math.ceil(at) - 1,
      );
      return place > 0 ? timeOf(run, place - 1) : -Infinity;
    });
    const most = Math.max(...last);
    return Number.isFinite(most) ? most : undefined;
  }

  play(): void {
    if (!this.isOver) return;
    if (this.now === undefined) this.goTo(0);
    this.#player.play((by) => this.goTo((this.now ?? 0) + by));
  }

  pause(): void {
    this.#player.pause();
  }

  leave(): void {
    this.#player.pause();
    this.now = undefined;
    for (const { time } of this.racers()) time.leave();
  }
}
