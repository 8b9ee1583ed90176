import type { Parameters } from './bindings/Parameters';

/** How a knob is turned, and the sentence that says what it does. One row per parameter. */
export interface ParameterInfo {
  name: keyof Parameters;
  label: string;
  kind: 'integer' | 'number' | 'texts' | 'switch';
  min?: number;
  max?: number;
  step?: number;
  sentence: string;
}

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
    name: 'stop',
    label: 'stop',
    kind: 'texts',
    sentence: 'The reply ends just before any of these texts; write one per line, up to four.',
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
    name: 'stream',
    label: 'stream',
    kind: 'switch',
    sentence: 'On, the reply comes in pieces as it is written; off, it comes whole at the end.',
  },
];

export const UNSET: Parameters = {
  max_tokens: null,
  temperature: null,
  top_p: null,
  stop: null,
  seed: null,
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
  return String(value);
}
