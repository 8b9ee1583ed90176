import type { Chat } from './bindings/Chat';
import type { Snippet } from './bindings/Snippet';
import type { Target } from './bindings/Target';
import type { Host } from './host/host';
import { Latest } from './latest';
import { message } from './text';

/** What is written as a program: the Play room, or whatever stands in for it. */
export interface Written {
  readonly chat: Chat;
  readonly target: Target;
  /** The body as it was edited by hand, if it was. */
  readonly edited: string | undefined;
}

/** So many milliseconds of typing are written at once. */
const DELAY = 120;

interface Question {
  chat: Chat;
  target: Target;
  body: string | null;
}

/** The next call as programs, and the language that was chosen, for as long as the app is open. */
export class Snippets {
  all = $state.raw<readonly Snippet[]>([]);
  /** Why there are none. */
  problem = $state<string>();
  language = $state<string>();

  readonly #latest: Latest<Question, Snippet[]>;

  constructor(
    host: Host,
    private readonly written: Written,
  ) {
    this.#latest = new Latest(
      ({ chat, target, body }) => host.snippets(chat, target, body),
      (snippets) => ([this.all, this.problem] = [snippets, undefined]),
      (error) => (this.problem = message(error)),
    );
  }

  /** The program in the language that was chosen, or in the first. */
  get shown(): Snippet | undefined {
    return this.all.find(({ language }) => language === this.language) ?? this.all[0];
  }

  /** Has the call written anew. */
  write(): void {
    const { chat, target, edited } = this.written;
    this.#latest.want({ chat, target, body: edited ?? null }, this.all.length > 0 ? DELAY : 0);
  }
}
