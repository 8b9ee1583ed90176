import type { Bills } from '../bills.svelte';
import type { Run } from '../run.svelte';
import { Paces, type Point } from './growth';

/** What a run that goes on has come to so far, by our own count: nobody has billed it yet. */
class SoFar {
  /** The tokens of the frames that were counted. */
  output = $state(0);
  /** How fast they came. */
  rates = $state.raw<readonly Point[]>([]);
  /** What all of it came to whenever it was looked at. */
  costs = $state.raw<readonly Point[]>([]);
  isCounting = false;
  /** How many frames were counted. */
  frames = 0;
  readonly paces = new Paces();
}

/** Runs that go on, and what each has come to so far. */
export class Growing {
  readonly #all = new WeakMap<Run, SoFar>();

  of(run: Run): Pick<SoFar, 'output' | 'rates' | 'costs'> {
    return this.#soFar(run);
  }

  /** Counts what has come since the last look. What cannot be counted is left to the end. */
  async look(run: Run, bills: Bills): Promise<void> {
    const so = this.#soFar(run);
    if (so.isCounting || run.isOver) return;
    so.isCounting = true;
    try {
      const at = run.startUs + (run.log.all.at(-1)?.at ?? 0);
      const counted = await bills.tokens(run, so.frames);
      for (const tokens of counted) {
        so.paces.add(run.log.all[so.frames++]?.at ?? 0, tokens);
        so.output += tokens;
      }
      so.rates = so.paces.points(run.startUs);
      const total = run.firstWord === undefined ? undefined : await bills.soFar(run, so.output);
      if (total !== undefined) so.costs = [...so.costs, { at, value: Number(total) }];
    } catch {
      // The bill at the end says what is wrong, if anything is.
    } finally {
      so.isCounting = false;
    }
  }

  #soFar(run: Run): SoFar {
    const so = this.#all.get(run) ?? new SoFar();
    this.#all.set(run, so);
    return so;
  }
}
