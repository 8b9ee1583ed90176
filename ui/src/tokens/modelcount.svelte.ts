import type { ModelCount } from '../bindings/ModelCount';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { UNSET } from '../parameters';
import { message } from '../text';
import type { Sheet } from './sheet.svelte';

/** What one model makes of the text: by our count, and by its provider's where that was asked. */
export class ModelCounts {
  ours = $state.raw<ModelCount>();
  problem = $state<string>();
  theirs = $state.raw<{ tokens?: number; problem?: string; isAsking?: boolean }>();
  readonly #counts: Latest<string, ModelCount | undefined>;

  constructor(
    private readonly host: Host,
    private readonly sheet: Sheet,
  ) {
    this.#counts = new Latest(
      (model) => sheet.with((id) => host.estimateFor(id, model)),
      (ours) => ([this.ours, this.problem] = [ours, undefined]),
      (error) => ([this.ours, this.problem] = [undefined, message(error)]),
    );
  }

  /** The text or the model is another one. */
  refresh(): void {
    this.theirs = undefined;
    const { priceAs } = this.sheet;
    if (priceAs === null) this.ours = undefined;
    else this.#counts.want(priceAs, 150);
  }

  /** Asks the provider to count, which costs nothing. */
  async ask(provider: string, model: string): Promise<void> {
    const { text } = this.sheet;
    const isSame = () => this.sheet.text === text && this.sheet.priceAs === model;
    this.theirs = { isAsking: true };
    const chat = { messages: [{ role: 'user' as const, text }], parameters: UNSET };
    const target = { provider, base_url: null, dialect: null, model };
    try {
      const { input_tokens, error } = await this.host.countTokens(chat, target);
      const problem = error ? `${error.title}. ${error.said ?? error.advice}` : 'No count came.';
      if (isSame()) this.theirs = input_tokens === null ? { problem } : { tokens: input_tokens };
    } catch (error) {
      if (isSame()) this.theirs = { problem: message(error) };
    }
  }
}
