/**
 * Asks for the newest answer only: one question at a time, and while it is under way only the
 * last of those that follow is kept. So a slow answer never overtakes a newer one.
 */
export class Latest<Q, A> {
  #next: { question: Q; delay: number } | undefined;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: (question: Q) => Promise<A>,
    private readonly onAnswer: (answer: A) => void,
    private readonly onRefusal: (error: unknown) => void = () => undefined,
  ) {}

  /**
   * Asks `question` within `delay` ms, together with those that come meanwhile. A question does
   * not put off the one before it: text that grows all the time is still looked at.
   */
  want(question: Q, delay = 0): void {
    this.#next = { question, delay };
    if (!this.#asking) this.#schedule(delay);
  }

  #schedule(delay: number): void {
    if (delay === 0) void this.#go();
    else this.#timer ??= setTimeout(() => void this.#go(), delay);
  }

  async #go(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#asking || !this.#next) return;
    const { question } = this.#next;
    this.#next = undefined;
    this.#asking = true;
    try {
      this.onAnswer(await this.ask(question));
    } catch (error) {
      if (!this.#next) this.onRefusal(error);
    } finally {
      this.#asking = false;
    }
    const waiting = this.#waiting();
    if (waiting) this.#schedule(waiting.delay);
  }

  /** What came while a question was under way: read anew, for it changed meanwhile. */
  #waiting(): { delay: number } | undefined {
    return this.#next;
  }
}
