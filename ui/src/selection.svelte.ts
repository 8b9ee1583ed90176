/** A part of a reply's text, in UTF-16 units from its beginning. */
export interface TextRange {
  from: number;
  to: number;
}

/** What the person looks at: the same part of the same reply in every lens. */
export class Selection {
  /** The part of the reply's text. */
  range = $state.raw<TextRange>();
  /** The place in the log of a frame that was chosen for itself: it may have brought no text. */
  frame = $state<number>();
  /** Whether it was chosen with intent, so that a passing pointer leaves it. */
  isPinned = $state(false);

  /** The pointer passes over something. */
  point(range: TextRange | undefined, frame?: number): void {
    if (!this.isPinned) this.#choose(range, frame);
  }

  /** Chooses something until something else is chosen, or it is let go. */
  pin(range: TextRange | undefined, frame?: number): void {
    this.#choose(range, frame);
    this.isPinned = range !== undefined || frame !== undefined;
  }

  /** A press on what is pinned lets it go, a press on anything else pins that. */
  press(range: TextRange | undefined, frame?: number): void {
    if (this.isPinned && this.#is(range, frame)) this.isPinned = false;
    else this.pin(range, frame);
  }

  clear(): void {
    this.pin(undefined);
  }

  #is(range: TextRange | undefined, frame: number | undefined): boolean {
    const same = range?.from === this.range?.from && range?.to === this.range?.to;
    return same && frame === this.frame;
  }

  #choose(range: TextRange | undefined, frame: number | undefined): void {
    if (this.#is(range, frame)) return;
    this.range = range;
    this.frame = frame;
  }
}

/** The first of `ends`, which grow, that is greater than `place`; their number if none is. */
export function firstBeyond(ends: (index: number) => number, count: number, place: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends(middle) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
