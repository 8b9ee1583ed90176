/**
 * Collects what arrives and hands it on once per frame of the display, so that a fast stream
 * costs one update a frame. A hidden window has no frames: a timer stands in.
 */
export class Pacer<T> {
  #waiting: T[] = [];
  #scheduled = false;

  constructor(private readonly deliver: (items: T[]) => void) {}

  push(items: readonly T[]): void {
    for (const item of items) this.#waiting.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const frame = requestAnimationFrame(() => this.#flush(timer));
    const timer = setTimeout(() => {
      cancelAnimationFrame(frame);
      this.#flush(timer);
    }, 100);
  }

  #flush(timer: ReturnType<typeof setTimeout>): void {
    clearTimeout(timer);
    this.#scheduled = false;
    const items = this.#waiting;
    this.#waiting = [];
    this.deliver(items);
  }
}
