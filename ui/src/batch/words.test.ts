import { expect, test } from 'vitest';
import type { BatchState } from '../bindings/BatchState';
import { progress } from './words';

const STATE: BatchState = {
  ...{ id: '', state: 'stopped', why: null, over: null, total: 24, done: 5, failed: 0 },
  ...{
    stopped: 0,
    broken: 0,
    running: 0,
    waiting: 0,
    spent: '0.1',
    unknown: 0,
    pace: [],
    cells: [],
  },
};

test.each([
  [{}, '5 of 24 · $0.10'],
  [{ failed: 1, broken: 2 }, '5 of 24 · 3 failed · $0.10'],
  [{ stopped: 4, unknown: 4 }, '5 of 24 · 4 stopped · $0.10, 4 of unknown cost'],
])('what was stopped has not failed: %o', (change, said) => {
  expect(progress({ ...STATE, ...change }, false)).toBe(said);
});
