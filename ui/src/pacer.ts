import { flushSync } from 'svelte';

/** So many at once are a stream that is faster than anybody reads. */
const MANY = 2;
/** How long the display is then left alone, in milliseconds. */
const REST = 50;
/** A hidden window draws no frames: it is given what came after so many milliseconds. */
const HIDDEN = 250;

/** Something for a frame of the display. A stream answers how much it handed on. */
type Work = () => number | undefined;

/**
 * The frames of the display. Each takes in one of the things that are due, so that streams side by
 * side hold the page up no longer than one alone: it can answer in between, and what has to be
 * painted in one frame lies close together.
 */
export class Display {
  #due = new Set<Work>();
  /** What of this turn is not handed on yet. */
  #turn: Work[] = [];
  #isComing = false;
  #restsUntil = 0;

  /** Does `work` at a frame of its own. */
  want(work: Work): void {
    if (this.#turn.includes(work)) return;
    this.#due.add(work);
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
    const frame = requestAnimationFrame(() => {
      clearTimeout(timer);
      this.#flush(1);
    });
    const timer = setTimeout(() => {
      cancelAnimationFrame(frame);
      this.#flush(Infinity);
    }, HIDDEN);
  }

  /** Does `most` of what is due. */
  #flush(most: number): void {
    if (this.#turn.length === 0) {
      this.#turn = [...this.#due];
      this.#due.clear();
    }
    for (const work of this.#turn.splice(0, most)) this.#do(work);
    if (this.#turn.length > 0) return this.#nextFrame();
    this.#isComing = false;
    if (this.#due.size > 0) this.#comes();
  }

  /** Does one of them, and has the page take it in. */
  #do(work: Work): void {
    try {
      if ((flushSync(work) ?? 0) > MANY) this.#restsUntil = performance.now() + REST;
    } catch (error) {
      // One that fails does not keep the others waiting.
      reportError(error);
    }
  }
}

/** The display that the page is on. */
export const DISPLAY = new Display();

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
