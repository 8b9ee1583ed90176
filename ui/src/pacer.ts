/** So many at once are a stream that is faster than anybody reads. */
const MANY = 2;
/** How long the display is then left alone, in milliseconds. */
const REST = 50;
/** A hidden window draws no frames: it is given what came after so many milliseconds. */
const HIDDEN = 250;

/**
 * The frames of the display. All that is due is handed on in one turn, so that streams side by
 * side cost one update of the page and not one each.
 */
export class Display {
  readonly #due = new Set<() => number>();
  #restsUntil = 0;

  /** Calls `deliver` at the next frame; it answers how much it handed on. */
  want(deliver: () => number): void {
    this.#due.add(deliver);
    if (this.#due.size > 1) return;
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
    const due = [...this.#due];
    this.#due.clear();
    for (const deliver of due) {
      try {
        if (deliver() > MANY) this.#restsUntil = performance.now() + REST;
      } catch (error) {
        // One that fails does not keep the others waiting.
        reportError(error);
      }
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
