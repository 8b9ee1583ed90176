import type { TextRange } from '../selection.svelte';

const NAME = 'glass';

/** The highlight of the page, and what each element has in it: several replies may be lit up. */
const ranges = new WeakMap<Element, Range>();

function highlight(): Highlight {
  const known = CSS.highlights.get(NAME);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(NAME, made);
  return made;
}

/** The place of a character: which element of `parts` it is in, and where in its text. */
function place(parts: readonly string[], at: number): { part: number; offset: number } {
  let [part, offset] = [0, at];
  while (part < parts.length - 1 && offset >= (parts[part]?.length ?? 0)) {
    offset -= parts[part]?.length ?? 0;
    part++;
  }
  return { part, offset };
}

/** The texts of an element, in order: one that grows has several. */
function texts(element: Element | undefined): Text[] {
  return [...(element?.childNodes ?? [])].filter((node) => node instanceof Text);
}

/** The place of a character among the texts of an element; one that is left out is at their end. */
function inside(
  element: Element | undefined,
  at: number,
): { node: Text; offset: number } | undefined {
  const all = texts(element).filter(({ length }) => length > 0);
  let offset = at;
  for (const node of all) {
    if (offset < node.length) return { node, offset };
    offset -= node.length;
  }
  const last = all.at(-1);
  return last && { node: last, offset: last.length };
}

/**
 * Lights a part of a text up, or none, without touching the page's elements. The children of
 * `element` hold `parts`, which join into the text; a child may leave the last line end out.
 */
export function glow(
  element: Element,
  parts: readonly string[],
  range: TextRange | undefined,
): void {
  if (!('highlights' in CSS)) return;
  const before = ranges.get(element);
  if (before) highlight().delete(before);
  ranges.delete(element);
  if (!range || range.to <= range.from) return;
  const lit = document.createRange();
  const point = (at: number, set: (node: Text, offset: number) => void) => {
    const { part, offset } = place(parts, at);
    const found = inside(element.children[part], offset);
    if (found) set(found.node, found.offset);
  };
  point(range.from, (node, offset) => lit.setStart(node, offset));
  // The last character is inside, so that a range ends in the element that holds it.
  point(range.to - 1, (node, offset) => lit.setEnd(node, Math.min(offset + 1, node.length)));
  ranges.set(element, lit);
  highlight().add(lit);
}

/** Moves `mark` to where the text of an element ends, from the corner of what they both stand in. */
export function toEnd(mark: HTMLElement, element: Element | undefined): void {
  const last = texts(element).findLast(({ length }) => length > 0);
  const corner = mark.offsetParent?.getBoundingClientRect();
  if (!last || !corner) return;
  const range = document.createRange();
  range.setStart(last, last.length - 1);
  range.setEnd(last, last.length);
  const end = [...range.getClientRects()].at(-1);
  if (!end) return;
  mark.style.translate = `${String(end.right - corner.left)}px ${String(end.top - corner.top)}px`;
}

/** Which character of the text is under the pointer, if any. */
export function characterAt(
  element: Element,
  parts: readonly string[],
  { clientX, clientY }: MouseEvent,
): number | undefined {
  const caret = document.caretRangeFromPoint(clientX, clientY);
  if (!caret) return undefined;
  let before = 0;
  for (const [index, part] of parts.entries()) {
    const child = element.children[index];
    if (child?.contains(caret.startContainer)) {
      const all = texts(child);
      const earlier = all.slice(0, Math.max(all.indexOf(caret.startContainer as Text), 0));
      return before + earlier.reduce((sum, { length }) => sum + length, caret.startOffset);
    }
    before += part.length;
  }
  return undefined;
}
