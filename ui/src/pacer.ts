/** So many at once are a stream that is faster than anybody reads. */
const MANY = 2;
/** How long the display is then left alone, in milliseconds. */
const REST = 50;
/** A hidden window draws no frames: it is given what came after so many milliseconds. */
const HIDDEN = 250;

/**
 * Collects what arrives and hands it on once per frame of the display, so that a stream costs
 * one update a frame; a very fast one costs fewer, and leaves the page time for the person.
 */
export class Pacer<T> {
  #waiting: T[] = [];
  #scheduled = false;
  #restsUntil = 0;

  constructor(private readonly deliver: (items: T[]) => void) {}

  push(item: T): void {
    this.#waiting.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
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
    this.#scheduled = false;
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length > MANY) this.#restsUntil = performance.now() + REST;
    this.deliver(items);
  }
}
