import type { LaneSpan } from '../bindings/LaneSpan';
import type { Row } from '../bindings/Row';
import type { RowRange } from '../bindings/RowRange';

/** Browsers cannot draw an element that is higher than some tens of millions of pixels. */
export const HIGHEST = 8_000_000;

/**
 * Rows of one height in a window that scrolls. Where all rows together would be too high, the
 * window goes over them faster.
 */
export class Rows {
  constructor(
    readonly count: number,
    /** The height of one in pixels. */
    readonly each: number,
    /** The height of the window in pixels. */
    readonly window: number,
  ) {}

  /** How high what scrolls is made. */
  get height(): number {
    return Math.min(this.count * this.each, HIGHEST);
  }

  /** How many pixels of rows stand above the window. */
  #above(scrolled: number): number {
    const all = this.count * this.each;
    const most = this.height - this.window;
    return all <= HIGHEST || most <= 0 ? scrolled : (scrolled / most) * (all - this.window);
  }

  /** The rows to draw: those in the window, and as many as `spare` on both sides. */
  range(scrolled: number, spare: number): RowRange {
    const above = this.#above(scrolled);
    const first = Math.max(Math.floor(above / this.each) - spare, 0);
    const last = Math.ceil((above + this.window) / this.each) + spare;
    return { first, count: Math.max(Math.min(last, this.count) - first, 1) };
  }

  /** Where a row stands inside of what scrolls. */
  top(row: number, scrolled: number): number {
    return row * this.each - this.#above(scrolled) + scrolled;
  }

  /** How far to scroll so that the row is in the window. */
  reveal(row: number, scrolled: number): number {
    const all = this.count * this.each;
    const above = this.#above(scrolled);
    const wanted = Math.min(
      Math.max(above, (row + 1) * this.each - this.window),
      Math.max(row * this.each, 0),
    );
    if (all <= HIGHEST) return wanted;
    return (wanted / (all - this.window)) * (this.height - this.window);
  }
}

/** Rows are asked for in blocks of so many. */
const BLOCK = 16;

/** The blocks of rows around those that are drawn, so that most scrolling asks for nothing. */
export function ahead({ first, count }: RowRange): RowRange {
  const from = Math.max((Math.floor(first / BLOCK) - 1) * BLOCK, 0);
  const to = (Math.ceil((first + count) / BLOCK) + 1) * BLOCK;
  return { first: from, count: to - from };
}

/** What stands for text that has no width of its own, as wide as its cells. */
function shown(cluster: string, isMarked: boolean): string {
  if (cluster === '\t') return isMarked ? '→   ' : '    ';
  if (cluster === '\n' || cluster === '\r\n' || cluster === '\r') return isMarked ? '↵' : ' ';
  if (cluster === ' ') return isMarked ? '·' : ' ';
  const code = cluster.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : cluster;
}

const PLAIN = /^[\x20-\x7e]*$/;

/** A row as it is drawn, and where each place of its text stands in that. */
export function drawn(
  text: string,
  isMarked: boolean,
): { text: string; at: (place: number) => number } {
  if (PLAIN.test(text) && !isMarked) return { text, at: (place) => place };
  const starts: number[] = [];
  let out = '';
  for (let place = 0; place < text.length; place += 1) {
    starts[place] = out.length;
    const isPair = text[place] === '\r' && text[place + 1] === '\n';
    if (isPair) starts[place + 1] = out.length;
    out += shown(isPair ? '\r\n' : (text[place] ?? ''), isMarked);
    if (isPair) place += 1;
  }
  return { text: out, at: (place) => starts[place] ?? out.length };
}

/** Whether every character of a text is exactly as wide as its cells. */
export function isEven(text: string): boolean {
  return /^[\t\n\r\x20-\x7e\u00a0-\u024f\u0391-\u03c9\u0400-\u045f]*$/.test(text);
}

/** A piece of a lane: which, and where it is in the text. */
export interface Place {
  row: Row;
  span: LaneSpan;
}

/** The piece of the lane at `lane` that covers a UTF-16 position of the text. */
export function placeAt(rows: readonly Row[], lane: number, at: number): Place | undefined {
  const row = rows.find((it) => at >= it.at && at < it.at + it.text.length);
  const span = row?.lanes[lane]?.find((it) => at - row.at >= it.from && at - row.at < it.to);
  return row && span ? { row, span } : undefined;
}

/**
 * For each lane of a row and each of its pieces: whether some other of these lanes cuts there
 * otherwise. `compared` says which lanes are held against each other.
 */
export function differing(row: Row, compared: readonly boolean[]): boolean[][] {
  const key = ({ from, to }: LaneSpan) => `${String(from)}-${String(to)}`;
  const sets = row.lanes.map((spans) => new Set(spans.map(key)));
  return row.lanes.map((spans, lane) =>
    spans.map(
      (span) =>
        compared[lane] === true &&
        sets.some(
          (set, other) => compared[other] === true && other !== lane && !set.has(key(span)),
        ),
    ),
  );
}
