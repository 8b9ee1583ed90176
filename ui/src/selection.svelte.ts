/** A part of a reply's text, in UTF-16 units from its beginning. */
export interface TextRange {
  from: number;
  to: number;
}

/** Some frames, by their places in the log: the first and the last of them. */
export interface FrameRange {
  first: number;
  last: number;
}

/** What is chosen: text, or frames for themselves, since they may have brought none; or both. */
export type Choice = readonly [range: TextRange | undefined, frames?: FrameRange | undefined];

/** What the person looks at: the same part of the same reply in every lens. */
export class Selection {
  /** The part of the reply's text. */
  range = $state.raw<TextRange>();
  /** The frames, where they are others than those that brought the text. */
  frames = $state.raw<FrameRange>();
  /** Whether it was chosen with intent, so that a passing pointer leaves it. */
  isPinned = $state(false);

  /** The pointer passes over something. */
  point(...choice: Choice): void {
    if (!this.isPinned) this.#choose(choice);
  }

  /** Chooses something until something else is chosen, or it is let go. */
  pin(...choice: Choice): void {
    this.#choose(choice);
    this.isPinned = choice.some((it) => it !== undefined);
  }

  /** A press on what is pinned lets it go, a press on anything else pins that. */
  press(...choice: Choice): void {
    if (this.isPinned && this.is(choice)) this.isPinned = false;
    else this.pin(...choice);
  }

  clear(): void {
    this.pin(undefined);
  }

  /** Whether exactly this is chosen. */
  is([range, frames]: Choice): boolean {
    const isRange = range?.from === this.range?.from && range?.to === this.range?.to;
    return isRange && frames?.first === this.frames?.first && frames?.last === this.frames?.last;
  }

  #choose(choice: Choice): void {
    if (!this.is(choice)) [this.range, this.frames] = choice;
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
