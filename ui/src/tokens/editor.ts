import {
  history,
  historyKeymap,
  insertNewline,
  isolateHistory,
  standardKeymap,
} from '@codemirror/commands';
import { Annotation, EditorState, Transaction } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';

export interface EditorSetup {
  /** Where it stands. */
  parent: HTMLElement;
  text: string;
  /** What it is called for those who do not see it. */
  name: string;
  /** What it says while it is empty. */
  hint: string;
  /** Somebody wrote in it, or undid what they wrote. */
  onwrite: (text: string) => void;
}

/** Marks what did not come from the person. */
const shown = Annotation.define<boolean>();

/** The one style element that the page may add rules to tells by which word it may. */
const nonce = () => document.querySelector<HTMLStyleElement>('style[nonce]')?.nonce ?? '';

/**
 * A field of plain text in which typing takes no longer the longer the text is: only the lines that
 * can be seen are in the page. A web view lays out a text area whole at every key.
 */
export class Editor {
  readonly #view: EditorView;
  #text: string;

  constructor({ parent, text, name, hint, onwrite }: EditorSetup) {
    this.#text = text;
    const listens = EditorView.updateListener.of(({ docChanged, state, transactions }) => {
      if (!docChanged) return;
      this.#text = state.doc.toString();
      if (!transactions.some((it) => it.annotation(shown))) onwrite(this.#text);
    });
    const extensions = [
      history(),
      keymap.of([{ key: 'Enter', run: insertNewline }, ...historyKeymap, ...standardKeymap]),
      EditorView.lineWrapping,
      EditorView.perLineTextDirection.of(true),
      EditorView.contentAttributes.of({ 'aria-label': name }),
      EditorView.cspNonce.of(nonce()),
      placeholder(hint),
      listens,
    ];
    this.#view = new EditorView({ parent, state: EditorState.create({ doc: text, extensions }) });
  }

  /** Takes over a text from elsewhere. Undo brings the one before it back, if there was one. */
  show(text: string): void {
    if (text === this.#text) return;
    const { state } = this.#view;
    const isFirst = state.doc.length === 0;
    this.#view.dispatch({
      changes: { from: 0, to: state.doc.length, insert: text },
      selection: { anchor: 0 },
      scrollIntoView: true,
      annotations: [
        shown.of(true),
        isolateHistory.of('full'),
        Transaction.addToHistory.of(!isFirst),
      ],
    });
    // What is shown may be written with other line ends; it is not shown again for that.
    this.#text = text;
  }

  /** Whether the text cannot be read. */
  set isInvalid(isInvalid: boolean) {
    this.#view.contentDOM.setAttribute('aria-invalid', String(isInvalid));
  }

  end(): void {
    this.#view.destroy();
  }
}
