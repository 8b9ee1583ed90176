import { flushSync } from 'svelte';

/** So many at once are a stream that is faster than anybody reads. */
const MANY = 2;
/** How long the display is then left alone, in milliseconds. */
const REST = 50;
/** A hidden window draws no frames: it is given what came after so many milliseconds. */
const HIDDEN = 250;

/** What has not begun after so many milliseconds of a frame waits for the next one. */
const SPENT = 8;

/**
 * The frames of the display. All that is due is handed on in one turn, so that streams side by
 * side cost one update of the page and not one each; but where that takes long, a turn has several
 * frames, so that the page can answer in between.
 */
export class Display {
  #due = new Set<() => number>();
  /** What of this turn is not handed on yet. */
  #turn: (() => number)[] = [];
  #isComing = false;
  #restsUntil = 0;

  /** Calls `deliver` at the next frame; it answers how much it handed on. */
  want(deliver: () => number): void {
    if (this.#turn.includes(deliver)) return;
    this.#due.add(deliver);
    this.#comes();
  }

  /** Sees to it that there is a next turn. */
  #comes(): void {
    if (this.#isComing) return;
    this.#isComing = true;
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) setTimeout(() => this.#nextFrame(), rest);
    else this.#nextFrame();
  }

  #nextFrame(): void {
    const frame = requestAnimationFrame(() => this.#flush(timer));
    const timer = setTimeout(() => {
      cancelAnimationFrame(frame);
      this.#flush(timer);
    }, HIDDEN);
  }

  #flush(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    if (this.#turn.length === 0) {
      this.#turn = [...this.#due];
      this.#due.clear();
    }
    const end = performance.now() + SPENT;
    do this.#hand(this.#turn.shift());
    while (this.#turn.length > 0 && performance.now() < end);
    if (this.#turn.length > 0) return this.#nextFrame();
    this.#isComing = false;
    if (this.#due.size > 0) this.#comes();
  }

  /** Hands one stream on, and has the page take it in. */
  #hand(deliver: (() => number) | undefined): void {
    try {
      if (deliver && flushSync(deliver) > MANY) this.#restsUntil = performance.now() + REST;
    } catch (error) {
      // One that fails does not keep the others waiting.
      reportError(error);
    }
  }
}

const DISPLAY = new Display();

/**
 * Collects what arrives and hands it on once per frame of the display, so that a stream costs
 * one update a frame; a very fast one costs fewer, and leaves the page time for the person.
 */
export class Pacer<T> {
  #waiting: T[] = [];
  readonly #deliver: () => number;

  constructor(
    deliver: (items: T[]) => void,
    private readonly display = DISPLAY,
  ) {
    this.#deliver = () => {
      const items = this.#waiting;
      this.#waiting = [];
      deliver(items);
      return items.length;
    };
  }

  push(item: T): void {
    this.#waiting.push(item);
    this.display.want(this.#deliver);
  }
}
