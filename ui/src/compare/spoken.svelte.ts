import type { Run } from '../run.svelte';

/** So long a bill is waited for before the end is told without it, in milliseconds. */
const BILLED_WITHIN = 1000;

/** Whether nothing more is to come that would be told. */
function isSettled({ isPractice, usage, bill, error, refusedBecause }: Run): boolean {
  return isPractice || !usage || bill !== undefined || Boolean(error ?? refusedBecause);
}

/**
 * What a screen reader hears of a run: one sentence once it is over, and never another. A name or
 * a price that comes later would have all of it read out again.
 */
export class Spoken {
  words = $state('');
  #told: Run | undefined;

  constructor(of: () => Run | undefined, sentence: (run: Run) => string) {
    $effect(() => {
      const run = of();
      if (run && run === this.#told) return;
      if (!run?.isOver) {
        this.words = '';
        return;
      }
      const tell = () => {
        this.#told = run;
        this.words = sentence(run);
      };
      if (isSettled(run)) return tell();
      const timer = setTimeout(tell, BILLED_WITHIN);
      return () => clearTimeout(timer);
    });
  }
}
