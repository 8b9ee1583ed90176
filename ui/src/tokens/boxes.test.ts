import { expect, test } from 'vitest';
import { runsOf } from './boxes';

const run = (left: number, right: number) => ({ left, right });

test('boxes that touch are one run, and a piece that is torn apart has them all', () => {
  expect(runsOf([run(0, 10), run(10.5, 20)])).toEqual([run(0, 20)]);
  expect(runsOf([run(0, 10), run(60, 75), run(75, 80)])).toEqual([run(60, 80), run(0, 10)]);
  expect(runsOf([run(5, 5)])).toEqual([]);
});
