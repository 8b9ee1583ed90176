/** A part of a reply's text, in UTF-16 units from its beginning. */
export interface TextRange {
  from: number;
  to: number;
}

/** What the person looks at: the same part of the same reply in every lens. */
export class Selection {
  range = $state.raw<TextRange>();

  choose(range: TextRange | undefined): void {
    const same = range?.from === this.range?.from && range?.to === this.range?.to;
    if (!same) this.range = range;
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
