import { SvelteSet } from 'svelte/reactivity';
import type { FeedChange } from '../bindings/FeedChange';
import type { FeedDiff } from '../bindings/FeedDiff';
import type { Host } from '../host/host';
import { message, plural } from '../text';
import type { Prices } from './prices.svelte';

/** Prices out of a public feed or a file: read, shown beside ours, taken or left, taken back. */
export class Refresh {
  diff = $state.raw<FeedDiff>();
  problem = $state<string>();
  isReading = $state(false);
  /** What came of it. */
  said = $state<string>();
  /** The models whose new price is wanted. */
  readonly wanted = new SvelteSet<string>();

  constructor(
    private readonly host: Host,
    private readonly prices: Prices,
  ) {}

  /** What could be taken: a price that has ended is told and never taken away. */
  get changes(): readonly FeedChange[] {
    return this.diff ? [...this.diff.added, ...this.diff.changed] : [];
  }

  /** The changes back to a price that has ended: with any, the list is likely older than ours. */
  get old(): readonly FeedChange[] {
    return this.changes.filter(({ ended }) => ended !== null);
  }

  get isAll(): boolean {
    return this.wanted.size === this.changes.length;
  }

  read(): Promise<void> {
    return this.#read(this.host.readFeed());
  }

  readFile(): Promise<void> {
    return this.#read(this.host.readFeedFile());
  }

  mark(models: readonly string[], isWanted: boolean): void {
    for (const model of models) {
      if (isWanted) this.wanted.add(model);
      else this.wanted.delete(model);
    }
  }

  leave(): void {
    this.diff = undefined;
    this.problem = undefined;
  }

  async take(): Promise<void> {
    const { diff } = this;
    if (!diff || this.wanted.size === 0) return;
    const models = [...this.wanted];
    await this.#do(async () => {
      await this.prices.changed(await this.host.takeFeed(diff.id, this.isAll ? null : models));
      this.diff = undefined;
      this.said = `${plural(models.length, 'price')} taken from ${diff.source}.`;
    });
  }

  async undo(): Promise<void> {
    await this.#do(async () => {
      await this.prices.changed(await this.host.undoFeed());
      this.said = 'Undone: the prices are what they were before.';
    });
  }

  async #read(asked: Promise<FeedDiff | null>): Promise<void> {
    this.isReading = true;
    this.said = undefined;
    await this.#do(async () => {
      const diff = await asked;
      if (!diff) return;
      this.diff = diff;
      this.wanted.clear();
      // Of a list that is older than ours nothing is taken unless somebody wants it.
      const models = this.changes.map(({ model }) => model);
      this.mark(models, this.old.length === 0);
    });
    this.isReading = false;
  }

  async #do(what: () => Promise<void>): Promise<void> {
    this.problem = undefined;
    try {
      await what();
    } catch (error) {
      this.problem = message(error);
    }
  }
}
