import { expect, test } from 'vitest';
import { CLASSIC, numberOf, planOf, typed } from './plan';

test.each([
  ['5000', 5000],
  ['5,000', 5000],
  [' 1 000 000 ', 1_000_000],
  ['12.5', 12.5],
  ['-20', -20],
  ['', undefined],
  ['many', undefined],
  ['1e3', 1000],
  ['1e15', 1e15],
  ['1e999', 1e18],
  ['e3', undefined],
  ['1,50', undefined],
  ['0x10', undefined],
  ['9'.repeat(40), 1e18],
])('%j is read as %s', (text, value) => {
  expect(numberOf(text)).toBe(value);
});

test('what is typed is the plan, and every field in which no number stands has a sentence', () => {
  expect(planOf(typed(CLASSIC))).toEqual({ plan: CLASSIC, problems: {} });
  const wrong = planOf({ ...typed(CLASSIC), calls_per_day: 'two', cached_percent: 'half' });
  expect(wrong.plan, 'the others can still be checked').toEqual(CLASSIC);
  expect(Object.keys(wrong.problems)).toEqual(['calls_per_day', 'cached_percent']);
  expect(planOf({ ...typed(CLASSIC), cached_percent: '33.3' }).plan.cached_percent).toBe(33.3);
});
