import type { Kept } from '../bindings/Kept';
import type { KeptComparison } from '../bindings/KeptComparison';
import type { OverBudget } from '../bindings/OverBudget';
import type { Target } from '../bindings/Target';
import { Cuts } from '../cuts.svelte';
import type { Host } from '../host/host';
import { replayed } from '../kept';
import { LEFT, overBudget } from '../budget';
import { Play, type PlaySetup } from '../play.svelte';
import type { Run } from '../run.svelte';
import { message } from '../text';
import { Versions } from '../versions.svelte';
import { Blind } from './blind.svelte';
import { Column, continued, namesOf } from './column.svelte';
import { opened } from './opened';
import { RaceClock, type Racer } from './raceclock.svelte';
import { Rounds, type Going } from './rounds.svelte';

/** So many columns have room beside each other. */
const MOST_COLUMNS = 4;

/** A column with its run of the latest row, as it stands in the race. */
export interface Lane extends Racer {
  column: Column;
  name: string;
  /** The run as it was at the instant that is looked at. */
  seen: Run;
}

/**
 * Play with up to four columns. With one it is Play as ever; with more, one Send goes to all of
 * them, and what comes back is kept as one comparison.
 */
export class Compare {
  /** The columns from left to right. */
  all = $state.raw<readonly Column[]>([]);
  /** The column whose lenses and parameters are shown. */
  selected = $state.raw<Column>() as Column;
  #draft = $state('');
  /** The sum could pass a budget: nothing has left. */
  question = $state.raw<{ over: OverBudget; send: () => void; leave: () => void }>();
  /** What was done to the columns last and how it is undone, until something else is done. */
  done = $state.raw<{ says: string; undo: () => void }>();
  problem = $state<string>();
  rounds = $state.raw<Rounds>() as Rounds;
  readonly clock: RaceClock;
  readonly blind: Blind;
  readonly cuts: Cuts;
  /** The system messages that were sent. */
  readonly versions: Versions;

  readonly #host: Host;
  /** How often something that was kept has been deleted. */
  #deletions = 0;
  readonly #names = $derived(namesOf(this.all.map(({ play }) => play.target.model)));

  constructor(host: Host, first: Play) {
    this.#host = host;
    this.rounds = this.#newRounds();
    this.clock = new RaceClock(() => this.lanes);
    this.blind = new Blind(host, this);
    this.cuts = new Cuts(host);
    this.versions = new Versions(host);
    this.selected = this.#column(first);
    this.all = [this.selected];
  }

  get isComparing(): boolean {
    return this.all.length > 1;
  }

  get play(): Play {
    return this.selected.play;
  }

  /** The column that a new chat begins with. */
  get first(): Column {
    return this.all[0] ?? this.selected;
  }

  /** What is written to all of them. */
  get draft(): string {
    return this.isComparing ? this.#draft : this.play.draft;
  }

  set draft(text: string) {
    this.#draft = text;
    for (const { play, isMuted } of this.all) play.draft = isMuted ? '' : text;
  }

  /** What a column is called: its model, or a letter while names are hidden. */
  nameOf(column: Column): string {
    return this.blind.letterOf(column) ?? this.#names[this.all.indexOf(column)] ?? '';
  }

  get canAdd(): boolean {
    return this.all.length < MOST_COLUMNS;
  }

  /** The columns in the order in which they stand on the screen. */
  get shown(): readonly Column[] {
    return this.blind.order ?? this.all;
  }

  /** The columns that the next Send goes to. */
  get asked(): readonly Column[] {
    return this.all.filter(({ isMuted }) => !isMuted);
  }

  get isRunning(): boolean {
    return this.all.some(({ play }) => play.isRunning);
  }

  /** With nothing new to say, Send asks the last question of each again. */
  get isAgain(): boolean {
    return this.draft.trim() === '' && this.asked.some(({ play }) => play.isAgain);
  }

  get canSend(): boolean {
    if (this.all.some(({ play }) => play.isLeaving)) return false;
    return !this.isRunning && this.asked.some(({ play }) => play.canSend);
  }

  /** Who races: the runs of what was asked last. */
  get lanes(): Lane[] {
    return this.shown.flatMap((column): Lane[] => {
      const { run, seen, time } = column.play;
      if (!run || run.isHeld || run.question || !this.rounds.isLatest(run)) return [];
      return [{ column, name: this.nameOf(column), run, seen: seen ?? run, time }];
    });
  }

  /** Who raced in a round, which counts from 0: of each column the reply that is shown there. */
  lanesOf(round: number): Lane[] {
    return this.shown.flatMap((column): Lane[] => {
      const { exchanges, time } = column.play;
      const run = exchanges
        .flatMap((turn) => turn.run ?? [])
        .find((it) => this.rounds.cellOf(it)?.row === round);
      return run ? [{ column, name: this.nameOf(column), run, seen: run, time }] : [];
    });
  }

  select(column: Column | undefined): void {
    if (column) this.selected = column;
  }

  /** Adds a column that asks `target`, with the settings of the selected one. */
  add(target: Target, after = this.all.at(-1)): void {
    if (!this.canAdd) return;
    const { system, parameters, priceAs, conversation } = this.play;
    const draft = this.draft;
    const play = new Play({ host: this.#host, target, system, parameters, priceAs, draft });
    play.tub.like(this.play.tub);
    play.conversation.begin(continued(conversation), undefined);
    const column = this.#column(play);
    const at = after ? this.all.indexOf(after) + 1 : this.all.length;
    this.#arrange(this.all.toSpliced(at, 0, column), draft);
    this.select(column);
  }

  /** The same model with the same settings once more, beside it. */
  repeat(column: Column): void {
    this.select(column);
    this.add(column.play.target, column);
  }

  /** Moves a column to the left or to the right. */
  move(column: Column, by: -1 | 1): void {
    const to = this.all.indexOf(column) + by;
    if (to < 0 || to >= this.all.length) return;
    const others = this.all.filter((it) => it !== column);
    this.#arrange(others.toSpliced(to, 0, column));
  }

  /** Leaves a column out of what is sent next, or takes it in again. */
  mute(column: Column, isMuted: boolean): void {
    column.isMuted = isMuted;
    this.draft = this.#draft;
    this.#save();
  }

  remove(column: Column): void {
    if (!this.isComparing) return;
    // What waits for a word about a budget would leave with the column, and be seen by nobody.
    this.question?.leave();
    column.play.stop();
    const at = this.all.indexOf(column);
    this.#arrange(this.all.filter((it) => it !== column));
    const says = `${column.play.target.model} was removed; what it said is kept in Runs.`;
    const undo = () => {
      this.#arrange(this.all.toSpliced(at, 0, column));
      this.select(column);
    };
    this.done = { says, undo };
    if (this.selected === column) this.select(this.all[Math.min(at, this.all.length - 1)]);
  }

  undo(): void {
    const { done } = this;
    this.done = undefined;
    done?.undo();
  }

  /** Gives every column the system message and the parameters of the selected one. */
  applyToAll(): void {
    const { system, parameters } = this.play;
    const before = this.all.map(({ play }) => {
      const { system, parameters } = play;
      const back = play.tub.like(this.play.tub);
      return () => {
        back();
        Object.assign(play, { system, parameters });
      };
    });
    for (const { play } of this.all) Object.assign(play, { system, parameters });
    const says = 'Every column has these parameters and this system message now.';
    this.done = { says, undo: () => before.forEach((back) => back()) };
  }

  send(): void {
    if (!this.isComparing) return this.play.send();
    if (!this.canSend) return;
    this.#whenRead(this.asked, () => this.#leave());
  }

  /** Does `then` as soon as each column knows what it has to leave out. */
  #whenRead([column, ...others]: readonly Column[], then: () => void): void {
    if (!column) return then();
    column.play.whenRead(() => this.#whenRead(others, then));
  }

  #leave(): void {
    const [text, isAgain] = [this.#draft, this.isAgain];
    const isSame = isAgain && this.rounds.rows.length > 0;
    const prompt = isAgain ? (this.asked[0]?.play.last?.question ?? '') : text;
    const takeBack = isSame ? () => undefined : this.rounds.newRow(prompt);
    this.done = undefined;
    this.blind.hide();
    // A question that is being edited in one column is sent by its own keys and no others.
    for (const { play } of this.asked) play.editing = undefined;
    const going = this.asked.flatMap((column): Going[] => {
      const departing = column.play.prepare();
      return departing ? [{ column, departing }] : [];
    });
    this.#draft = '';
    this.clock.start();
    this.#start(going, (why) => {
      takeBack();
      for (const { departing } of going) departing.refuse(why);
      if (this.#draft === '') this.draft = text;
    });
  }

  /** Sends all together; what could pass a budget waits for one word about all of it. */
  #start(going: readonly Going[], refuse: (why: string) => void, consent = false): void {
    this.rounds.send(going, consent).catch((error: unknown) => {
      const over = overBudget(error);
      if (!over || consent) return refuse(message(error));
      const held = (isHeld: boolean) => {
        for (const { departing } of going) departing.run.isHeld = isHeld;
        if (!isHeld) this.question = undefined;
      };
      held(true);
      this.question = {
        over,
        send: () => {
          held(false);
          this.clock.start();
          this.#start(going, refuse, true);
        },
        leave: () => {
          held(false);
          refuse(LEFT);
        },
      };
    });
  }

  /** One Stop for all that is under way, or for what waits to be. */
  stop(): void {
    if (this.question) return this.question.leave();
    for (const { play } of this.all) if (play.run?.question) play.leave();
    const ids = this.all.flatMap(({ play }) => play.going?.id ?? []);
    if (ids.length > 0) void this.#host.cancelRuns(ids);
  }

  /** Begins anew in every column; what was compared so far stays in Runs. */
  clear(): void {
    this.stop();
    const rounds = this.#roundsOfNow();
    const cleared = this.all.filter(({ play }) => play.exchanges.length > 0);
    for (const { play } of this.all) play.clear();
    this.#begin();
    if (!this.isComparing || cleared.length === 0) return;
    const undo = () => {
      // Another may have been brought back by itself.
      for (const { play } of cleared) if (play.exchanges.length === 0) play.undo();
      this.rounds = rounds();
    };
    this.done = { says: 'Another comparison was here.', undo };
  }

  /** Reads a comparison that was kept; what is returned shows it. */
  async reading(kept: KeptComparison): Promise<() => void> {
    const { host, priceAs } = { host: this.#host, priceAs: this.play.priceAs };
    const { columns, shown, cells } = await opened(host, priceAs, kept, (play) =>
      this.#column(play),
    );
    const rounds = this.#newRounds({ id: kept.summary.id, plan: kept.plan, columns });
    for (const { run, ...cell } of cells) rounds.note(run, cell);
    const [first] = shown;
    return () => {
      if (!first) return;
      const [back, what] = [this.whole(), this.isComparing ? 'comparison' : 'conversation'];
      const isEmpty = !this.isComparing && this.play.exchanges.length === 0;
      this.#become(shown, first, rounds);
      this.draft = '';
      if (!isEmpty) this.done = { says: `Another ${what} was here.`, undo: back };
    };
  }

  /** Reads a run of its own; what is returned shows it, in one column. */
  async readingRun(kept: Kept): Promise<() => void> {
    const run = await replayed(this.#host, kept);
    return () => {
      const [back, column, wasComparing] = [this.whole(), this.selected, this.isComparing];
      this.stop();
      if (!wasComparing) return column.play.open(kept, run);
      const alone = () => this.#become([column], column, this.#newRounds());
      alone();
      // Whoever has put other columns beside it since then keeps those.
      const undo = () => this.isComparing || back();
      column.play.open(kept, run, { says: 'Another comparison was here.', undo, redo: alone });
    };
  }

  /** Shows a chat of its own, in one column: `whole` brings back what was here before it. */
  aside(setup: Omit<PlaySetup, 'host' | 'priceAs'>): void {
    const { priceAs } = this.play;
    const column = this.#column(new Play({ host: this.#host, priceAs, ...setup }));
    this.#become([column], column, this.#newRounds());
  }

  /** These were deleted from the disk, or all: what is asked next is a comparison of its own. */
  forget(ids?: readonly string[]): void {
    const { id } = this.rounds;
    this.#deletions++;
    this.done = undefined;
    if (id !== undefined && (ids?.includes(id) ?? true)) this.rounds = this.#newRounds();
  }

  /** Saves replies to one question, and their race, as a picture. */
  async savePicture(lanes: readonly Lane[]): Promise<void> {
    const [first] = lanes;
    const turn = first?.column.play.exchanges.find(({ run }) => run === first.run);
    const question = turn?.question ?? '';
    try {
      const { picture } = await import('./draw');
      const name = question.slice(0, 40) || 'comparison';
      await this.#host.savePicture(name, await picture(question, lanes));
    } catch (error) {
      this.problem = message(error);
    }
  }

  #newRounds(kept?: ConstructorParameters<typeof Rounds>[2]): Rounds {
    return new Rounds(this.#host, () => this.all, kept);
  }

  #begin(rounds = this.#newRounds()): void {
    this.rounds = rounds;
    this.done = undefined;
    this.clock.leave();
    this.blind.end();
  }

  /** Shows other columns. */
  #become(all: readonly Column[], selected: Column, rounds: Rounds): void {
    this.stop();
    [this.all, this.selected] = [all, selected];
    for (const { play } of all) play.isShared = this.isComparing;
    this.#begin(rounds);
  }

  /** How to bring back the columns as they are now. */
  whole(): () => void {
    const { all, selected, draft } = this;
    const rounds = this.#roundsOfNow();
    return () => {
      this.#become(all, selected, rounds());
      this.draft = draft;
    };
  }

  /** The rounds that there are now; new ones once they are deleted, or they would be written anew. */
  #roundsOfNow(): () => Rounds {
    const { rounds } = this;
    const deletions = this.#deletions;
    return () => (deletions === this.#deletions ? rounds : this.#newRounds());
  }

  /** A column whose runs leave as cells of the comparison, once there is one. */
  #column(play: Play): Column {
    const column = new Column(play);
    const alone = play.sender;
    play.sender = (departing, consent) => {
      if (!this.isComparing) return alone(departing, consent);
      this.clock.start();
      if (this.rounds.rows.length === 0) this.rounds.newRow(play.last?.question ?? '');
      return this.rounds.send([{ column, departing }], consent);
    };
    return column;
  }

  /** Takes over which columns there are, and in which order. */
  #arrange(all: readonly Column[], draft = this.draft): void {
    this.clock.leave();
    this.blind.end();
    [this.all, this.done] = [all, undefined];
    for (const { play } of all) play.isShared = this.isComparing;
    this.draft = draft;
    this.#save();
  }

  #save(): void {
    this.rounds.save().catch((error: unknown) => (this.problem = message(error)));
  }
}
