import type { Chat } from './bindings/Chat';
import type { Control } from './bindings/Control';
import type { Finding } from './bindings/Finding';
import type { Parameters } from './bindings/Parameters';
import type { PromptReading } from './bindings/PromptReading';
import type { PromptSize } from './bindings/PromptSize';
import type { Repair } from './bindings/Repair';
import type { Target } from './bindings/Target';
import type { Host } from './host/host';
import { Latest } from './latest';
import { PARAMETERS } from './parameters';

/** What a repair may change. */
export interface Mendable {
  system: string;
  parameters: Parameters;
  target: Target;
  /** The body as it was edited by hand, if it was. */
  edited: string | undefined;
}

type Composed = Mendable & { readonly draft: string };

/** What is judged: the Play room, or whatever stands in for it. */
export interface Judged extends Composed {
  readonly chat: Chat;
  readonly prompt: PromptReading | undefined;
}

const ASK_FOR_JSON = 'Answer in JSON.';

/** The part of `before` that a repair changes, with its new value. */
export function mended(repair: Repair, before: Mendable): Partial<Mendable> {
  const { parameters, system, target } = before;
  const set = (changes: Partial<Parameters>) => ({ parameters: { ...parameters, ...changes } });
  switch (repair.type) {
    case 'drop':
      return set({ [repair.control]: null });
    case 'clamp':
      return repair.control === 'stop'
        ? set({ stop: parameters.stop?.slice(0, repair.value) ?? null })
        : set({ [repair.control]: repair.value });
    case 'set_effort':
      return set({ effort: repair.effort });
    case 'shorten_cache':
      return set({ cache: 'short' });
    case 'name_schema': {
      const format = parameters.response_format;
      return format?.type === 'json_schema'
        ? set({ response_format: { ...format, name: repair.name } })
        : {};
    }
    case 'mend_schema': {
      const format = parameters.response_format;
      return format?.type === 'json_schema'
        ? set({ response_format: { ...format, schema: repair.schema } })
        : {};
    }
    case 'trim_prefill':
      return set({ prefill: parameters.prefill?.trimEnd() ?? null });
    case 'ask_for_json':
      return { system: system.trim() === '' ? ASK_FOR_JSON : `${system}\n${ASK_FOR_JSON}` };
    case 'rename':
      return { edited: repair.body };
    case 'change_model':
      return { target: { ...target, model: repair.id } };
  }
}

export function label(control: Control): string {
  return PARAMETERS.find(({ name }) => name === control)?.label ?? control;
}

/** A repair, as its button says it. */
export function offer(repair: Repair): string {
  switch (repair.type) {
    case 'drop':
      return `Unset ${label(repair.control)}`;
    case 'clamp':
      return repair.control === 'stop'
        ? `Keep the first ${repair.value}`
        : `Set ${label(repair.control)} to ${repair.value.toLocaleString('en')}`;
    case 'set_effort':
      return `Set effort to ${repair.effort}`;
    case 'shorten_cache':
      return 'Set cache to minutes';
    case 'name_schema':
      return `Name it ${repair.name}`;
    case 'mend_schema':
      return 'Make the schema strict';
    case 'trim_prefill':
      return 'Cut the space off its end';
    case 'ask_for_json':
      return 'Ask for JSON in the system message';
    case 'rename':
      return `Rename ${repair.from} to ${repair.to}`;
    case 'change_model':
      return `Use ${repair.id}`;
  }
}

/** A mended chat, and how it was before. */
interface Mended {
  done: string;
  before: Composed;
  after: Composed;
}

function composed({ system, parameters, target, draft, edited }: Composed): Composed {
  return { system, parameters, target, draft, edited };
}

function same(one: Composed, other: Composed): boolean {
  const keys = ['system', 'parameters', 'target', 'draft', 'edited'] as const;
  return keys.every((key) => one[key] === other[key]);
}

interface Question {
  chat: Chat;
  target: Target;
  size: PromptSize | null;
  body: string | null;
}

/** What is said of a chat before it is sent, and what has been mended. */
export class Findings {
  all = $state.raw<readonly Finding[]>([]);
  /** The last repair, until the next edit. */
  mended = $state.raw<Mended>();

  readonly #judged: Judged;
  readonly #questions: Latest<Question, Finding[]>;

  constructor(host: Host, judged: Judged) {
    this.#judged = judged;
    this.#questions = new Latest(
      ({ chat, target, size, body }) => host.lint(chat, target, size, body),
      (findings) => (this.all = findings),
      // Why a chat cannot be read is told where the request would stand.
      () => (this.all = []),
    );
  }

  /** What is said of one parameter, the worst if there are several. */
  of(control: Control): Finding | undefined {
    return this.all.find((finding) => finding.control === control);
  }

  /** Judges anew. The page calls it whenever the chat may differ. */
  judge(): void {
    const { chat, target, prompt, edited } = this.#judged;
    if (this.mended && !same(this.mended.after, this.#judged)) this.mended = undefined;
    const size = prompt ? { tokens: prompt.tokens.total, exact: prompt.encoding.exact } : null;
    this.#questions.want({ chat, target, size, body: edited ?? null });
  }

  mend(repair: Repair): void {
    const before = composed(this.#judged);
    Object.assign(this.#judged, mended(repair, before));
    this.mended = { done: offer(repair), before, after: composed(this.#judged) };
  }

  undo(): void {
    if (!this.mended) return;
    const { system, parameters, target, edited } = this.mended.before;
    Object.assign(this.#judged, { system, parameters, target, edited });
    this.mended = undefined;
  }
}
