import { expect, test } from 'vitest';
import { inUnit, readNumber } from './number';

test.each([
  ['40', 40],
  [' 40 tokens', 40],
  ['$0.02', 0.02],
  ['0,02', 0.02],
  ['1,500', 1500],
  ['1,234,567.5', 1234567.5],
  ['1 500', 1500],
  ['-3', -3],
  ['.5', 0.5],
  ['many', undefined],
  ['1.2.3', undefined],
  ['', undefined],
])('%j is read as %j', (text, number) => {
  expect(readNumber(text)).toBe(number);
});

test.each([
  [40, 'tokens', '40 tokens'],
  [0.02, 'dollars', '$0.02'],
  [3, '', '3'],
])('%j of %j is told as %j, and read again', (value, unit, text) => {
  expect(inUnit(value, unit)).toBe(text);
  expect(readNumber(text)).toBe(value);
});
