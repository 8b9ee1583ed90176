import type { ApiError } from './bindings/ApiError';
import type { Because } from './bindings/Because';
import type { Delta } from './bindings/Delta';
import type { FinishReason } from './bindings/FinishReason';
import type { Header } from './bindings/Header';
import type { ModelBill } from './bindings/ModelBill';
import type { OverBudget } from './bindings/OverBudget';
import type { PieceCost } from './bindings/PieceCost';
import type { PricedBy } from './bindings/PricedBy';
import type { RunEvent } from './bindings/RunEvent';
import type { Target } from './bindings/Target';
import type { Usage } from './bindings/Usage';
import type { WireRequest } from './bindings/WireRequest';
import { split } from './blocks';
import { FrameLog } from './log';
import type { FrameRange, Selection } from './selection.svelte';
import { isPractice } from './targets';
import type { LeftOut } from './trimmed';

/** The deltas that are words of the model. */
const WORDS = new Set<Delta['type']>(['text', 'reasoning', 'refusal', 'tool_call']);

export type RunState = 'running' | 'finished' | 'interrupted' | 'failed' | 'cancelled' | 'lost';

/** One HTTP exchange of a run, and the wait after it. Times are microseconds since Send. */
export interface Attempt {
  number: number;
  startedAt: number;
  /** When the connection stood; null if an open one was used again. */
  connectedAt?: number | null;
  /** When the status and the headers came. */
  headersAt?: number;
  status?: number;
  endedAt?: number;
  error?: ApiError;
  wait?: { at: number; for: number; because: Because };
}

/** A call that the model wants made. It is shown and never made. */
export interface ToolCall {
  /** Which of several replies to the same prompt asks for it; the first is 0. */
  choice: number;
  index: number;
  name: string;
  /** JSON, if the model wrote it well. */
  arguments: string;
}

/** One of the replies after the first to the same prompt. */
export interface OtherReply {
  text: string;
  reasoning: string;
  refusal: string;
}

/** More choices, or calls, than any provider sends; a server's number may be anything. */
const MOST = 128;

export function isWords({ type }: Delta): boolean {
  return WORDS.has(type);
}

/** So many frames at once are no stream that a person watches word by word. */
const RUSH = 60;

/** One chat sent once: a fold over its events, live or replayed. */
export class Run {
  state = $state<RunState>('running');
  request = $state.raw<WireRequest>();
  status = $state<number>();
  /** What the last response said of itself. */
  headers = $state.raw<readonly Header[]>([]);
  attempts = $state.raw<Attempt[]>([]);
  /** The reply's text: full blocks, and the one that still grows. */
  blocks = $state.raw<string[]>([]);
  open = $state('');
  /** The other replies to the same prompt, where several were asked for. */
  others = $state.raw<OtherReply[]>([]);
  toolCalls = $state.raw<ToolCall[]>([]);
  reasoning = $state('');
  refusal = $state('');
  usage = $state.raw<Usage>();
  finish = $state.raw<{ reason: FinishReason; raw: string }>();
  answeredBy = $state<string>();
  error = $state.raw<ApiError>();
  /** Why the app itself did not send. */
  refusedBecause = $state<string>();
  /** The budgets that it could pass: it has not left, and waits for a word about that. */
  question = $state.raw<{ over: OverBudget; send: () => void }>();
  /** Whether it waits with others for a word about their budget. */
  isHeld = $state(false);
  /** What was left out of its request, where something was. */
  leftOut: LeftOut | undefined;
  /** The system message that was sent; none if there was none, or the body was written by hand. */
  system: string | undefined;
  /** When it began on the clock that it shares with others, in microseconds; alone it is 0. */
  startUs = $state(0);
  /** What was wrong with frames that could not be read. */
  unreadable = $state.raw<string[]>([]);
  frames = $state(0);
  /** Microseconds from Send to the first word, the last word, and the end. */
  firstWord = $state<number>();
  /** The first word that is no thought: where the reply itself begins. */
  firstText = $state<number>();
  lastWord = $state<number>();
  ended = $state<number>();

  /** Whether more comes at once than can be followed. */
  isRushing = false;

  /** All that was told, in order; it grows with `frames` and `attempts`. */
  readonly events: RunEvent[] = [];

  #text = '';

  /** What it cost; on Practice also what it would have cost on another model. */
  bill = $state.raw<ModelBill>();
  billAs = $state.raw<ModelBill>();
  /** What the words of each frame came to, once the bill is known. */
  pieces = $state.raw<readonly PieceCost[]>([]);
  /** What was kept of the prices of its day; nothing for a run of now. */
  priced: { own: PricedBy; others: PricedBy } | undefined;

  constructor(
    readonly id: string,
    readonly target: Target,
    /** Whether the request's body was written by hand. */
    readonly isByHand = false,
    /** Every frame that came; `frames` tells how many of them this run has seen. */
    readonly log = new FrameLog(),
  ) {}

  /** The run as it was after the first `count` of its events. It looks into the same log. */
  past(count: number): Run {
    const past = new Run(this.id, this.target, this.isByHand, this.log);
    past.startUs = this.startUs;
    past.apply(this.events.slice(0, count));
    return past;
  }

  /** Goes on to the first `count` events of `whole`, which this run is a past of. */
  follow(whole: Run, count: number): void {
    this.apply(whole.events.slice(this.events.length, count));
  }

  /** The places in the log of the frames that are lit up, first and last, as far as they came. */
  lit({ range, frames }: Pick<Selection, 'range' | 'frames'>): FrameRange | undefined {
    const all = frames ?? (range && this.log.over(range));
    if (!all || all.first >= this.frames) return undefined;
    return { first: all.first, last: Math.min(all.last, this.frames - 1) };
  }

  /** Ends the run here, as if the connection had broken. */
  breakOff(at: number): void {
    this.#end('interrupted', at);
  }

  get isPractice(): boolean {
    return isPractice(this.target);
  }

  /** The whole reply. */
  get text(): string {
    return this.#text;
  }

  /** Whether any of the reply's text came. */
  get hasText(): boolean {
    return this.open !== '' || this.blocks.length > 0;
  }

  get isOver(): boolean {
    return this.state !== 'running';
  }

  /** Whether the next attempt is yet to begin. */
  get isWaiting(): boolean {
    return !this.isOver && this.attempts.at(-1)?.wait !== undefined;
  }

  /** Tokens per second of the stream itself: the wait for the first word is left out. */
  get rate(): number | undefined {
    const tokens = this.usage?.output_tokens;
    if (!tokens || this.firstWord === undefined || this.lastWord === undefined) return undefined;
    const seconds = (this.lastWord - this.firstWord) / 1e6;
    return seconds > 0 ? (tokens - 1) / seconds : undefined;
  }

  /** Folds events in; text that came with them reaches the screen once. */
  apply(events: readonly RunEvent[]): void {
    let text = '';
    let [frames, word] = [0, this.lastWord];
    for (const event of events) {
      if (event.type !== 'frame') this.#step(event);
      else {
        if (this.frames + frames === this.log.all.length) this.#keep(event);
        frames++;
        for (const delta of event.deltas) {
          text += this.#delta(delta);
          if (isWords(delta)) word = this.#wordAt(event.at_us, delta.type === 'reasoning');
        }
      }
      this.events.push(event);
    }
    this.isRushing = frames > RUSH;
    // What changes with every frame is written once, however many frames came.
    this.frames += frames;
    this.lastWord = word;
    if (text) this.#append(text);
  }

  /** A reply of which nothing is known but its words. */
  static saying(text: string, target: Target): Run {
    const run = new Run(crypto.randomUUID(), target);
    run.#append(text);
    run.state = 'finished';
    return run;
  }

  /** The recording ends here, and the run had not: the app was closed, or it goes on elsewhere. */
  lose(): void {
    if (!this.isOver) this.#end('lost', this.lastWord ?? this.attempts.at(-1)?.startedAt ?? 0);
  }

  /** The call never left: `why` stands where the reply would. */
  refuse(why: string): void {
    this.refusedBecause = why;
    this.#end('failed', 0);
  }

  #keep(frame: Extract<RunEvent, { type: 'frame' }>): void {
    const attempt = this.attempts.at(-1);
    this.log.add(frame, attempt?.number ?? 1, attempt?.startedAt ?? 0);
  }

  #step(event: Exclude<RunEvent, { type: 'frame' }>): void {
    switch (event.type) {
      case 'attempt_started':
        this.request = event.request;
        [this.status, this.headers] = [undefined, []];
        this.attempts = [...this.attempts, { number: event.attempt, startedAt: event.at_us }];
        break;
      case 'response_started':
        [this.status, this.headers] = [event.status, event.headers];
        this.#note({
          status: event.status,
          headersAt: event.at_us,
          connectedAt: event.connected_us ?? null,
        });
        break;
      case 'attempt_failed':
        this.#note({ endedAt: event.at_us, error: event.error });
        break;
      case 'waiting':
        this.#note({ wait: { at: event.at_us, for: event.for_us, because: event.because } });
        break;
      case 'interrupted':
      case 'failed':
        this.error = event.error;
        this.#note({ error: event.error });
        this.#end(event.type, event.at_us);
        break;
      case 'finished':
      case 'cancelled':
        this.#end(event.type, event.at_us);
        break;
      default:
        event satisfies never;
    }
  }

  #end(state: RunState, at: number): void {
    this.state = state;
    this.ended = at;
    if (this.attempts.at(-1)?.endedAt === undefined) this.#note({ endedAt: at });
  }

  /** Adds to what is known of the attempt under way. */
  #note(more: Partial<Attempt>): void {
    const last = this.attempts.at(-1);
    if (last) this.attempts = [...this.attempts.slice(0, -1), { ...last, ...more }];
  }

  /** Notes what a delta says, and returns its visible text. */
  #delta(delta: Delta): string {
    switch (delta.type) {
      case 'text':
        if (delta.choice === 0) return delta.text;
        this.others = grown(this.others, delta);
        break;
      case 'reasoning':
      case 'refusal':
        if (delta.choice === 0) this[delta.type] += delta.text;
        else this.others = grown(this.others, delta);
        break;
      case 'usage':
        this.usage = delta;
        break;
      case 'finish':
        // The line below the reply is about the first of several.
        if (delta.choice === 0 || !this.finish)
          this.finish = { reason: delta.reason, raw: delta.raw };
        break;
      case 'model':
        this.answeredBy = delta.id;
        break;
      case 'unreadable':
        this.unreadable = [...this.unreadable, delta.reason].slice(-20);
        break;
      case 'tool_call':
        this.toolCalls = called(this.toolCalls, delta);
        break;
      case 'error':
      case 'done':
        break;
      default:
        delta satisfies never;
    }
    return '';
  }

  #wordAt(at: number, isThought: boolean): number {
    if (this.firstWord === undefined) this.firstWord = at;
    if (this.firstText === undefined && !isThought) this.firstText = at;
    return at;
  }

  #append(text: string): void {
    this.#text += text;
    const { closed, open } = split(this.open + text);
    if (closed.length > 0) this.blocks = [...this.blocks, ...closed];
    this.open = open;
  }
}

const NOTHING: OtherReply = { text: '', reasoning: '', refusal: '' };

/** `others` with what came for one of them. */
function grown(
  others: readonly OtherReply[],
  more: Extract<Delta, { type: keyof OtherReply }>,
): OtherReply[] {
  const at = Math.min(more.choice, MOST) - 1;
  const before = others[at] ?? NOTHING;
  const all = Array.from(
    { length: Math.max(others.length, at + 1) },
    (_, i) => others[i] ?? NOTHING,
  );
  all[at] = { ...before, [more.type]: before[more.type] + more.text };
  return all;
}

/** `calls` with what came for one of them. */
function called(calls: ToolCall[], more: Extract<Delta, { type: 'tool_call' }>): ToolCall[] {
  const before = calls.find(({ choice, index }) => {
    return choice === more.choice && index === more.index;
  });
  if (!before && calls.length >= MOST) return calls;
  const now = {
    choice: more.choice,
    index: more.index,
    name: more.name ?? before?.name ?? '',
    arguments: (before?.arguments ?? '') + more.arguments,
  };
  return before ? calls.map((call) => (call === before ? now : call)) : [...calls, now];
}
