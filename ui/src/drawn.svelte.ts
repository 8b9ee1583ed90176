import { untrack } from 'svelte';
import { DISPLAY } from './pacer';

/**
 * Something that takes a while to draw. What `isAnother` than before is drawn in a frame of its
 * own, and not together with all else that changes with it; until then it is what it was.
 */
export class Drawn<T> {
  #last = $state.raw() as T;

  constructor(
    private readonly of: () => T,
    private readonly isAnother: (now: T, last: T) => boolean = (now, last) => now !== last,
  ) {
    this.#last = untrack(of);
    const draw = () => void (this.#last = untrack(of));
    $effect(() => {
      if (isAnother(of(), this.#last)) DISPLAY.want(draw);
    });
  }

  /** What is to be seen of it now. */
  get value(): T {
    const now = this.of();
    return this.isAnother(now, this.#last) ? this.#last : now;
  }
}
