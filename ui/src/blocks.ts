/**
 * A long text in blocks, so that text which arrives changes only the last one: a web view
 * lays out a paragraph of a megabyte anew for each word that is added to it.
 */
const BLOCK = 2048;

/** Where to cut `text` at or before `limit`: after a line, else after a word, else anywhere whole. */
function cutAt(text: string, limit: number): number {
  const line = text.lastIndexOf('\n', limit - 1) + 1;
  if (line > 0) return line;
  const word = text.lastIndexOf(' ', limit - 1) + 1;
  if (word > limit / 2) return word;
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(limit - 1));
  return splitsPair ? limit - 1 : limit;
}

/** Takes every full block off the front of `open`. */
export function split(open: string): { closed: string[]; open: string } {
  const closed: string[] = [];
  let from = 0;
  while (open.length - from > BLOCK) {
    const at = from + cutAt(open.slice(from, from + BLOCK), BLOCK);
    closed.push(open.slice(from, at));
    from = at;
  }
  return { closed, open: open.slice(from) };
}

/** A piece is at least so long, and ends with a word. */
const PIECE = 256;

/**
 * A text that grows, in pieces of which only the last one grows: whatever stands in the others need
 * not be measured again. Letters that join or combine are never parted.
 */
export function pieces(text: string): string[] {
  const all: string[] = [];
  let from = 0;
  while (text.length - from > PIECE) {
    const space = text.slice(from + PIECE).search(/[ \n]/);
    if (space < 0) break;
    const to = from + PIECE + space + 1;
    all.push(text.slice(from, to));
    from = to;
  }
  return [...all, text.slice(from)];
}

/** Whether each space of a text stands alone, inside a line: none would be lost by joining them. */
export function isPlain(text: string): boolean {
  return !/^ | {2}|\t| \n|\n /.test(text);
}
