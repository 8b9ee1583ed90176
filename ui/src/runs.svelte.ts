import { SvelteSet } from 'svelte/reactivity';
import type { ComparisonSummary } from './bindings/ComparisonSummary';
import type { Filter } from './bindings/Filter';
import type { Names } from './bindings/Names';
import type { Page } from './bindings/Page';
import type { RecordingsState } from './bindings/RecordingsState';
import type { Summary } from './bindings/Summary';
import { Files } from './files.svelte';
import type { Host } from './host/host';
import { Latest } from './latest';
import { message } from './text';

const PAGE = 60;
/** The list follows what is typed after so many milliseconds. */
const DELAY = 120;

export const EVERY_RUN: Filter = {
  text: '',
  provider: null,
  model: null,
  outcome: null,
  starred: false,
  since_ms: null,
  until_ms: null,
  min_cost: null,
  max_cost: null,
  before: null,
  limit: PAGE,
};

/** A line of the list: a run of its own, or runs that belong together. */
export type Item =
  | { id: string; at: number; run: Summary; comparison?: undefined }
  | { id: string; at: number; comparison: ComparisonSummary; run?: undefined };

/** Both kinds of lines, the newest first; at the same time what belongs together comes first. */
export function merged(
  runs: readonly Summary[],
  comparisons: readonly ComparisonSummary[],
): Item[] {
  const items: Item[] = [
    ...comparisons.map((comparison) => {
      return { id: comparison.id, at: comparison.created_ms, comparison };
    }),
    ...runs.map((run) => ({ id: run.id, at: run.started_ms, run })),
  ];
  return items.sort((one, other) => other.at - one.at);
}

/** What the Runs room knows: which runs are wanted, and as much of the list as was asked for. */
export class Runs {
  filter = $state.raw<Filter>(EVERY_RUN);
  list = $state.raw<readonly Summary[]>();
  /** Runs that belong together, as far as the list goes. */
  comparisons = $state.raw<readonly ComparisonSummary[]>([]);
  /** All of them, the newest first. */
  readonly items = $derived(merged(this.list ?? [], this.comparisons));
  more = $state(false);
  names = $state.raw<Names>({ providers: [], models: [] });
  /** How much there is, and how its keeping goes. */
  state = $state.raw<RecordingsState>();
  problem = $state<string>();
  /** The ids of the runs that are marked, whether the list shows them now or not. */
  readonly selected = new SvelteSet<string>();

  /** What goes to files and comes from them. */
  readonly files: Files;

  /** The run that was marked last: a range begins there. */
  #from: string | undefined;
  readonly #pages: Latest<Filter, Page>;

  constructor(
    private readonly host: Host,
    /** These comparisons are gone from the disk, or all of them. */
    private readonly ongone: (ids?: readonly string[]) => void = () => undefined,
  ) {
    this.files = new Files(host, () => void this.refresh());
    this.#pages = new Latest(
      async (filter) => {
        const page = await host.listRuns(filter);
        if (filter.before === null) return page;
        const { list = [], comparisons } = this;
        return {
          runs: [...list, ...page.runs],
          comparisons: [...comparisons, ...page.comparisons],
          more: page.more,
        };
      },
      ({ runs, comparisons, more }) => {
        [this.list, this.comparisons, this.more] = [runs, comparisons, more];
        this.problem = undefined;
      },
      (error) => (this.problem = message(error)),
    );
  }

  get isFiltered(): boolean {
    return JSON.stringify(this.filter) !== JSON.stringify(EVERY_RUN);
  }

  /** Asks anew for everything that is shown. */
  async refresh(): Promise<void> {
    this.#pages.want(this.filter);
    try {
      [this.names, this.state] = await Promise.all([
        this.host.runNames(),
        this.host.recordingsState(),
      ]);
    } catch (error) {
      this.problem = message(error);
    }
  }

  narrow(changes: Partial<Filter>): void {
    this.filter = { ...this.filter, ...changes };
    this.#pages.want(this.filter, DELAY);
  }

  showMore(): void {
    const before = this.items.at(-1)?.id ?? null;
    this.#pages.want({ ...this.filter, before });
  }

  /** Marks a run, or takes its mark away; with `through` so are all from the one before to it. */
  select(id: string, through = false): void {
    const shown = this.list?.map((run) => run.id) ?? [];
    const from = this.#from === undefined ? -1 : shown.indexOf(this.#from);
    const to = shown.indexOf(id);
    const isRange = through && from >= 0 && to >= 0;
    const range = isRange ? shown.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    const isMarked = this.selected.has(id);
    for (const it of range) {
      if (isMarked) this.selected.delete(it);
      else this.selected.add(it);
    }
    this.#from = id;
  }

  selectNone(): void {
    this.selected.clear();
    this.#from = undefined;
  }

  async star(run: Summary): Promise<void> {
    await this.#change(this.host.starRun(run.id, !run.starred));
    this.#replace({ ...run, starred: !run.starred });
  }

  async rename(run: Summary, title: string): Promise<void> {
    await this.#change(this.host.renameRun(run.id, title));
    this.#replace({ ...run, title: title.trim() });
  }

  async starComparison(it: ComparisonSummary): Promise<void> {
    await this.#change(this.host.starComparison(it.id, !it.starred));
    this.#replaceComparison({ ...it, starred: !it.starred });
  }

  async renameComparison(it: ComparisonSummary, title: string): Promise<void> {
    await this.#change(this.host.renameComparison(it.id, title));
    this.#replaceComparison({ ...it, title: title.trim() });
  }

  /** Deletes a comparison with its runs. */
  async removeComparison(id: string): Promise<void> {
    await this.#change(this.host.deleteComparisons([id]));
    this.comparisons = this.comparisons.filter((it) => it.id !== id);
    this.ongone([id]);
    await this.refresh();
  }

  async remove(ids: readonly string[]): Promise<void> {
    await this.#change(this.host.deleteRuns([...ids]));
    this.list = this.list?.filter(({ id }) => !ids.includes(id));
    for (const id of ids) this.selected.delete(id);
    await this.refresh();
  }

  /** Deletes every run, and the versions of the system message too if that is wanted. */
  async removeAll(isWithVersions: boolean): Promise<void> {
    await this.#change(this.host.deleteAllRuns());
    if (isWithVersions) await this.#change(this.host.deleteAllVersions());
    this.ongone();
    this.selectNone();
    await this.refresh();
  }

  #replaceComparison(it: ComparisonSummary): void {
    this.comparisons = this.comparisons.map((one) => (one.id === it.id ? it : one));
  }

  #replace(run: Summary): void {
    this.list = this.list?.map((it) => (it.id === run.id ? run : it));
  }

  async #change(done: Promise<unknown>): Promise<void> {
    try {
      await done;
      this.problem = undefined;
    } catch (error) {
      this.problem = message(error);
      throw error;
    }
  }
}
