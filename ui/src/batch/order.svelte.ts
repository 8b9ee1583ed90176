import type { BatchOrder } from '../bindings/BatchOrder';
import type { BatchPlan } from '../bindings/BatchPlan';
import type { Chat } from '../bindings/Chat';
import type { CommandError } from '../bindings/CommandError';
import type { Control } from '../bindings/Control';
import type { PromptSet } from '../bindings/PromptSet';
import type { SweepAxis } from '../bindings/SweepAxis';
import type { Target } from '../bindings/Target';
import type { Host } from '../host/host';
import { Latest } from '../latest';
import { isSame } from '../targets';
import { message } from '../text';

/** What a sweep changes from call to call. */
export type AxisName = 'temperature' | 'top_p' | 'max_tokens' | 'system' | 'model';

/** The values to begin with: where the differences are easy to see. */
export const AXES: readonly { value: AxisName; text: string; begins: string; says: string }[] = [
  {
    value: 'temperature',
    text: 'Temperature',
    begins: '0, 0.7, 1, 1.5',
    says: 'How freely each token is drawn: at 0 the likeliest is always taken, and higher values take more chances.',
  },
  {
    value: 'top_p',
    text: 'Top p',
    begins: '0.1, 0.5, 0.9, 1',
    says: 'From how many of the likeliest tokens is drawn, by the probability that they have together.',
  },
  {
    value: 'max_tokens',
    text: 'Max tokens',
    begins: '10, 40, 160',
    says: 'Where the reply is cut off, even in the middle of a sentence.',
  },
  {
    value: 'system',
    text: 'System prompt',
    begins: 'You are a concise teacher.\nTalk like a pirate.',
    says: 'What the model is told about itself before the question; one on each line.',
  },
  { value: 'model', text: 'Model', begins: '', says: 'Who answers; everything else is the same.' },
];

const DELAY = 150;
/** So many values there can be, and so many calls for each. */
export const MOST = { values: 24, repeats: 100 };

/** Numbers as they are typed, with commas or spaces between; `unset` is one of them. */
export function numbers(text: string): { values: (number | null)[]; problem: string | undefined } {
  const words = text.split(/[,;\s]+/).filter((word) => word !== '');
  const values = words.map((word) => (word === 'unset' ? null : Number(word)));
  const bad = words.find((_, at) => values[at] !== null && !Number.isFinite(values[at]));
  if (bad !== undefined) return { values, problem: `“${bad}” is no number.` };
  if (words.length === 0) return { values, problem: 'At least one value is needed.' };
  return { values, problem: undefined };
}

/** An order that is being composed, and what it would come to. */
export class Order {
  axis = $state<AxisName>('temperature');
  /** The values of each axis, as they are typed. */
  typed = $state<Record<AxisName, string>>(
    Object.fromEntries(AXES.map(({ value, begins }) => [value, begins])) as Record<
      AxisName,
      string
    >,
  );
  /** Who is asked: in turn in a sweep of models, and side by side in a set. */
  #targets = $state.raw<readonly Target[]>([]);
  /** Everybody who was ever chosen: a server of one's own is in no catalogue. */
  known = $state.raw<readonly Target[]>([]);
  question = $state('');
  /** The prompts of a set, as they are typed, or read from a file. */
  lines = $state('Why is the sky blue?\nWhat is a token?\nHow do rainbows form?');
  file = $state.raw<PromptSet>();
  repeats = $state(3);
  concurrency = $state(4);

  plan = $state.raw<BatchPlan>();
  /** What is wrong with it, and with which field. */
  problem = $state.raw<{ says: string; field: string | undefined }>();

  readonly #plans: Latest<() => Promise<BatchOrder | undefined>, BatchPlan | undefined>;

  constructor(private readonly host: Host) {
    this.#plans = new Latest(
      async (order) => {
        const made = await order();
        return made && host.planBatch(made);
      },
      (plan) => {
        this.plan = plan;
        if (plan) this.problem = undefined;
      },
      (error) => this.refuse(error),
    );
  }

  /** It cannot be sent as it is. */
  refuse(error: unknown): void {
    const { field } = (error ?? {}) as Partial<CommandError>;
    [this.plan, this.problem] = [undefined, { says: message(error), field }];
  }

  get targets(): readonly Target[] {
    return this.#targets;
  }

  set targets(to: readonly Target[]) {
    this.#targets = to;
    const isNew = (target: Target) => !this.known.some((it) => isSame(it, target));
    this.known = [...this.known, ...to.filter(isNew)];
  }

  /** What is wrong with the values, as far as the page can tell. */
  get valuesProblem(): string | undefined {
    if (this.axis === 'model')
      return this.targets.length === 0 ? 'Choose at least one model.' : undefined;
    if (this.axis === 'system') return undefined;
    const { problem } = numbers(this.typed[this.axis]);
    const isValues = this.problem?.field?.startsWith('values');
    return problem ?? (isValues ? this.problem?.says : undefined);
  }

  get systems(): string[] {
    return this.typed.system.split('\n').filter((line) => line.trim() !== '');
  }

  /** The sweep that is composed, over a chat whose question it asks. */
  sweep(chat: Chat, target: Target): BatchOrder | undefined {
    const axis = this.#axis();
    if (!axis || this.question.trim() === '') return undefined;
    const at = chat.messages.findLastIndex(({ role }) => role === 'user');
    const text = this.question;
    const before = at < 0 ? chat.messages : chat.messages.slice(0, at);
    const base = { ...chat, messages: [...before, { role: 'user' as const, text }] };
    return { kind: 'sweep', base, target, axis, repeats: this.repeats };
  }

  #axis(): SweepAxis | undefined {
    if (this.axis === 'model')
      return this.targets.length === 0
        ? undefined
        : { type: 'targets', targets: [...this.targets] };
    if (this.axis === 'system')
      return this.systems.length === 0 ? undefined : { type: 'system', texts: this.systems };
    const { values, problem } = numbers(this.typed[this.axis]);
    const control: Control = this.axis;
    return problem === undefined ? { type: 'number', control, values } : undefined;
  }

  /** The set that is composed: every prompt for each target, after the chat's system message. */
  async set(chat: Chat): Promise<BatchOrder | undefined> {
    const prompts = this.file ?? (await this.host.readPromptSet('', this.lines, 'lines', null));
    if (this.targets.length === 0) return undefined;
    const messages = chat.messages.filter(({ role }) => role === 'system');
    const columns = this.targets.map((target) => {
      return { label: target.model, target, chat: { ...chat, messages } };
    });
    return { kind: 'set', prompts, columns, repeats: 1 };
  }

  /** Finds out what an order would come to; it is made when there is time for it. */
  quote(order: () => Promise<BatchOrder | undefined>): void {
    this.#plans.want(order, this.plan ? DELAY : 0);
  }

  /** Asks for a file of prompts, or for another field of it. */
  async open(field: string | null): Promise<void> {
    try {
      this.file = (await this.host.openPromptSet(field)) ?? this.file;
    } catch (error) {
      const { field } = (error ?? {}) as Partial<CommandError>;
      this.problem = { says: message(error), field };
    }
  }
}
