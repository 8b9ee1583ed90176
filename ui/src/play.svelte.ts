import type { Chat } from './bindings/Chat';
import type { Cut } from './bindings/Cut';
import type { Message } from './bindings/Message';
import type { Parameters } from './bindings/Parameters';
import type { PromptReading } from './bindings/PromptReading';
import type { RunEvent } from './bindings/RunEvent';
import type { Target } from './bindings/Target';
import type { WireRequest } from './bindings/WireRequest';
import { Findings } from './findings.svelte';
import type { Kept } from './bindings/Kept';
import type { Host } from './host/host';
import { Latest } from './latest';
import { Run } from './run.svelte';
import { Selection } from './selection.svelte';
import { message, plural } from './text';
import { TimeMachine } from './timemachine.svelte';

/** A question and the replies it was given: asking again adds one. */
export class Exchange {
  runs = $state.raw<Run[]>([]);
  shown = $state(0);

  constructor(readonly question: string) {}

  get run(): Run | undefined {
    return this.runs[this.shown];
  }

  add(run: Run): void {
    this.runs = [...this.runs, run];
    this.shown = this.runs.length - 1;
  }
}

/** How many spans of tokens are asked for at first, and how many more each time. */
const SPANS = 600;
/** The reply is cut anew this many milliseconds after it grew. */
const CUT_DELAY = 200;
const LAST_CUT_DELAY = 50;

interface PromptQuestion {
  chat: Chat;
  target: Target;
  priceAs: string | null;
  limit: number;
}

export interface PlaySetup {
  host: Host;
  target: Target;
  system: string;
  parameters: Parameters;
  priceAs: string;
  draft: string;
}

/** What the Play room knows: the chat being composed, the conversation, and what is derived. */
export class Play {
  target = $state.raw<Target>({ provider: '', base_url: null, dialect: null, model: '' });
  system = $state('');
  draft = $state('');
  parameters = $state.raw<Parameters>() as Parameters;
  priceAs = $state('');
  exchanges = $state.raw<Exchange[]>([]);

  request = $state.raw<WireRequest>();
  /** A request body that was changed by hand; Send sends it and not the controls' own. */
  edited = $state<string>();
  /** A change by hand that was given up, until something else is sent or changed. */
  dropped = $state<string>();
  prompt = $state.raw<PromptReading>();
  /** Why the request or its tokens cannot be shown. */
  problem = $state<string>();
  replyCut = $state.raw<Cut>();
  replyProblem = $state<string>();
  spans = $state(SPANS);
  /** A conversation that made way, and in which words; until something else is sent. */
  cleared = $state.raw<{ exchanges: Exchange[]; says: string }>();

  /** The proxy on the way to the target. */
  proxy = $state<string | null>(null);
  /** What the provider counts in the prompt; only for the prompt that it was asked about. */
  serverCount = $state.raw<{ tokens?: number; problem?: string; isAsking?: boolean }>();
  readonly findings: Findings;
  readonly selection = new Selection();
  /** Shows the last run as it was at an instant of the past. */
  readonly time = new TimeMachine(() => this.run);

  readonly #host: Host;
  readonly #previews: Latest<{ chat: Chat; target: Target }, WireRequest>;
  readonly #prompts: Latest<PromptQuestion, PromptReading>;
  readonly #cuts: Latest<{ text: string; model: string; limit: number }, Cut>;

  constructor(setup: PlaySetup) {
    this.#host = setup.host;
    this.findings = new Findings(setup.host, this);
    this.target = setup.target;
    this.system = setup.system;
    this.parameters = setup.parameters;
    this.priceAs = setup.priceAs;
    this.draft = setup.draft;
    const refused = (error: unknown) => (this.problem = message(error));
    this.#previews = new Latest(
      ({ chat, target }) => setup.host.preview(chat, target),
      (request) => ([this.request, this.problem] = [request, undefined]),
      refused,
    );
    this.#prompts = new Latest(
      ({ chat, target, priceAs, limit }) => setup.host.readPrompt(chat, target, priceAs, limit),
      (prompt) => {
        this.prompt = prompt;
        this.findings.judge();
      },
      refused,
    );
    this.#cuts = new Latest(
      ({ text, model, limit }) => setup.host.cut(text, model, limit),
      (cut) => ([this.replyCut, this.replyProblem] = [cut, undefined]),
      (error) => ([this.replyCut, this.replyProblem] = [undefined, message(error)]),
    );
  }

  get isPractice(): boolean {
    return this.target.provider === 'practice';
  }

  get last(): Exchange | undefined {
    return this.exchanges.at(-1);
  }

  get run(): Run | undefined {
    return this.last?.run;
  }

  /** The run as the lenses show it. */
  get seen(): Run | undefined {
    return this.time.run;
  }

  get isRunning(): boolean {
    return this.run?.isOver === false;
  }

  /** Whether something new is in the message box. */
  get isComposing(): boolean {
    return this.draft.trim() !== '';
  }

  /** With nothing new to say, Send asks the last question again. */
  get isAgain(): boolean {
    return !this.isComposing && this.exchanges.length > 0;
  }

  get canSend(): boolean {
    return !this.isRunning && (this.isComposing || this.isAgain || this.edited !== undefined);
  }

  /** What Send would send: the whole history, since the API remembers nothing. */
  get chat(): Chat {
    const again = this.isAgain || (this.isRunning && this.draft === '');
    const before = again ? this.exchanges.slice(0, -1) : this.exchanges;
    const question = again ? (this.last?.question ?? '') : this.draft;
    const messages: Message[] = [];
    if (this.system.trim() !== '') messages.push({ role: 'system', text: this.system });
    for (const { question: text, run } of before) {
      // A question that got no reply is not part of the history, nor is a reply to none.
      if (!run?.text || text === '') continue;
      messages.push({ role: 'user', text }, { role: 'assistant', text: run.text });
    }
    if (question !== '') messages.push({ role: 'user', text: question });
    return { messages, parameters: this.parameters };
  }

  /** Brings the request and its tokens up to date. The page calls it whenever they may differ. */
  refresh(): void {
    const { chat, target } = { chat: this.chat, target: this.target };
    this.#previews.want({ chat, target });
    this.findings.judge();
    const priceAs = this.isPractice ? this.priceAs : null;
    this.#prompts.want({ chat, target, priceAs, limit: this.spans }, 60);
  }

  /** Finds out which way requests go. */
  async readRoute(): Promise<void> {
    const target = this.target;
    const proxy = await this.#host.proxyOf(target).catch(() => null);
    if (target === this.target) this.proxy = proxy;
  }

  /** Asks the provider for its own count of the prompt's tokens. */
  async countAtProvider(): Promise<void> {
    const asked = { isAsking: true };
    this.serverCount = asked;
    const answer = await this.#host
      .countTokens(this.chat, this.target)
      .then(({ input_tokens, error }) =>
        input_tokens === null
          ? { problem: error ? `${error.title}. ${error.said ?? error.advice}` : 'No count came.' }
          : { tokens: input_tokens },
      )
      .catch((error: unknown) => ({ problem: message(error) }));
    // A prompt that has changed meanwhile has another count.
    if (this.serverCount === asked) this.serverCount = answer;
  }

  /** Cuts the reply into tokens as far as it has come. */
  readReply(): void {
    const run = this.seen;
    if (!run?.text) {
      this.replyCut = undefined;
      this.replyProblem = undefined;
      return;
    }
    // Its pieces take longer to draw than a reply in a rush takes to come.
    if (run.isRushing && !run.isOver && !this.time.isPast) return;
    // A long reply is cut less often while it grows, and its end is shown before it is cut.
    const isWhole = run.isOver || this.time.isPast;
    const delay = isWhole ? LAST_CUT_DELAY : CUT_DELAY + run.text.length / 50;
    this.#cuts.want({ text: run.text, model: run.target.model, limit: this.spans }, delay);
  }

  /** Works out what the last reply came to, on the model that wrote it. */
  async readBill(): Promise<void> {
    const [run, priceAs] = [this.run, this.priceAs];
    if (!run?.usage) return;
    run.bill = await this.#host.bill(run.target.model, run.usage);
    run.billAs = run.isPractice ? await this.#host.bill(priceAs, run.usage) : undefined;
  }

  /** Changes the request's body by hand, or gives it back to the controls. */
  edit(body: string | undefined): void {
    this.dropped = body === undefined ? this.edited : undefined;
    this.edited = body;
  }

  send(): void {
    if (!this.canSend) return;
    const { chat, target } = { chat: this.chat, target: this.target };
    const body = this.edited ?? null;
    const run = new Run(crypto.randomUUID(), target, body !== null);
    this.#place(run);
    this.cleared = undefined;
    this.dropped = undefined;
    this.spans = SPANS;
    this.draft = '';
    this.#host
      .startRun(run.id, chat, target, body, (events) => this.#apply(run, events))
      .catch((error: unknown) => this.#notStarted(run, message(error)));
  }

  stop(): void {
    if (this.isRunning && this.run) void this.#host.cancelRun(this.run.id);
  }

  clear(): void {
    if (this.exchanges.length === 0) return;
    this.stop();
    this.cleared = cleared(this.exchanges, this.exchanges.length);
    this.exchanges = [];
  }

  /** Has a run that waits make its next attempt now. */
  skipWait(): void {
    if (this.run?.isWaiting) void this.#host.skipWait(this.run.id);
  }

  /** Leaves out the older half of what came before the last question. */
  trim(): void {
    if (this.exchanges.length < 2) return;
    const gone = Math.ceil((this.exchanges.length - 1) / 2);
    this.cleared = cleared(this.exchanges, gone);
    this.exchanges = this.exchanges.slice(gone);
  }

  /**
   * Opens a run that was kept: its conversation, its parameters, and all that it told. What was
   * here before comes back with Undo.
   */
  async open({ summary, chat }: Kept): Promise<void> {
    const run = new Run(summary.id, summary.target, summary.by_hand);
    await this.#host.replayRun(summary.id, (events) => run.apply(events));
    run.lose();
    this.stop();
    const before = this.exchanges;
    this.system = chat.messages.find(({ role }) => role === 'system')?.text ?? '';
    this.parameters = chat.parameters;
    this.target = summary.target;
    this.edit(undefined);
    this.draft = '';
    this.exchanges = conversation(chat, run);
    const says = 'Another conversation was here.';
    this.cleared = before.length > 0 ? { exchanges: before, says } : undefined;
    this.spans = SPANS;
    // A question that got no answer is there to be sent again.
    if (run.state === 'failed') this.#giveBack();
  }

  undoClear(): void {
    if (!this.cleared) return;
    this.exchanges = this.cleared.exchanges;
    this.cleared = undefined;
  }

  showMore(): void {
    this.spans *= 4;
  }

  /** Puts `run` after its question. One that got no reply makes way for the next. */
  #place(run: Run): void {
    if (this.isAgain && this.last) {
      this.last.add(run);
      return;
    }
    const answered = this.exchanges.filter((exchange) => exchange.runs.some((it) => it.text));
    const exchange = new Exchange(this.draft);
    exchange.add(run);
    this.exchanges = [...answered, exchange];
  }

  #apply(run: Run, events: readonly RunEvent[]): void {
    run.apply(events);
    if (run.state === 'failed') this.#giveBack();
  }

  #notStarted(run: Run, why: string): void {
    run.refuse(why);
    this.#giveBack();
  }

  /** The question of a failed call returns to the box, so that nothing has to be typed again. */
  #giveBack(): void {
    const question = this.last?.question;
    const isNew = this.last?.runs.every((run) => !run.text) ?? false;
    if (question && isNew && this.draft === '') this.draft = question;
  }
}

function cleared(exchanges: Exchange[], count: number): { exchanges: Exchange[]; says: string } {
  const were = count === 1 ? 'was' : 'were';
  return { exchanges, says: `${plural(count, 'question')} of the conversation ${were} cleared.` };
}

/** The turns of `chat` as they were shown, the last of them answered by `run`. */
function conversation(chat: Chat, run: Run): Exchange[] {
  const exchanges: Exchange[] = [];
  for (const { role, text } of chat.messages) {
    if (role === 'user') exchanges.push(new Exchange(text));
    else if (role === 'assistant') exchanges.at(-1)?.add(Run.saying(text, run.target));
  }
  if (exchanges.length === 0 || exchanges.at(-1)?.run) exchanges.push(new Exchange(''));
  exchanges.at(-1)?.add(run);
  return exchanges;
}
