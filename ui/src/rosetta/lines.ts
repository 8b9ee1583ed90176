import { applyEdits, format } from 'jsonc-parser';
import { JsonDoc } from '../parts/jsondoc';

/** A line of a body, and which of its parts it belongs to. */
export interface PartLine {
  /** How many spaces stand before `text`: a long line is wrapped below its beginning. */
  indent: number;
  text: string;
  /** The number of the innermost part that it lies in. */
  part: number | undefined;
  /** Whether the part begins here. */
  isFirst: boolean;
  /** How many characters are left out at the end. */
  more: number;
}

/** Longer lines are cut: nobody reads them in a column, and they take long to lay out. */
const LONGEST = 400;
/** A longer body is shown as it came. */
const MOST_LAID_OUT = 200_000;

/** JSON with a field on each line, as it is read best; any other text as it is. */
export function laidOut(body: string): string {
  if (body.length > MOST_LAID_OUT || body.includes('\n')) return body;
  return applyEdits(body, format(body, undefined, { insertSpaces: true, tabSize: 2 }));
}

/** The lines of a body that was laid out; each part is told by its JSON pointer. */
export function partLines(body: string, pointers: readonly (string | null)[]): PartLine[] {
  const ranges = rangesOf(body, pointers);
  const seen = new Set<number>();
  let at = 0;
  return body.split('\n').map((line) => {
    const indent = line.length - line.trimStart().length;
    const part = innermost(ranges, at + indent);
    const isFirst = part !== undefined && !seen.has(part);
    if (part !== undefined) seen.add(part);
    at += line.length + 1;
    const text = line.slice(indent, indent + LONGEST);
    return { indent, text, part, isFirst, more: line.length - indent - text.length };
  });
}

interface Range {
  part: number;
  from: number;
  to: number;
}

function rangesOf(body: string, pointers: readonly (string | null)[]): Range[] {
  const doc = JsonDoc.read(body);
  if (typeof doc === 'string') return [];
  return pointers.flatMap((pointer, part) => {
    const at = pointer === null ? -1 : doc.at(pointer);
    if (at < 0) return [];
    const { nameFrom, from, to } = doc.node(at);
    return [{ part, from: Math.min(nameFrom, from), to }];
  });
}

function innermost(ranges: readonly Range[], at: number): number | undefined {
  let found: Range | undefined;
  for (const range of ranges) {
    const holds = range.from <= at && at < range.to;
    if (holds && (!found || range.to - range.from <= found.to - found.from)) found = range;
  }
  return found?.part;
}
