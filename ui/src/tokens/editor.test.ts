import { undo } from '@codemirror/commands';
import { EditorView } from '@codemirror/view';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Editor } from './editor';

const ignored = () => undefined;
globalThis.matchMedia ??= () =>
  ({ matches: false, addEventListener: ignored, removeEventListener: ignored }) as never;
Range.prototype.getClientRects ??= () => [] as never;

let editor: Editor;
let written: string[];
function edit(text: string): EditorView {
  const setup = { name: 'A text', hint: 'Write', onwrite: (it: string) => written.push(it) };
  editor = new Editor({ parent: document.body, text, ...setup });
  const view = EditorView.findFromDOM(document.body.querySelector('.cm-content') as HTMLElement);
  if (!view) throw new Error('no field');
  return view;
}
beforeEach(() => (written = []));
afterEach(() => editor.end());

test('it is a text box with a name, and says when its text cannot be read', () => {
  const { contentDOM } = edit('');
  const is = (name: string) => contentDOM.getAttribute(name);
  expect([is('role'), is('aria-multiline'), is('aria-label')]).toEqual([
    ...['textbox', 'true', 'A text'],
  ]);
  editor.isInvalid = true;
  expect(is('aria-invalid')).toBe('true');
});

test('only the lines that can be seen of a long text are in the page', () => {
  const view = edit('a line of words\n'.repeat(6000));
  expect(view.dom.querySelectorAll('.cm-line').length).toBeLessThan(300);
});

test('what is written is told, what is shown is not, and undo goes back over both', () => {
  const view = edit('mine');
  editor.show('theirs');
  expect(written).toEqual([]);
  view.dispatch({ changes: { from: 6, insert: '!' }, userEvent: 'input.type' });
  expect(written).toEqual(['theirs!']);
  undo(view);
  undo(view);
  expect(written).toEqual(['theirs!', 'theirs', 'mine']);
  expect(undo(view)).toBe(false);
});

test('a text that is shown in an empty field cannot be undone, and its line ends are plain', () => {
  const view = edit('');
  editor.show('one\r\ntwo');
  expect([view.state.doc.lines, undo(view), written]).toEqual([2, false, []]);
});
