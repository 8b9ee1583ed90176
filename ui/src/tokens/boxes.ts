import type { LaneSpan } from '../bindings/LaneSpan';
import type { Row } from '../bindings/Row';
import { drawn, isEven } from './rows';

/** Where a piece is drawn in its lane, in pixels from the left. */
export interface Box {
  left: number;
  width: number;
}

/**
 * Where the pieces of a row are drawn, by where they begin and end in its text. A piece has several
 * boxes where directions mix, the widest first.
 */
export type Boxes = ReadonlyMap<string, readonly Box[]>;

export const boxKey = ({ from, to }: LaneSpan) => `${String(from)}-${String(to)}`;

/** Where a stretch of text ends on both sides. */
interface Run {
  left: number;
  right: number;
}

/** The runs of boxes that touch, the widest first: several where directions tear a piece apart. */
export function runsOf(boxes: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const { left, right } of [...boxes].sort((a, b) => a.left - b.left)) {
    const last = runs.at(-1);
    if (last && left <= last.right + 1) last.right = Math.max(last.right, right);
    else if (right > left) runs.push({ left, right });
  }
  return runs.sort((a, b) => b.right - b.left - (a.right - a.left));
}

/** Whether a text is written from right to left. */
export function isRtl(text: string): boolean {
  return /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(text);
}

/**
 * Measures where the pieces of a row stand in `element`, which holds its text. None where that is
 * known without measuring, since every character is as wide as its cells.
 */
export function measured(element: HTMLElement, row: Row, isMarked: boolean): Boxes | undefined {
  const node = element.firstChild;
  if (!node || isEven(row.text)) return undefined;
  const range = document.createRange();
  if (!('getClientRects' in range)) return undefined;
  const frame = element.getBoundingClientRect();
  const scale = frame.width / element.offsetWidth || 1;
  const { at } = drawn(row.text, isMarked);
  const boxes = new Map<string, readonly Box[]>();
  for (const span of row.lanes.flat()) {
    const key = boxKey(span);
    if (boxes.has(key)) continue;
    range.setStart(node, at(span.from));
    range.setEnd(node, at(span.to));
    const runs = runsOf([...range.getClientRects()]);
    const box = ({ left, right }: Run) => ({
      left: (left - frame.left) / scale,
      width: (right - left) / scale,
    });
    if (runs.length > 0) boxes.set(key, runs.map(box));
  }
  return boxes;
}
