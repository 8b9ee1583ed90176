import type { Lane } from '../bindings/Lane';
import type { Row } from '../bindings/Row';
import type { RowRange } from '../bindings/RowRange';
import type { SheetLayout } from '../bindings/SheetLayout';
import type { SheetReading } from '../bindings/SheetReading';
import type { Host } from '../host/host';
import { message } from '../text';
import { editBetween } from './edit';

/** What a reading is asked for at most. */
const MOST_ROWS = 400;

const isStale = (error: unknown) =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'stale';

/**
 * One text, and how it is cut in the lanes. What the page wants (text, layout, rows) may change at
 * any time; one question at a time brings what Rust has into step with it.
 */
export class Sheet {
  text = $state('');
  lanes = $state.raw<readonly Lane[]>([]);
  columns = $state(80);
  specials = $state(false);
  priceAs = $state<string | null>(null);

  /** The newest answer. Between a change and its answer it is that of the text before. */
  reading = $state.raw<SheetReading>();
  /** Rows that are there, in order and without a gap. */
  rows = $state.raw<readonly Row[]>([]);
  problem = $state<string>();
  /** Whether an answer is under way. */
  isReading = $state(false);

  readonly #id = crypto.randomUUID();
  #wanted: RowRange = { first: 0, count: 40 };
  /** What Rust has; none before the first question, or after it lost it. */
  #sent: { text: string; layout: string; revision: number } | undefined;
  #sentRange = '';
  #going: Promise<void> | undefined;

  constructor(private readonly host: Host) {}

  get layout(): SheetLayout {
    const { lanes, columns, specials, priceAs } = this;
    return { lanes: [...lanes], columns, specials, price_as: priceAs };
  }

  /** Whether what is shown is the newest. */
  get isFresh(): boolean {
    return !this.isReading && this.problem === undefined;
  }

  /** Takes over a text and has it read. */
  write(text: string): void {
    this.text = text;
    this.refresh();
  }

  /** Which rows can be seen. */
  look(range: RowRange): void {
    this.#wanted = { first: range.first, count: Math.min(range.count, MOST_ROWS) };
    this.refresh();
  }

  /** Has everything read that is wanted and not there. */
  refresh(): void {
    void this.settled();
  }

  /** Resolves when what is there is what is wanted. */
  settled(): Promise<void> {
    this.#going ??= this.#go().finally(() => (this.#going = undefined));
    return this.#going;
  }

  get #isDone(): boolean {
    const { text, layout, revision } = this.#sent ?? { text: '', layout: '', revision: -1 };
    return (
      revision >= 0 &&
      text === this.text &&
      layout === JSON.stringify(this.layout) &&
      this.#sentRange === JSON.stringify(this.#wanted)
    );
  }

  async #go(): Promise<void> {
    // What changes in the same moment is asked for together.
    await Promise.resolve();
    let losses = 0;
    try {
      while (!this.#isDone) {
        this.isReading = true;
        try {
          await this.#ask();
          [this.problem, losses] = [undefined, 0];
        } catch (error) {
          this.#sent = undefined;
          losses += 1;
          if (!isStale(error) || losses > 2) throw error;
        }
      }
    } catch (error) {
      this.problem = message(error);
    } finally {
      this.isReading = false;
    }
  }

  async #ask(): Promise<void> {
    const { text, layout } = this;
    const range = { ...this.#wanted };
    const written = JSON.stringify(layout);
    const had = this.#sent;
    if (had && had.text === text && had.layout === written) {
      this.rows = await this.host.readRows(this.#id, had.revision, range);
    } else {
      const reading = await this.#read(text, layout, range);
      this.#sent = { text, layout: written, revision: reading.revision };
      [this.reading, this.rows] = [reading, reading.visible];
    }
    this.#sentRange = JSON.stringify(range);
  }

  #read(text: string, layout: SheetLayout, range: RowRange): Promise<SheetReading> {
    const had = this.#sent;
    if (!had) return this.host.openSheet(this.#id, text, layout, range);
    const edit = editBetween(had.text, text);
    // The layout of an edit is the sheet's own: another one is asked for afterwards.
    if (!edit) return this.host.laySheet(this.#id, layout, range);
    if (had.layout !== JSON.stringify(layout))
      return this.host.openSheet(this.#id, text, layout, range);
    return this.host.editSheet(this.#id, had.revision, edit, range);
  }

  /** Rows that need not be in view; none if the text changed meanwhile. */
  async rowsAt(range: RowRange): Promise<readonly Row[]> {
    const sent = this.#sent;
    if (!sent) return [];
    return this.host.readRows(this.#id, sent.revision, range);
  }

  /** The ids of every token of a lane, in order. */
  async ids(lane: Lane): Promise<number[]> {
    await this.settled();
    const [index, revision] = [this.lanes.indexOf(lane), this.#sent?.revision];
    const total = this.reading?.rows ?? 0;
    const ids: number[] = [];
    for (let first = 0; first < total; first += MOST_ROWS) {
      const rows = await this.rowsAt({ first, count: MOST_ROWS });
      if (revision !== this.#sent?.revision)
        throw new Error('The text has changed meanwhile: copy its ids once more.');
      // A piece that began on the row before was there already.
      const spans = rows.flatMap((row) => row.lanes[index] ?? []).filter((it) => !it.from_before);
      if (spans.some(({ more }) => more > 0))
        throw new Error('One character has too many tokens to list them all.');
      for (const { tokens } of spans) for (const { id } of tokens) if (id !== null) ids.push(id);
    }
    return ids;
  }

  /** Asks something of the text as Rust has it now. */
  async with<T>(ask: (id: string, revision: number) => Promise<T>): Promise<T | undefined> {
    await this.settled();
    return this.#sent && ask(this.#id, this.#sent.revision);
  }
}
