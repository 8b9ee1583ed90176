import { expect, test } from 'vitest';
import { stepIn } from './gridsteps';

test.each([
  ['1 1', 'ArrowDown', '2 1'],
  ['1 1', 'ArrowUp', '0 1'],
  ['1 1', 'ArrowRight', '1 2'],
  ['1 1', 'ArrowLeft', '1 0'],
  ['1 1', 'Home', '1 0'],
  ['1 1', 'End', '1 3'],
  ['0 0', 'ArrowUp', '0 0'],
  ['0 0', 'ArrowLeft', '0 0'],
  ['2 3', 'ArrowDown', '2 3'],
  ['2 3', 'ArrowRight', '2 3'],
  ['1 1', 'Enter', undefined],
])('from %s %s leads to %s', (place, key, to) => {
  expect(stepIn(place, key, 3, 4)).toBe(to);
});
