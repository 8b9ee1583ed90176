import type { Chat } from './bindings/Chat';
import type { Message } from './bindings/Message';
import type { Target } from './bindings/Target';
import type { WireRequest } from './bindings/WireRequest';
import { compare } from './diff';
import type { Host } from './host/host';
import { Latest } from './latest';
import type { Run } from './run.svelte';
import { count } from './text';
import { isPractice } from './targets';

/** What a run was sent as, and the run that was looked at when it was sent. */
interface Sent {
  chat: Chat;
  before: Run | undefined;
}

/** What is looked at: the Play room, or whatever stands in for it. */
export interface Composed {
  readonly chat: Chat;
  readonly target: Target;
  readonly run: Run | undefined;
  readonly request: WireRequest | undefined;
  readonly edited: string | undefined;
  readonly isComposing: boolean;
}

/** Two requests, one after the other. */
export interface Pair {
  before: { body: string; chat: Chat | undefined } | undefined;
  after: { body: string; chat: Chat | undefined };
  /** The run that sent the second, if it was sent. */
  run: Run | undefined;
}

/** How many tokens of a prompt were in the prompt before, of how many. */
export interface Shared {
  tokens: number;
  total: number;
}

interface Question {
  before: Chat;
  after: Chat;
  target: Target;
}

/** Knows for each request the one before it, and how much of it was sent and paid for again. */
export class Resent {
  /** Counted for the pair that was asked about last. */
  shared = $state.raw<Shared>();

  readonly #sent = new WeakMap<Run, Sent>();
  readonly #counts: Latest<Question, Shared>;

  constructor(
    host: Host,
    private readonly composed: Composed,
  ) {
    this.#counts = new Latest(
      ({ before, after, target }) => sharedTokens(host, before, after, target),
      (shared) => (this.shared = shared),
      () => (this.shared = undefined),
    );
  }

  note(run: Run, sent: Sent): void {
    this.#sent.set(run, sent);
  }

  /** The request that is shown, and the one before it. */
  get pair(): Pair {
    const { chat, run, request, edited, isComposing } = this.composed;
    const body = edited ?? request?.body ?? '';
    const isSent = !isComposing && edited === undefined && run?.request?.body === body;
    const before = isSent ? this.#sent.get(run)?.before : run;
    return {
      before: before?.request && { body: before.request.body, chat: this.#chat(before) },
      after: { body, chat: isSent ? this.#chat(run) : edited === undefined ? chat : undefined },
      run: isSent ? run : undefined,
    };
  }

  get isPractice(): boolean {
    return isPractice(this.pair.run?.target ?? this.composed.target);
  }

  /** Counts anew. The page calls it whenever the pair may differ. */
  refresh(): void {
    const { before, after, run } = this.pair;
    if (!before?.chat || !after.chat) {
      this.shared = undefined;
      return;
    }
    const target = run?.target ?? this.composed.target;
    this.#counts.want({ before: before.chat, after: after.chat, target });
  }

  /** What was composed for `run`; not of a body that was written by hand. */
  #chat(run: Run): Chat | undefined {
    return run.isByHand ? undefined : this.#sent.get(run)?.chat;
  }
}

/** The messages of `after` that `before` had too, in the same order. */
export function sharedMessages(before: Chat, after: Chat): Message[] {
  const pieces = ({ messages }: Chat) => messages.map(({ role, text }) => `${role}\n${text}`);
  const shared: Message[] = [];
  let at = 0;
  for (const { kind, pieces: run } of compare(pieces(before), pieces(after)).parts) {
    if (kind === 'removed') continue;
    if (kind === 'same') shared.push(...after.messages.slice(at, at + run.length));
    at += run.length;
  }
  return shared;
}

/** Counts the prompt of `after`, and what of it was in that of `before`. */
export async function sharedTokens(
  host: Host,
  before: Chat,
  after: Chat,
  target: Target,
): Promise<Shared> {
  const all = { type: 'none' } as const;
  const tokens = async (chat: Chat) =>
    (await host.readPrompt(chat, target, null, 1, all)).tokens.total;
  const messages = sharedMessages(before, after);
  const total = await tokens(after);
  if (messages.length === 0) return { tokens: 0, total };
  return { tokens: await tokens({ ...after, messages }), total };
}

/**
 * What was paid for again, in words. `cached` tokens came from the provider's cache; on Practice
 * nothing is paid at all.
 */
export function resentSentence(
  { tokens, total }: Shared,
  cached: number | undefined,
  isPractice: boolean,
): string {
  if (tokens === 0) return `None of the ${count(total)} input tokens was in the request before.`;
  const all = tokens === total ? `All ${count(total)}` : `${count(tokens)} of ${count(total)}`;
  const again = `${all} input tokens, by our count, were in the request before too`;
  if (isPractice) return `${again}. A model with a price bills them again each time.`;
  if (!cached) return `${again}, and are paid for again.`;
  return `${again}, and are paid for again: ${count(cached)} of them from the provider's cache, at a lower price.`;
}
