import type { BatchOrder } from '../bindings/BatchOrder';
import type { BatchPlan } from '../bindings/BatchPlan';
import type { BatchState } from '../bindings/BatchState';
import type { BraidNode } from '../bindings/BraidNode';
import type { CellState } from '../bindings/CellState';
import type { OverBudget } from '../bindings/OverBudget';
import type { PromptSet } from '../bindings/PromptSet';
import type { Variety } from '../bindings/Variety';

/** The columns and rows that an order comes to. */
export function shape(order: BatchOrder): { columns: string[]; rows: string[] } {
  if (order.kind === 'set')
    return {
      columns: order.columns.map(({ label }) => label),
      rows: order.prompts.prompts.map(({ label }) => label),
    };
  const { axis } = order;
  const columns =
    axis.type === 'number'
      ? axis.values.map((value) => `${axis.control} ${value ?? 'unset'}`)
      : axis.type === 'system'
        ? axis.texts
        : axis.targets.map(({ model }) => model);
  return { columns, rows: ['1'] };
}

export function fakePlan(order: BatchOrder): BatchPlan {
  const { columns, rows } = shape(order);
  const cells = columns.length * rows.length * order.repeats;
  return {
    ...{ columns, rows, repeats: order.repeats, cells, bound: '0', unknown: 0 },
    ...{ certainty: 'free', sentence: `${cells} calls, free.`, over: null, warnings: [] },
  };
}

/** What a model says: at temperature 0 always the same. */
function replyOf(column: string, repeat: number): string {
  const begins = 'Sunlight holds every colour';
  return / 0$|unset$/.test(column)
    ? `${begins}, and air scatters the short waves most.`
    : `${begins}, and try ${repeat + 1} says that the air bends it.`;
}

/** Batches that a test moves on, call by call. */
export class FakeBatches {
  readonly started: { id: string; title: string; order: BatchOrder; concurrency: number | null }[] =
    [];
  readonly asked: string[] = [];
  over: OverBudget | undefined;
  states = new Map<string, BatchState>();
  /** What `openPromptSet` answers. */
  file: PromptSet | null = null;
  exported: { rows: number } | null = { rows: 6 };
  /** Which calls fail, as `row column repeat`. */
  failing = new Set<string>();
  #tell: (state: BatchState) => void = () => undefined;
  #columns: string[] = [];

  start(id: string, title: string, order: BatchOrder, concurrency: number | null): void {
    this.started.push({ id, title, order, concurrency });
    const { columns, rows } = shape(order);
    this.#columns = columns;
    const cells = rows.flatMap((_, row) =>
      columns.flatMap((_, column) =>
        Array.from({ length: order.repeats }, (_, repeat) => waiting(row, column, repeat)),
      ),
    );
    this.states.set(id, count({ ...EMPTY, id, state: 'running', total: cells.length, cells }));
  }

  watch(id: string, tell: (state: BatchState) => void): BatchState {
    this.#tell = tell;
    return this.states.get(id) ?? { ...EMPTY, id };
  }

  /** The next calls come to their end. */
  finish(id: string, calls = Infinity): void {
    const before = this.states.get(id) ?? EMPTY;
    const next = before.cells.filter(({ state }) => state === 'waiting').slice(0, calls);
    const ended = next.map((cell) => this.#ended(cell));
    const cells = before.cells.map((cell) => ended.find((it) => isSame(it, cell)) ?? cell);
    const isDone = cells.every(({ state }) => state !== 'waiting');
    this.say({ ...before, state: isDone ? 'done' : before.state, cells }, ended);
  }

  /** One call after the other comes to its end, every so many milliseconds. */
  run(id: string, pace: number): void {
    if (this.states.get(id)?.state === 'running') this.finish(id, 1);
    if (this.states.get(id)?.state === 'running') setTimeout(() => this.run(id, pace), pace);
  }

  /** Tells how a batch stands; of its calls only those that changed. */
  say(state: BatchState, changed: CellState[] = []): void {
    const whole = count(state);
    this.states.set(state.id, whole);
    this.#tell({ ...whole, cells: changed });
  }

  change(id: string, state: BatchState['state']): void {
    this.asked.push(`${state} ${id}`);
    const before = this.states.get(id);
    if (before) this.say({ ...before, state });
  }

  #ended(cell: CellState): CellState {
    const { row, column, repeat } = cell;
    const run = `run ${row} ${column} ${repeat}`;
    if (this.failing.has(`${row} ${column} ${repeat}`))
      return { ...cell, run, state: 'failed', error: 'Too many requests.' };
    const reply = replyOf(this.#columns[column] ?? '', repeat);
    return { ...cell, run, state: 'finished', reply, cost: '0', duration_us: 2_000_000 };
  }

  /** As many words as are the same in all of them, then the rest of each. */
  variety(ids: string[]): Variety {
    const cells = [...this.states.values()].flatMap((state) => state.cells);
    const texts = ids.map((id) => cells.find(({ run }) => run === id)?.reply ?? '');
    const groups = [...new Set(texts)].map((text) => ({
      ...{ text, tokens: words(text).length, characters: text.length },
      runs: ids.filter((_, at) => texts[at] === text),
    }));
    const all = groups.map(({ text }) => words(text));
    let shared = 0;
    const first = all[0] ?? [];
    while (shared < first.length && all.every((it) => it[shared] === first[shared])) shared++;
    const node = (at: number, spans: string[], groups: number[], count: number): BraidNode => ({
      ...{ parent: at === 0 ? null : 0, at, tokens: spans.length, count, spans },
      ...{ ends: groups.length === 1 ? count : 0, groups, hidden: 0, last: [] },
    });
    const root = node(
      0,
      first.slice(0, shared),
      groups.map((_, index) => index),
      ids.length,
    );
    const rest = groups.map(({ runs }, index) =>
      node(shared, all[index]?.slice(shared) ?? [], [index], runs.length),
    );
    return {
      ...{ count: ids.length, distinct: groups.length, shared_tokens: shared },
      ...{ equal_pairs_percent: 0, shared_text: '', left_out: [], encoding: 'o200k_base' },
      ...{ exact: true },
      sentence:
        groups.length === 1
          ? `All ${ids.length} replies are the same.`
          : `${ids.length} replies, ${groups.length} different.`,
      ...{ groups, braid: groups.length === 1 ? [root] : [root, ...rest] },
    };
  }
}

const words = (text: string) => text.match(/ ?[^\s]+/g) ?? [];
const isSame = (a: CellState, b: CellState) =>
  a.row === b.row && a.column === b.column && a.repeat === b.repeat;

const EMPTY: BatchState = {
  ...{ id: '', state: 'done', why: null, over: null, total: 0, done: 0, failed: 0 },
  ...{ stopped: 0, broken: 0, running: 0, waiting: 0, spent: '0', unknown: 0, pace: [], cells: [] },
};

function waiting(row: number, column: number, repeat: number): CellState {
  return {
    ...{ row, column, repeat, run: null, state: 'waiting', reply: '', finish: null, usage: null },
    ...{ cost: null, first_word_us: null, duration_us: null, error: null, start_us: null },
  };
}

function count(state: BatchState): BatchState {
  const of = (phase: CellState['state']) =>
    state.cells.filter((cell) => cell.state === phase).length;
  const [done, failed, open] = [of('finished'), of('failed'), of('waiting')];
  return {
    ...state,
    done,
    failed,
    stopped: of('cancelled'),
    waiting: open,
    running: of('running'),
  };
}

/** Prompts, one on each line. */
export function fakePrompts(name: string, text: string): PromptSet {
  const lines = text.split('\n').map((line, at) => ({ line: at + 1, text: line.trim() }));
  const said = lines.filter((it) => it.text !== '');
  const empty = lines.length - said.length;
  return {
    ...{ name, form: 'lines', fields: [], field: null },
    prompts: said.map(({ line, text }, index) => ({
      ...{ label: String(index + 1), line },
      messages: [{ role: 'user', text }],
    })),
    left_out: empty > 0 ? [`${empty} empty lines.`] : [],
  };
}
