import type { Host } from './host/host';
import type { Play } from './play.svelte';
import { message } from './text';

/** What the provider itself counts in a prompt; it says nothing of any other prompt. */
export class ServerCount {
  tokens = $state<number>();
  problem = $state<string>();
  isAsking = $state(false);
  /** Which question it answers: the answer to a former one says nothing. */
  #asked = 0;

  constructor(
    private readonly host: Host,
    private readonly play: Play,
  ) {}

  /** Asks for it. */
  async ask(): Promise<void> {
    this.forget();
    const asked = this.#asked;
    this.isAsking = true;
    try {
      const { chat, target } = this.play;
      const { input_tokens, error } = await this.host.countTokens(chat, target);
      const said = error ? `${error.title}. ${error.said ?? error.advice}` : 'No count came.';
      if (asked !== this.#asked) return;
      if (input_tokens === null) this.problem = said;
      else this.tokens = input_tokens;
    } catch (error) {
      if (asked === this.#asked) this.problem = message(error);
    }
    if (asked === this.#asked) this.isAsking = false;
  }

  /** The prompt has changed. */
  forget(): void {
    this.#asked++;
    [this.tokens, this.problem, this.isAsking] = [undefined, undefined, false];
  }
}
