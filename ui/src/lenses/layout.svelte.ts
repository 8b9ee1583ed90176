import { LENSES, type LensId } from './lenses';

/** So many lenses have room beside each other. */
const MOST = 4;

const IDS: readonly string[] = LENSES.map(({ id }) => id);

/** Which lenses are open. */
export class Layout {
  /** In the order in which they were opened. */
  #open = $state.raw<LensId[]>([]);

  /** Opens what was open the last time; a name that means nothing by now is passed over. */
  constructor(open: readonly string[]) {
    const known = open.filter((id): id is LensId => IDS.includes(id));
    this.#open =
      known.length > 0
        ? known.filter((id, at) => known.indexOf(id) === at).slice(-MOST)
        : ['request'];
  }

  get open(): readonly LensId[] {
    return this.#open;
  }

  /** The lenses that are open, as they stand in the window; where it is narrow, one of them. */
  shown(isNarrow: boolean): (typeof LENSES)[number][] {
    const shown = isNarrow ? this.#open.slice(-1) : this.#open;
    return LENSES.filter(({ id }) => shown.includes(id));
  }

  /**
   * Opens a lens, which the oldest makes room for, or closes it: but one is always open. Where the
   * window is narrow, it is the one to be seen.
   */
  toggle(id: LensId, isNarrow: boolean): void {
    const others = this.#open.filter((it) => it !== id);
    const closes = others.length < this.#open.length && !isNarrow;
    if (!closes) this.#open = [...others, id].slice(-MOST);
    else if (others.length > 0) this.#open = others;
  }

  /** Closes every other lens. */
  alone(id: LensId): void {
    this.#open = [id];
  }
}
