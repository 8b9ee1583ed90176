import type { Cut } from './bindings/Cut';
import type { Host } from './host/host';
import type { Run } from './run.svelte';
import { message } from './text';

/** So many pieces of a reply are compared by tokens. */
const MOST_TOKENS = 20_000;

type Pair = readonly [Run, Run];

/** What came of cutting two replies. */
interface Known {
  of: string;
  both?: readonly [Cut, Cut];
  problem?: string;
}

const keyOf = ([a, b]: Pair) => `${a.id} ${b.id}`;

/** Two replies that have ended, each cut by its own model's encoding when somebody asks for that. */
export class Cuts {
  #known = $state.raw<Known>();
  #wanted: string | undefined;

  constructor(private readonly host: Host) {}

  /** What is known of these two; nothing before somebody asked, or after others were asked for. */
  of(pair: Pair): Known | undefined {
    return this.#known?.of === keyOf(pair) ? this.#known : undefined;
  }

  async read(pair: Pair): Promise<void> {
    const of = (this.#wanted = keyOf(pair));
    const cut = (run: Run) => this.host.cut(run.text, run.target.model, MOST_TOKENS);
    const known = await Promise.all([cut(pair[0]), cut(pair[1])])
      .then((both): Known => ({ of, both }))
      .catch((error: unknown): Known => ({ of, problem: message(error) }));
    if (this.#wanted === of) this.#known = known;
  }
}
