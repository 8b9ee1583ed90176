import { expect, test } from 'vitest';
import type { ApiError } from '../bindings/ApiError';
import type { RunEvent } from '../bindings/RunEvent';
import { Run } from '../run.svelte';
import { framesIn, pace, phases } from './phases';

const TARGET = { provider: 'practice', base_url: null, dialect: null, model: 'practice-1' };
const request = { method: 'POST' as const, url: 'http://a', headers: [], body: '{}' };
const error = { kind: 'overloaded', status: 529 } as ApiError;

const began = (attempt: number, at_us: number): RunEvent => ({
  type: 'attempt_started',
  at_us,
  attempt,
  request,
});
const headers = (at_us: number, connected_us: number | null): RunEvent => ({
  type: 'response_started',
  at_us,
  connected_us,
  status: 200,
  version: '',
  headers: [],
});
const word = (index: number, at_us: number): RunEvent => ({
  type: 'frame',
  index,
  at_us,
  offset: 0,
  raw: 'x',
  deltas: [{ type: 'text', choice: 0, text: 'x' }],
});

function told(...events: RunEvent[]): string[] {
  const run = new Run('a', TARGET);
  run.apply(events);
  return phases(run, 9000).map(({ kind, from, to }) => `${kind} ${from}-${to}`);
}

test('each moment of a run belongs to one phase', () => {
  const whole = [began(1, 100), headers(500, 300), word(0, 800), word(1, 1200)];
  const end: RunEvent = { type: 'finished', at_us: 1300 };
  expect(told(...whole, end)).toEqual([
    'connect 100-300',
    'headers 300-500',
    'first 500-800',
    'stream 800-1200',
    'tail 1200-1300',
  ]);
});

test('thoughts are told apart from the reply', () => {
  const thought = (index: number, at_us: number): RunEvent => ({
    ...(word(index, at_us) as Extract<RunEvent, { type: 'frame' }>),
    deltas: [{ type: 'reasoning', choice: 0, text: 'hm' }],
  });
  const end: RunEvent = { type: 'finished', at_us: 1300 };
  const begun = [began(1, 0), headers(500, null), thought(0, 800), thought(1, 900)];
  expect(told(...begun)).toEqual(['headers 0-500', 'first 500-800', 'think 800-9000']);
  expect(told(...begun, word(2, 1200), end).slice(2)).toEqual([
    'think 800-1200',
    'stream 1200-1200',
    'tail 1200-1300',
  ]);
  expect(told(...begun, end).slice(2)).toEqual(['think 800-900', 'tail 900-1300']);
});

test('a connection that was open takes no time', () => {
  expect(told(began(1, 100), headers(500, null), word(0, 800))).toEqual([
    'headers 100-500',
    'first 500-800',
    'stream 800-9000',
  ]);
});

test('what has not come yet lasts until now', () => {
  expect(told(began(1, 100))).toEqual(['connect 100-9000']);
  expect(told(began(1, 100), headers(500, 300))).toEqual([
    'connect 100-300',
    'headers 300-500',
    'first 500-9000',
  ]);
});

test('attempts that failed, and the waits after them, stand before the one that did not', () => {
  const failed: RunEvent = { type: 'attempt_failed', at_us: 400, attempt: 1, error };
  const waiting: RunEvent = { type: 'waiting', at_us: 400, for_us: 1000, because: 'backoff' };
  expect(told(began(1, 0), failed, waiting, began(2, 1400), headers(2000, null))).toEqual([
    'failed 0-400',
    'wait 400-1400',
    'headers 1400-2000',
    'first 2000-9000',
  ]);
  expect(told(began(1, 0), { type: 'failed', at_us: 700, error })).toEqual(['failed 0-700']);
});

test('the pace at the end is all tokens over all the time, with the wait and without it', () => {
  const frames = Array.from({ length: 41 }, (_, index) => ({ at: 1_000_000 + index * 25_000 }));
  const tokens = frames.map(() => 1);
  const { rates, withWait, withoutWait } = pace(frames, tokens, 2_000_000, 40);
  expect(rates.slice(0, 20).every((rate) => rate === 0)).toBe(true);
  expect(withWait.at(-1)).toBeCloseTo(41 / 2);
  expect(withoutWait.at(-1)).toBeCloseTo(40);
  expect(rates.reduce((sum, rate) => sum + rate * 0.05, 0)).toBeCloseTo(41);
});

test('a chart of nothing is empty', () => {
  const { rates, withWait, withoutWait } = pace([], [], 1, 10);
  expect([...rates, ...withWait, ...withoutWait].every((it) => it === 0)).toBe(true);
});

test('each frame is of one phase, whatever comes at the same moment', () => {
  const empty = (index: number, at_us: number): RunEvent => ({
    ...(word(index, at_us) as Extract<RunEvent, { type: 'frame' }>),
    deltas: [],
  });
  const end: RunEvent = { type: 'finished', at_us: 1300 };
  const times = [500, 500, 800, 800, 1200, 1200, 1300, 1300];
  const thought = (index: number, at_us: number): RunEvent => ({
    ...(word(index, at_us) as Extract<RunEvent, { type: 'frame' }>),
    deltas: [{ type: 'reasoning', choice: 0, text: 'hm' }],
  });
  // Which of them bring words; where none does, the wait lasts until the end. The first so many
  // of those are thoughts.
  const cases = [[2, 4], [3, 5], [2], [7], []].flatMap((words) =>
    [0, 1, 2].map((thoughts) => ({ words, thoughts })),
  );
  for (const { words, thoughts } of cases) {
    const kind = (index: number) =>
      !words.includes(index) ? empty : words.indexOf(index) < thoughts ? thought : word;
    const run = new Run('a', TARGET);
    run.apply([began(1, 100), headers(500, 300)]);
    run.apply(times.map((at, index) => kind(index)(index, at)));
    run.apply([end]);
    const found = phases(run, 9000).flatMap((phase) => {
      const its = framesIn(run, phase);
      return its ? Array.from({ length: its.last - its.first + 1 }, (_, at) => its.first + at) : [];
    });
    expect(found, `words in ${words.join()}, ${String(thoughts)} thoughts`).toEqual(
      times.map((_, index) => index),
    );
  }
});
