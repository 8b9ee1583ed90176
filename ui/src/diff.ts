import { diffArrays } from 'diff';

/** The lines of `after` that are not as they were in `before`: from the first change to the last. */
export function changedLines(before: string, after: string): { from: number; to: number } | null {
  if (before === after) return null;
  const [old, now] = [before.split('\n'), after.split('\n')];
  const { head, tail } = ends(old, now);
  return { from: head, to: now.length - tail };
}

/** A stretch of two texts: in both, only in the first, or only in the second. */
export interface Part {
  kind: 'same' | 'removed' | 'added';
  pieces: readonly string[];
}

/** The parts of two texts, in order. Without the added ones they are the first text, and without
 *  the removed ones the second. */
export interface Diff {
  parts: readonly Part[];
  /** Whether the texts were too different to be compared in time: less is found to be the same. */
  isCoarse: boolean;
}

/** The page is not held longer by one comparison, in milliseconds. */
const TIMEOUT = 120;

/** How many pieces are the same at the beginning, and of the rest at the end. */
function ends(old: readonly string[], now: readonly string[]): { head: number; tail: number } {
  const shortest = Math.min(old.length, now.length);
  let head = 0;
  while (head < shortest && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shortest - head && old[old.length - 1 - tail] === now[now.length - 1 - tail])
    tail++;
  return { head, tail };
}

/** What lies between the equal ends, piece by piece; all of it, if that takes too long. */
function middle(old: string[], now: string[], timeout: number): Diff {
  const replaced: Part[] = [
    { kind: 'removed', pieces: old },
    { kind: 'added', pieces: now },
  ];
  if (old.length === 0 || now.length === 0) return { parts: replaced, isCoarse: false };
  const found = diffArrays(old, now, { timeout });
  if (!found) return { parts: replaced, isCoarse: true };
  const parts = found.map(({ added, removed, value }): Part => {
    return { kind: added ? 'added' : removed ? 'removed' : 'same', pieces: value };
  });
  return { parts, isCoarse: false };
}

/** Compares two texts that are cut into pieces, such as words, tokens or lines. */
export function compare(
  old: readonly string[],
  now: readonly string[],
  timeout: number = TIMEOUT,
): Diff {
  const { head, tail } = ends(old, now);
  const between = middle(
    old.slice(head, old.length - tail),
    now.slice(head, now.length - tail),
    timeout,
  );
  const parts: Part[] = [
    { kind: 'same', pieces: now.slice(0, head) },
    ...between.parts,
    { kind: 'same', pieces: now.slice(now.length - tail) },
  ];
  return { ...between, parts: parts.filter(({ pieces }) => pieces.length > 0) };
}

const WORD = new Intl.Segmenter('en', { granularity: 'word' });
/** Beyond this the segmenter, which knows words without spaces between them, takes too long. */
const SEGMENTED = 50_000;

/** A text cut into words, blanks and marks, which join into it. */
export function words(text: string): string[] {
  if (text.length <= SEGMENTED) return Array.from(WORD.segment(text), ({ segment }) => segment);
  return text.match(/[\p{L}\p{N}_'’-]+|\s+|[^\p{L}\p{N}_'’\s-]/gu) ?? [];
}

/** A text cut after each line end. */
export function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Whether a piece is more than blanks and marks. */
export function isWord(piece: string): boolean {
  return /[\p{L}\p{N}]/u.test(piece);
}

/**
 * The diff without the equal stretches that say nothing, such as the blanks between words that were
 * all replaced: they count as replaced too, so that what was removed and what was added can be read.
 */
export function joined({ parts, isCoarse }: Diff, says: (piece: string) => boolean): Diff {
  const all: Part[] = [];
  let [old, now]: [string[], string[]] = [[], []];
  const close = () => {
    if (old.length > 0) all.push({ kind: 'removed', pieces: old });
    if (now.length > 0) all.push({ kind: 'added', pieces: now });
    [old, now] = [[], []];
  };
  parts.forEach(({ kind, pieces }, index) => {
    const isBetween = index > 0 && index < parts.length - 1;
    const stays = kind === 'same' && !(isBetween && !pieces.some(says));
    if (stays) {
      close();
      all.push({ kind, pieces });
      return;
    }
    for (const piece of pieces) {
      if (kind !== 'added') old.push(piece);
      if (kind !== 'removed') now.push(piece);
    }
  });
  close();
  return { parts: all, isCoarse };
}

/** A stretch of a folded diff; one that is `folded` is not shown until it is asked for. */
export interface Stretch extends Part {
  /** Which part of the diff it belongs to. */
  part: number;
  isFolded: boolean;
}

/**
 * Folds what is the same, but for `around` pieces beside each change, and what is beyond the first
 * `most` pieces of any part. The parts in `open` are not folded.
 */
export function folded(
  { parts }: Diff,
  around: number,
  most: number,
  open: readonly number[],
): Stretch[] {
  return parts.flatMap(({ kind, pieces }, part) => {
    const isSame = kind === 'same';
    const head = isSame ? (part === 0 ? 0 : around) : most;
    const tail = isSame && part < parts.length - 1 ? around : 0;
    const cut = pieces.length - tail;
    // A fold takes room itself.
    const isShort = open.includes(part) || cut - head <= Math.max(around, 1);
    const stretch = (from: number, to: number, isFolded: boolean): Stretch => {
      return { kind, pieces: pieces.slice(from, to), part, isFolded };
    };
    if (isShort) return [stretch(0, pieces.length, false)];
    const all = [stretch(0, head, false), stretch(head, cut, true), stretch(cut, Infinity, false)];
    return all.filter((it) => it.pieces.length > 0);
  });
}
