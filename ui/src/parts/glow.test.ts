import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { characterAt, glow } from './glow';

/** The text in parts, of which the last stands in several pieces, as one that grows does. */
const PARTS = ['one two\n', 'three four five six'];
const PIECES = [['one two'], ['three ', 'four ', '', 'five six']];
const TEXT = PARTS.join('');

const lit = new Set<Range>();
let element: HTMLElement;
beforeEach(() => {
  lit.clear();
  vi.stubGlobal('Highlight', Set);
  vi.stubGlobal('CSS', { highlights: new Map([['glass', lit]]) });
  element = document.createElement('div');
  for (const pieces of PIECES) {
    const child = document.createElement('div');
    child.append(...pieces);
    element.append(child);
  }
  document.body.replaceChildren(element);
});
afterEach(() => void vi.unstubAllGlobals());

test('every stretch is lit up that is asked for, whichever pieces it stands in', () => {
  for (let from = 0; from < TEXT.length; from++) {
    for (let to = from + 1; to <= TEXT.length; to++) {
      glow(element, PARTS, { from, to });
      // The line end that closes a part is not drawn.
      const expected = TEXT.slice(from, to).replace('\n', '');
      expect([...lit].map(String), `${String(from)} to ${String(to)}`).toEqual([expected]);
    }
  }
  glow(element, PARTS, undefined);
  expect(lit.size).toBe(0);
});

test('a character is found under the pointer in whichever piece it stands', () => {
  const found: string[] = [];
  for (const child of element.children) {
    for (const node of child.childNodes) {
      for (let at = 0; at < (node.textContent ?? '').length; at++) {
        const caret = { startContainer: node, startOffset: at };
        Object.assign(document, { caretRangeFromPoint: () => caret });
        const place = characterAt(element, PARTS, new MouseEvent('click'));
        found.push(TEXT[place ?? -1] ?? 'none');
      }
    }
  }
  expect(found.join('')).toBe(TEXT.replace('\n', ''));
});
