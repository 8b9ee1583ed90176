import type { HowCut } from '../bindings/HowCut';

/** How long each step of the merging is shown, in milliseconds. */
export const STEP = 900;

/** The byte-pair merges of one piece, played or stepped through. */
export class MergeSteps {
  of = $state.raw<HowCut>();
  at = $state(0);
  isPlaying = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Begins anew with another piece. */
  show(how: HowCut | undefined): void {
    this.pause();
    this.of = how;
    this.at = 0;
  }

  get last(): number {
    return Math.max((this.of?.steps.length ?? 0) - 1, 0);
  }

  get isAtEnd(): boolean {
    return this.at >= this.last;
  }

  go(to: number): void {
    this.pause();
    this.at = Math.min(Math.max(to, 0), this.last);
  }

  play(): void {
    if (this.isAtEnd) this.at = 0;
    this.isPlaying = true;
    this.#schedule();
  }

  pause(): void {
    clearTimeout(this.#timer);
    this.isPlaying = false;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.at = Math.min(this.at + 1, this.last);
      if (this.isAtEnd) this.isPlaying = false;
      else this.#schedule();
    }, STEP);
  }
}
