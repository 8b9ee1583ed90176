import { expect, test } from 'vitest';
import type { End } from './bindings/End';
import { endOf } from './ends';

const END: End = {
  kind: 'retired',
  day: '2026-10-23',
  days_left: null,
  replacement: 'gpt-6-luna',
  reroutes: false,
};

test.each<[Partial<End>, string]>([
  [{}, 'retired 2026-10-23 → gpt-6-luna'],
  [{ day: null, replacement: null }, 'retired'],
  [{ kind: 'rerouted' }, 'rerouted 2026-10-23 → gpt-6-luna'],
  [{ kind: 'rerouted', day: null }, 'answered by gpt-6-luna'],
  [{ kind: 'soon', days_left: 11 }, 'ends in 11 days, 2026-10-23 → gpt-6-luna'],
  [{ kind: 'soon', days_left: 1, replacement: null }, 'ends in 1 day, 2026-10-23'],
  [{ kind: 'announced', days_left: 132, replacement: null }, 'ends 2026-10-23'],
])('%o is an end in words', (end, words) => {
  expect(endOf({ ...END, ...end })).toBe(words);
});
