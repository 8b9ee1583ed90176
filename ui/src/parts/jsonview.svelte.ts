import { SvelteMap } from 'svelte/reactivity';
import { JsonDoc, type JsonNode } from './jsondoc';

/** A place in the text where something that is looked for stands, and the value that it is in. */
export interface Match {
  at: number;
  from: number;
  to: number;
}

/** A JSON text of more values than this begins folded, from this depth on. */
const LARGE = 2000;
const LARGE_DEPTH = 2;
/** So much of a text is shown in a row, and so much once it is opened, then four times as much. */
export const IN_ROW = 160;
const OPENED = 4000;
/** A text that any row has room for. */
const SHORT = 24;
/** Enough to know that there are too many. */
const MOST_MATCHES = 10_000;

/**
 * A JSON text as it is looked at: which values are unfolded, which one is active, and what is
 * looked for. What was folded or opened stays so by its place while the text changes.
 */
export class JsonView {
  readonly #text: () => string;
  #read = $derived.by(() => JsonDoc.read(this.#text()));
  readonly #folds = new SvelteMap<string, boolean>();
  readonly #opened = new SvelteMap<string, number>();
  #activeAt = $state<string>();
  query = $state('');
  #current = $state(0);

  constructor(text: () => string) {
    this.#text = text;
  }

  get doc(): JsonDoc | undefined {
    return typeof this.#read === 'string' ? undefined : this.#read;
  }

  /** Why there is no tree. */
  get problem(): string | undefined {
    return typeof this.#read === 'string' ? this.#read : undefined;
  }

  /** The values that have a row, in order. The outermost one has none, unless it is all there is. */
  rows = $derived.by((): number[] => {
    const doc = this.doc;
    if (!doc) return [];
    if (doc.nodes.length === 1) return [0];
    const rows: number[] = [];
    for (let at = 1; at < doc.nodes.length;) {
      rows.push(at);
      at = this.isFolded(at) ? doc.node(at).next : at + 1;
    }
    return rows;
  });

  /** The row that the keyboard acts on. */
  get active(): number | undefined {
    if (this.#activeAt === undefined) return undefined;
    const at = this.doc?.at(this.#activeAt) ?? -1;
    return at < 0 ? undefined : at;
  }

  /** Where a value's row stands among the rows. */
  rowOf(at: number | undefined): number {
    if (at === undefined) return -1;
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rows[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return this.rows[low] === at ? low : -1;
  }

  activate(at: number | undefined): void {
    this.#activeAt = at === undefined ? undefined : this.doc?.pointer(at);
  }

  canFold(at: number): boolean {
    return (this.doc?.nodes[at]?.count ?? 0) > 0;
  }

  isFolded(at: number): boolean {
    const doc = this.doc;
    if (!doc || !this.canFold(at)) return false;
    const said = this.#folds.size > 0 ? this.#folds.get(doc.pointer(at)) : undefined;
    return said ?? (doc.nodes.length > LARGE && doc.node(at).depth >= LARGE_DEPTH);
  }

  fold(at: number, folded: boolean): void {
    if (!this.doc || !this.canFold(at)) return;
    this.#folds.set(this.doc.pointer(at), folded);
  }

  /** Folds or unfolds every value. */
  foldAll(folded: boolean): void {
    const { doc } = this;
    if (!doc) return;
    doc.nodes.forEach(({ count }, at) => {
      if (count > 0 && at > 0) this.#folds.set(doc.pointer(at), folded);
    });
  }

  /** How much of a text is shown; undefined while it has one line. */
  opened(at: number): number | undefined {
    return this.doc && this.#opened.size > 0 ? this.#opened.get(this.doc.pointer(at)) : undefined;
  }

  /** Shows more of a text; or only a line of it again. */
  open(at: number, more = true): void {
    const node = this.doc?.nodes[at];
    if (!this.doc || node?.kind !== 'string' || node.to - node.from < SHORT) return;
    const shown = this.opened(at);
    if (more) this.#opened.set(this.doc.pointer(at), shown === undefined ? OPENED : shown * 4);
    else this.#opened.delete(this.doc.pointer(at));
  }

  /** Every place where the words that are looked for stand, in a name or in a value. */
  matches = $derived.by((): Match[] => {
    const { doc, query } = this;
    if (!doc || query === '') return [];
    const found: Match[] = [];
    const words = new RegExp(query.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'giu');
    let at = 0;
    for (const { index: from, 0: word } of doc.text.matchAll(words)) {
      const to = from + word.length;
      while (at < doc.nodes.length && ends(doc.node(at)) < to) at++;
      const node = doc.nodes[at];
      if (node && isIn(node, from, to)) found.push({ at, from, to });
      if (found.length === MOST_MATCHES) break;
    }
    return found;
  });

  /** Which of the matches is looked at, from 0. */
  get current(): number {
    return Math.min(this.#current, Math.max(this.matches.length - 1, 0));
  }

  get match(): Match | undefined {
    return this.matches[this.current];
  }

  /** Looks for other words: the first match at or after the active row is shown. */
  find(query: string): void {
    this.query = query;
    const from = this.matches.findIndex(({ at }) => at >= (this.active ?? 0));
    this.#show(Math.max(from, 0));
  }

  /** Goes to the next match, or to the one before; after the last comes the first. */
  step(by: number): void {
    const count = this.matches.length;
    if (count > 0) this.#show((this.current + by + count) % count);
  }

  #show(which: number): void {
    this.#current = which;
    if (this.match) this.reveal(this.match.at, this.match.to);
  }

  /** Unfolds what is around a value, and opens its text where `to` lies beyond its row. */
  reveal(at: number, to = 0): void {
    const { doc } = this;
    if (!doc) return;
    for (let around = doc.node(at).parent; around > 0; around = doc.node(around).parent) {
      if (this.isFolded(around)) this.fold(around, false);
    }
    const { from } = doc.node(at);
    while (to - from > (this.opened(at) ?? IN_ROW)) this.open(at);
    this.activate(at);
  }
}

/** Where a value's own text ends: what lies in it has texts of its own. */
function ends({ kind, to, nameTo }: JsonNode): number {
  return kind === 'object' || kind === 'array' ? nameTo : to;
}

function isIn(node: JsonNode, from: number, to: number): boolean {
  const { kind, nameFrom, nameTo } = node;
  if (from >= nameFrom && to <= nameTo) return true;
  return kind !== 'object' && kind !== 'array' && from >= node.from && to <= node.to;
}
