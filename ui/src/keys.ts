import type { App } from './app.svelte';
import { LENSES } from './lenses/lenses';
import { roomIn } from './compare/panels.svelte';
import { columnOf, lensOf, shortcutOf, type ShortcutName } from './shortcuts';

/** How much room the window has, for what a key opens. */
interface Room {
  isNarrow: boolean;
  /** The width of the place of the columns, in pixels. */
  columns: number;
}

/** What may change beneath an open dialog, and while a key is held down. */
const SIZES: readonly ShortcutName[] = ['bigger', 'smaller', 'natural'];

/** Whether a dialog is open, whichever room it belongs to: every other key is its own. */
export const hasDialog = (): boolean => document.querySelector('dialog[open]') !== null;

/** What there is to do now, or else the card. */
function focusCard(): void {
  const now = document.querySelector<HTMLElement>('[data-now]');
  (now ?? document.querySelector<HTMLElement>('[data-lesson]'))?.focus();
}

/** What the shortcuts of the window do. */
export class Keys {
  constructor(
    private readonly app: App,
    private readonly room: () => Room,
  ) {}

  readonly press = (event: KeyboardEvent): void => {
    const isAway = this.app.dialog !== undefined || hasDialog();
    if (!isAway && this.app.isPlaying && (this.#lens(event) || this.#column(event))) {
      event.preventDefault();
      return;
    }
    const name = shortcutOf(event);
    if (!name || (isAway && !SIZES.includes(name))) return;
    if (name !== 'stop') event.preventDefault();
    // A key that is held down must not pay twice.
    if (event.repeat && !SIZES.includes(name)) return;
    this.#actions[name]();
  };

  /** Opens or closes the lens whose key it is. */
  #lens(event: KeyboardEvent): boolean {
    const lens = LENSES[lensOf(event) ?? -1];
    if (!lens) return false;
    const { layout, panels, columns } = this.app;
    const { isNarrow, columns: width } = this.room();
    if (!columns.isComparing) layout.toggle(lens.id, isNarrow);
    else if (!columns.blind.isHidden) panels.toggle(lens.id, roomIn(width));
    return true;
  }

  /** Goes to the column whose key it is. */
  #column(event: KeyboardEvent): boolean {
    const { columns } = this.app;
    const at = columnOf(event) ?? -1;
    const column = columns.shown[at];
    if (!column || !columns.isComparing) return false;
    columns.select(column);
    document.querySelector<HTMLElement>(`[data-column="${at}"]`)?.focus();
    return true;
  }

  readonly #actions: Record<ShortcutName, () => void> = {
    send: () => {
      if (this.app.isPlaying) this.app.columns.send();
      else if (this.app.isBatching) void this.app.batches.send();
    },
    stop: () => this.#stop(),
    again: () => {
      const { isPlaying, columns, play } = this.app;
      if (isPlaying && (columns.isAgain || play.exchanges.length === 0)) columns.send();
    },
    clear: () => this.app.columns.clear(),
    compare: () => {
      if (this.app.isPlaying && this.app.columns.canAdd) this.app.dialog = 'compare';
    },
    blind: () => {
      const { isPlaying, columns } = this.app;
      if (isPlaying && columns.isComparing) columns.blind.toggle();
    },
    undo: () => {
      const { isPlaying, columns, play } = this.app;
      if (!isPlaying) return;
      if (columns.done) columns.undo();
      else play.undo();
    },
    redo: () => {
      if (this.app.isPlaying) this.app.play.redo();
    },
    learn: () => this.app.go('learn'),
    lesson: () => this.#lesson(),
    play: () => this.app.go('play'),
    tokens: () => this.app.go('tokens'),
    costs: () => this.app.go('costs'),
    runs: () => this.app.go('runs'),
    sweep: () => this.app.openBatch('sweep'),
    settings: () => (this.app.dialog = 'settings'),
    help: () => (this.app.dialog = 'help'),
    bigger: () => this.app.zoom(0.1),
    smaller: () => this.app.zoom(-0.1),
    natural: () => this.app.zoom(0),
  };

  /** To what the lesson that is open asks for now. */
  #lesson(): void {
    const { learn } = this.app;
    if (!learn.card) return this.app.go('learn');
    learn.isFolded = false;
    requestAnimationFrame(focusCard);
  }

  /** Esc ends what is looked at, and never what cannot be seen. */
  #stop(): void {
    const { app } = this;
    if (app.comparison) app.comparison = undefined;
    else if (app.isBatching) app.isBatching = false;
    else if (!app.isPlaying) return;
    else if (app.columns.isRunning) app.columns.stop();
    else if (app.play.rosetta.isRunning) app.play.rosetta.stop();
    else app.play.selection.clear();
  }
}
