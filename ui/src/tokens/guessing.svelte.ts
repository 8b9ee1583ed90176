import { SvelteSet } from 'svelte/reactivity';
import type { Guess } from '../bindings/Guess';
import type { Hidden } from '../bindings/Hidden';
import type { Lane } from '../bindings/Lane';
import type { Score } from '../bindings/Score';
import type { Host } from '../host/host';
import { message } from '../text';
import type { Sheet } from './sheet.svelte';

/** A text with more characters is too long to be cut by hand. */
export const MOST_TO_CUT = 400;

/** The answer is hidden: the class guesses how many tokens there are, or where they end. */
export class Guessing {
  /** What is hidden. */
  what = $state<Hidden>('nothing');
  lane = $state<Lane>('o200k_base');
  /** How many tokens are guessed, as it was typed. */
  count = $state('');
  /** Where tokens are guessed to end: UTF-16 positions inside the text. */
  readonly ends = new SvelteSet<number>();
  score = $state.raw<Score>();
  problem = $state<string>();
  /** The reveal that is under way; none once there is another guess to make. */
  #asked: object | undefined;

  constructor(
    private readonly host: Host,
    private readonly sheet: Sheet,
  ) {}

  get isHidden(): boolean {
    return this.what !== 'nothing' && this.score === undefined;
  }

  /** Whether there is something to be revealed: a long text is not cut by hand. */
  get canReveal(): boolean {
    return this.what !== 'cut' || (this.sheet.reading?.characters ?? 0) <= MOST_TO_CUT;
  }

  /** Hides something else, or nothing any more. */
  hide(what: Hidden): void {
    this.what = what;
    this.again();
  }

  again(): void {
    [this.count, this.score, this.problem] = ['', undefined, undefined];
    this.ends.clear();
    this.#asked = undefined;
  }

  /** Cuts at a place, or does not. */
  flip(at: number): void {
    if (this.score) return;
    if (!this.ends.delete(at)) this.ends.add(at);
  }

  /** The guess as it can be scored; none before there is one. */
  get guess(): Guess | undefined {
    if (this.what === 'cut') return { type: 'cut', ends: [...this.ends].sort((a, b) => a - b) };
    const count = Number(this.count);
    const isWhole = this.count.trim() !== '' && Number.isSafeInteger(count) && count >= 0;
    return this.what === 'count' && isWhole ? { type: 'count', count } : undefined;
  }

  async reveal(): Promise<void> {
    const { guess, lane } = this;
    if (!guess) {
      this.problem = 'Guess a whole number first.';
      return;
    }
    const asked = (this.#asked = {});
    try {
      const score = await this.sheet.with((id, revision) =>
        this.host.scoreGuess(id, revision, lane, guess),
      );
      if (asked === this.#asked) [this.score, this.problem] = [score, undefined];
    } catch (error) {
      if (asked === this.#asked) this.problem = message(error);
    }
  }
}
