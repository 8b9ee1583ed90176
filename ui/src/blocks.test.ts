import { expect, test } from 'vitest';
import { split } from './blocks';

const texts: Record<string, string> = {
  short: 'a word',
  lines: 'a line of text\n'.repeat(2_000),
  words: 'word '.repeat(20_000),
  'no space': 'x'.repeat(1_000_000),
  emoji: '👩‍🚀'.repeat(20_000),
};

test.each(Object.entries(texts))('%s: the blocks join back into the text', (_name, text) => {
  const { closed, open } = split(text);
  expect(closed.join('') + open).toBe(text);
  for (const block of [...closed, open]) {
    expect(block.length).toBeLessThanOrEqual(2048);
    expect(block.isWellFormed()).toBe(true);
  }
});
