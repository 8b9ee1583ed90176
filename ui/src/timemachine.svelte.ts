import type { RunEvent } from './bindings/RunEvent';
import { Run } from './run.svelte';
import { firstBeyond } from './selection.svelte';

/** How fast a recording is played; 1 is its true pace. */
export const PACES = [0.1, 1, 10] as const;
export type Pace = (typeof PACES)[number];

/** A time that can be moved through: of one recording, or of several side by side. */
export interface Clock {
  /** Microseconds since Send; none is the present. */
  readonly now: number | undefined;
  readonly isPast: boolean;
  readonly isPlaying: boolean;
  pace: Pace;
  /** Whether all has come: only then is there a past to move through. */
  readonly isOver: boolean;
  readonly duration: number;
  /** How many frames have come at the instant, and how many there are. */
  readonly frames: { seen: number; all: number };
  /** When each of them came, in microseconds since Send. */
  moments(): readonly number[];
  goTo(at: number): void;
  step(by: number): void;
  play(): void;
  pause(): void;
  leave(): void;
  /** Imagines that the connection broke at the instant. */
  cut?(): void;
}

/** Moves something on as time goes by. */
export class Player {
  pace = $state<Pace>(1);
  isPlaying = $state(false);

  /** Until it is paused, tells again and again how many microseconds have gone by. */
  play(move: (by: number) => void): void {
    this.isPlaying = true;
    let last = performance.now();
    const tick = (now: number): void => {
      if (!this.isPlaying) return;
      const by = (now - last) * 1000 * this.pace;
      last = now;
      move(by);
      if (this.isPlaying) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  pause(): void {
    this.isPlaying = false;
  }
}

/** When an event came, in microseconds since Send. */
const time = (event: RunEvent | undefined) => event?.at_us ?? 0;

/**
 * Shows a recording as it was at an instant: the same events, folded again up to there. Without an
 * instant it shows the present, which is the run itself.
 */
export class TimeMachine implements Clock {
  /** Microseconds since Send; none is the present. */
  now = $state<number>();
  /** Whether the connection is imagined to break at the instant. */
  isCut = $state(false);

  #past = $state.raw<Run>();
  /** How many events the instant has behind it. */
  #count = $state(0);
  readonly #player = new Player();

  constructor(private readonly of: () => Run | undefined) {}

  /** The run as it is to be shown. */
  get run(): Run | undefined {
    return this.#past ?? this.of();
  }

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
    this.#player.pace = pace;
  }

  get isOver(): boolean {
    return this.of()?.isOver ?? false;
  }

  get frames(): { seen: number; all: number } {
    return { seen: this.run?.frames ?? 0, all: this.of()?.frames ?? 0 };
  }

  moments(): readonly number[] {
    return this.of()?.log.all.map(({ at }) => at) ?? [];
  }

  /** How long the recording is. */
  get duration(): number {
    const run = this.of();
    return Math.max(run?.ended ?? 0, run?.lastWord ?? 0);
  }

  /** The events behind the instant, and all there are. */
  get place(): { behind: number; of: number } {
    const of = this.of()?.events.length ?? 0;
    return { behind: this.isPast ? this.#count : of, of };
  }

  /** Goes to an instant, in microseconds since Send. */
  goTo(at: number): void {
    const run = this.of();
    if (!run) return;
    const count = firstBeyond((index) => time(run.events[index]), run.events.length, at);
    this.#show(run, count, at);
  }

  /** Goes so many events on, or back. */
  step(by: number): void {
    const run = this.of();
    if (!run) return;
    this.pause();
    const { behind, of } = this.place;
    const count = Math.min(Math.max(behind + by, 1), of);
    this.#show(run, count, time(run.events[count - 1]));
  }

  /** Plays on from here; from the beginning, if this is the end. */
  play(): void {
    const run = this.of();
    if (!run?.isOver) return;
    if (!this.isPast || this.#count >= run.events.length) this.goTo(0);
    this.#player.play((by) => this.#move(by));
  }

  pause(): void {
    this.#player.pause();
  }

  /** Back to the present. */
  leave(): void {
    this.now = undefined;
    this.#past = undefined;
    this.pause();
    this.isCut = false;
  }

  /** Shows what a client would have if the connection broke at this instant. */
  cut(): void {
    const run = this.of();
    if (!run) return;
    if (this.now === undefined) this.step(-1);
    const now = this.now ?? 0;
    this.pause();
    this.isCut = true;
    this.#past = run.past(this.#count);
    this.#past.breakOff(now);
  }

  #move(by: number): void {
    const next = (this.now ?? 0) + by;
    if (next >= this.duration) this.leave();
    else this.goTo(next);
  }

  #show(run: Run, count: number, at: number): void {
    if (count >= run.events.length) {
      this.leave();
      return;
    }
    const past = this.#past;
    if (past && !this.isCut && count >= past.events.length) past.follow(run, count);
    else this.#past = run.past(count);
    this.isCut = false;
    this.#count = count;
    this.now = at;
  }
}
