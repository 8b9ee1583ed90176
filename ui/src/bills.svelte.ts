import type { LineKind } from './bindings/LineKind';
import type { ModelBill } from './bindings/ModelBill';
import type { PromptReading } from './bindings/PromptReading';
import type { Spent } from './bindings/Spent';
import type { Usage } from './bindings/Usage';
import type { Host } from './host/host';
import { isWords, type Run } from './run.svelte';
import { midnight } from './text';

/** What is billed: the Play room, or whatever stands in for it. */
export interface Billed {
  readonly run: Run | undefined;
  /** Every call of the conversation, those that were asked again included. */
  readonly calls: readonly Run[];
  /** The model that calls on Practice are priced as. */
  readonly priceAs: string;
  /** The prompt of the next call, or of the one that goes on. */
  readonly prompt?: PromptReading | undefined;
}

const NO_USAGE: Usage = {
  input_tokens: null,
  cache_read_tokens: null,
  cache_write_tokens: null,
  cache_write_long_tokens: null,
  output_tokens: null,
  reasoning_tokens: null,
  reported_cost: null,
  malformed: false,
};

/**
 * Works out what calls came to, each when somebody wants to know. The bill of a run and the shares
 * of its pieces are kept with the run.
 */
export class Bills {
  /** The bill of each run that was shared out over its pieces. */
  readonly #shared = new WeakMap<Run, ModelBill>();

  constructor(
    private readonly host: Host,
    private readonly billed: Billed,
  ) {}

  /** Works out what a reply came to, on the model that wrote it. */
  async read(run = this.billed.run): Promise<void> {
    if (!run?.usage) return;
    [run.bill, run.billAs] = await this.#bill(run, run.usage);
  }

  /** What so many tokens of a run come to; on Practice also on the model that stands in for it. */
  async #bill(run: Run, usage: Usage): Promise<[ModelBill, ModelBill | undefined]> {
    const today = { type: 'today' } as const;
    const here = { ...today, target: run.target };
    const { own, others } = run.priced ?? { own: here, others: today };
    const bill = await this.host.bill(run.target.model, usage, own, false);
    if (!run.isPractice) return [bill, undefined];
    return [bill, await this.host.bill(this.billed.priceAs, usage, others, false)];
  }

  /**
   * What a run that goes on has come to: an estimate, since nobody has billed it yet. In dollars;
   * none where a price or the count of the prompt is not known.
   */
  async soFar(run: Run, output: number): Promise<string | undefined> {
    const estimates = this.billed.prompt?.estimates ?? [];
    const input = run.usage?.input_tokens ?? estimates.at(-1)?.input_tokens;
    if (input === undefined) return undefined;
    const usage = { ...NO_USAGE, ...run.usage, input_tokens: input, output_tokens: output };
    const [bill, billAs] = await this.#bill(run, usage);
    return (billAs ?? bill).bill.total ?? undefined;
  }

  /** How many tokens each frame of a run brought, from the frame at `from` on, by our own cut. */
  async tokens(run: Run, from: number): Promise<number[]> {
    const frames = run.log.all.slice(from, run.frames).map(({ deltas }) => deltas.filter(isWords));
    if (frames.length === 0) return [];
    const none = { output: null, reasoning: null };
    const pieces = await this.host.pieceCosts(run.target.model, frames, none);
    return pieces.map(({ tokens }) => tokens);
  }

  /** Works out what every call of the conversation came to. */
  async readAll(): Promise<void> {
    const { calls, priceAs } = this.billed;
    for (const run of calls) {
      const isStale = run.isPractice ? run.billAs?.model !== priceAs : run.bill === undefined;
      if (isStale) await this.read(run);
    }
  }

  /** Prices have changed: what was worked out is not so any more. */
  forget(): void {
    for (const run of this.billed.calls) [run.bill, run.billAs] = [undefined, undefined];
  }

  /** Works out what each piece of a reply came to: for a long one that takes a moment. */
  async readPieces(run = this.billed.run): Promise<void> {
    const bill = run?.billAs ?? run?.bill;
    if (!run?.isOver || !bill || this.#shared.get(run) === bill) return;
    this.#shared.set(run, bill);
    const costOf = (kind: LineKind) =>
      bill.bill.lines.find((line) => line.kind === kind)?.cost ?? null;
    const lines = { output: costOf('output'), reasoning: costOf('reasoning') };
    const frames = run.log.all.map(({ deltas }) => deltas.filter(isWords));
    run.pieces = await this.host.pieceCosts(run.target.model, frames, lines);
  }

  /** What all calls since midnight came to. */
  spentToday(): Promise<Spent> {
    return this.host.spentSince(midnight());
  }
}
