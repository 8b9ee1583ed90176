import type { ApiError } from '../bindings/ApiError';
import type { Delta } from '../bindings/Delta';
import type { RunEvent } from '../bindings/RunEvent';
import { FakeHost } from '../host/fake';
import { usage } from '../host/replied';
import { UNSET } from '../parameters';
import { Play } from '../play.svelte';
import { Run } from '../run.svelte';
import { Compare } from './compare.svelte';

/** Runs and columns as tests need them. */

const REQUEST = { method: 'POST' as const, url: 'http://a', headers: [], body: '{}' };

export const practice = (model: string) => {
  return { provider: 'practice', base_url: null, dialect: null, model };
};

/** Columns that ask these models on Practice; what they answer is told by the test. */
export function columns(...models: string[]): { host: FakeHost; compare: Compare } {
  const host = new FakeHost();
  host.pace = undefined;
  const setup = { host, system: '', parameters: UNSET, priceAs: '', draft: 'Why?' };
  const compare = new Compare(host, new Play({ ...setup, target: practice(models[0] ?? '') }));
  for (const model of models.slice(1)) compare.add(practice(model));
  return { host, compare };
}

/** When things happened in a run, in milliseconds after its own beginning. */
export interface Times {
  start?: number;
  headers?: number;
  think?: number;
  first: number;
  last?: number;
  end?: number;
  /** A first attempt that failed until then, and a wait. */
  refused?: { at: number; wait: number };
}

/** The events of a run that went so. */
export function events(text: string, times: Times): RunEvent[] {
  const { headers = 1, think, first, last = first, end, refused } = times;
  const us = (ms: number) => ms * 1000;
  let index = 0;
  const frame = (at: number, deltas: Delta[]): RunEvent => {
    return { type: 'frame', index: index++, at_us: us(at), offset: 0, raw: 'x', deltas };
  };
  const begun = (attempt: number, at: number): RunEvent => {
    return { type: 'attempt_started', at_us: us(at), attempt, request: REQUEST };
  };
  const error = { kind: 'rate_limited', title: 'Too many requests', status: 429 } as unknown;
  const before: RunEvent[] = refused
    ? [
        begun(1, 0),
        {
          type: 'attempt_failed',
          at_us: us(refused.at),
          attempt: 1,
          error: error as ApiError,
        },
        {
          type: 'waiting',
          at_us: us(refused.at),
          for_us: us(refused.wait),
          because: 'server_asked',
        },
      ]
    : [];
  const [one, ...others] = text.split(/(?<= )/);
  return [
    ...before,
    begun(refused ? 2 : 1, refused ? refused.at + refused.wait : 0),
    {
      type: 'response_started',
      at_us: us(headers),
      connected_us: null,
      status: 200,
      version: '',
      headers: [],
    },
    ...(think === undefined
      ? []
      : [frame(think, [{ type: 'reasoning' as const, choice: 0, text: 'Hm.' }])]),
    frame(first, [{ type: 'text', choice: 0, text: one ?? '' }]),
    ...(others.length > 0
      ? [frame(last, [{ type: 'text' as const, choice: 0, text: others.join('') }])]
      : []),
    ...(end === undefined
      ? []
      : [frame(end, [usage]), { type: 'finished' as const, at_us: us(end) }]),
  ];
}

export function run(name: string, text: string, times: Times) {
  const made = new Run(name, practice(name));
  made.startUs = (times.start ?? 0) * 1000;
  made.apply(events(text, times));
  return { name, run: made };
}
