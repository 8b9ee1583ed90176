import type { Chat } from './bindings/Chat';
import type { Context } from './bindings/Context';
import type { ContextBlock } from './bindings/ContextBlock';
import type { Message } from './bindings/Message';
import type { SummaryOffer } from './bindings/SummaryOffer';
import type { Target } from './bindings/Target';
import type { Trimming } from './bindings/Trimming';
import { overBudget } from './budget';
import type { Exchange } from './conversation.svelte';
import type { Host } from './host/host';
import { Latest } from './latest';
import { Run } from './run.svelte';
import type { Said } from './speakers';
import { message } from './text';
import { decided, isSame, leftOut, NOTHING, sent, type LeftOut } from './trimmed';

export type Strategy = Trimming['type'];

/** What can be done with a chat that is too long, in one table. */
export const STRATEGIES: readonly { value: Strategy; text: string; sentence: string }[] = [
  {
    value: 'none',
    text: 'Leave nothing out',
    sentence: 'All of it is sent each time. What does not fit is refused.',
  },
  {
    value: 'drop_oldest',
    text: 'Drop the oldest',
    sentence: 'The oldest goes until the rest fits; the system message is the oldest of all.',
  },
  {
    value: 'keep_system',
    text: 'Keep system, drop the oldest',
    sentence: 'The system message stays, and the oldest questions go with their replies.',
  },
  {
    value: 'keep_last',
    text: 'Keep the last few',
    sentence: 'Only the last questions with their replies are sent, whether more would fit or not.',
  },
  {
    value: 'middle_out',
    text: 'Middle out',
    sentence: 'How it began and what was said last stay; the middle goes until the rest fits.',
  },
  {
    value: 'summarise',
    text: 'Summarise by the model',
    sentence: 'The model is asked to sum up what was said, in a call of its own that is paid for.',
  },
];

/** A summary, and the messages that it stands in for. */
interface Made {
  text: string;
  messages: readonly Message[];
  /** The summary that it was made of too. */
  former: Made | undefined;
}

interface OfferQuestion {
  chat: Chat;
  trimming: Trimming;
  spoken: Message[];
}

/** What is being composed: the Play room, or whatever stands in for it. */
export interface Poured {
  /** All that was said, whatever is left out. */
  readonly said: readonly Said[];
  readonly whole: Chat;
  readonly target: Target;
  readonly priceAs: string;
  readonly isPractice: boolean;
}

/** The context window with a chat in it, and what is done with a chat that is too long. */
export class Tub {
  strategy = $state<Strategy>('none');
  /** So many earlier turns stay where only the last few are kept. */
  turns = $state(2);
  /** Whether the panel is to be seen. */
  isOpen = $state(false);
  /** How full it is, as far as that was counted. */
  context = $state.raw<Context>();
  /** The call that would ask for a summary, and what it may cost; none where there is none. */
  offer = $state.raw<SummaryOffer>();
  /** The call for a summary, from when it is asked for until its words are here. */
  run = $state.raw<Run>();
  /** Why there is no summary. */
  problem = $state<string>();

  #made = $state.raw<Made>();
  #decision = $state.raw(NOTHING);
  /** What the offer would sum up the beginning of. */
  #offered: readonly Message[] = [];
  readonly #offers: Latest<OfferQuestion, { offer: SummaryOffer | null; spoken: Message[] }>;

  constructor(
    private readonly host: Host,
    private readonly poured: Poured,
  ) {
    this.#offers = new Latest(
      async ({ chat, trimming, spoken }) => {
        const offer = await host.summaryOffer(chat, poured.target, this.#priceAs, trimming);
        return { offer, spoken };
      },
      ({ offer, spoken }) => ([this.offer, this.#offered] = [offer ?? undefined, spoken]),
      () => (this.offer = undefined),
    );
  }

  get #priceAs(): string | null {
    return this.poured.isPractice ? this.poured.priceAs : null;
  }

  /** The summary that stands in for what was said first, if this is what was said. */
  get summary(): string | undefined {
    return this.#summary?.text;
  }

  get #summary(): Made | undefined {
    const made = this.#made;
    const spoken = this.#spoken;
    const isSame = made?.messages.every(
      ({ role, text }, at) => spoken[at]?.role === role && spoken[at].text === text,
    );
    return isSame ? made : undefined;
  }

  /** All that was said but the instructions. */
  get #spoken(): Message[] {
    const messages = this.poured.said.map((it) => it.message);
    return messages.filter(({ role }) => role !== 'system');
  }

  get trimming(): Trimming {
    const { strategy, turns } = this;
    if (strategy === 'keep_last') return { type: strategy, turns };
    if (strategy !== 'summarise') return { type: strategy };
    const made = this.#summary;
    const summary = made ? { text: made.text, messages: made.messages.length } : null;
    return { type: strategy, summary };
  }

  /** What is sent of `said`, by what was decided last. */
  fit(said: readonly Said[]): readonly Said[] {
    return sent(said, this.#decision);
  }

  /** Takes over what was decided of `said`. */
  take(said: readonly Said[], context: Context): void {
    this.context = context;
    const decision = decided(said, context);
    // The same as before is no news: it would have all of it read again.
    if (!isSame(this.#decision, decision)) this.#decision = decision;
  }

  /** Whether the next request goes without this turn. */
  isOut(turn: Exchange): boolean {
    return this.#decision.out.has(turn);
  }

  /** What is left out of `said` as it is sent now; nothing where all of it goes. */
  leftOut(said: readonly Said[]): LeftOut | undefined {
    return leftOut(said, this.#decision);
  }

  /** What a block says. */
  textOf({ place, text }: ContextBlock): string {
    return place === null ? (text ?? '') : (this.poured.said[place]?.message.text ?? '');
  }

  /** Finds out what a summary would cost. The page calls it whenever that may differ. */
  readOffer(): void {
    if (this.strategy !== 'summarise') return;
    const { trimming } = this;
    this.#offers.want({ chat: this.poured.whole, trimming, spoken: this.#spoken }, 60);
  }

  /** Has the model sum up what was said: a run as any other, and in Runs too. */
  summarise(): void {
    const { offer } = this;
    if (!offer || this.run) return;
    const { chat, messages } = offer.call;
    const told = this.#offered.slice(0, messages);
    const run = new Run(crypto.randomUUID(), this.poured.target);
    [this.run, this.problem] = [run, undefined];
    const end = () => this.#end(run, told);
    const start = (consent: boolean): void => {
      this.host
        .startRun(run.id, chat, run.target, null, consent, (events) => {
          run.apply(events);
          if (run.isOver) end();
        })
        .catch((error: unknown) => {
          const over = overBudget(error);
          if (over && !consent) {
            run.question = { over, send: () => ((run.question = undefined), start(true)) };
            return;
          }
          run.refuse(message(error));
          end();
        });
    };
    start(false);
  }

  /** Stops the call for a summary, or does not send it where that waits for a word. */
  stop(): void {
    if (this.run?.question) this.run = undefined;
    else if (this.run) void this.host.cancelRun(this.run.id);
  }

  /** Goes back to the summary before this one, or to none. */
  undo(): void {
    this.#made = this.#made?.former;
  }

  /** Does as another one does; what is returned takes that back. */
  like(other: Tub): () => void {
    const { strategy, turns } = this;
    const made = this.#made;
    [this.strategy, this.turns, this.#made] = [other.strategy, other.turns, other.#made];
    return () => ([this.strategy, this.turns, this.#made] = [strategy, turns, made]);
  }

  /** Whether it does as another one does. */
  isLike({ strategy, turns }: Tub): boolean {
    return this.strategy === strategy && (strategy !== 'keep_last' || this.turns === turns);
  }

  #end(run: Run, messages: readonly Message[]): void {
    if (this.run !== run) return;
    this.run = undefined;
    const text = run.text.trim();
    if (run.state === 'finished' && text !== '') {
      this.#made = { text, messages, former: this.#summary };
      return;
    }
    if (run.state === 'cancelled') return;
    const why = run.refusedBecause ?? run.error?.title ?? 'it has no words';
    this.problem = `There is no summary: ${why}`;
  }
}
