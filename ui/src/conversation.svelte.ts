import type { Chat } from './bindings/Chat';
import type { Message } from './bindings/Message';
import { Run } from './run.svelte';
import { said } from './speakers';

/** A question and the replies it was given: asking again adds one. */
export class Exchange {
  runs = $state.raw<Run[]>([]);
  shown = $state(0);
  /** Whether it was deleted: it is neither shown nor sent, and Undo brings it back. */
  isDeleted = $state(false);

  constructor(readonly question: string) {}

  get run(): Run | undefined {
    return this.runs[this.shown];
  }

  get isAnswered(): boolean {
    return this.runs.some((run) => run.text);
  }

  add(run: Run): void {
    this.runs = [...this.runs, run];
    this.shown = this.runs.length - 1;
  }
}

/** One way in which a conversation went. Versions of the same talk begin with the same turns. */
interface Version {
  talk: number;
  turns: readonly Exchange[];
  /** The greatest number was shown last. */
  seen: number;
}

/** What goes with a step beside the conversation. */
export interface Beside {
  undo: () => void;
  redo: () => void;
}

/** What one action changed: the version that is shown, and which turns are deleted. */
interface Step {
  from: number;
  to: number;
  deleted: readonly Exchange[];
  says: string | undefined;
  beside: Beside | undefined;
}

/** So many steps can be undone. */
const MOST_STEPS = 50;

/**
 * The turns of a conversation, in every version that there has been. A version only grows at its
 * end: an edit or a branch begins another one with the same turns before it, and a turn that is
 * deleted stays where it is, unseen. So nothing is ever lost, and to undo a step is to show the
 * version before it.
 */
export class Conversation {
  #versions = $state.raw<readonly Version[]>([{ talk: 0, turns: [], seen: 0 }]);
  #shown = $state(0);
  #undo = $state.raw<readonly Step[]>([]);
  #redo = $state.raw<readonly Step[]>([]);
  /** What was done or undone last, until something else is sent. */
  latest = $state.raw<{ says: string; isUndone: boolean }>();

  /** The turns that are shown, and that the next request carries. */
  turns = $derived(seen(this.#version));

  get #version(): Version {
    return this.#versions[this.#shown] as Version;
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Puts `turn` at the end. One that got no reply makes way for it. */
  add(turn: Exchange): void {
    const kept = this.#version.turns.filter((it) => it.isDeleted || it.isAnswered);
    this.#change({ turns: [...kept, turn] });
    this.settle();
  }

  /** Something was sent: what was done before it is no longer news. */
  settle(): void {
    this.latest = undefined;
  }

  /** Goes on without `turn` and what followed it; an edited question takes its place. */
  edit(turn: Exchange, question: string): Exchange {
    const edited = new Exchange(question);
    this.#fork([...this.#before(turn), edited], undefined);
    return edited;
  }

  /** Goes on after `turn`, without what followed it. */
  branch(turn: Exchange): void {
    this.#fork([...this.#before(turn), turn], 'A branch begins here.');
  }

  delete(turns: readonly Exchange[], says: string): void {
    const at = this.#shown;
    this.#do({ from: at, to: at, deleted: turns, says, beside: undefined });
  }

  /** Begins another conversation. */
  begin(turns: readonly Exchange[], says: string | undefined, beside?: Beside): void {
    const talk = Math.max(...this.#versions.map((version) => version.talk)) + 1;
    this.#versions = [...this.#versions, { talk, turns, seen: 0 }];
    const to = this.#versions.length - 1;
    this.#do({ from: this.#shown, to, deleted: [], says, beside });
  }

  undo(): void {
    const step = this.#undo.at(-1);
    if (!step) return;
    this.#undo = this.#undo.slice(0, -1);
    this.#redo = [...this.#redo, step];
    for (const turn of step.deleted) turn.isDeleted = false;
    this.#show(step.from);
    step.beside?.undo();
    this.latest = { says: 'Undone.', isUndone: true };
  }

  redo(): void {
    const step = this.#redo.at(-1);
    if (!step) return;
    this.#redo = this.#redo.slice(0, -1);
    this.#apply(step);
    step.beside?.redo();
  }

  /** What the versions that are the same before `place` have there. */
  waysAt(place: number): readonly Exchange[] {
    const turns = this.#alike(place).map((version) => seen(version)[place]);
    const ways = turns.filter((turn) => turn !== undefined);
    return ways.filter((turn, index) => ways.indexOf(turn) === index);
  }

  /** Shows the version that has `way` at `place`; of several, the one that was shown last. */
  choose(place: number, way: Exchange): void {
    const having = this.#alike(place).filter((version) => seen(version)[place] === way);
    const latest = having.sort((one, other) => other.seen - one.seen)[0];
    if (latest) this.#show(this.#versions.indexOf(latest));
    this.settle();
  }

  /** The versions of this talk that begin with the same turns, up to `place`. */
  #alike(place: number): Version[] {
    const { talk } = this.#version;
    const before = this.turns.slice(0, place);
    return this.#versions.filter((version) => {
      if (version.talk !== talk) return false;
      const turns = seen(version);
      return before.every((turn, index) => turns[index] === turn);
    });
  }

  #before(turn: Exchange): readonly Exchange[] {
    const { turns } = this.#version;
    return turns.slice(0, Math.max(turns.indexOf(turn), 0));
  }

  #fork(turns: readonly Exchange[], says: string | undefined): void {
    const { talk } = this.#version;
    this.#versions = [...this.#versions, { talk, turns, seen: 0 }];
    const to = this.#versions.length - 1;
    this.#do({ from: this.#shown, to, deleted: [], says, beside: undefined });
  }

  #do(step: Step): void {
    this.#redo = [];
    this.#apply(step);
  }

  #apply(step: Step): void {
    this.#undo = [...this.#undo, step].slice(-MOST_STEPS);
    for (const turn of step.deleted) turn.isDeleted = true;
    this.#show(step.to);
    this.latest = step.says === undefined ? undefined : { says: step.says, isUndone: false };
  }

  #show(index: number): void {
    this.#shown = index;
    const last = Math.max(...this.#versions.map((version) => version.seen));
    this.#change({ seen: last + 1 });
  }

  /** Changes the version that is shown. */
  #change(changes: Partial<Version>): void {
    this.#versions = this.#versions.with(this.#shown, { ...this.#version, ...changes });
  }
}

function seen({ turns }: Version): readonly Exchange[] {
  return turns.filter((turn) => !turn.isDeleted);
}

/** The messages that carry `turns` and then `question`. */
export function messages(system: string, turns: readonly Exchange[], question: string): Message[] {
  return said(system, turns, question).map(({ message }) => message);
}

/** The turns of `chat` as they were shown, the last of them answered by `run`. */
export function turnsOf(chat: Chat, run: Run): Exchange[] {
  const turns: Exchange[] = [];
  for (const { role, text } of chat.messages) {
    if (role === 'user') turns.push(new Exchange(text));
    else if (role === 'assistant') turns.at(-1)?.add(Run.saying(text, run.target));
  }
  if (turns.length === 0 || turns.at(-1)?.run) turns.push(new Exchange(''));
  turns.at(-1)?.add(run);
  return turns;
}
