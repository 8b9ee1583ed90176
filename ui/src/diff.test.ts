import { expect, test } from 'vitest';
import { changedLines } from './diff';

test.each([
  ['a\nb\nc', 'a\nb\nc', null],
  ['a\nb\nc', 'a\nX\nc', { from: 1, to: 2 }],
  ['a\nc', 'a\nb\nc', { from: 1, to: 2 }],
  ['a\nb\nc', 'a\nc', { from: 1, to: 1 }],
  ['', 'a', { from: 0, to: 1 }],
  ['a\na', 'a\na\na', { from: 2, to: 3 }],
])('%j to %j', (before, after, expected) => {
  expect(changedLines(before, after)).toEqual(expected);
});
