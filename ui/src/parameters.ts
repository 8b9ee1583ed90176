import type { Effort } from './bindings/Effort';
import type { Parameters } from './bindings/Parameters';

/** How a knob is turned, and the sentence that says what it does. One row per parameter. */
export interface ParameterInfo {
  name: keyof Parameters;
  label: string;
  kind: 'integer' | 'number' | 'texts' | 'text' | 'switch' | 'choice' | 'format';
  /** The values of a choice, and what each is called. */
  options?: readonly (readonly [value: string, text: string])[];
  /** What the server does when it is unset, where all servers do the same. */
  otherwise?: string;
  min?: number;
  max?: number;
  step?: number;
  sentence: string;
}

const EFFORTS: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

export const PARAMETERS: readonly ParameterInfo[] = [
  {
    name: 'max_tokens',
    label: 'max tokens',
    kind: 'integer',
    min: 1,
    max: 4_294_967_295,
    step: 1,
    sentence: 'The most tokens the reply may have; it is cut off there, even in mid-sentence.',
  },
  {
    name: 'temperature',
    label: 'temperature',
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.1,
    sentence: 'How freely the next token is drawn: 0 takes the likeliest, higher values vary more.',
  },
  {
    name: 'top_p',
    label: 'top_p',
    kind: 'number',
    min: 0,
    max: 1,
    step: 0.05,
    sentence: 'Draw only from the likeliest tokens that together reach this probability.',
  },
  {
    name: 'top_k',
    label: 'top_k',
    kind: 'integer',
    min: 0,
    max: 4_294_967_295,
    step: 1,
    sentence: 'Draw only from so many of the likeliest tokens, however likely they are.',
  },
  {
    name: 'stop',
    label: 'stop',
    kind: 'texts',
    sentence: 'The reply ends just before any of these texts; write one per line, up to four.',
  },
  {
    name: 'frequency_penalty',
    label: 'frequency penalty',
    kind: 'number',
    min: -2,
    max: 2,
    step: 0.1,
    sentence: 'Makes a token less likely each time it comes; below 0, more likely.',
  },
  {
    name: 'presence_penalty',
    label: 'presence penalty',
    kind: 'number',
    min: -2,
    max: 2,
    step: 0.1,
    sentence: 'Makes a token less likely once it has come, and so invites new subjects.',
  },
  {
    name: 'n',
    label: 'n',
    kind: 'integer',
    min: 1,
    max: 128,
    step: 1,
    sentence: 'How many replies to write to the same prompt; each is billed, the prompt once.',
  },
  {
    name: 'seed',
    label: 'seed',
    kind: 'integer',
    min: -9_007_199_254_740_991,
    max: 9_007_199_254_740_991,
    step: 1,
    sentence: 'Asks for the same draw again with the same number; servers promise only to try.',
  },
  {
    name: 'response_format',
    label: 'response format',
    kind: 'format',
    sentence: 'Makes the model write JSON: any object, or what a JSON Schema allows.',
  },
  {
    name: 'logprobs',
    label: 'logprobs',
    kind: 'integer',
    min: 0,
    max: 20,
    step: 1,
    sentence: 'Asks how likely each token was, and so many of the alternatives to it.',
  },
  {
    name: 'effort',
    label: 'effort',
    kind: 'choice',
    options: EFFORTS.map((effort) => [effort, effort] as const),
    sentence: 'How much the model reasons before it answers; no model knows all of these words.',
  },
  {
    name: 'thinking_budget',
    label: 'thinking budget',
    kind: 'integer',
    min: 0,
    max: 4_294_967_295,
    step: 1,
    sentence:
      'The most tokens that it may spend on reasoning; newer models take an effort instead.',
  },
  {
    name: 'show_reasoning',
    label: 'show reasoning',
    kind: 'switch',
    sentence: 'Whether its reasoning, or a summary of it, comes along with the reply.',
  },
  {
    name: 'cache',
    label: 'cache',
    kind: 'choice',
    options: [
      ['short', 'minutes'],
      ['long', 'hours'],
    ],
    sentence: 'Asks the provider to keep the prompt, so that the next call with it costs less.',
  },
  {
    name: 'prefill',
    label: 'prefill',
    kind: 'text',
    sentence: 'The first words of the reply, which the model then continues.',
  },
  {
    name: 'stream',
    label: 'stream',
    kind: 'switch',
    otherwise: 'on',
    sentence: 'On, the reply comes in pieces as it is written; off, it comes whole at the end.',
  },
];

export const UNSET: Parameters = {
  max_tokens: null,
  temperature: null,
  top_p: null,
  top_k: null,
  stop: null,
  frequency_penalty: null,
  presence_penalty: null,
  n: null,
  seed: null,
  response_format: null,
  logprobs: null,
  effort: null,
  thinking_budget: null,
  show_reasoning: null,
  cache: null,
  prefill: null,
  stream: null,
};

/** Reads a number as typed: `null` when the field is empty, a sentence when it cannot be sent. */
export function readNumber(info: ParameterInfo, typed: string): number | null | string {
  if (typed.trim() === '') return null;
  const value = Number(typed.trim().replace(',', '.'));
  if (!Number.isFinite(value)) return 'This is not a number.';
  if (info.kind === 'integer' && !Number.isSafeInteger(value)) return 'This needs a whole number.';
  if (info.kind === 'integer' && info.min !== undefined && value < info.min) {
    return `The smallest that can be sent is ${info.min}.`;
  }
  if (info.kind === 'integer' && info.max !== undefined && value > info.max) {
    return `The largest that can be sent is ${info.max}.`;
  }
  return value;
}

/** A parameter's value in a word or two, for its chip. */
export function shown(value: Parameters[keyof Parameters]): string {
  if (value === null) return 'unset';
  if (Array.isArray(value)) return value.map((text) => JSON.stringify(text)).join(' ');
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return value.type === 'json_object' ? 'JSON' : value.name;
  return String(value);
}

/** Whether a text can be sent as a JSON Schema: `undefined`, or a sentence that says why not. */
export function schemaProblem(text: string): string | undefined {
  try {
    const schema: unknown = JSON.parse(text);
    const isObject = typeof schema === 'object' && schema !== null && !Array.isArray(schema);
    return isObject ? undefined : 'A JSON Schema is an object, such as {"type": "object"}.';
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
