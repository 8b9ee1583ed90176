import type { Chat } from './bindings/Chat';
import type { Origin } from './bindings/Origin';
import type { Parameters } from './bindings/Parameters';
import type { Preview } from './bindings/Preview';
import type { PromptReading } from './bindings/PromptReading';
import type { RunEvent } from './bindings/RunEvent';
import type { Target } from './bindings/Target';
import type { WireRequest } from './bindings/WireRequest';
import type { Kept } from './bindings/Kept';
import { Bills } from './bills.svelte';
import { LEFT, overBudget } from './budget';
import { Conversation, Exchange, messages, turnsOf, type Beside } from './conversation.svelte';
import { Findings } from './findings.svelte';
import { Glossaries } from './glossary.svelte';
import type { Host } from './host/host';
import { Latest } from './latest';
import { Pointed } from './pointed.svelte';
import { PromptReader } from './prompt.svelte';
import { ReplyCut } from './replycut.svelte';
import { Resent } from './resent.svelte';
import { RosettaState } from './rosetta/rosetta.svelte';
import { Run } from './run.svelte';
import { Selection } from './selection.svelte';
import { ServerCount } from './servercount.svelte';
import { Snippets } from './snippets.svelte';
import { isPractice } from './targets';
import { message, plural } from './text';
import { places, said, type Said, type Speaker } from './speakers';
import { TimeMachine } from './timemachine.svelte';
import { Tub } from './tub.svelte';

/** A run that stands in its conversation and is about to leave. */
export interface Departing {
  run: Run;
  chat: Chat;
  target: Target;
  /** The request's body, where it was written by hand. */
  body: string | null;
  /** Takes what comes of it. */
  tell: (events: readonly RunEvent[]) => void;
  /** It never left: `why` stands where the reply would. */
  refuse: (why: string) => void;
}

/** Sends a run; without `consent` one that could pass a budget is refused. */
export type Sender = (departing: Departing, consent: boolean) => Promise<void>;

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
  readonly conversation = new Conversation();
  /** A question of the conversation that is being edited, and its new words. */
  editing = $state<{ turn: Exchange; text: string }>();
  /** How many branches were begun: each is waiting for its first words. */
  branches = $state(0);
  /** How a run leaves: by itself, or as one column of a comparison. */
  sender: Sender;
  /** Whether the message box is shared with others: what failed here is not put back into it. */
  isShared = false;
  /** The run that was sent last. */
  #sent = $state.raw<Run>();

  request = $state.raw<WireRequest>();
  /** What made which part of the request. */
  origins = $state.raw<readonly Origin[]>([]);
  /** A request body that was changed by hand; Send sends it and not the controls' own. */
  edited = $state<string>();
  /** A change by hand that was given up, until something else is sent or changed. */
  dropped = $state<string>();
  /** Why the request or its tokens cannot be shown. */
  problem = $state<string>();

  /** The proxy on the way to the target. */
  proxy = $state<string | null>(null);
  /** What the provider counts in the prompt. */
  readonly serverCount: ServerCount;
  /** The model's context window, and what is left out of what is sent. */
  readonly tub: Tub;
  readonly findings: Findings;
  /** What the calls of the conversation came to. */
  readonly bills: Bills;
  /** The reply that is shown, cut into tokens. */
  readonly replyCut: ReplyCut;
  /** The next call as programs; written for as long as somebody looks at them. */
  readonly snippets: Snippets;
  /** The chat as several formats write it. */
  readonly rosetta: RosettaState;
  readonly selection = new Selection();
  /** The part of the request that is pointed at, or what makes a part of it. */
  readonly pointed = new Pointed();
  /** What every field on the wire is. */
  readonly glossaries: Glossaries;
  /** Shows the last run as it was at an instant of the past. */
  readonly time = new TimeMachine(() => this.run);
  /** What of the request was in the one before it too. */
  readonly resent: Resent;

  readonly #host: Host;
  readonly #previews: Latest<{ chat: Chat; target: Target }, Preview>;
  /** What the prompt is to the model. */
  readonly prompts: PromptReader;

  constructor(setup: PlaySetup) {
    this.#host = setup.host;
    this.sender = ({ run, chat, target, body, tell }, consent) =>
      setup.host.startRun(run.id, chat, target, body, consent, tell);
    this.prompts = new PromptReader(setup.host, this);
    this.serverCount = new ServerCount(setup.host, this);
    this.tub = new Tub(setup.host, this);
    this.findings = new Findings(setup.host, this);
    this.bills = new Bills(setup.host, this);
    this.replyCut = new ReplyCut(setup.host, this);
    this.resent = new Resent(setup.host, this);
    this.snippets = new Snippets(setup.host, this);
    this.glossaries = new Glossaries(setup.host);
    this.rosetta = new RosettaState(setup.host);
    this.target = setup.target;
    this.system = setup.system;
    this.parameters = setup.parameters;
    this.priceAs = setup.priceAs;
    this.draft = setup.draft;
    this.#previews = new Latest(
      ({ chat, target }) => setup.host.preview(chat, target),
      ({ request, origins }) => {
        [this.request, this.origins, this.problem] = [request, origins, undefined];
      },
      (error) => (this.problem = message(error)),
    );
  }

  get isPractice(): boolean {
    return isPractice(this.target);
  }

  get exchanges(): readonly Exchange[] {
    return this.conversation.turns;
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

  /** Whether a reply is coming, also while another one to the same question is looked at. */
  get isRunning(): boolean {
    return this.#sent?.isOver === false;
  }

  /** The run that is under way and has left, if there is one. */
  get going(): Run | undefined {
    return this.isRunning && !this.#sent?.question ? this.#sent : undefined;
  }

  /** Whether something new is being written. */
  get isComposing(): boolean {
    return this.editing !== undefined || this.draft.trim() !== '';
  }

  /** With nothing new to say, Send asks the last question again. */
  get isAgain(): boolean {
    return !this.isComposing && this.exchanges.length > 0;
  }

  /** Whether Send was pressed, and what has to be left out is still being counted. */
  get isLeaving(): boolean {
    return this.prompts.isAwaited;
  }

  /** What the prompt is to the model, as it was read last. */
  get prompt(): PromptReading | undefined {
    return this.prompts.reading;
  }

  get canSend(): boolean {
    if (this.isRunning || this.isLeaving) return false;
    if (this.edited !== undefined) return true;
    return this.editing ? this.editing.text.trim() !== '' : this.isComposing || this.isAgain;
  }

  /** The whole history, since the API remembers nothing. */
  get said(): readonly Said[] {
    const { before, question } = this.#next;
    return said(this.system, before, question);
  }

  /** All that was said and is about to be, whatever is left out. */
  get whole(): Chat {
    return this.#chatOf(this.said);
  }

  /** What Send would send: the whole history, or what fits of it. */
  get chat(): Chat {
    return this.#chatOf(this.tub.fit(this.said));
  }

  #chatOf(said: readonly Said[]): Chat {
    return { messages: said.map(({ message }) => message), parameters: this.parameters };
  }

  /**
   * The conversation as the next call carries it: with the reply that was read last, where nothing
   * new is written yet.
   */
  get heard(): Chat {
    const isRead = this.isAgain && !this.isRunning && this.run?.text;
    if (!isRead) return this.chat;
    return { messages: messages(this.system, this.exchanges, ''), parameters: this.parameters };
  }

  /** The turns before the next question, and that question. */
  get #next(): { before: readonly Exchange[]; question: string } {
    const turns = this.exchanges;
    if (this.editing) {
      const { turn, text } = this.editing;
      return { before: turns.slice(0, turns.indexOf(turn)), question: text };
    }
    const again = this.isAgain || (this.isRunning && this.draft === '');
    if (again) return { before: turns.slice(0, -1), question: this.last?.question ?? '' };
    return { before: turns, question: this.draft };
  }

  readonly #places = $derived.by(() => {
    const again = this.editing?.turn ?? (this.isAgain ? this.last : undefined);
    return places(this.tub.fit(this.said), again);
  });

  /** What the parts of the request that a speaker makes are found by; none if it makes none. */
  makerOf(speaker: Speaker | undefined): string | undefined {
    const index = speaker && this.#places.get(speaker);
    return index === undefined ? undefined : `message ${index}`;
  }

  /** Brings the request and its tokens up to date. The page calls it whenever they may differ. */
  refresh(): void {
    const { chat, target } = { chat: this.chat, target: this.target };
    this.#previews.want({ chat, target });
    this.findings.judge();
    this.prompts.want();
  }

  /** Does `then` as soon as it is known what has to be left out: most of the time, at once. */
  whenRead(then: () => void): void {
    this.prompts.whenRead(then);
  }

  /** Finds out which way requests go. */
  async readRoute(): Promise<void> {
    const target = this.target;
    const proxy = await this.#host.proxyOf(target).catch(() => null);
    if (target === this.target) this.proxy = proxy;
  }

  /** Every call of the conversation, those that were asked again included. */
  get calls(): Run[] {
    return this.exchanges.flatMap(({ runs }) => runs);
  }

  /** Changes the request's body by hand, or gives it back to the controls. */
  edit(body: string | undefined): void {
    this.dropped = body === undefined ? this.edited : undefined;
    this.edited = body;
  }

  send(): void {
    if (!this.canSend) return;
    this.whenRead(() => {
      const departing = this.prepare();
      if (departing) this.#start(departing);
    });
  }

  /** Puts a run into the conversation, ready to leave; none where nothing can be sent. */
  prepare(): Departing | undefined {
    if (!this.canSend) return undefined;
    const { chat, target } = { chat: this.chat, target: this.target };
    const body = this.edited ?? null;
    const run = new Run(crypto.randomUUID(), target, body !== null);
    if (body === null) {
      run.leftOut = this.tub.leftOut(this.said);
      run.system = systemOf(chat);
    }
    this.resent.note(run, { chat, before: this.run });
    this.#place(run);
    this.#sent = run;
    this.conversation.settle();
    this.dropped = undefined;
    this.replyCut.reset();
    const tell = (events: readonly RunEvent[]) => this.#apply(run, events);
    return { run, chat, target, body, tell, refuse: (why) => this.#notStarted(run, why) };
  }

  /** Starts a run; one that could pass a budget waits for what the person says. */
  #start(departing: Departing, consent = false): void {
    const { run } = departing;
    this.sender(departing, consent).catch((error: unknown) => {
      const over = overBudget(error);
      if (!over || consent) return departing.refuse(message(error));
      run.question = {
        over,
        send: () => {
          run.question = undefined;
          this.#start(departing, true);
        },
      };
    });
  }

  /** Does not send the run that waits for a word about its budget. */
  leave(): void {
    const run = this.#sent;
    if (!run?.question) return;
    run.question = undefined;
    this.#notStarted(run, this.isShared ? LEFT : `${LEFT} Your words are in the box below.`);
  }

  stop(): void {
    if (this.#sent?.question) this.leave();
    else if (this.isRunning && this.#sent) void this.#host.cancelRun(this.#sent.id);
  }

  /** Begins to edit a question that was sent. */
  reword(turn: Exchange): void {
    if (!this.isRunning) this.editing = { turn, text: turn.question };
  }

  /** Begins a branch: a conversation that goes on after the reply of `turn`. */
  branch(turn: Exchange): void {
    if (this.isRunning) return;
    this.editing = undefined;
    this.conversation.branch(turn);
    this.branches++;
  }

  /** Deletes a question with its replies. */
  delete(turn: Exchange): void {
    if (this.isRunning) return;
    this.editing = undefined;
    this.conversation.delete([turn], 'A question and its reply were deleted.');
  }

  /** Shows the version of the conversation that has `way` at `place`. */
  choose(place: number, way: Exchange): void {
    if (this.isRunning) return;
    this.editing = undefined;
    this.conversation.choose(place, way);
  }

  clear(): void {
    if (this.exchanges.length === 0) return;
    this.#leave();
    this.conversation.begin([], cleared(this.exchanges.length));
  }

  undo(): void {
    if (this.isRunning) return;
    this.editing = undefined;
    this.conversation.undo();
  }

  redo(): void {
    if (this.isRunning) return;
    this.editing = undefined;
    this.conversation.redo();
  }

  /** Has a run that waits make its next attempt now. */
  skipWait(): void {
    if (this.#sent?.isWaiting) void this.#host.skipWait(this.#sent.id);
  }

  /** Leaves out the older half of what came before the last question. */
  trim(): void {
    if (this.exchanges.length < 2) return;
    const gone = Math.ceil((this.exchanges.length - 1) / 2);
    this.conversation.delete(this.exchanges.slice(0, gone), cleared(gone));
  }

  /**
   * Opens a run that was kept: its conversation, its parameters, and all that it told. What was
   * here before comes back with Undo, and so does what it stood beside.
   */
  open({ summary, chat }: Kept, run: Run, around?: Beside & { says: string }): void {
    this.#leave();
    this.edit(undefined);
    const hadTurns = this.exchanges.length > 0;
    const composed = this.#set({
      system: systemOf(chat) ?? '',
      parameters: chat.parameters,
      target: summary.target,
      draft: '',
    });
    const says = around?.says ?? (hadTurns ? 'Another conversation was here.' : undefined);
    const beside = {
      undo: () => [composed, around].forEach((it) => it?.undo()),
      redo: () => [around, composed].forEach((it) => it?.redo()),
    };
    if (!run.isByHand) run.system = systemOf(chat);
    this.resent.note(run, { chat, before: undefined });
    this.conversation.begin(turnsOf(chat, run), says, beside);
    this.replyCut.reset();
    // A question that got no answer is there to be sent again.
    if (run.state === 'failed') this.#giveBack();
  }

  /** Changes what is composed, and tells how to change it back and again. */
  #set(after: Partial<Composed>): Beside {
    const { system, parameters, target, draft } = this;
    const set = (what: Partial<Composed>) => void Object.assign(this, what);
    set(after);
    return { undo: () => set({ system, parameters, target, draft }), redo: () => set(after) };
  }

  /** Ends what is under way here: another conversation begins. */
  #leave(): void {
    this.stop();
    this.rosetta.forget();
    this.#sent = undefined;
    this.prompts.forget();
    this.editing = undefined;
  }

  /** Puts `run` after its question. */
  #place(run: Run): void {
    if (this.editing) {
      const { turn, text } = this.editing;
      this.editing = undefined;
      this.conversation.edit(turn, text).add(run);
      return;
    }
    if (this.isAgain && this.last) {
      this.last.add(run);
      return;
    }
    const exchange = new Exchange(this.draft);
    exchange.add(run);
    this.conversation.add(exchange);
    this.draft = '';
  }

  #apply(run: Run, events: readonly RunEvent[]): void {
    run.apply(events);
    if (run.state === 'failed') this.#failed(run);
  }

  #notStarted(run: Run, why: string): void {
    run.refuse(why);
    this.#failed(run);
  }

  /** One that failed in a conversation that was left has nothing to say here. */
  #failed(run: Run): void {
    if (run === this.run) this.#giveBack();
  }

  /** The question of a failed call returns to the box, so that nothing has to be typed again. */
  #giveBack(): void {
    if (this.isShared) return;
    const isNew = this.last?.isAnswered === false;
    if (this.last?.question && isNew && this.draft === '') this.draft = this.last.question;
  }
}

/** What is composed beside the conversation. */
type Composed = Pick<Play, 'system' | 'parameters' | 'target' | 'draft'>;

function systemOf({ messages }: Chat): string | undefined {
  return messages.find(({ role }) => role === 'system')?.text;
}

function cleared(count: number): string {
  const were = count === 1 ? 'was' : 'were';
  return `${plural(count, 'question')} of the conversation ${were} cleared.`;
}
