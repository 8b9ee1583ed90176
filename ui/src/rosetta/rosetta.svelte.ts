import { SvelteMap } from 'svelte/reactivity';
import type { Chat } from '../bindings/Chat';
import type { ProviderInfo } from '../bindings/ProviderInfo';
import type { ReplyAnatomy } from '../bindings/ReplyAnatomy';
import type { Rosetta } from '../bindings/Rosetta';
import type { Target } from '../bindings/Target';
import { overBudget } from '../budget';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { Run } from '../run.svelte';
import { isPractice, PRACTICE } from '../targets';
import { message } from '../text';

/** Who is asked in each format: Practice, which speaks all, or the provider whose format it is. */
export type Asked = 'practice' | 'provider';

/** So many formats stand side by side at most; two at least, or there is nothing to compare. */
export const MOST = 5;
/** So many milliseconds of typing, or of a stream, are drawn at once. */
const DELAY = 120;

/** What came of sending a column. */
export class Sent {
  anatomy = $state.raw<ReplyAnatomy>();
  problem = $state<string>();

  constructor(
    readonly run: Run,
    /** What it answers. */
    private readonly chat: Chat,
  ) {}

  /** Whether it answers this chat, and not one from before. */
  answers(chat: Chat): boolean {
    return JSON.stringify(chat) === JSON.stringify(this.chat);
  }
}

/** One chat as several formats write it: which of them, what is pointed at, and what was sent. */
export class RosettaState {
  dialects = $state.raw<readonly string[]>(['openai-chat', 'anthropic']);
  /** Whether the person chose which; else columns of several formats choose theirs. */
  isChosen = false;
  asked = $state<Asked>('practice');
  side = $state<'request' | 'reply'>('request');
  sheet = $state.raw<Rosetta>();
  problem = $state<string>();
  /** The replies, by format. */
  readonly sent = new SvelteMap<string, Sent>();

  readonly #host: Host;
  readonly #sheets: Latest<{ chat: Chat; targets: Target[] }, Rosetta>;

  constructor(host: Host) {
    this.#host = host;
    this.#sheets = new Latest(
      ({ chat, targets }) => host.rosetta(chat, targets),
      (sheet) => ([this.sheet, this.problem] = [sheet, undefined]),
      (error) => (this.problem = message(error)),
    );
  }

  /** Has the chat written anew for each target. */
  write(chat: Chat, targets: Target[]): void {
    this.#sheets.want({ chat, targets }, this.sheet ? DELAY : 0);
  }

  /** Shows a format or hides it; two stay. */
  toggle(dialect: string, order: readonly string[]): void {
    const has = this.dialects.includes(dialect);
    if (has && this.dialects.length <= 2) return;
    const wanted = has
      ? this.dialects.filter((it) => it !== dialect)
      : [...this.dialects, dialect].slice(-MOST);
    this.dialects = order.filter((it) => wanted.includes(it));
    this.isChosen = true;
  }

  /** Sends the chat in one format. A budget that it could pass asks first. */
  send(chat: Chat, target: Target): void {
    const run = new Run(crypto.randomUUID(), target);
    const sent = new Sent(run, chat);
    const dialect = target.dialect ?? '';
    this.sent.set(dialect, sent);
    this.side = 'reply';
    const looks = new Latest(
      () => this.#host.rosettaReply(run.id),
      (anatomy) => (sent.anatomy = anatomy),
      (error) => (sent.problem = message(error)),
    );
    const begin = (consent: boolean): void => {
      this.#host
        .startRun(run.id, chat, target, null, consent, (events) => {
          run.apply(events);
          looks.want(undefined, run.isOver ? 0 : DELAY);
        })
        .catch((error: unknown) => {
          const over = overBudget(error);
          if (!over || consent) return run.refuse(message(error));
          run.question = { over, send: () => ((run.question = undefined), begin(true)) };
        });
    };
    begin(false);
  }

  /** Does not send what waits for a word about a budget. */
  leave(dialect: string): void {
    this.sent.delete(dialect);
  }

  /** Whether a reply is coming. */
  get isRunning(): boolean {
    return this.#going().length > 0;
  }

  /** Stops the reply in one format, or in all. */
  stop(dialect?: string): void {
    for (const { run } of this.#going(dialect)) void this.#host.cancelRun(run.id);
  }

  /** Another conversation begins: what was sent of the one before ends, and is no answer to it. */
  forget(): void {
    this.stop();
    this.sent.clear();
    this.side = 'request';
  }

  /** What has left and is not over. */
  #going(dialect?: string): Sent[] {
    const all = [...this.sent].filter(([format]) => dialect === undefined || format === dialect);
    return all.flatMap(([, sent]) => (sent.run.isOver || sent.run.question ? [] : sent));
  }
}

/** Every format that somebody speaks, in the order of the providers. */
export function formats(providers: readonly ProviderInfo[]): { id: string; name: string }[] {
  const all = providers.flatMap(({ dialects }) => dialects);
  return all.filter(({ id }, at) => all.findIndex((it) => it.id === id) === at);
}

/** Who is asked in a format. */
export function targetOf(
  dialect: string,
  asked: Asked,
  current: Target,
  providers: readonly ProviderInfo[],
): Target {
  const practice = isPractice(current) ? current.model : 'practice-1';
  const onPractice = { provider: PRACTICE, base_url: null, dialect, model: practice };
  if (asked === 'practice') return onPractice;
  if (!isPractice(current) && current.dialect === dialect) return current;
  const speaks = ({ id, dialects }: ProviderInfo) =>
    id !== PRACTICE && id !== 'custom' && dialects.some((it) => it.id === dialect);
  const owner =
    providers.find((it) => it.id === current.provider && speaks(it)) ?? providers.find(speaks);
  if (!owner) return onPractice;
  const model = owner.id === current.provider ? current.model : owner.first_model;
  return { provider: owner.id, base_url: owner.base_url ? null : current.base_url, dialect, model };
}
