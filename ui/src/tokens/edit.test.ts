import { expect, test } from 'vitest';
import { editBetween } from './edit';

const TEXTS = [
  '',
  'a',
  'ab',
  'aab',
  'aba',
  'abab',
  '👩',
  '👨',
  '👩👨',
  'a👩b',
  'a👨b',
  '\u{10000}',
  '\u{10400}',
];

test('an edit turns one text into the other, and cuts no character', () => {
  for (const before of TEXTS)
    for (const after of TEXTS) {
      const edit = editBetween(before, after);
      if (!edit) {
        expect(before).toBe(after);
        continue;
      }
      const { at, removed, inserted } = edit;
      const told = `${before} → ${after}`;
      expect(before.slice(0, at) + inserted + before.slice(at + removed), told).toBe(after);
      for (const part of [before.slice(0, at), inserted, before.slice(at + removed)])
        expect(part.isWellFormed(), told).toBe(true);
    }
});

test('only what changed is sent', () => {
  const before = 'x'.repeat(1000) + 'cat' + 'y'.repeat(1000);
  expect(editBetween(before, before.replace('cat', 'cart'))).toEqual({
    at: 1002,
    removed: 0,
    inserted: 'r',
  });
});
