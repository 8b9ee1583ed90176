import type { Plan } from '../bindings/Plan';
import type { PlanRow } from '../bindings/PlanRow';
import type { Vote } from '../bindings/Vote';
import type { Host } from '../host/host';
import type { Departing } from '../play.svelte';
import type { Run } from '../run.svelte';
import { namesOf, type Column } from './column.svelte';

/** A run of a column that is about to leave. */
export interface Going {
  column: Column;
  departing: Departing;
}

/** Where a run stands in a comparison; all count from 0. */
interface Cell {
  row: number;
  /** The place of its column in the plan. */
  column: number;
  repeat: number;
}

/**
 * What is kept of a comparison: its plan, and which run is which cell of it. A row is a prompt;
 * who is asked it again has another repeat there.
 */
export class Rounds {
  /** Under which id it is kept; none while nothing was sent. */
  id = $state<string>();
  rows = $state.raw<readonly PlanRow[]>([]);
  votes = $state.raw<readonly Vote[]>([]);

  /** Every column that there has been: cells name theirs by its place, so it only grows. */
  #planned: Column[] = [];
  readonly #cells = new WeakMap<Run, Cell>();
  /** How often a column was asked in a row, by `row/column`. */
  #asked: Record<string, number> = {};

  constructor(
    private readonly host: Host,
    /** The columns that are shown, from left to right. */
    private readonly columns: () => readonly Column[],
    /** One that was kept, to go on with. */
    kept?: { id: string; plan: Plan; columns: readonly Column[] },
  ) {
    if (!kept) return;
    [this.id, this.#planned] = [kept.id, [...kept.columns]];
    [this.rows, this.votes] = [kept.plan.rows, kept.plan.votes];
  }

  get plan(): Plan {
    const planned = this.#planned;
    const names = namesOf(planned.map(({ play }) => play.target.model));
    return {
      columns: planned.map((column, at) => column.planned(names[at] ?? '')),
      rows: [...this.rows],
      repeats: 1,
      order: this.columns().map((column) => planned.indexOf(column)),
      varies: null,
      votes: [...this.votes],
    };
  }

  /** The place of a column in the plan. */
  placeOf(column: Column): number {
    return this.#planned.indexOf(column);
  }

  cellOf(run: Run): Cell | undefined {
    return this.#cells.get(run);
  }

  /** Notes where a run stands. */
  note(run: Run, cell: Cell): void {
    this.#cells.set(run, cell);
    const key = `${String(cell.row)}/${String(cell.column)}`;
    this.#asked[key] = Math.max(this.#asked[key] ?? 0, cell.repeat + 1);
  }

  /** Whether a run belongs to what was asked last. */
  isLatest(run: Run): boolean {
    const latest = this.rows.length - 1;
    return latest < 0 || this.#cells.get(run)?.row === latest;
  }

  /** Takes in what is asked next; what is returned takes it back. */
  newRow(prompt: string): () => void {
    const before = this.rows;
    this.rows = [...before, { label: '', messages: [], prompt }];
    return () => (this.rows = before);
  }

  /** Sends runs together, as cells of the latest row. */
  async send(going: readonly Going[], consent: boolean): Promise<void> {
    this.#know(this.columns());
    const row = this.rows.length - 1;
    const cells = going.map(({ column }): Cell => {
      const place = this.placeOf(column);
      const repeat = this.#asked[`${String(row)}/${String(place)}`] ?? 0;
      return { row, column: place, repeat };
    });
    going.forEach(({ departing }, at) => this.#cells.set(departing.run, cells[at] as Cell));
    const comparison = this.id ?? crypto.randomUUID();
    const runs = going.map(({ departing: { run, chat, target, body } }, at) => {
      const { column, repeat } = cells[at] as Cell;
      return { id: run.id, column, repeat, chat, target, body };
    });
    const round = { comparison, plan: this.plan, row, runs };
    const starts = await this.host.startRound(
      round,
      consent,
      going.map(({ departing }) => departing.tell),
    );
    this.id = comparison;
    going.forEach(({ departing: { run } }, at) => {
      this.note(run, cells[at] as Cell);
      run.startUs = starts[at] ?? 0;
    });
  }

  /** Has the plan written as it is now, once there is something to write it beside. */
  async save(): Promise<void> {
    this.#know(this.columns());
    if (this.id !== undefined) await this.host.saveComparison(this.id, this.plan);
  }

  #know(columns: readonly Column[]): void {
    this.#planned.push(...columns.filter((column) => !this.#planned.includes(column)));
  }
}
