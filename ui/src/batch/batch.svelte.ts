import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { BatchOrder } from '../bindings/BatchOrder';
import type { BatchState } from '../bindings/BatchState';
import type { CellState } from '../bindings/CellState';
import type { OverBudget } from '../bindings/OverBudget';
import type { Place } from '../bindings/Place';
import type { Target } from '../bindings/Target';
import type { Variety } from '../bindings/Variety';
import { overBudget } from '../budget';
import type { Host } from '../host/host';
import { message } from '../text';

/** What a batch is, besides how it goes. */
export interface Shape {
  id: string;
  kind: 'sweep' | 'set';
  title: string;
  /** Its columns: what is varied, and who is asked. */
  columns: readonly { label: string; target: Target }[];
  rows: readonly { label: string; prompt: string }[];
  repeats: number;
}

/** How many tokens of each stretch of a braid are told. */
const SPANS = 24;

const keyOf = (...place: number[]) => place.join(' ');

/** A sweep or a set: its calls, how each of them stands, and how much their replies vary. */
export class Batch {
  /** How it stands as a whole; its cells are below. */
  state = $state.raw<BatchState>();
  problem = $state<string>();
  /** A budget that it could pass: it waits for a word about that. */
  question = $state.raw<{ over: OverBudget; send: () => void }>();
  /** The variety of the replies of a row and a column. */
  readonly varieties = new SvelteMap<string, Variety>();

  readonly #cells = new SvelteMap<string, CellState>();
  /** Rows and columns whose replies have changed since they were compared. */
  readonly #changed = new SvelteSet<string>();
  #isComparing = false;

  constructor(
    private readonly host: Host,
    readonly shape: Shape,
  ) {}

  get isGoing(): boolean {
    return this.state?.state === 'running' || this.state?.state === 'pausing';
  }

  cell(row: number, column: number, repeat: number): CellState | undefined {
    return this.#cells.get(keyOf(row, column, repeat));
  }

  /** The cells of a row and a column, one for each repeat. */
  cells(row: number, column: number): (CellState | undefined)[] {
    return Array.from({ length: this.shape.repeats }, (_, it) => this.cell(row, column, it));
  }

  varietyOf(row: number, column: number): Variety | undefined {
    return this.varieties.get(keyOf(row, column));
  }

  /** Sends what was ordered. A budget that it could pass asks first. */
  start(order: BatchOrder, concurrency: number | null, consent = false): Promise<void> {
    const { id, title } = this.shape;
    const again = () => void this.start(order, concurrency, true);
    return this.#asks(
      this.host.startBatch(id, title, order, concurrency, consent, (it) => this.take(it)),
      again,
    );
  }

  /** Shows how it stands, and follows it if it goes on. */
  async watch(): Promise<void> {
    try {
      this.take(await this.host.watchBatch(this.shape.id, (it) => this.take(it)));
    } catch (error) {
      this.problem = message(error);
    }
  }

  pause(): Promise<void> {
    return this.#asks(this.host.pauseBatch(this.shape.id));
  }

  stop(): Promise<void> {
    return this.#asks(this.host.stopBatch(this.shape.id));
  }

  resume(consent = false): Promise<void> {
    const resumed = this.host.resumeBatch(this.shape.id, consent, (it) => this.take(it));
    return this.#asks(resumed, () => void this.resume(true));
  }

  resend(place: Place, consent = false): Promise<void> {
    const { row, column, repeat } = place;
    const sent = this.host.resendCell(this.shape.id, row, column, repeat, consent);
    return this.#asks(sent, () => void this.resend(place, true));
  }

  skipWait(): Promise<void> {
    return this.#asks(this.host.skipBatchWait(this.shape.id));
  }

  /** Writes every reply to a file; how many, if they were written. */
  async export(form: 'csv' | 'jsonl'): Promise<{ rows: number } | null> {
    this.problem = undefined;
    try {
      return await this.host.exportBatch(this.shape.id, form);
    } catch (error) {
      this.problem = message(error);
      return null;
    }
  }

  /** What has changed is told, and no more. */
  take(state: BatchState): void {
    this.state = state;
    for (const cell of state.cells) {
      const { row, column, repeat } = cell;
      const before = this.cell(row, column, repeat);
      this.#cells.set(keyOf(row, column, repeat), cell);
      const isNew = before?.state !== cell.state || before.run !== cell.run;
      if (isNew && cell.state === 'finished') this.#changed.add(keyOf(row, column));
    }
    if (this.shape.repeats > 1 || this.shape.kind === 'sweep') void this.#compare();
  }

  /** Compares what has changed, one row and column after the other. */
  async #compare(): Promise<void> {
    if (this.#isComparing) return;
    this.#isComparing = true;
    for (let key = first(this.#changed); key !== undefined; key = first(this.#changed)) {
      this.#changed.delete(key);
      const [row = 0, column = 0] = key.split(' ').map(Number);
      const cells = this.cells(row, column).filter(
        (it): it is CellState & { run: string } => it?.state === 'finished' && it.run !== null,
      );
      const model = this.shape.columns[column]?.target.model ?? '';
      try {
        const ids = cells.map(({ run }) => run);
        const variety = await this.host.variety(ids, model, SPANS);
        this.varieties.set(key, variety);
      } catch (error) {
        this.problem = message(error);
      }
    }
    this.#isComparing = false;
  }

  /** Waits for what was asked; a budget in its way becomes a question. */
  async #asks(asked: Promise<void>, again?: () => void): Promise<void> {
    [this.question, this.problem] = [undefined, undefined];
    try {
      await asked;
    } catch (error) {
      const over = overBudget(error);
      if (over && again) this.question = { over, send: again };
      else this.problem = message(error);
    }
  }
}

const first = (keys: ReadonlySet<string>) => keys.values().next().value;

/** The letters by which groups of equal replies are told apart: A to Z, then AA. */
export function letter(group: number): string {
  const head = group >= 26 ? letter(Math.floor(group / 26) - 1) : '';
  return head + String.fromCharCode(65 + (group % 26));
}
